"""Rows into SQLite: Arrow batches through ADBC, then what costs less afterwards: indexes and figures.

ADBC binds Arrow columns in C, twice as fast as rows through Python, and STRICT and NOT NULL hold as ever.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import adbc_driver_sqlite.dbapi as adbc
import apsw
import pyarrow as pa

from tenuto.catalogue.docs import APPLICATION_ID, FORMAT, described, script
from tenuto.catalogue.search_index import finish_search, prepare_search
from tenuto.model.errors import CatalogueError, StorageError

__all__ = ["Loader", "create", "index", "index_words", "merge_search"]

_FAST = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -262144")
"""A file that nobody reads yet needs no journal: after a crash it is thrown away."""


def create(path: Path) -> None:
    """Make an empty catalogue."""
    with _database(path) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}")
        connection.execute(f"BEGIN; {script('schema')}; COMMIT")
        prepare_search(connection)


class Loader:
    """An open catalogue that takes Arrow batches; leaving it commits."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        with _wrapped(self._path):
            self._connection = adbc.connect(str(self._path.absolute()), autocommit=True)
            self._cursor = self._connection.cursor()
            for pragma in _FAST:
                self._cursor.execute(f"PRAGMA {pragma}")
                self._cursor.fetchall()
            self._connection.adbc_connection.set_autocommit(False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                with _wrapped(self._path):
                    self._connection.adbc_connection.commit()
        finally:
            self._cursor.close()
            self._connection.close()

    def load(self, table: str, rows: pa.RecordBatchReader) -> int:
        """Append rows to a table and count them; raises CatalogueError naming what does not fit."""
        with _wrapped(self._path, f"table {table}"):
            return int(self._cursor.adbc_ingest(table, rows, mode="append"))


def index(path: Path, name: str) -> None:
    """Index what was loaded, and describe it."""
    with _database(path) as connection:
        connection.execute("BEGIN")
        meta = [("archive", name), ("format", str(FORMAT))]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        connection.executemany("INSERT INTO _docs VALUES (?, ?, ?)", _descriptions())
        connection.execute(script("indexes"))
        connection.execute("COMMIT")


def index_words(path: Path) -> None:
    """Finish a search index in a file of its own."""
    with _database(path) as connection:
        connection.execute("BEGIN")
        finish_search(connection)
        connection.execute("COMMIT")


def merge_search(path: Path, search: Path) -> None:
    """Move the search index, made in a file of its own, into the catalogue; then let SQLite measure all of it.

    Tables of the same shape are copied page by page, at a hundred times the speed of making the index.
    """
    with _database(path) as connection:
        connection.execute("ATTACH ? AS made", (str(search.absolute()),))
        connection.execute("BEGIN")
        for (name,) in connection.execute(_PARTS).fetchall():
            connection.execute(f'DELETE FROM main."{name}"')
            connection.execute(f'INSERT INTO main."{name}" SELECT * FROM made."{name}"')
        connection.execute("COMMIT")
        connection.execute("DETACH made")
    with _database(path) as connection:
        connection.execute("ANALYZE")


_PARTS = "SELECT name FROM made.sqlite_schema WHERE type = 'table' AND name GLOB 'search_*'"


def _descriptions() -> Iterator[tuple[str, str, str]]:
    for table in described():
        yield table.table, "", table.description
        for column in table.columns:
            yield table.table, column.name, column.description


@contextlib.contextmanager
def _database(path: Path) -> Iterator[apsw.Connection]:
    with _wrapped(path):
        connection = apsw.Connection(str(path.absolute()))
        try:
            for pragma in (*_FAST, "temp_store = FILE", "foreign_keys = OFF"):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
        finally:
            connection.close()


@contextlib.contextmanager
def _wrapped(path: Path, what: str = "the catalogue") -> Iterator[None]:
    try:
        yield
    except (apsw.FullError, apsw.IOError, apsw.CantOpenError) as error:
        raise StorageError(f"{path}: {error}") from error
    except (apsw.Error, adbc.Error) as error:
        kind = StorageError if "disk" in str(error) else CatalogueError
        raise kind(f"{what} could not be loaded: {error}", code="C-LOAD") from error
