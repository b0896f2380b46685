"""Reading the name of any other licence: `GPL-2+`, `GNU General Public License, version 2 or later`, `MIT License`."""

import re
from dataclasses import dataclass
from functools import cache

from tenuto.rights.licences import find
from tenuto.rights.mention import Mention
from tenuto.rights.phrases import Phrases, word_set
from tenuto.rights.tables import table
from tenuto.rights.words import Word

__all__ = ["family_names", "read_family"]

_REACH = 24  # words behind a family's name in which its version may stand
_VERSION = re.compile(r"[1-9](?:\.[0-9])?")
_LATER = {"later", "newer", "greater", "higher"}
_VARIANTS = {"niv": "-no-invariants", "invariants": "-invariants"}


@dataclass(slots=True, kw_only=True)
class _Tail:
    """What follows a family's name."""

    end: int
    version: str | None = None
    later: bool = False
    variant: str = ""


@cache
def family_names() -> Phrases:
    """Give the names of licences that are no Creative Commons codes."""
    wording = table("wording.toml")
    families = {f"family {key}": names for key, names in wording["families"].items()}
    return Phrases({**wording["licences"], **families})


def read_family(words: tuple[Word, ...], start: int) -> Mention | None:
    """Read the licence whose name starts at word `start`, or None where none does."""
    found = family_names().at(words, start)
    if found is None:
        return None
    key, end = found
    family = key.removeprefix("family ")
    if family == key:
        return Mention(id=key, start=start, end=end)
    tail = _read_tail(words, end)
    if _is_common_word(words, start, end, tail):
        return None
    return Mention(id=_id(family, tail), start=start, end=tail.end)


@cache
def _gnu() -> frozenset[str]:
    return frozenset(row["family"] for row in table("other_licences.toml")["gnu"])


def _is_common_word(words: tuple[Word, ...], start: int, end: int, tail: _Tail) -> bool:
    common = end == start + 1 and words[start].text in word_set("families_common", "names")
    whole = start == 0 and tail.end == len(words)
    return common and not whole and tail.version is None


def _read_tail(words: tuple[Word, ...], start: int) -> _Tail:
    tail = _Tail(end=start)
    for place in range(start, min(len(words), start + _REACH)):
        if not _take(tail, words, place):
            break
    return tail


def _take(tail: _Tail, words: tuple[Word, ...], place: int) -> bool:
    """Read one word of the tail; False where the tail has ended."""
    word = words[place]
    if _VERSION.fullmatch(word.text) and tail.version is None:
        tail.version = word.text if "." in word.text else f"{word.text}.0"
    elif tail.version and (word.text in _LATER or (word.text == "+" and word.glue == "")):
        tail.later = True
    elif word.text in _VARIANTS:
        tail.variant = "-no-invariants" if words[place - 1].text == "no" else _VARIANTS[word.text]
    elif word.text == "only" and tail.version:
        pass
    else:
        return word.text in word_set("families_tail", "words")
    tail.end = place + 1
    return True


def _id(family: str, tail: _Tail) -> str | None:
    if tail.version is None:
        found = find(family)
    elif family in _gnu():
        found = find(f"{family}-{tail.version}{tail.variant}{'-or-later' if tail.later else '-only'}")
    else:
        found = find(f"{family}-{tail.version}")
    return None if found is None else found.id
