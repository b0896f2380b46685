"""A catalogue's tables as Arrow batches of the declared types, in the order of their keys, a batch in memory at a time.

ADBC infers a column's type from the rows it sees first, so each query begins with a row of the declared types, which
is dropped again: a column that begins with a million nulls is still text.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import adbc_driver_sqlite.dbapi as adbc
import apsw
import pyarrow as pa

from tenuto.catalogue.docs import Description, described
from tenuto.catalogue.reading import reading
from tenuto.model.errors import CatalogueError

__all__ = ["TableShape", "batches", "counts", "searched_columns", "shapes", "stored"]

_BATCH = 1 << 16
_KINDS = {"INTEGER": (pa.int64(), "0"), "TEXT": (pa.string(), "''"), "BLOB": (pa.binary(), "x'00'")}
_REAL = (pa.float64(), "0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """A table's columns as SQLite declares them, and which of them are its primary key."""

    name: str
    schema: pa.Schema
    """Types and nullability; SQLite's INTEGER is int64, TEXT string, BLOB binary, REAL float64."""
    first: tuple[str, ...]
    """For each column a literal of its type."""
    key: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    """Column, and the table whose key it holds."""


def stored() -> tuple[Description, ...]:
    """List the tables that hold rows of their own: all but the search index and the list of its words."""
    return tuple(table for table in described() if table.table not in {"search", "search_words"})


def searched_columns() -> tuple[str, ...]:
    """Name the columns of the search index, as the schema has them."""
    return tuple(column.name for table in described() if table.table == "search" for column in table.columns)


def shapes(path: Path) -> dict[str, TableShape]:
    """Read the shapes of a catalogue's tables; raises CatalogueError where it is none."""
    with reading(path) as connection:
        return {table.table: _shape(connection, table.table) for table in stored()}


def counts(path: Path) -> dict[str, int]:
    """Count the rows of every table of a catalogue."""
    with reading(path) as connection:
        return {one.table: int(connection.execute(f'SELECT count(*) FROM "{one.table}"').get) for one in stored()}


def _shape(connection: apsw.Connection, name: str) -> TableShape:
    columns: Any = connection.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)).fetchall()
    foreign: Any = connection.execute('SELECT "from", "table" FROM pragma_foreign_key_list(?) ORDER BY 1', (name,))
    kinds = [_KINDS.get(kind, _REAL) for _, kind, _, _ in columns]
    fields = [
        pa.field(column, kind, nullable=not (needed or place))
        for (column, _, needed, place), (kind, _) in zip(columns, kinds, strict=True)
    ]
    return TableShape(
        name=name,
        schema=pa.schema(fields),
        first=tuple(literal for _, literal in kinds),
        key=tuple(column for column, _, _, place in sorted(columns, key=lambda one: one[3]) if place),
        references=tuple(foreign.fetchall()),
    )


@contextlib.contextmanager
def batches(path: Path, query: str, schema: pa.Schema, first: Sequence[str]) -> Iterator[Iterator[pa.RecordBatch]]:
    """Stream a query's rows as batches of `schema`; raises CatalogueError where a value is of another type.

    The query may ask `temp.words`: every distinct word of the search index with its recording and column.
    """
    named = ", ".join(f'{literal} AS "{name}"' for literal, name in zip(first, schema.names, strict=True))
    with _wrapped(path), adbc.connect(f"file:{quote(str(path.absolute()))}?mode=ro") as connection:
        cursor = connection.cursor()
        try:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_BATCH)})
            cursor.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)")
            cursor.execute(f"SELECT {named} UNION ALL SELECT * FROM ({query})")
            yield _typed(cursor.fetch_record_batch(), schema)
        finally:
            cursor.close()


def _typed(reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Drop the first row, which only told the types."""
    begun = False
    for batch in reader:
        rows = batch if begun else batch.slice(1)
        begun = True
        if rows.num_rows:
            yield pa.RecordBatch.from_arrays(rows.columns, schema=schema)


@contextlib.contextmanager
def _wrapped(path: Path) -> Iterator[None]:
    try:
        yield
    except (adbc.Error, pa.ArrowException) as error:
        raise CatalogueError(f"{path} cannot be read: {error}", code="C-READ") from error
