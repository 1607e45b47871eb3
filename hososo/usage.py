"""What the command line says of itself, in the person's language: help, and what is wrong with a call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click
from click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchCommand, NoSuchOption

from dossier.errors import Code, Rejected
from dossier.wording import LANGUAGES, say

_HEADINGS = MappingProxyType({"Options": "usage.options", "Commands": "usage.commands"})


class Misused(click.UsageError):
    """A call that click cannot see to be wrong; the message is a sentence of the catalogue."""


class File(click.Path):
    """A file that is there."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path of the file.

        Raises:
            Rejected(FILE_UNREADABLE): There is no such file.
        """
        del param, ctx
        if not Path(value).is_file():
            raise Rejected(Code.FILE_UNREADABLE, "no such file", subject=str(value))
        return Path(value)


class _Formatter(click.HelpFormatter):
    language = LANGUAGES[0]

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line in the person's language."""
        del prefix
        super().write_usage(prog, args, say("usage.usage", self.language) + " ")

    def write_heading(self, heading: str) -> None:
        """Write a heading of the help in the person's language."""
        key = _HEADINGS.get(heading)
        super().write_heading(say(key, self.language) if key else heading)


def _context(language: str) -> type[click.Context]:
    formatter = type("Formatter", (_Formatter,), {"language": language})
    return type("Context", (click.Context,), {"formatter_class": formatter})


_CONTEXTS: Mapping[str, type[click.Context]] = MappingProxyType({one: _context(one) for one in LANGUAGES})


def localise(command: click.Command, name: str, language: str) -> click.Command:
    """Put the help of a command, and of the commands below it, into a language, and return the command.

    Args:
        command: Any command of the program; what it says of itself is replaced.
        name: The words that call it, joined by `_`: `help.NAME` of the catalogue is its text.
        language: One of LANGUAGES.
    """
    command.context_class = _CONTEXTS[language]
    command.help = say(f"help.{name}", language)
    command.short_help = command.help.partition("\n")[0]
    command.options_metavar = say("usage.some_options", language)
    _own_help_option(command)
    for parameter in command.params:
        _localise_parameter(parameter, language)
    if isinstance(command, click.Group):
        command.subcommand_metavar = say("usage.some_command", language)
        for below in command.commands.values():
            localise(below, f"{name}_{below.name}", language)
    return command


def _own_help_option(command: click.Command) -> None:
    """Give a command a help option whose words can be set: click's own is made late and speaks English."""
    if command.add_help_option:
        command.add_help_option = False
        click.help_option("-h", "--help")(command)


def _localise_parameter(parameter: click.Parameter, language: str) -> None:
    if isinstance(parameter, click.Option):
        parameter.help = say(f"option.{parameter.name}", language)
        if not parameter.is_flag and not isinstance(parameter.type, click.Choice):
            parameter.metavar = say("usage.value", language)
        return
    word = say(f"argument.{parameter.name}", language) + ("…" if parameter.nargs == -1 else "")
    parameter.metavar = word if parameter.required else f"[{word}]"


def told(error: click.ClickException, language: str) -> str:
    """Return what is wrong with a call, and which help to look at."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    call = context.command_path if context else "hososo"
    return f"{_cause(error, language)} {say('usage.see', language, call=call)}"


def _cause(error: click.ClickException, language: str) -> str:
    if isinstance(error, Misused):
        return error.message
    key, what = _named(error)
    return say(f"usage.{key}", language, what=what)


def _named(error: click.ClickException) -> tuple[str, str]:
    """Return which sentence of the catalogue says what is wrong, and what is wrong."""
    match error:
        case NoSuchOption():
            return "no_option", error.option_name
        case BadOptionUsage():
            return "no_value", error.option_name
        case NoSuchCommand():
            return "no_command", error.command_name
        case MissingParameter():
            return "missing", _what(error)
        case BadParameter():
            is_file = error.param is not None and isinstance(error.param.type, click.Path)
            return "no_file" if is_file else "bad_value", _what(error)
    return "too_much", ""


def _what(error: BadParameter) -> str:
    if error.param is None:
        return ""
    is_option = isinstance(error.param, click.Option)
    return error.param.opts[-1] if is_option else (error.param.metavar or "").strip("[]")
