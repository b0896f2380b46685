"""The engine that shapes tables: DuckDB, embedded and bounded, run by SQL that Ibis writes.

Expressions are built on unbound tables, so the same ones can run on another engine.
Ibis's own DuckDB connection is not used: Ibis 12 calls what DuckDB 2.0 dropped.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from tenuto.model.errors import CatalogueError, StorageError

__all__ = ["Engine", "Workbench", "workbench"]

_BATCH = 50_000
_MOST_MEMORY = 2_500 << 20  # bytes; with SQLite's and Python's own the process stays below 4 GB


def _fitting_memory() -> str:
    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{min(_MOST_MEMORY, installed * 2 // 5) >> 20}MiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How much of the machine a build may use."""

    memory: str = field(default_factory=_fitting_memory)
    """Beyond this, tables spill to disk beside the target; by default two fifths of the machine's, 2.5 GB at most."""
    threads: int = 2


class Workbench:
    """Tables under their names: Parquet files seen as tables, and tables made from them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._schemas: dict[str, ibis.Schema] = {}

    def __call__(self, name: str) -> ibis.Table:
        """Give the table of that name, to build expressions on."""
        return ibis.table(self._schemas[name], name=name)

    def see(self, name: str, paths: Sequence[Path]) -> None:
        """See Parquet files as one table."""
        heads = [_head(path) for path in paths]
        places = ", ".join(_literal(path) for path in paths)
        self._run(f'CREATE VIEW "{name}" AS FROM read_parquet([{places}])')
        self._schemas[name] = _nullable(ibis.Schema.from_pyarrow(heads[0].schema.to_arrow_schema()))

    def see_dumps(
        self, name: str, dumps: Sequence[tuple[str, Path]], schema: pa.Schema, unique: tuple[str, ...]
    ) -> None:
        """See dumps' files as one table with its `source`; what an earlier dump of a source has by `unique` counts."""
        kinds = ibis.Schema.from_pyarrow(schema)
        columns = ", ".join(f'"{column}"' for column in kinds)
        selects = [f"SELECT '' AS source, {columns} FROM ({_nothing(kinds)})"]
        for place, (source, path) in enumerate(dumps):
            before = [_parts(other) for known, other in dumps[:place] if known == source] if unique else []
            selects.append(_seen(source, path, kinds, before, unique))
        self._run(f'CREATE VIEW "{name}" AS {" UNION ALL ".join(selects)}')
        self._schemas[name] = _nullable(ibis.schema({"source": "string", **kinds}))

    def see_or_none(self, name: str, path: Path | None, schema: ibis.Schema) -> None:
        """See one Parquet file as a table; where there is none, a table without rows."""
        there = path is not None and path.is_file()
        rows = f"FROM read_parquet({_literal(path)})" if path and there else _nothing(schema)
        self._run(f'CREATE VIEW "{name}" AS {rows}')
        self._schemas[name] = _nullable(schema)

    def count(self, name: str) -> int:
        """Count a table's rows."""
        with _wrapped():
            (counted,) = self._connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()
        return int(counted[0])

    def keep(self, name: str, table: ibis.Table) -> None:
        """Make a table that later expressions build on."""
        self._run(f'CREATE TABLE "{name}" AS {ibis.to_sql(table, dialect="duckdb")}')
        self._schemas[name] = _nullable(table.schema())

    def forget(self, name: str) -> None:
        """Let go of a table that nothing builds on any more."""
        self._run(f'DROP TABLE "{name}"')
        del self._schemas[name]

    @contextlib.contextmanager
    def rows(self, table: ibis.Table) -> Iterator[pa.RecordBatchReader]:
        """Stream a table's rows in batches; threads may stream side by side."""
        with _wrapped():
            yield self._connection.cursor().sql(_whole_numbers(table)).to_arrow_reader(_BATCH)

    def _run(self, sql: str) -> None:
        with _wrapped():
            self._connection.execute(sql)


@contextlib.contextmanager
def workbench(engine: Engine, scratch: Path) -> Iterator[Workbench]:
    """Open an empty workbench that spills into `scratch`."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": engine.memory,
        "threads": str(engine.threads),
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,  # the engine never reaches for the network
        "autoload_known_extensions": False,
    }
    with _wrapped():
        connection = duckdb.connect(config=config)
    try:
        yield Workbench(connection)
    finally:
        connection.close()


@contextlib.contextmanager
def _wrapped() -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        raise StorageError(f"the catalogue's working space: {error}") from error
    except duckdb.Error as error:
        raise CatalogueError(f"the records could not be shaped: {error}", code="C-SHAPE") from error


def _whole_numbers(table: ibis.Table) -> str:
    """Write a query whose integers are of 64 bits: DuckDB sums them to 128, which SQLite has not."""
    names = (
        f'"{name}"::BIGINT AS "{name}"' if kind.is_integer() else f'"{name}"' for name, kind in table.schema().items()
    )
    return f"SELECT {', '.join(names)} FROM ({ibis.to_sql(table, dialect='duckdb')})"


def _nothing(kinds: ibis.Schema) -> str:
    """Give no rows of these columns."""
    names = {"string": "VARCHAR", "int64": "BIGINT", "boolean": "BOOLEAN", "float64": "DOUBLE"}
    columns = (f'NULL::{names[str(kind.copy(nullable=True))]} AS "{name}"' for name, kind in kinds.items())
    return f"SELECT {', '.join(columns)} WHERE false"


def _seen(source: str, path: Path, kinds: ibis.Schema, before: Sequence[str], unique: tuple[str, ...]) -> str:
    """Read a dump's table; a column that it was imported without, by a version before this one, is null."""
    there = set(_head(min(path.glob("*.parquet"))).schema.to_arrow_schema().names)
    columns = ", ".join(f'"{name}"' if name in there else f'NULL AS "{name}"' for name in kinds)
    rows = f"SELECT '{source}' AS source, {columns} FROM read_parquet([{_parts(path)}]) AS late"
    if not before:
        return rows
    same = " AND ".join(f'early."{name}" = late."{name}"' for name in unique)
    return f"{rows} WHERE NOT EXISTS (FROM read_parquet([{', '.join(before)}]) AS early WHERE {same})"


def _parts(path: Path) -> str:
    """List the files of a table that a dump left in parts, quoted for SQL."""
    return ", ".join(map(_literal, sorted(path.glob("*.parquet"))))


def _head(path: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise CatalogueError(f"{path} cannot be read: {error}", code="C-INPUT") from error


def _nullable(schema: ibis.Schema) -> ibis.Schema:
    """Forget which columns are never null: Ibis takes such columns for another type, SQLite checks them in the end."""
    return ibis.schema({name: kind.copy(nullable=True) for name, kind in schema.items()})


def _literal(path: Path) -> str:
    """Quote a path for SQL; its own brackets, stars and question marks are no pattern."""
    return "'" + re.sub(r"([\[*?])", r"[\1]", str(path)).replace("'", "''") + "'"
