"""Parts that Discogs's dumps share, as Ibis expressions over the tables of their elements (`_id`, `_position` …)."""

from collections.abc import Callable
from typing import Any

import ibis

from tenuto.model.source import TableMapping

__all__ = ["classes", "credits_", "disambiguation", "duration_ms", "linked", "plain", "renumbered", "track_id"]

Table = Any
Column = Any
"""Ibis has no types of its own."""
Tables = Callable[[str], Table]
_NUMBER = r" \((\d+)\)$"
_NOBODY = ("0", "")
_LONGEST = 14 * 24 * 3_600  # seconds


def plain(name: Column) -> Column:
    """Give a name without the number that tells it from others: `Accent (3)` is Accent."""
    return ibis.ifelse(name.endswith(")"), name.re_replace(_NUMBER, ""), name).nullif("")


def disambiguation(name: Column) -> Column:
    """Give that number, without its brackets."""
    return ibis.ifelse(name.endswith(")"), name.re_extract(_NUMBER, 1), "").nullif("")


def linked(number: Column) -> Column:
    """Give the id of what has a page of its own; 0 is none."""
    return ibis.ifelse(number.isin(_NOBODY), None, number)


def track_id(rows: Table, own: str | None = None) -> Column:
    """Name a track by its release and its place, from 1: `123/4`, a part of it `123/4.2`."""
    places = [name for name in rows.columns if name.startswith("_in")] + ([own] if own else [])
    text: Column = rows["_id"]
    for separator, place in zip(("/", "."), places, strict=False):
        text = text + separator + (rows[place] + 1).cast("string")
    return text


def credits_(rows: Table, subject: str) -> Table:
    """Give a row for each name of an artist credit, as credited; join words stand between spaces."""
    join = rows["join"].strip()
    phrase = ibis.cases((join.isnull() | (join == ""), ""), (join == ",", ", "), else_=ibis.literal(" ") + join + " ")
    return rows.select(
        subject=ibis.literal(subject),
        id=track_id(rows),
        position=rows["_position"],
        artist=linked(rows["id"]),
        name=ibis.coalesce(rows["anv"].nullif(""), plain(rows["name"])),
        join_phrase=phrase,
    ).filter(ibis._.name.notnull())


def classes(subject: str) -> TableMapping:
    """Give genres, then styles."""

    def found(t: Tables) -> Table:
        kinds = {"genre": t("genres/genre"), "style": t("styles/style")}
        return renumbered(
            *(
                rows.filter(rows["."].notnull()).select(
                    "_element",
                    "_position",
                    subject=ibis.literal(subject),
                    id=rows["_id"],
                    name=rows["."],
                    kind=ibis.literal(kind),
                )
                for kind, rows in kinds.items()
            )
        )

    return found


def renumbered(*lists: Table, key: str = "id") -> Table:
    """Give the rows of several lists of one thing as one list: `position` from 0 in place of `_position`.

    They have `_element` too, which orders them.
    """
    rows = ibis.union(*(rows.mutate(_list=ibis.literal(at)) for at, rows in enumerate(lists)))
    order = ibis.window(group_by=key, order_by=["_list", "_position"])
    return (
        rows.mutate(position=ibis.row_number().over(order).cast("int64"))
        .order_by("_element", "position")
        .drop("_element", "_list", "_position")
    )


def duration_ms(text: Column) -> Column:
    """Read `5:08` or `1:02:03` as milliseconds; anything else is null, as is nothing and more than a fortnight."""
    fits = text.re_search(r"^([0-9]{1,3}:)?[0-9]{1,4}:[0-5][0-9]$")
    parts = ibis.ifelse(fits, text, None).split(":")
    seconds = parts[parts.length() - 1].cast("int64") + 60 * parts[parts.length() - 2].cast("int64")
    seconds += ibis.ifelse(parts.length() == 3, 3_600 * parts[0].cast("int64"), 0)  # noqa: PLR2004 - h:mm:ss
    return ibis.ifelse((seconds > 0) & (seconds <= _LONGEST), seconds * 1_000, None)
