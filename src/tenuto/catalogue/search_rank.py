"""In what order found recordings stand: whole names before parts of names, then the more popular.

A row's cost is the number of its words that nobody asked for, in the name or names that answer, and more for words
asked that stand in neither. Rows of the same cost stand in the order of popularity. Two exceptions keep one answer from
crowding out others: the fifth recording of the same name and later ones, and what comes after four whole titles or
performers, let those go first that have just one word more than was asked.
"""

import operator
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tenuto.catalogue.fold import folded, indexed, joined, split
from tenuto.catalogue.search_match import Group

__all__ = ["CLOSE", "ranked"]

CLOSE = 0.0
"""Cost of a row whose names are, together, what was asked but for one typing error; spaces do not count."""

_KEPT = 20_000
_FAR = 8.0
_ELSEWHERE = 4.0
_LOST = 2.0
_BESIDE = 1.5
_BENT = 0.5
_SAME, _ALIKE = 4, 4


class _Name(NamedTuple):
    words: tuple[str, ...]
    known: frozenset[str]


class _Cost(NamedTuple):
    cost: float
    inexact: int
    near: bool


_ALL_BUT_ONE = _Cost(CLOSE, 0, near=True)


def ranked(
    names: Sequence[tuple[int, str, str]], asked: Sequence[str], groups: Sequence[Group], *, strict: bool
) -> list[tuple[float, int]]:
    """Order rows with title and artist, each with its cost; smaller rows are more popular.

    `asked` are the words with their gaps closed; strict answers have each of them somewhere.
    """
    found = []
    for row, title, artist in names:
        both = _name(title), _name(artist)
        close = not strict and _are_alike("".join(asked), ("".join(both[0].words), "".join(both[1].words)))
        found.append((*(_ALL_BUT_ONE if close else _cost(*both, groups, strict=strict)), row, both))
    found.sort(key=lambda one: (one[0], one[1], one[3]))
    return _spread(found)


def _spread(found: list[tuple[float, int, bool, int, tuple[_Name, _Name]]]) -> list[tuple[float, int]]:
    """Put what repeats behind what differs."""
    same: Counter[tuple[tuple[str, ...], ...]] = Counter()
    alike = 0
    placed = []
    for cost, inexact, near, row, (title, artist) in found:
        name = title.words, artist.words
        same[name] += 1
        alike += cost < 1 and not near
        behind = same[name] > _SAME or (alike > _ALIKE and not near)
        placed.append((max(cost, _BESIDE) if behind else cost, cost, inexact, row))
    return [(cost, row) for cost, *_, row in sorted(placed)]


@lru_cache(_KEPT)
def _name(text: str) -> _Name:
    """Give a name's words with their gaps closed, and all words the index knows it by."""
    return _Name(tuple(split(joined(folded(text)))), frozenset(indexed(text)))


def _cost(title: _Name, artist: _Name, groups: Sequence[Group], *, strict: bool) -> _Cost:
    """Weigh a row; of rows of the same cost those go first that have the words as they were asked.

    Near are those that have every word, and at most one more.
    """
    in_title = [_answers(one, title.known) for one in groups]
    in_artist = [_answers(one, artist.known) for one in groups]
    of_title, of_artist = _unasked(title.words, groups), _unasked(artist.words, groups)
    lost = len(groups) - sum(map(operator.or_, in_title, in_artist))
    ways = [_FAR]
    if all(in_title):
        ways.append(of_title)
    if all(in_artist):
        ways.append(of_artist)
    if strict and lost:
        ways.append(_ELSEWHERE + (of_title if any(in_title) else 0))
    else:
        ways.append(of_title + of_artist + _LOST * lost)
    inexact = sum(one.exact.isdisjoint(title.known) and one.exact.isdisjoint(artist.known) for one in groups)
    return _Cost(min(ways) + (0 if strict else _BENT * inexact), inexact, not lost and of_title + of_artist <= 1)


def _answers(asked: Group, words: frozenset[str]) -> bool:
    if not asked.words.isdisjoint(words):
        return True
    return asked.beginning != "" and any(word.startswith(asked.beginning) for word in words)


def _unasked(words: tuple[str, ...], groups: Sequence[Group]) -> float:
    """Count the words of a name that nobody asked for; a name without words is all unasked."""
    if not words:
        return _FAR
    return sum(
        not any(word in one.words or (one.beginning and word.startswith(one.beginning)) for one in groups)
        for word in words
    )


def _are_alike(asked: str, names: tuple[str, str]) -> bool:
    """Tell whether names side by side are what was asked but for one letter missing, added, wrong or swapped."""
    return any(_one_error(asked, one) for one in ("".join(names), "".join(reversed(names))))


def _one_error(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1:
        return False
    start = _shared(left, right)
    left, right = left[start:], right[start:]
    end = _shared(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left == right[::-1])  # noqa: PLR2004 - a swap


def _shared(left: str, right: str) -> int:
    """Count the letters with which both begin."""
    least = min(len(left), len(right))
    return next((at for at in range(least) if left[at] != right[at]), least)
