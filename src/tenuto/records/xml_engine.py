"""XML elements to our tables, chunk by chunk: parsed to Arrow tables, then the source's expressions on DuckDB."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tenuto.model.errors import SourceError
from tenuto.model.source import DumpEntity, DumpSource
from tenuto.records.dump_engine import Parsed, written
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine
from tenuto.records.seen import Hashes, Seen
from tenuto.records.spill import connect
from tenuto.records.tables import Table
from tenuto.records.xml_drift import Drift
from tenuto.records.xml_dump import XmlChunk
from tenuto.records.xml_tables import ROOT, XmlReader, bad_element, raw_tables

__all__ = ["XmlEngine"]

_NAMES = {table.name: table for table in DUMP_TABLES}
_MEMORY = "768MB"


class XmlEngine:
    """Parses chunks of one entity and gives its tables, as DumpEngine does for JSON."""

    def __init__(self, source: DumpSource, entity: DumpEntity, scratch: Path) -> None:
        """Prepare; DuckDB spills into `scratch`."""
        self._source = source
        self._entity = entity
        self._reader = XmlReader(entity)
        self._drift = Drift(entity)
        self._steps = self._written()
        self._duckdb = connect(scratch, _MEMORY)
        self._duckdb.execute("SET threads = 1; SET preserve_insertion_order = true")  # chunks are read side by side

    def close(self) -> None:
        """Let the engine's memory go."""
        self._duckdb.close()

    @property
    def mapping(self) -> str:
        """Digest of how elements become tables; parts of another mapping do not go with these."""
        said = (duckdb.__version__, dict(self._entity.shape), self._steps, [str(table) for table in DUMP_TABLES])
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def parse(self, chunk: XmlChunk) -> Parsed:
        """Take a chunk in, in place of the one before; bad elements are left out and told."""
        self._chunk = chunk
        self._tables, bad = self._reader.read(chunk)
        return Parsed(self._tables[ROOT].num_rows, bad, self._drift.count(chunk.content, chunk.ends))

    def settle(self, seen: Seen) -> tuple[dict[str, Hashes], tuple[BadLine, ...]]:
        """Leave out elements whose id came before, and tell them; gives the new ids by table."""
        root = self._tables[ROOT]
        self._duckdb.register("ids", root.select(["_id"]))
        hashes = np.asarray(self._duckdb.sql("SELECT hash(_id) AS hash FROM ids").fetchnumpy()["hash"], np.uint64)
        fresh = seen.fresh(ROOT, hashes)
        double = root["_element"].filter(pa.array(~fresh))
        if len(double):
            self._tables = {name: _without(table, double) for name, table in self._tables.items()}
        reason = "an element with its id came before"
        bad = (bad_element(self._chunk, at, reason, "element-double") for at in double.to_pylist())
        return {ROOT: hashes[fresh]}, tuple(bad)

    def tables(self) -> Iterator[tuple[Table, pa.Table]]:
        """Give the chunk's tables, as records/dump_tables.py has them."""
        for name, table in self._tables.items():
            self._duckdb.register(name, table)
        for name, sql in self._steps.items():
            try:
                if name.startswith("_"):
                    self._duckdb.execute(f'CREATE OR REPLACE TABLE "{name}" AS {sql}')
                else:
                    yield _NAMES[name], self._table(_NAMES[name], sql)
            except duckdb.Error as error:
                raise SourceError(f"{name} cannot be made of the elements: {error}", code="dump-map") from error

    def _table(self, table: Table, sql: str) -> pa.Table:
        needed = " AND ".join(f'"{field.name}" IS NOT NULL' for field in table.schema if not field.nullable)
        rows = self._duckdb.sql(f"SELECT * FROM ({sql}) WHERE {needed}").to_arrow_table()
        return pa.Table.from_arrays(rows.columns, schema=table.schema)

    def _written(self) -> dict[str, str]:
        """Write the source's expressions as SQL, once for all chunks."""
        kinds = {table.name: {name: _kind(name) for name in table.columns} for table in raw_tables(self._entity)}
        known = {name: ibis.table(columns, name=name) for name, columns in kinds.items()}
        return written(self._source.tables(self._entity.name), known, "duckdb")


def _without(table: pa.Table, elements: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["_element"], value_set=elements.combine_chunks())))


def _kind(name: str) -> str:
    return "int64" if name.startswith(("_element", "_in", "_position")) else "string"
