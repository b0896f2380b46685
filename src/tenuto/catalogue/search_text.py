"""The text of the search index, as expressions: for whole columns what `fold.indexed` does for one text.

Each step is a select of its own, so that the engine works its texts out once and not in every branch that reads them.
Most names are letters and spaces once they are bare of accents; these are done then, and pass the other steps by.
"""

import re
from collections.abc import Callable

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue, StringValue

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

__all__ = ["worded"]

_SIMPLE = "^[a-z0-9]+( [a-z0-9]+)*$"

_Fold = Callable[[StringValue], StringValue]


@ibis.udf.scalar.builtin(name="strip_accents")  # type: ignore[untyped-decorator]
def _strip_accents(text: str) -> str:  # type: ignore[empty-body]
    """Drop marks from letters, as DuckDB does it."""


@ibis.udf.scalar.builtin(name="strlen")  # type: ignore[untyped-decorator]
def _bytes(text: str) -> int:  # type: ignore[empty-body]
    """Count the bytes of a text in UTF-8, as DuckDB does it."""


@ibis.udf.scalar.builtin(name="regexp_replace")  # type: ignore[untyped-decorator]
def _regexp_replace(text: str, pattern: str, spelling: str, options: str) -> str:  # type: ignore[empty-body]
    """Replace what a pattern finds, as DuckDB does it."""


def worded(table: Table) -> Table:
    """Add to each row the words of its `text`, which gives way to them.

    `words` are those the index knows the text by, `marked` the same with the one word that stands for the whole text,
    `size` counts them as a person would.
    """
    table = _with(table, text=_bare(table.text.fill_null("")))
    table = _with(table, _simple=table.text.re_search(_SIMPLE))
    for step in (*map(_translated, PAIRS), _spelled):
        table = _with(table, text=_unless(table["_simple"], step)(table.text))
    simple = table["_simple"]
    table = _with(table, words=_unless(simple, _unjoined)(table.text), text=_unless(simple, _closed)(table.text))
    table = _with(table, words=_unless(simple, _parted)(table.words), text=_unless(simple, _spaced)(table.text))
    table = _with(table, words=_unless(simple, _in_pairs)(table.words), _whole=table.text.replace(" ", ""))
    gaps = table.text.length() - table["_whole"].length()
    some = table["_whole"] != ""
    marked = some.ifelse(table.words + " " + ibis.literal(WHOLE) + table["_whole"].left(LONGEST), table.words)
    return _with(table, marked=marked, size=some.ifelse(gaps + 1, 0)).drop("text", "_simple", "_whole")


def _with(table: Table, **columns: ibis.Value) -> Table:
    kept = {name: table[name] for name in table.columns}
    return table.select(**{**kept, **columns})


def _unless(simple: BooleanValue, fold: _Fold) -> _Fold:
    return lambda text: simple.ifelse(text, fold(text))


def _bare(text: StringValue) -> StringValue:
    low = text.lower()
    return (_bytes(low) == low.length()).ifelse(low, _strip_accents(low))


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


def _spaced(text: StringValue) -> StringValue:
    return _replaced(text, SEPARATORS, " ").strip()


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
