"""What was asked, taken apart: any text becomes a few words with the ways each may be written."""

import re
from dataclasses import dataclass

from tenuto.catalogue.fold import JOINERS, SEPARATORS, UNSPACED, folded, joined, split

__all__ = ["Asked", "asked", "stands_unspaced"]

_CHARACTERS = 256
_WORDS = 32
_FIELD = re.compile(r"(title|artist|release):(?=[^\s:])")
_HARD = re.compile(rf"(?:(?!{JOINERS}|\$){SEPARATORS[:-1]})+")
_SINGLE = re.compile(UNSPACED)
_PARTS = re.compile(f"{UNSPACED}+|[^{UNSPACED[1:-1]}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One word as a person wrote it."""

    forms: tuple[tuple[str, ...], ...]
    """Ways it may be written; all words of one of them must be found."""
    key: str
    """The word with its gaps closed, as it stands in a whole title."""
    field: str = ""
    """The one column it must stand in: title, artist or release; empty for any."""
    unfinished: bool = False
    """Whether the last word of a form may go on."""

    def may_go_on(self, form: tuple[str, ...], word: str) -> bool:
        """Tell whether longer words than this one are meant too; a lone character of a script without spaces is."""
        return (self.unfinished and word == form[-1]) or (len(word) == 1 and stands_unspaced(word))


def stands_unspaced(word: str) -> bool:
    """Tell whether a word is of a script without spaces: a pair of its neighbours, or one alone."""
    return _SINGLE.match(word) is not None


def asked(words: str) -> tuple[Asked, ...]:
    """Take any text apart, at most 256 characters and 32 words of it; nothing is an operator but `artist:` and kin."""
    text = words[:_CHARACTERS].encode("utf-8", "ignore").decode()
    found: list[Asked] = []
    for chunk in folded(text).split():
        field = _FIELD.match(chunk)
        rest = chunk[field.end() :] if field else chunk
        found += [_word(part, field[1] if field else "") for part in _HARD.sub(" ", rest).split() if split(part)]
    found = found[:_WORDS]
    return (*found[:-1], _unfinished(found[-1])) if found else ()


def _word(chunk: str, field: str) -> Asked:
    parts, closed = split(chunk), "".join(split(joined(chunk)))
    ways = dict.fromkeys((_pairs(closed), tuple(word for part in parts for word in _pairs(part))))
    return Asked(forms=tuple(way[:_WORDS] for way in ways), key=closed, field=field)


def _pairs(word: str) -> tuple[str, ...]:
    """Give each pair of neighbours in a run without spaces, and what stands between such runs as it is."""
    found: list[str] = []
    for part in _PARTS.findall(word):
        run = len(part) > 1 and _SINGLE.match(part)
        found += [part[place : place + 2] for place in range(len(part) - 1)] if run else [part]
    return tuple(dict.fromkeys(found))


def _unfinished(word: Asked) -> Asked:
    return Asked(forms=word.forms, key=word.key, field=word.field, unfinished=True)
