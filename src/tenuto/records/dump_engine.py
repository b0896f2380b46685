"""Documents to tables, chunk by chunk, on DuckDB: embedded, bounded, run by SQL that Ibis writes.

1. Lines are parsed once into the entity's shape; a document that does not fit is null where it does not.
2. What no mapping reads or ignores is told with the number of documents that hold it (schema drift).
3. The source's expressions give our tables.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from tenuto.model.errors import SourceError
from tenuto.model.source import DumpEntity, DumpSource, Shape
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine, Chunk
from tenuto.records.spill import connect

__all__ = ["DumpEngine", "Parsed", "complete"]

_MEMORY = "2GB"
_ROWS = 50_000  # of one batch
_SEEN = """
CREATE OR REPLACE TABLE seen AS
SELECT line, CASE WHEN json_valid(text) AND ltrim(text)[1] = '{' THEN json_structure(text)::VARCHAR END AS structure
FROM lines WHERE text IS NOT NULL
"""
_PARSED = """
CREATE OR REPLACE TABLE raw AS
SELECT lines.line, unnest(from_json(text, $1)) FROM lines JOIN seen USING (line) WHERE structure IS NOT NULL
"""
_NAMES = {table.name: table for table in DUMP_TABLES}


@dataclass(frozen=True, slots=True)
class Parsed:
    """One chunk, parsed."""

    documents: int
    bad: tuple[BadLine, ...]
    drift: Counter[str]
    """Documents by the place in them that nothing reads or ignores: `media[].colour`."""


class DumpEngine:
    """Parses chunks of one entity and gives its tables; a context manager."""

    def __init__(self, source: DumpSource, entity: DumpEntity, scratch: Path) -> None:
        """Prepare; DuckDB spills into `scratch`."""
        self._source = source
        self._entity = entity
        self._shape = {name: part for name, part in entity.shape.items() if part != "-"}
        self._steps = self._written()
        self._duckdb = connect(None if entity.personal else scratch, _MEMORY)  # names never reach a disk

    def close(self) -> None:
        """Let the engine's memory go."""
        self._duckdb.close()

    def parse(self, chunk: Chunk) -> Parsed:
        """Take a chunk in, in place of the one before; bad lines are left out and told."""
        self._duckdb.register("lines", chunk.table)
        self._rows(_SEEN)
        wrong = self._rows("SELECT line FROM seen WHERE structure IS NULL ORDER BY line")
        bad = tuple(BadLine(line=line, code="line-json", reason="no JSON object") for (line,) in wrong)
        self._rows(_PARSED, [json.dumps(_structure(self._shape))])
        (documents,) = self._rows("SELECT count(*) FROM raw")[0]
        return Parsed(documents, chunk.bad + bad, self._drift())

    def tables(self) -> Iterator[tuple[str, pa.RecordBatchReader]]:
        """Give the chunk's tables by name, as the columns of records/dump_tables.py have them."""
        for name, sql in self._steps.items():
            if name.startswith("_"):
                self._duckdb.execute(f'CREATE OR REPLACE TABLE "{name}" AS {sql}')
            else:
                yield name, self._duckdb.sql(sql).to_arrow_reader(_ROWS)

    def _written(self) -> dict[str, str]:
        """Write the source's expressions as SQL, once for all chunks."""
        raw = ibis.table({"line": "int64", **{name: _kind(part) for name, part in self._shape.items()}}, name="raw")
        known, steps = {"raw": raw}, {}
        for name, mapping in self._source.tables(self._entity.name).items():
            table = mapping(known.__getitem__)
            if name.startswith("_"):
                known[name] = ibis.table(table.schema(), name=name)
            else:
                table = complete(table, name)
            steps[name] = str(ibis.to_sql(table, dialect="duckdb"))
        return steps

    def _drift(self) -> Counter[str]:
        found = self._rows("SELECT structure, count(*) FROM seen WHERE structure IS NOT NULL GROUP BY 1")
        drift: Counter[str] = Counter()
        for structure, documents in found:
            for place in _strangers(json.loads(structure), dict(self._entity.shape), ""):
                drift[place] += documents
        return drift

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._duckdb.execute(sql, list(values)).fetchall()
        except duckdb.Error as error:
            raise SourceError(f"the dump's documents cannot be parsed: {error}", code="dump-parse") from error


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


def _kind(shape: Shape) -> dt.DataType:
    if isinstance(shape, str):
        return dt.string
    if isinstance(shape, list):
        return dt.Array(_kind(shape[0]))
    return dt.Struct({name: _kind(part) for name, part in shape.items() if part != "-"})


def _strangers(found: Any, known: Shape, place: str) -> Iterator[str]:  # noqa: ANN401 - a JSON structure
    """Name the parts of a document's structure that its shape does not have."""
    if isinstance(found, list) and isinstance(known, list):
        yield from _strangers(found[0], known[0], f"{place}[]")
    elif isinstance(found, Mapping) and isinstance(known, dict):
        for name, part in found.items():
            inner = f"{place}.{name}".lstrip(".")
            if name in known:
                yield from _strangers(part, known[name], inner)
            elif "*" not in known:
                yield inner
    elif (isinstance(found, list | Mapping) and known == "text") or (
        isinstance(known, list | dict) and isinstance(found, str) and found not in {"NULL", "JSON"}
    ):
        yield f"{place} (of another shape)"
