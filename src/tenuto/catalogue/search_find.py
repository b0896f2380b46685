"""Find recordings by words: one question after another, each more forgiving, until one has an answer."""

import json
from collections.abc import Iterator

import apsw

from tenuto.catalogue.search_asked import Asked, asked
from tenuto.catalogue.search_match import MERGED, Group, all_but_one, every, group, whole_titles
from tenuto.catalogue.search_rank import ranked
from tenuto.catalogue.search_words import Words

__all__ = ["find"]

WINDOW = 100
"""Answers that are ranked; those beyond stand in the order of popularity."""

_FEW = 10
_FORGIVEN = 6
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
    3. Every word, each with at most one typing error.
    4. All words but those that stand nowhere, or but any one.
    """
    taken = asked(words)
    for question, groups in _questions(connection, taken):
        first = _rows(connection, question, WINDOW)
        if first:
            more = whole_titles(taken, groups) if len(first) == WINDOW else ""
            best = {*first, *(_rows(connection, more, WINDOW) if more else ())}
            order = ranked(list(connection.execute(names, (json.dumps(sorted(best)),))), groups)
            if offset + limit <= len(order) or len(first) < WINDOW:
                return tuple(order[offset : offset + limit])
            passed = max(offset - len(order), 0)
            rest = (question, first[-1], json.dumps(order), limit - max(len(order) - offset, 0), passed)
            return (*order[offset:], *(row for (row,) in connection.execute(_BEYOND, rest)))
    return ()


def _questions(connection: apsw.Connection, taken: tuple[Asked, ...]) -> Iterator[tuple[str, list[Group]]]:
    """Yield questions that may have an answer, the strictest first."""
    words = Words(connection)
    groups = [group(word, words) for word in taken]
    plain = every(groups)
    if plain and 0 < sum(one.left_out for one in groups) <= MERGED and len(_rows(connection, plain, _FEW)) < _FEW:
        groups = [group(word, words, merging=True) for word in taken]
        plain = every(groups)
    if plain:
        yield plain, groups
    forgiving = _forgiving(taken, groups, words)
    if question := every(forgiving):
        yield question, forgiving
    if len(taken) > 1 and (question := all_but_one(forgiving)):
        yield question, forgiving


def _forgiving(taken: tuple[Asked, ...], groups: list[Group], words: Words) -> list[Group]:
    """Look words up again, one typing error forgiven in each of the rarest."""
    rarest = sorted(range(len(groups)), key=lambda place: groups[place].rows)[:_FORGIVEN]
    return [group(word, words, forgiving=place in rarest) for place, word in enumerate(taken)]


def _rows(connection: apsw.Connection, question: str, most: int) -> list[int]:
    return [row for (row,) in connection.execute(_MATCH, (question, most))]
