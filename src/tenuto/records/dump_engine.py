"""Documents to tables, chunk by chunk, on DuckDB: embedded, bounded, run by SQL that Ibis writes.

1. Lines are parsed once into the entity's shape; a document that does not fit is null where it does not.
2. What no mapping reads or ignores is told with the number of documents that hold it (schema drift).
3. Documents, and what may stand in several of them, lose what came before with the same id.
4. The source's expressions give our tables, in the order of the dump.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import numpy as np
import pyarrow as pa

from tenuto.model.errors import SourceError
from tenuto.model.source import DumpEntity, DumpSource, Shape, TableMapping
from tenuto.records.drift import STRUCTURES, Drift
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine, Chunk
from tenuto.records.seen import Hashes, Seen
from tenuto.records.spill import connect
from tenuto.records.tables import Table

__all__ = ["DumpEngine", "Parsed", "complete", "ibis_type", "written"]

_MEMORY = "1GB"  # of one engine; two run at once
_RAW = """
CREATE OR REPLACE TABLE raw AS SELECT line, unnest(from_json(text, $1)) FROM lines
WHERE starts_with(text, '{') OR starts_with(ltrim(text), '{')
"""
_VALID = "SELECT line, CASE WHEN json_valid(text) THEN text END AS text FROM lines"
_UNREAD = "SELECT line FROM lines WHERE line NOT IN (SELECT line FROM raw) ORDER BY line"
_NAMES = {table.name: table for table in DUMP_TABLES}


@dataclass(frozen=True, slots=True)
class Parsed:
    """One chunk, parsed."""

    documents: int
    bad: tuple[BadLine, ...]
    drift: Counter[str]
    """Documents by the place in them that nothing reads or ignores: `media[].colour`."""


class DumpEngine:
    """Parses chunks of one entity and gives its tables, on one core; another may work beside it."""

    def __init__(self, source: DumpSource, entity: DumpEntity, scratch: Path) -> None:
        """Prepare; DuckDB spills into `scratch`."""
        self._source = source
        self._entity = entity
        self._shape = {name: part for name, part in entity.shape.items() if part != "-"}
        self._drift = Drift(entity.shape)
        self._steps = self._written()
        self._duckdb = connect(None if entity.personal else scratch, _MEMORY)  # names never reach a disk
        self._duckdb.execute("SET threads = 1; SET preserve_insertion_order = true")

    @property
    def mapping(self) -> str:
        """Digest of how documents become tables; parts of another mapping do not go with these."""
        said = (duckdb.__version__, dict(self._entity.shape), self._steps, [str(table) for table in DUMP_TABLES])
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def close(self) -> None:
        """Let the engine's memory go."""
        self._duckdb.close()

    def parse(self, chunk: Chunk) -> Parsed:
        """Take a chunk in, in place of the one before; bad lines are left out and told."""
        self._duckdb.register("lines", chunk.table)
        shape = [json.dumps(_structure(self._shape))]
        try:
            self._duckdb.execute(_RAW, shape)
        except duckdb.InvalidInputException:
            self._duckdb.register("lines", self._duckdb.sql(_VALID).to_arrow_table())
            self._rows(_RAW, shape)
        (documents,) = self._rows("SELECT count(*) FROM raw")[0]
        return Parsed(documents, chunk.bad + self._unread(chunk, documents), self._strangers())

    def settle(self, seen: Seen) -> tuple[dict[str, Hashes], tuple[BadLine, ...]]:
        """Take apart what the tables are made of, without what came before; gives the new ids by table.

        Documents without an id or with one that came before are told as bad lines.
        """
        ids: dict[str, Hashes] = {}
        bad = self._first_documents(seen, ids) if "id" in self._shape else ()
        for name, sql in self._steps.items():
            if name.startswith("_"):
                self._rows(f'CREATE OR REPLACE TABLE "{name}" AS {sql}')
            if name in self._entity.repeated:
                self._first(name, seen, ids)
        return ids, bad

    def tables(self) -> Iterator[tuple[Table, pa.Table]]:
        """Give the chunk's tables, as records/dump_tables.py has them."""
        for name, sql in self._steps.items():
            if not name.startswith("_"):
                table = _NAMES[name]
                needed = " AND ".join(f'"{field.name}" IS NOT NULL' for field in table.schema if not field.nullable)
                try:
                    rows = self._duckdb.sql(f"SELECT * FROM ({sql}) WHERE {needed}").to_arrow_table()
                except duckdb.Error as error:
                    raise SourceError(f"{name} cannot be made of the documents: {error}", code="dump-map") from error
                yield table, pa.Table.from_arrays(rows.columns, schema=table.schema)

    def _first_documents(self, seen: Seen, ids: dict[str, Hashes]) -> tuple[BadLine, ...]:
        without = self._rows("DELETE FROM raw WHERE id IS NULL OR id = '' RETURNING line")
        double = self._first("raw", seen, ids, "RETURNING line")
        bad = [BadLine(line=line, code="line-id", reason="the document has no id") for (line,) in without]
        reason = "a document with its id came before"
        bad += [BadLine(line=line, code="line-double", reason=reason) for (line,) in double]
        return tuple(sorted(bad, key=lambda one: one.line))

    def _first(self, name: str, seen: Seen, ids: dict[str, Hashes], giving: str = "") -> list[tuple[Any, ...]]:
        """Leave of a table the first row of each id."""
        table = f'"{name}"'  # one of our own names
        self._rows(f"DELETE FROM {table} WHERE id IS NULL")
        found = self._duckdb.sql(f"SELECT rowid AS place, hash(id) AS hash FROM {table} ORDER BY rowid")
        columns = found.fetchnumpy()
        hashes = np.asarray(columns["hash"], dtype=np.uint64)
        fresh = seen.fresh(name, hashes)
        ids[name] = hashes[fresh]
        if fresh.all():
            return []
        self._duckdb.register("doubles", pa.table({"place": np.asarray(columns["place"])[~fresh]}))
        return self._rows(f"DELETE FROM {table} WHERE rowid IN (SELECT place FROM doubles) {giving}")

    def _unread(self, chunk: Chunk, documents: int) -> tuple[BadLine, ...]:
        if chunk.lines == documents + len(chunk.bad):
            return ()
        told = {bad.line for bad in chunk.bad}
        lines = [line for (line,) in self._rows(_UNREAD) if line not in told]
        return tuple(BadLine(line=line, code="line-json", reason="no JSON object") for line in lines)

    def _written(self) -> dict[str, str]:
        """Write the source's expressions as SQL, once for all chunks."""
        raw = ibis.table({"line": "int64", **{name: ibis_type(part) for name, part in self._shape.items()}}, name="raw")
        known = {"raw": raw}
        return written(self._source.tables(self._entity.name), known, "duckdb")

    def _strangers(self) -> Counter[str]:
        drift: Counter[str] = Counter()
        for structure, documents in self._rows(STRUCTURES):
            for place in self._drift.strangers(structure):
                drift[place] += documents
        return drift

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._duckdb.execute(sql, list(values)).fetchall()
        except duckdb.Error as error:
            raise SourceError(f"the dump's documents cannot be parsed: {error}", code="dump-parse") from error


