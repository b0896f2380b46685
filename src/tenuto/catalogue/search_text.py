"""The text of the search index, as expressions: for whole columns what `fold.indexed` does for one text.

Each step is a select of its own, so that the engine works its texts out once and not in every branch that reads them.
"""

import re
from collections.abc import Callable

import ibis
from ibis import Table
from ibis.expr.types import StringValue

from tenuto.catalogue.fold import (
    FOREIGN_SEPARATORS,
    INNER,
    JOINERS,
    LEET,
    LONGEST,
    PAIRS,
    SEPARATORS,
    SPELLED_OUT,
    UNSPACED,
    WHOLE,
)

__all__ = ["search_rows"]

_TEXTS = ("title", "artist", "release")

_Fold = Callable[[StringValue], StringValue]


@ibis.udf.scalar.builtin(name="strip_accents")  # type: ignore[untyped-decorator]
def _strip_accents(text: str) -> str:  # type: ignore[empty-body]
    """Drop marks from letters, as DuckDB does it."""


@ibis.udf.scalar.builtin(name="regexp_replace")  # type: ignore[untyped-decorator]
def _regexp_replace(text: str, pattern: str, spelling: str, options: str) -> str:  # type: ignore[empty-body]
    """Replace what a pattern finds, as DuckDB does it."""


def search_rows(table: Table) -> Table:
    """Make rows of the search index from rowid, title, artist and release; rowid 1 is the most popular recording."""
    for step in (_bare, *map(_translated, PAIRS), _spelled):
        table = _each(table, _TEXTS, step)
    table = _step(table, {**{name: _unjoined(table[name]) for name in _TEXTS}, "_whole": _closed(table.title)})
    table = _each(table, _TEXTS, _parted)
    table = _each(table, ("_whole",), lambda text: _replaced(text, SEPARATORS, "").left(LONGEST))
    table = _each(table, _TEXTS, _in_pairs)
    whole = (table["_whole"] == "").ifelse("", " " + ibis.literal(WHOLE) + table["_whole"])
    return table.select("rowid", "artist", "release", title=table.title.concat(whole))


def _each(table: Table, names: tuple[str, ...], fold: _Fold) -> Table:
    return _step(table, {name: fold(table[name]) for name in names})


def _step(table: Table, texts: dict[str, StringValue]) -> Table:
    kept = {name: table[name] for name in table.columns}
    return table.select(**{**kept, **texts})


def _bare(text: StringValue) -> StringValue:
    return _strip_accents(text.fill_null("").lower())


def _translated(pairs: tuple[str, str]) -> _Fold:
    """Replace characters, only where there are any: DuckDB reads its table anew for every text."""
    found = f"[{re.escape(pairs[0])}]"
    return lambda text: text.re_search(found).ifelse(text.translate(*pairs), text)


def _spelled(text: StringValue) -> StringValue:
    spelled = text
    for letter, spelling in SPELLED_OUT:
        spelled = spelled.replace(letter, spelling)
    return text.re_search(f"[{''.join(letter for letter, _ in SPELLED_OUT)}]").ifelse(spelled, text)


def _unjoined(text: StringValue) -> StringValue:
    spelled = text.replace("&", " and ").replace("+", " and ")
    return text.re_search(INNER).ifelse(spelled + " " + _joined(text), spelled)


def _parted(text: StringValue) -> StringValue:
    """Put spaces between words, where SQLite's tokenizer would not see the gap."""
    return text.re_search(FOREIGN_SEPARATORS).ifelse(_replaced(text, FOREIGN_SEPARATORS, " "), text)


def _closed(text: StringValue) -> StringValue:
    return text.re_search(INNER).ifelse(_joined(text), text)


def _joined(text: StringValue) -> StringValue:
    for pattern, letter in LEET:
        text = _replaced(text, pattern, letter)
    return _replaced(text, JOINERS, "")


def _in_pairs(words: StringValue) -> StringValue:
    apart = _replaced(words, f"({UNSPACED}+)", r" \1 ")
    shifted = _replaced(apart, f"({UNSPACED})({UNSPACED}*)", r"\1 \2")
    pair = f"({UNSPACED}{{2}})"
    paired = _replaced(apart, pair, r"\1 ") + " " + _replaced(shifted, pair, r"\1 ")
    return words.re_search(UNSPACED).ifelse(paired, words)


def _replaced(text: StringValue, pattern: str, spelling: str) -> StringValue:
    return _regexp_replace(text, pattern, spelling, "g")
