"""Fields of a mapped table as Ibis expressions: one column of a row becomes one of ours, or a list of values."""

from collections.abc import Sequence
from typing import Any

import ibis

from tenuto.sources.expressions import number, unnested
from tenuto.sources.table_mapping import Column

__all__ = ["duration_ms", "named", "pieces", "row_id", "text"]

Table = Any
Expression = Any
"""Ibis has no types of its own."""


def text(raw: Table, field: Column | None) -> Expression:
    """Give a field's text verbatim; null where it is blank, or where the mapping has no such field."""
    if field is None:
        return ibis.null("string")
    if field.value:
        return ibis.literal(field.value)
    found = _filled(raw[field.column])
    if field.pattern:  # what the pattern does not find may be a statement all the same
        found = ibis.coalesce(_filled(found.re_extract(field.pattern, 0)), found)
    return ibis.coalesce(found, ibis.literal(field.default)) if field.default else found


def row_id(raw: Table, key: Sequence[str]) -> Expression:
    """Name a row by its key: one column verbatim; several with `%` and `/` escaped, joined by `/`."""
    if len(key) == 1:
        return _filled(raw[key[0]])
    parts = [raw[name].fill_null("").replace("%", "%25").replace("/", "%2F") for name in key]
    return _filled(ibis.literal("/").join(parts)).nullif("/" * (len(key) - 1))


def duration_ms(value: Expression, unit: str) -> Expression:
    """Read a duration in its unit as milliseconds, as text; null where it is none."""
    if unit == "ms":
        return value
    if unit == "s":
        return (value.try_cast("float64") * 1000).round().cast("int64").cast("string")
    clock = ibis.cases((value.re_search(r"^([0-9]{1,4}:)?[0-9]{1,4}:[0-5][0-9]$"), value), else_=None)
    whole = ibis.cases((clock.re_search(":.*:"), clock), else_=ibis.literal("0:") + clock)
    hours, minutes, seconds = (number(whole.re_extract(r"^([0-9]+):([0-9]+):([0-9]+)$", at)) for at in (1, 2, 3))
    return (((hours * 60 + minutes) * 60 + seconds) * 1000).cast("string")


def pieces(rows: Table, column: str, field: Column | None, **more: Expression) -> Table:
    """Give a row for each value of a field, `item` at its `position`, with the list's `length`."""
    whole = rows[column]
    separator = field.separator if field is not None else ""
    parts = whole.split(separator) if separator else ibis.array([whole])
    found = rows.select("id", **more, _parts=ibis.cases((whole.notnull(), parts), else_=None))
    return unnested(found, found["_parts"], "id", *more, length=found["_parts"].length())


def named(rows: Table, subject: str, column: str, field: Column | None) -> Table:
    """Credit everybody a field names, in its order; an artist's id is the name."""
    found = pieces(rows, column, field)
    separator = field.separator if field is not None else ""
    last = found.position == found.length - 1
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        position=found.position,
        artist=found.item,
        name=found.item,
        join_phrase=ibis.cases((last, ""), else_=separator),
    ).filter(ibis._.name != "")


def _filled(value: Expression) -> Expression:
    return ibis.cases((value.strip() != "", value), else_=None)