def written(mappings: Mapping[str, TableMapping], known: dict[str, Any], dialect: str) -> dict[str, str]:
    """Write a source's mappings as SQL of an engine, in their order; `known` are the tables they may build on."""
    steps = {}
    for name, mapping in mappings.items():
        table = mapping(known.__getitem__)
        if name.startswith("_"):
            known[name] = ibis.table(table.schema(), name=name)
        else:
            table = complete(table, name)
        steps[name] = str(ibis.to_sql(table, dialect=dialect))
    return steps


def complete(table: Any, name: str) -> Any:  # noqa: ANN401 - Ibis has no types of its own
    """Give a mapped table the columns of records/dump_tables.py in their order; those it lacks are null."""
    kinds = ibis.Schema.from_pyarrow(_NAMES[name].schema)
    return table.select(
        **{column: table[column] if column in table.columns else ibis.null(kind) for column, kind in kinds.items()}
    )


def _structure(shape: Shape) -> object:
    """Write a shape as DuckDB's from_json takes it: what is not read is left out."""
    if isinstance(shape, str):
        return "VARCHAR"
    if isinstance(shape, list):
        return [_structure(shape[0])]
    return {name: _structure(part) for name, part in shape.items() if part != "-"}


def ibis_type(shape: Shape) -> dt.DataType:
    """Give the type of a shape's part, without what is not read."""
    if isinstance(shape, str):
        return dt.string
    if isinstance(shape, list):
        return dt.Array(ibis_type(shape[0]))
    return dt.Struct({name: ibis_type(part) for name, part in shape.items() if part != "-"})
