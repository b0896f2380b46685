"""Find recordings by words: one question after another, each more forgiving, until one has an answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from tenuto.catalogue.search_asked import Asked, asked
from tenuto.catalogue.search_match import MERGED, Group, all_but_one, every, group, near_names, whole_names
from tenuto.catalogue.search_rank import CLOSE, ranked
from tenuto.catalogue.search_words import Words

__all__ = ["find"]

WINDOW = 100
"""Answers that are ranked; those beyond stand in the order of popularity."""

_FEW = 10
_DOUBTFUL, _SHORT = 1, 3
"""Short questions whose best answer has more words than one besides may have a typing error that made a word."""
_FORGIVEN = 3
_MATCH = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?"
_BEYOND = """
SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? AND rowid NOT IN (SELECT value FROM json_each(?))
ORDER BY rowid LIMIT ? OFFSET ?
"""


def find(connection: apsw.Connection, words: str, names: str, limit: int = 20, offset: int = 0) -> tuple[int, ...]:
    """Find rows of the search index, best first; any text may be asked, and the last word may be unfinished.

    `names` is a query for rowid, title and artist of the rows whose rowids its one parameter holds as a JSON array.

    1. Every word, as written; unfinished ones as the most frequent words that begin so.
    2. The same, beginnings in full, where that gave little.
    3. Every word, each with at most one typing error; where 1 gave little, names that are all but the same.
    4. All words but those that stand nowhere, or but any one.
    """
    taken = asked(words)
    for question in _questions(connection, taken):
        first = _rows(connection, question.text, WINDOW)
        if first:
            order = _ordered(connection, question, first, names)
            if offset + limit <= len(order) or len(first) < WINDOW:
                return tuple(order[offset : offset + limit])
            passed = max(offset - len(order), 0)
            rest = (question.text, first[-1], json.dumps(order), limit - max(len(order) - offset, 0), passed)
            return (*order[offset:], *(row for (row,) in connection.execute(_BEYOND, rest)))
    return tuple(_all_but_the_same(connection, taken, names)[offset : offset + limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What FTS5 is asked, and what it is made of."""

    text: str
    asked: tuple[Asked, ...]
    groups: list[Group]
    strict: bool


def _questions(connection: apsw.Connection, taken: tuple[Asked, ...]) -> Iterator[_Question]:
    """Yield questions that may have an answer, the strictest first."""
    words = Words(connection)
    groups = [group(word, words) for word in taken]
    plain = every(groups)
    merged = sum(one.rows + one.left_out for one in groups if one.left_out)
    if plain and 0 < merged <= MERGED and len(_rows(connection, plain, _FEW)) < _FEW:
        groups = [group(word, words, merging=True) for word in taken]
        plain = every(groups)
    if plain:
        yield _Question(text=plain, asked=taken, groups=groups, strict=True)
    forgiving = _forgiving(taken, groups, words)
    if text := every(forgiving):
        yield _Question(text=text, asked=taken, groups=forgiving, strict=False)
    if len(taken) > 1 and (text := all_but_one(forgiving)):
        yield _Question(text=text, asked=taken, groups=forgiving, strict=False)


def _ordered(connection: apsw.Connection, question: _Question, first: list[int], names: str) -> list[int]:
    """Rank what was found with what may be meant besides."""
    rows = set(first)
    if len(first) == WINDOW:
        rows |= _besides(connection, whole_names(question.asked, question.groups))
    order = _ranked(connection, question, rows, names)
    doubtful = order[0][0] > _DOUBTFUL and len(order) < _FEW and len(question.asked) <= _SHORT
    if question.strict and doubtful:
        others = _all_but_the_same(connection, question.asked, names)
        return [*(row for _, row in order), *(row for row in others if row not in rows)]
    if not question.strict and order[0][0] > CLOSE:
        rows |= _besides(connection, near_names(question.asked, question.groups))
        order = _ranked(connection, question, rows, names)
    return [row for _, row in order]


def _all_but_the_same(connection: apsw.Connection, taken: tuple[Asked, ...], names: str) -> list[int]:
    """Find what is named as was asked but for one typing error, a space left out or put in."""
    words = Words(connection)
    groups = _forgiving(taken, [group(word, words) for word in taken], words)
    question = _Question(text="", asked=taken, groups=groups, strict=False)
    rows = _besides(connection, near_names(taken, groups))
    return [row for cost, row in _ranked(connection, question, rows, names) if cost <= CLOSE]


def _besides(connection: apsw.Connection, questions: list[str]) -> set[int]:
    return {row for one in questions for row in _rows(connection, one, WINDOW)}


def _ranked(connection: apsw.Connection, question: _Question, rows: set[int], names: str) -> list[tuple[float, int]]:
    found = list(connection.execute(names, (json.dumps(sorted(rows)),)))
    return ranked(found, [word.key for word in question.asked], question.groups, strict=question.strict)


def _forgiving(taken: tuple[Asked, ...], groups: list[Group], words: Words) -> list[Group]:
    """Look words up again, one typing error forgiven: in those that stand nowhere, else in each of the rarest."""
    nowhere = [place for place, one in enumerate(groups) if not one.question]
    rarest = (nowhere or sorted(range(len(groups)), key=lambda place: groups[place].rows))[:_FORGIVEN]
    return [group(word, words, forgiving=place in rarest) for place, word in enumerate(taken)]


def _rows(connection: apsw.Connection, question: str, most: int) -> list[int]:
    return [row for (row,) in connection.execute(_MATCH, (question, most))]
