"""In what order found recordings stand: whole names before parts of names, then the more popular."""

from collections.abc import Sequence
from functools import lru_cache

from tenuto.catalogue.fold import folded, indexed, joined, split
from tenuto.catalogue.search_match import Group

__all__ = ["ranked"]

_KEPT = 20_000

_Name = tuple[tuple[str, ...], frozenset[str]]


def ranked(names: Sequence[tuple[int, str, str]], groups: Sequence[Group]) -> list[int]:
    """Order rows, given with title and artist, by how whole the names are that answer; the smaller row is more popular."""
    return [row for _, row in sorted((_distance(_name(title), _name(artist), groups), row) for row, title, artist in names)]


@lru_cache(_KEPT)
def _name(text: str) -> _Name:
    """Give a name's words with their gaps closed, and all words the index knows it by."""
    return tuple(split(joined(folded(text)))), frozenset(indexed(text))


def _distance(title: _Name, artist: _Name, groups: Sequence[Group]) -> tuple[int, int]:
    """Give 0 where the words asked are a whole title, artist or both, else more; and how many are not as they stand."""
    in_title = [_answers(one, title[1]) for one in groups]
    in_artist = [_answers(one, artist[1]) for one in groups]
    whole_title, whole_artist = _covered(title[0], groups), _covered(artist[0], groups)
    everything = all(one or other for one, other in zip(in_title, in_artist, strict=True))
    inexact = sum(one.exact.isdisjoint(title[1]) and one.exact.isdisjoint(artist[1]) for one in groups)
    if (whole_title and all(in_title)) or (whole_artist and (all(in_artist) or (whole_title and everything))):
        return 0, inexact
    return (3 - whole_title - everything - (whole_title and everything)), inexact


def _answers(asked: Group, words: frozenset[str]) -> bool:
    if not asked.words.isdisjoint(words):
        return True
    return asked.beginning != "" and any(word.startswith(asked.beginning) for word in words)


def _covered(words: tuple[str, ...], groups: Sequence[Group]) -> bool:
    """Tell whether every word of a name was asked for."""
    return bool(words) and all(
        any(word in one.words or (one.beginning and word.startswith(one.beginning)) for one in groups) for word in words
    )
