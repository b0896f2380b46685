"""A table file to Parquet: read whole, mapped, each of our tables written in the order of its key.

Every row is accounted for: it is mapped, or named with its line and why not. A run that was killed begins anew; the
entity's folder, laid out as by dump_import.py, is replaced in one step.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from tenuto.durable import TEMPORARY, storage, writing
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.model.source import DumpEntity, DumpSource
from tenuto.records.dump_engine import complete
from tenuto.records.dump_receipt import DumpReceipt, named, put_in_place
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine
from tenuto.records.spill import connect
from tenuto.records.table_rows import TableFile
from tenuto.records.table_text import most_unpacked
from tenuto.records.tables import Table

__all__ = ["import_table"]

_MEMORY = "2GB"
_NAMES = {table.name: table for table in DUMP_TABLES}
_BATCH = 100_000
_SPILLED = 4  # times what a file may hold that its engine may put on the disk while it sorts
_HINT = "Is a pattern of the mapping no regular expression (RE2)?"
_REFUSED = """
CREATE TABLE refused AS
SELECT line, CASE WHEN id IS NULL THEN 'row-key' WHEN title IS NULL THEN 'row-title' ELSE 'row-double' END AS code
FROM (SELECT line, id, title, row_number() OVER (PARTITION BY id ORDER BY line) > 1 AS double FROM _rows)
WHERE id IS NULL OR title IS NULL OR double
"""
_REASONS = {
    "row-key": "it has no key",
    "row-title": "it has no title",
    "row-double": "a row before it has the same key",
}


def import_table(directory: Path, source: DumpSource, path: Path, progress: Progress, fault: str = "") -> DumpReceipt:
    """Read a table file of `source` into `directory/ENTITY`; `fault` tells why it ends too early, where it does.

    Raises SourceError where the file is no table of the source, lacks a mapped column, or is cut where the last one was
    whole; StorageError. Bad rows and columns that nobody maps or ignores are told in the receipt.
    """
    entity = source.entity_of(path.name)
    if entity is None or not entity.tabular:
        raise SourceError(f"{path.name} is no table of {source.name}", code="dump-unknown")
    scratch = directory / f"{TEMPORARY}{entity.name}"
    done = scratch / "done"
    with storage(scratch):
        shutil.rmtree(scratch, ignore_errors=True)
        done.mkdir(parents=True)
    progress.start(f"Reading {path.name}", len(DUMP_TABLES), "tables")
    engine = connect(scratch, _MEMORY)
    try:
        engine.execute("SET preserve_insertion_order = true")  # a row's number is its place in the file
        engine.execute(f"SET max_temp_directory_size = '{most_unpacked(path) * _SPILLED}B'")
        file = TableFile(path, engine, scratch, entity.delimiter)
        reading = _Reading(source, entity, file, engine)
        counts = tuple(reading.write(done, progress))
        receipt = _noted(reading.receipt(counts), fault)
        put_in_place(done, directory / entity.name, receipt)
    except duckdb.Error as error:
        raise SourceError(f"{path.name} cannot be mapped: {error}", code="table-map", hint=_HINT) from error
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)
    progress.finish()
    return receipt


def _noted(receipt: DumpReceipt, fault: str) -> DumpReceipt:
    """Add to the receipt of a table why its file ended too early."""
    if not fault:
        return receipt
    cut = BadLine(line=receipt.lines + 2, code="dump-cut", reason=fault)
    return replace(receipt, bad=named((*receipt.bad, cut)), bad_lines=receipt.bad_lines + 1)


class _Reading:
    """One table file on its way through an engine."""

    def __init__(
        self, source: DumpSource, entity: DumpEntity, file: TableFile, engine: duckdb.DuckDBPyConnection
    ) -> None:
        self._entity, self._file, self._engine = entity, file, engine
        self._mappings = source.tables(entity.name)
        self._columns = [name for name, part in entity.shape.items() if part != "-"]
        self._rows = file.read(self._columns)
        if not self._rows and not file.bad:
            raise SourceError(f"{file.path.name} has no row", code="table-empty", hint="It holds a header at most.")
        self._refused: list[BadLine] = []

    def write(self, directory: Path, progress: Progress) -> Iterator[tuple[str, int]]:
        """Write every table that the source maps, each once whole, and count its rows."""
        for name, sql in self._steps():
            if name.startswith("_"):
                self._engine.execute(f'CREATE TABLE "{name}" AS {sql}')
                self._refused += self._refuse() if name == "_rows" else []
            else:
                yield name, self._publish(directory / f"{name}.parquet" / "000001.parquet", _NAMES[name], sql)
                progress.advance(1)

    def receipt(self, counts: tuple[tuple[str, int], ...]) -> DumpReceipt:
        """Say what the file gave."""
        file, shape = self._file, self._entity.shape
        bad = sorted([*file.bad, *self._refused], key=lambda one: one.line)
        drift = {name: count for name, count in file.filled.items() if name not in shape and count}
        return DumpReceipt(
            entity=self._entity.name,
            file=file.path.name,
            sha256=file.sha256,
            size=file.path.stat().st_size,
            lines=self._rows + len(file.bad),
            documents=self._rows - len(self._refused),
            rows=counts,
            mapping=hashlib.sha256(repr(list(self._steps())).encode()).hexdigest(),
            bad=named(bad),
            bad_lines=len(bad),
            drift=tuple(sorted(drift.items())),
        )

    def _steps(self) -> Iterator[tuple[str, str]]:
        raw = ibis.table({"#": "int64"} | dict.fromkeys(self._columns, "string"), name="raw")
        known = {"raw": raw}
        for name, mapping in self._mappings.items():
            table = mapping(known.__getitem__)
            if name.startswith("_"):
                known[name] = ibis.table(table.schema(), name=name)
            else:
                table = complete(table, name)
            yield name, str(ibis.to_sql(table, dialect="duckdb"))

    def _refuse(self) -> list[BadLine]:
        """Take out rows without a key or a title, and those whose key stood before."""
        self._engine.execute(_REFUSED)
        found = self._engine.execute("SELECT line, code FROM refused ORDER BY line").fetchall()
        self._engine.execute("DELETE FROM _rows WHERE line IN (SELECT line FROM refused)")
        return [BadLine(line=self._file.line_of(row), code=code, reason=_REASONS[code]) for row, code in found]

    def _publish(self, target: Path, table: Table, sql: str) -> int:
        keys = ", ".join(f'"{name}"' for name in table.schema.names[: table.key])
        columns = ", ".join(f'"{name}"' for name in table.schema.names)
        needed = " AND ".join(f'"{field.name}" IS NOT NULL' for field in table.schema if not field.nullable)
        first = f"row_number() OVER (PARTITION BY {keys} ORDER BY {columns}) = 1"
        found = f"FROM ({sql}) WHERE {needed} QUALIFY {first}"
        query = f"SELECT {columns} {found} ORDER BY {keys}"
        reader, count = self._engine.sql(query).to_arrow_reader(_BATCH), 0
        with storage(target):
            target.parent.mkdir()
        with writing(target) as stream, pq.ParquetWriter(stream, table.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=table.schema))
                count += batch.num_rows
        return count
