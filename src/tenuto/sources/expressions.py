"""Parts that the mappings of dumps share, as Ibis expressions that any engine runs.

A list becomes rows with their `position` from 0; what is null or empty gives no row. Values with a shape (dates,
lengths, ISRCs) follow values.py: what does not fit is null.
"""

from typing import Any

import ibis

__all__ = [
    "aliases",
    "credits_",
    "date",
    "genres",
    "isrc",
    "iswc",
    "length_ms",
    "licences",
    "number",
    "relations",
    "texts",
    "unnested",
]

Table = Any
Column = Any
"""Ibis has no types of its own."""

_LONGEST = 14 * 24 * 3_600_000  # milliseconds
_FIRST_YEAR, _AFTER_LAST_YEAR = "1860", "2101"
_DAY = len("2000-12-31")


def unnested(raw: Table, items: Column, *keep: str, **more: Column) -> Table:
    """Give a row for each item of a list, with columns `item` and `position` beside those kept."""
    numbered = items.map(lambda item, position: ibis.struct({"item": item, "position": position}))
    rows = raw.filter(items.length() > 0).select(*keep, **more, _row=numbered.unnest())
    names = [name for name in rows.columns if name != "_row"]
    return rows.select(*names, item=rows["_row"]["item"], position=rows["_row"]["position"]).filter(
        ibis._.item.notnull()
    )


def texts(raw: Table, subject: str, kind: str, values: Column) -> Table:
    """Give an identifier for each text of a list."""
    found = unnested(raw, values, "id")
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        type=ibis.literal(kind),
        position=found.position,
        value=_filled(found.item),
    ).filter(ibis._.value.notnull())


def credits_(raw: Table, subject: str, credit: Column) -> Table:
    """Give a row for each name of an artist credit."""
    found = unnested(raw, credit, "id")
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        position=found.position,
        artist=found.item["artist"]["id"],
        name=ibis.coalesce(_filled(found.item["name"]), found.item["artist"]["name"]),
        join_phrase=found.item["joinphrase"].fill_null(""),
    ).filter(ibis._.name.notnull())


def aliases(raw: Table, subject: str) -> Table:
    """Give a row for each alias."""
    found = unnested(raw, raw.aliases, "id")
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        position=found.position,
        name=_filled(found.item["name"]),
        sort_name=_filled(found.item["sort-name"]),
        locale=_filled(found.item["locale"]),
        type=_filled(found.item["type"]),
        primary=found.item["primary"] == "true",
    ).filter(ibis._.name.notnull())


def relations(raw: Table, subject: str, *targets: str) -> Table:
    """Give a row for each relationship to one of the kinds of `targets`, for `url` with its address."""
    found = unnested(raw, raw.relations, "id")
    target = ibis.coalesce(
        *(found.item[kind]["resource" if kind == "url" else "id"] for kind in targets)  # the others are null
    )
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        position=found.position,
        type=found.item["type"],
        target_type=found.item["target-type"],
        direction=found.item["direction"],
        target=_filled(target),
        attributes=_filled(found.item["attributes"].join("; ")),  # of an empty list: "" or null, as engines differ
        begin=date(found.item["begin"]),
        end=date(found.item["end"]),
    ).filter(ibis._.target.notnull() & ibis._.target_type.isin(targets))


def licences(raw: Table, subject: str) -> Table:
    """Give evidence for each `license` relationship: the address it leads to, as it stands there."""
    found = unnested(raw, raw.relations, "id").filter(ibis._.item["type"] == "license")
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        position=found.position,
        statement=_filled(found.item["url"]["resource"]),
        licence_field=ibis.literal(True),
        place=ibis.literal("relations.license"),
    ).filter(ibis._.statement.notnull())


def genres(raw: Table, subject: str, licence: str) -> Table:
    """Give a row for each genre, with the licence of such data."""
    found = unnested(raw, raw.genres, "id")
    return found.select(
        subject=ibis.literal(subject),
        id=found.id,
        position=found.position,
        name=_filled(found.item["name"]),
        kind=ibis.literal("genre"),
        licence=ibis.literal(licence),
    ).filter(ibis._.name.notnull())


def date(text: Column) -> Column:
    """Keep an ISO 8601 date of any precision that is on the calendar, from the year of the first recording on."""
    written = text.re_search("^[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?$")
    possible = (text >= _FIRST_YEAR) & (text < _AFTER_LAST_YEAR)
    on_calendar = (text.length() < _DAY) | text.try_cast("date").notnull()
    return ibis.cases((possible & written & on_calendar, text), else_=None)


def length_ms(text: Column) -> Column:
    """Keep a length in milliseconds that a recording can have."""
    value = number(text)
    return ibis.cases(((value > 0) & (value <= _LONGEST), value), else_=None)


def number(text: Column) -> Column:
    """Read a whole number."""
    return text.try_cast("int64")


def isrc(text: Column) -> Column:
    """Spell an ISRC `CC-XXX-YY-NNNNN`; anything else is null (M6)."""
    plain = text.upper().re_replace("[\\s\u2010-\u2015-]", "").re_replace("^ISRC:?", "")
    return ibis.cases((_is_isrc(text), _spelled_isrc(text)), (_is_isrc(plain), _spelled_isrc(plain)), else_=None)


def _is_isrc(plain: Column) -> Column:
    return plain.re_search("^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$") & ~plain.endswith("00000")


def _spelled_isrc(plain: Column) -> Column:
    return plain[:2] + "-" + plain[2:5] + "-" + plain[5:7] + "-" + plain[7:12]


def iswc(text: Column) -> Column:
    """Spell an ISWC `TNNNNNNNNNN`; anything else is null."""
    plain = text.upper().re_replace(r"[\s.-]", "")
    return ibis.cases((plain.re_search("^T[0-9]{10}$"), plain), else_=None)


def _filled(text: Column) -> Column:
    return text.nullif("")
