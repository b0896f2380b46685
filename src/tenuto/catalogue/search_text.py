"""The text of the search index, as expressions: for a whole column what `fold.indexed` does for one text."""

import ibis
from ibis.expr.types import StringValue

from tenuto.catalogue.fold import INNER, JOINERS, LEET, PAIRS, SEPARATORS, SPELLED_OUT, UNSPACED, WHOLE

__all__ = ["searchable", "whole_title"]

_LONGEST = 32


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def strip_accents(text: str) -> str:  # type: ignore[empty-body]
    """Drop marks from letters, as DuckDB does it."""


@ibis.udf.scalar.builtin(name="strlen")  # type: ignore[untyped-decorator]
def _bytes(text: str) -> int:  # type: ignore[empty-body]
    """Count bytes, as DuckDB does it."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def regexp_replace(text: str, pattern: str, spelling: str, options: str) -> str:  # type: ignore[empty-body]
    """Replace what a pattern finds, as DuckDB does it."""


def searchable(text: StringValue) -> StringValue:
    """Give the words by which a text is found, with spaces between; null gives none."""
    plain = _folded(text.fill_null(""))
    spelled = plain.replace("&", " and ").replace("+", " and ")
    both = plain.re_search(INNER).ifelse(spelled + " " + _joined(plain), spelled)
    words = _each(both, SEPARATORS, " ")
    return words.re_search(UNSPACED).ifelse(_in_pairs(words), words)


def whole_title(title: StringValue) -> StringValue:
    """Give the one word that stands for a whole title, as `fold.whole` does; empty where it has no words."""
    plain = _folded(title.fill_null(""))
    closed = plain.re_search(INNER).ifelse(_joined(plain), plain)
    key = _each(closed, SEPARATORS, "").left(_LONGEST)
    return (key == "").ifelse("", WHOLE + key)


def _folded(text: StringValue) -> StringValue:
    low = text.lower().replace("`", "'")
    bare = strip_accents(low).translate(*PAIRS)
    for letter, spelling in SPELLED_OUT:
        bare = bare.replace(letter, spelling)
    return (_bytes(low) == low.length()).ifelse(low, bare)


def _joined(plain: StringValue) -> StringValue:
    for pattern, letter in LEET:
        plain = _each(plain, pattern, letter)
    return _each(plain, JOINERS, "")


def _in_pairs(words: StringValue) -> StringValue:
    apart = _each(words, f"({UNSPACED}+)", r" \1 ")
    shifted = _each(apart, f"({UNSPACED})({UNSPACED}*)", r"\1 \2")
    pair = f"({UNSPACED}{{2}})"
    return _each(apart, pair, r"\1 ") + " " + _each(shifted, pair, r"\1 ")


def _each(text: StringValue, pattern: str, spelling: str) -> StringValue:
    return regexp_replace(text, pattern, spelling, "g")
