"""Rows to Parquet in bounded memory: batches as they come, then one sorted, durable file for each table."""

import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tenuto.durable import storage, writing
from tenuto.model.errors import SourceError, StorageError
from tenuto.records.flatten import Row
from tenuto.records.tables import Table

__all__ = ["BATCH", "Spill", "connect"]

BATCH = 50_000
"""Rows of one table that are kept in memory before they go to disk."""
_TEXT = 32 << 20  # characters of one table that are kept in memory before they go to disk
_MEMORY = "512MB"
_HINT = (
    "The source must give clean text, whole numbers and a key of its own to each record; report it with the name above."
)
_UNFIT = (UnicodeError, OverflowError, TypeError, ValueError)


class Spill:
    """One table's rows on their way to disk; close it whatever happens."""

    def __init__(self, table: Table, directory: Path) -> None:
        self.table = table
        self.rows = 0
        self._text = self._waiting = 0  # characters, on disk and pending
        self._path = directory / f"{table.name}.parquet"
        self._pending: list[Row] = []
        with storage(self._path):
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="lz4")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with storage(self._path):
            self._writer.close()

    def add(self, row: Row) -> None:
        """Take one row, its columns in the table's order."""
        self._pending.append(row)
        self._waiting += sum(len(value) for value in row if isinstance(value, str))
        if len(self._pending) >= BATCH or self._waiting >= _TEXT:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            batch = _batch(self.table, self._pending)
            with storage(self._path):
                self._writer.write_batch(batch)
            self.rows += len(self._pending)
            self._text += self._waiting
            self._pending.clear()
            self._waiting = 0

    def finish(self, path: Path, engine: duckdb.DuckDBPyConnection) -> int:
        """Write all rows to `path` in key order and give its size; raises SourceError where two rows share a key."""
        self._flush()
        with storage(self._path):
            self._writer.close()
        try:
            self._sort(path, engine)
        except duckdb.Error as error:
            raise StorageError(f"{path}: {error}") from error
        with storage(path):
            return path.stat().st_size

    def _sort(self, path: Path, engine: duckdb.DuckDBPyConnection) -> None:
        key = ", ".join(f'"{name}"' for name in self.table.schema.names[: self.table.key])
        rows = f"FROM read_parquet({_literal(self._path)})"
        if self.table.distinct:
            self._refuse_doubles(engine, f"SELECT {key} {rows} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1")
        portion = min(BATCH, max(1, _TEXT * self.rows // max(self._text, 1)))  # rows of about so much text
        reader = engine.sql(f"SELECT * {rows} ORDER BY {key}").to_arrow_reader(portion)
        with writing(path) as stream, pq.ParquetWriter(stream, self.table.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=self.table.schema))

    def _refuse_doubles(self, engine: duckdb.DuckDBPyConnection, query: str) -> None:
        for double in engine.sql(query).fetchall():
            raise SourceError(f"{self.table.name}: two rows share the key {_name(double)}", hint=_HINT)


def _batch(table: Table, rows: Sequence[Row]) -> pa.RecordBatch:
    try:
        return _arrow(table, rows)
    except _UNFIT:
        _blame(table, rows)
        raise


def _arrow(table: Table, rows: Sequence[Row]) -> pa.RecordBatch:
    columns = zip(zip(*rows, strict=True), table.schema, strict=True)
    arrays = [pa.array(column, field.type) for column, field in columns]
    batch = pa.RecordBatch.from_arrays(arrays, schema=table.schema)
    batch.validate()
    return batch


def _blame(table: Table, rows: Sequence[Row]) -> None:
    for row in rows:
        try:
            _arrow(table, [row])
        except _UNFIT as error:
            key = _name(row[: table.key])
            raise SourceError(f"the record {key} does not fit table {table.name}: {error}", hint=_HINT) from error


def _name(key: Row) -> str:
    return " ".join(ascii(part) for part in key)


def _literal(path: Path) -> str:
    """Quote a path for SQL; its own brackets, stars and question marks are no pattern."""
    return "'" + re.sub(r"([\[*?])", r"[\1]", str(path)).replace("'", "''") + "'"


def connect(directory: Path | None, memory: str = _MEMORY) -> duckdb.DuckDBPyConnection:
    """Open the engine that sorts: embedded, bounded, spilling into `directory`; order comes from sorting alone.

    Without a directory nothing is ever spilled to disk.
    """
    return duckdb.connect(
        config={
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "temp_directory": "" if directory is None else str(directory),
            "autoinstall_known_extensions": False,  # the engine never reaches for the network
            "autoload_known_extensions": False,
        }
    )
