"""Words of labels that were read with a wrong letter ("Đăng bý lần đầu"): for finding values, never in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classify.similarity import letters_changed

_TOKEN = re.compile(r"[a-z0-9]+")
_LIKE = {"u": "y", "v": "y", "w": "y", "j": "y", "q": "g", "f": "t"}
_LEAST_WORD, _LEAST_WORDS = 4, 3


@dataclass(frozen=True, slots=True)
class Labels:
    """Folded labels: their words, and phrases by each of their words with its place in the phrase."""

    words: frozenset[str]
    phrases: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]]

    @classmethod
    def of(cls, labels: Iterable[str]) -> Labels:
        """Return labels from folded phrases."""
        phrases = {tuple(_TOKEN.findall(label)) for label in labels}
        found: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
            if len(phrase) > 1:
                found.setdefault(phrase[0], []).append((0, phrase))
                found.setdefault(phrase[1], []).append((1, phrase))
        words = frozenset(word for phrase in phrases for word in phrase) | {"ngay", "thang"}
        return cls(words, {word: tuple(own) for word, own in found.items()})

    def mended(self, folded: str) -> str:
        """Return folded text, as long as it was, in which words of labels with one wrong letter are right."""
        tokens = list(_TOKEN.finditer(folded))
        read = [token[0] for token in tokens]
        words = [self._word(word) for word in read]
        for at in range(len(words)):
            for place, right in self._slips(words, at, folded, tokens):
                words[place] = right
        if words == read:
            return folded
        parts, end = [], 0
        for token, word in zip(tokens, words, strict=True):
            parts += [folded[end : token.start()], word]
            end = token.end()
        return "".join([*parts, folded[end:]])

    def _word(self, word: str) -> str:
        """Return the word of a label that differs by a letter that looks alike, else the word."""
        if len(word) < _LEAST_WORD or word in self.words:
            return word
        for place, char in enumerate(word):
            right = word[:place] + _LIKE.get(char, char) + word[place + 1 :]
            if right in self.words:
                return right
        return word

    def _slips(
        self, words: Sequence[str], at: int, folded: str, tokens: Sequence[re.Match[str]]
    ) -> Iterator[tuple[int, str]]:
        """Yield the word to be put right where a label stands with one wrong letter, found by a word that is right."""
        for shift, phrase in self.phrases.get(words[at], ()):
            start = at - shift
            run = words[start : start + len(phrase)] if start >= 0 else []
            bent = [place for place, word in enumerate(run) if word != phrase[place]]
            if len(run) != len(phrase) or len(bent) != 1:
                continue
            last = tokens[start + len(phrase) - 1].end()
            sure = len(phrase) >= _LEAST_WORDS or folded[last : last + 2].lstrip()[:1] == ":"
            wrong, right = run[bent[0]], phrase[bent[0]]
            if sure and wrong not in self.words and _one_letter(wrong, right):
                yield start + bent[0], right
                return


def _one_letter(wrong: str, right: str) -> bool:
    if len(wrong) < 2 or not wrong.isalpha():  # noqa: PLR2004 - a letter or a number alone names nothing
        return False
    return letters_changed(wrong, right) == 1
