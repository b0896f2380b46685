"""In what order found recordings stand: whole names before parts of names, then the more popular."""

import operator
from collections.abc import Sequence
from functools import lru_cache

from tenuto.catalogue.fold import folded, indexed, joined, split
from tenuto.catalogue.search_match import Group

__all__ = ["ranked"]

_KEPT = 20_000
_FAR = 8

_Name = tuple[tuple[str, ...], frozenset[str]]


def ranked(names: Sequence[tuple[int, str, str]], groups: Sequence[Group]) -> list[int]:
    """Order rows with title and artist by how whole the names are that answer; smaller ones are more popular."""
    return [
        row for _, row in sorted((_distance(_name(title), _name(artist), groups), row) for row, title, artist in names)
    ]


@lru_cache(_KEPT)
def _name(text: str) -> _Name:
    """Give a name's words with their gaps closed, and all words the index knows it by."""
    return tuple(split(joined(folded(text)))), frozenset(indexed(text))


def _distance(title: _Name, artist: _Name, groups: Sequence[Group]) -> tuple[int, int]:
    """Count the words that were not asked of the names that answer; and the words asked that stand otherwise there."""
    in_title = [_answers(one, title[1]) for one in groups]
    in_artist = [_answers(one, artist[1]) for one in groups]
    of_title, of_artist = _unasked(title[0], groups), _unasked(artist[0], groups)
    ways = [_FAR]
    if all(in_title):
        ways.append(of_title)
    if all(in_artist):
        ways.append(of_artist)
    if all(map(operator.or_, in_title, in_artist)):
        ways.append(of_title + of_artist)
    inexact = sum(one.exact.isdisjoint(title[1]) and one.exact.isdisjoint(artist[1]) for one in groups)
    return min(ways), inexact


def _answers(asked: Group, words: frozenset[str]) -> bool:
    if not asked.words.isdisjoint(words):
        return True
    return asked.beginning != "" and any(word.startswith(asked.beginning) for word in words)


def _unasked(words: tuple[str, ...], groups: Sequence[Group]) -> int:
    """Count the words of a name that nobody asked for; a name without words is all unasked."""
    if not words:
        return _FAR
    return sum(
        not any(word in one.words or (one.beginning and word.startswith(one.beginning)) for one in groups)
        for word in words
    )
