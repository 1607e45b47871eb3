"""The command line: one program, one group of commands, one place where errors become words and exit codes."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
import traceback
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from dossier.errors import Code, HososoError, Unavailable
from dossier.text import visible
from dossier.wording import LANGUAGES, advice, say
from hososo.console import Console, Exit, exit_code, json_text
from hososo.settings import load_settings
from hososo.usage import localise, told

COMMANDS = (
    "init",
    "doctor",
    "register",
    "reference",
    "digitise",
    "deliver",
    "worker",
    "drain",
    "status",
    "quarantine",
    "retry",
    "give-up",
    "replace",
    "confirm",
    "learn",
    "papers",
    "search",
    "show",
    "verify",
    "export",
    "report",
    "figures",
    "worklist",
    "snapshot",
    "inspect",
    "portal",
    "print",
    "separators",
    "stack",
    "secrecy",
    "lot",
    "reuse",
    "check",
    "sweep",
    "backup",
    "restore",
    "rebuild",
    "scrub",
    "renew",
    "serve",
    "account",
    "token",
    "sign-agent",
    "station",
)


class _Lazy(click.Group):
    """Loads a command's module only when it is asked for: `--help` and `status` need no OCR."""

    language = LANGUAGES[0]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a dossier's way."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = _loaded(f"hososo.commands.{name}").command
        return localise(command, name, self.language)


def _loaded(module: str) -> ModuleType:
    """Load a module without looking for garbage, now or later: what it loads stays for as long as the program runs."""
    if module in sys.modules:
        return sys.modules[module]
    collecting = gc.isenabled()
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


@click.group("hososo", cls=_Lazy, context_settings={"max_content_width": 110})
@click.option("--home", type=click.Path(file_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(LANGUAGES), default="vi")
@click.option("--json", "as_json", is_flag=True)
@click.version_option(package_name="hososo")
@click.pass_context
def program(context: click.Context, home: Path | None, lang: str, *, as_json: bool) -> None:
    """Take the general options."""
    context.obj = Console(lang, as_json, load_settings(home))


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with an exit code that means something."""
    arguments = _general_first(sys.argv[1:] if arguments is None else arguments)
    language = _language(arguments)
    _survive_any_name()
    _keep_memory_off_the_disk()
    try:
        program.language = language
        localise(program, "hososo", language)
        status = program.main(args=arguments, prog_name="hososo", standalone_mode=False)
    except click.exceptions.Abort:
        sys.stderr.write(say("digitise.stopped", language) + "\n")
        sys.exit(Exit.INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as exc:
        exc.show()
        sys.exit(Exit.USAGE)
    except click.ClickException as exc:
        sys.stderr.write(visible(told(exc, language)) + "\n")
        sys.exit(Exit.USAGE)
    except BrokenPipeError:
        # Whoever read our output has gone (`hososo search ... | head`): nothing is wrong, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)
    except Exception as exc:  # noqa: BLE001
        # The one broad except of the program: whatever was not foreseen is a bug, and is told as one.
        error = _named(exc)
        _tell(error, language, as_json="--json" in arguments)
        if error.code is Code.BUG:
            sys.stderr.write("".join(visible(line) + "\n" for line in traceback.format_exc().split("\n")))
        sys.exit(exit_code(error))
    sys.exit(status if isinstance(status, int) else Exit.OK)


def _keep_memory_off_the_disk() -> None:
    if sys.platform != "win32":  # the signing agent runs there, and has no pages
        from hososo.home import without_core_dumps  # noqa: PLC0415

        without_core_dumps()


def _survive_any_name() -> None:
    """Show what the terminal's encoding lacks (bytes of a file name that are no text) instead of failing over it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _named(exc: Exception) -> HososoError:
    """Return what ended the program as an error of ours; a full disk is the world's fault wherever it shows."""
    if isinstance(exc, HososoError):
        return exc
    if isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(Code.DISK_FULL, errno.errorcode[exc.errno])
    return HososoError(Code.BUG, type(exc).__name__)


def _general_first(arguments: list[str]) -> list[str]:
    """Let the general options stand anywhere before `--`, where people type them: `hososo status --json`."""
    general: list[str] = []
    rest: list[str] = []
    todo = iter(arguments)
    for one in todo:
        if one == "--":
            rest += [one, *todo]
        elif one == "--json" or one.startswith(("--lang=", "--home=")):
            general.append(one)
        elif one in ("--lang", "--home"):
            general += [one, *islice(todo, 1)]
        else:
            rest.append(one)
    return general + rest


def _tell(error: HososoError, language: str, *, as_json: bool) -> None:
    words = advice(error, language)
    if as_json:
        value: dict[str, Any] = {
            "error": error.code.value,
            "subject": error.subject,
            "detail": error.detail,
            "cause": words.cause,
            "cure": words.cure,
        }
        sys.stdout.write(json_text(value) + "\n")
        return
    where = f" ({error.subject})" if error.subject else ""
    # A detail is a technical phrase in English: in Vietnamese it would only stand in the way of cause and cure.
    detail = f" [{error.detail}]" if error.detail and language != "vi" else ""
    sys.stderr.write(visible(f"{error.code}{where}: {words.cause} {words.cure}{detail}") + "\n")


def _language(arguments: list[str]) -> str:
    for one, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if one == "--lang=en" or (one == "--lang" and following == "en"):
            return "en"
    return "vi"


if __name__ == "__main__":
    main()
