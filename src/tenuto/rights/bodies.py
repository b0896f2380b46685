"""Licences' own texts, as SPDX's list has them: what a statement only repeats of them says nothing of the music."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tenuto.rights.licences import all_licences, licence
from tenuto.rights.words import Text, Word, read_words
from tenuto.spdx import licence_text

__all__ = ["LONGEST_BODY", "own_words", "without"]

LONGEST_BODY = 48_000
"""Characters of a licence's own text that are read: the longest there is, LGPL-3.0 with the GPL, has 41,933."""

_RUN = 6  # words in a row that a text shares with a licence by no accident

_Runs = frozenset[tuple[str, ...]]


@cache
def _runs(family: str) -> _Runs:
    """Give the runs of words in the texts of a licence family, those of its versions and ports together."""
    texts = {licence_text(one.id) for one in all_licences() if one.family == family}
    return frozenset(run for text in texts if text for run in _in_a_row(read_words(text, LONGEST_BODY).words))


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
