"""What makes two names one thing: public ids and names, as expressions."""

import ibis
from ibis.expr.types import StringValue

from tenuto.model.ids import IdKind

__all__ = ["clean_name", "directory", "looked_up", "nfc_normalize", "numbered", "public_id", "stacked", "unhex"]

_DIGITS = 20


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def nfc_normalize(text: str) -> str:  # type: ignore[empty-body]
    """Compose characters, as DuckDB does it."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def unhex(text: str) -> bytes:  # type: ignore[empty-body]
    """Read hexadecimal digits, as DuckDB does it."""


def public_id(kind: IdKind, *key: StringValue) -> StringValue:
    """Derive a public id exactly as `tenuto.model.ids.public_id` does, but for a whole column."""
    text = ibis.literal(kind.value)
    for part in key:
        text = text + "\x1f" + part
    return kind.value + "-" + text.hexdigest("sha256").left(_DIGITS)


def clean_name(name: StringValue) -> StringValue:
    """Compose a name (NFC) and trim it: two names equal by this are one within a source."""
    return nfc_normalize(name).strip()


def directory(key: StringValue) -> StringValue:
    """Give the part of a track's key before its last slash."""
    return key.re_replace("/?[^/]*$", "")


def numbered(table: ibis.Table, key: str, *order: str) -> ibis.Table:
    """Add an integer key that counts rows from 1 in the order of the named columns, which must be unique together."""
    return table.mutate((ibis.row_number().over(order_by=[table[name] for name in order]) + 1).name(key))


def looked_up(table: ibis.Table, other: ibis.Table, *key: str) -> ibis.Table:
    """Add to every row the other columns of the row in `other` with the same key; null where there is none."""
    return table.left_join(other, list(key)).drop(*(f"{name}_right" for name in key))


def stacked(*tables: ibis.Table) -> ibis.Table:
    """Put tables below each other by the names of their columns; a column that one lacks is null there."""
    kinds = {name: kind for table in reversed(tables) for name, kind in table.schema().items()}
    return ibis.union(
        *(
            table.select(**{n: table[n].cast(k) if n in table.columns else ibis.null(k) for n, k in kinds.items()})
            for table in tables
        )
    )
