"""Two builds side by side in DuckDB: which row of the one is which row of the other, and under what key.

Keys are numbers inside one file; what a row is, its public id says, or what it consists of. A match that is wrong costs
space in the patch, never truth: whatever a matched row does not give is written into the patch.
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from tenuto.catalogue.editions.rows import TableShape, batches, searched_columns, shapes
from tenuto.model.errors import CatalogueError, StorageError

__all__ = ["KEYS", "WHOLE", "Bench", "bench"]

_ID = ("id",)
KEYS: dict[str, tuple[str, ...]] = {
    "sources": ("name",),
    "captures": _ID,
    "licences": _ID,
    "files": ("sha256",),
    "reasons": ("code", "text"),
    "verdicts": ("decision", "reason"),
    **dict.fromkeys(("artists", "labels", "works"), _ID),
    "artist_credits": ("name",),
    **dict.fromkeys(("release_groups", "releases", "recordings"), _ID),
    "tracks": ("id", "release", "medium", "position"),
    "genres": ("kind", "name"),
    "statements": ("text",),
    "packages": ("name",),
    "torrents": ("infohash_v1",),
}
"""Tables that others refer to, and what tells their rows apart; a table stands below those it refers to."""
WHOLE = ("meta", "provenance", "stats", "_docs", "search_sizes")
"""Small tables that a patch carries whole, in their order."""
_SEARCH = TableShape(
    name="search",
    schema=pa.schema([("recording", pa.int64()), *((name, pa.string()) for name in searched_columns())]),
    first=("0", *("''" for _ in searched_columns())),
    key=("recording",),
    references=(("recording", "recordings"),),
)
"""The search index as a table: the distinct words of each recording, which give the same index again."""
_SIZES = TableShape(
    name="search_sizes",
    schema=pa.schema([("block", pa.binary())]),
    first=("x'00'",),
    key=(),
    references=(),
)
"""The one record of the index that distinct words do not give: how many words there were, repeated ones too."""
_SUBJECTS = {
    "ar": "artists",
    "la": "labels",
    "rc": "recordings",
    "re": "releases",
    "rg": "release_groups",
    "tr": "tracks",
    "wo": "works",
}
_OWNED = {"owner": "subject", "left_owner": "subject", "right_owner": "subject"}
_OWNED |= {"target": "target_subject"}
_WORDS = pa.schema([("doc", pa.int64()), ("col", pa.string()), ("term", pa.string())])
_TEXT = "coalesce(string_agg(term, ' ' ORDER BY term) FILTER (col = '{0}'), '') AS {0}"
_RUNS = """
SELECT min(old) AS old, min(new) AS new, count(*) AS rows FROM (
  SELECT old, new, old - row_number() OVER (PARTITION BY new - old ORDER BY old) AS gap FROM "{0}"
) GROUP BY new - old, gap ORDER BY 1
"""


class Bench:
    """A DuckDB file with the tables of builds, their matches and what differs."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.shapes: dict[str, TableShape] = {}

    def run(self, sql: str) -> None:
        """Run a statement."""
        with _wrapped():
            self._connection.execute(sql)

    def rows(self, sql: str) -> pa.RecordBatchReader:
        """Stream a query's rows."""
        with _wrapped():
            return self._connection.sql(sql).to_arrow_reader(50_000)

    def load(self, side: str, catalogue: Path) -> None:
        """Load a build's tables as `side_table`; raises CatalogueError where it is none."""
        self.shapes = shapes(catalogue) | {"search": _SEARCH}
        for name, shape in self.shapes.items():
            if name != "search":
                self._take(f"{side}_{name}", catalogue, f'SELECT * FROM "{name}"', shape.schema, shape.first)
        self.shapes["search_sizes"] = _SIZES
        sizes = "SELECT block FROM search_data WHERE id = 1"
        self._take(f"{side}_search_sizes", catalogue, sizes, _SIZES.schema, _SIZES.first)
        self._take("words", catalogue, "SELECT doc, col, term FROM temp.words", _WORDS, ("0", "''", "''"))
        texts = ", ".join(_TEXT.format(column) for column in _SEARCH.schema.names[1:])
        filled = ", ".join(f"coalesce({column}, '') AS {column}" for column in _SEARCH.schema.names[1:])
        self.run(
            f"CREATE TABLE {side}_search AS SELECT recording, {filled} FROM (SELECT recording FROM {side}_recordings)"
            f" LEFT JOIN (SELECT doc AS recording, {texts} FROM words GROUP BY doc) USING (recording);"
            "DROP TABLE words"
        )

    def _take(self, name: str, catalogue: Path, query: str, schema: pa.Schema, first: Sequence[str]) -> None:
        with batches(catalogue, query, schema, first) as rows, _wrapped():
            reader = pa.RecordBatchReader.from_batches(schema, rows)
            self._connection.register("incoming", reader)
            self._connection.execute(f'CREATE TABLE "{name}" AS FROM incoming')
            self._connection.unregister("incoming")

    def match(self) -> None:
        """Find for each key of the old build the key of the same thing in the new one: `map_table`."""
        for name, told in KEYS.items():
            key, columns = self.shapes[name].key[0], ", ".join(f'"{column}"' for column in told)
            ranked = 'SELECT {0} AS {1}, {2}, row_number() OVER (PARTITION BY {2} ORDER BY "{3}") AS rank FROM {4}'
            new = ranked.format(f'"{key}"', "new", columns, key, f"new_{name}")
            self.run(f"CREATE TEMP TABLE seen AS {self._mapped(name, own=False)}")
            old = ranked.format("_old", "old", columns, "_old", "seen")
            same = " AND ".join(f'o."{column}" IS NOT DISTINCT FROM n."{column}"' for column in told)
            self.run(
                f"CREATE TABLE map_{name} AS SELECT old, new FROM ({old}) AS o JOIN ({new}) AS n"
                f" ON o.rank = n.rank AND {same}; DROP TABLE seen"
            )
        self.gather()

    def gather(self) -> None:
        """Put the matches of all that can own something into one table."""
        maps = (f"SELECT '{prefix}' AS subject, old, new FROM map_{name}" for prefix, name in _SUBJECTS.items())
        self.run(f"CREATE TABLE map_all AS {' UNION ALL '.join(maps)}")

    def runs(self, name: str) -> str:
        """Write a query for a table's matches as runs of keys: old, new, how many."""
        return _RUNS.format(f"map_{name}")

    def carry(self, name: str) -> None:
        """Make `carried_table`: the old build's rows under the new build's keys."""
        self.run(f"CREATE TABLE carried_{name} AS {self._mapped(name, own=True)}")

    def _mapped(self, name: str, *, own: bool) -> str:
        shape, joins, columns = self.shapes[name], [], []
        references = dict(shape.references)
        if own and name in KEYS:
            references[shape.key[0]] = name
        for number, column in enumerate(shape.schema.names):
            table, subject = references.get(column), _OWNED.get(column)
            if table in KEYS:
                joins.append(f'LEFT JOIN map_{table} AS m{number} ON m{number}.old = o."{column}"')
            elif subject in shape.schema.names:
                on = f'm{number}.subject = o."{subject}" AND m{number}.old = o."{column}"'
                joins.append(f"LEFT JOIN map_all AS m{number} ON {on}")
            moved = table in KEYS or subject in shape.schema.names
            columns.append(f'm{number}.new AS "{column}"' if moved else f'o."{column}"')
        if not own:
            columns.append(f'o."{shape.key[0]}" AS _old')
        query = f"SELECT {', '.join(columns)} FROM old_{name} AS o {' '.join(joins)}"
        needed = " AND ".join(f'"{column}" IS NOT NULL' for column in shape.key)
        return f"SELECT * FROM ({query}) WHERE {needed}" if own else query


@contextlib.contextmanager
def bench(scratch: Path, memory: str) -> Iterator[Bench]:
    """Open an empty bench whose tables lie in `scratch`; `memory` is the most it holds at once."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": "2",
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with _wrapped():
        connection = duckdb.connect(str(scratch / "bench.duckdb"), config=config)
    try:
        yield Bench(connection)
    finally:
        connection.close()


@contextlib.contextmanager
def _wrapped() -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        raise StorageError(f"the working space of the patch: {error}") from error
    except duckdb.Error as error:
        raise CatalogueError(f"the builds could not be compared: {error}", code="C-PATCH") from error
