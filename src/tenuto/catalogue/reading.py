"""Opening a catalogue that may come from anywhere: read-only, nothing in it can act, errors are ours."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import apsw

from tenuto.catalogue.docs import APPLICATION_ID, FORMAT
from tenuto.model.errors import CatalogueError, NotFoundError

__all__ = ["reading"]

_UNFIT = (UnicodeError, TypeError, ValueError, LookupError, OverflowError)  # values of a kind no build writes
_HINT = "Run `tenuto build` to make the catalogue anew; captures and store are untouched."


@contextlib.contextmanager
def reading(path: Path) -> Iterator[apsw.Connection]:
    """Open a catalogue read-only, without trust in its schema; raises CatalogueError where it is none or broken."""
    if not path.is_file():
        raise NotFoundError(f"there is no catalogue at {path}", hint="Run `tenuto build` first.")
    place = f"file:{quote(str(path.absolute()))}?mode=ro"
    with _wrapped(path):
        connection = apsw.Connection(place, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        try:
            _distrust(connection)
            _recognise(connection, path)
            yield connection
        finally:
            connection.close()


@contextlib.contextmanager
def _wrapped(path: Path) -> Iterator[None]:
    try:
        yield
    except (apsw.Error, *_UNFIT) as error:
        raise CatalogueError(f"{path} cannot be read: {error}", code="C-READ", hint=_HINT) from error


def _distrust(connection: apsw.Connection) -> None:
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0)
    connection.execute("PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")


def _recognise(connection: apsw.Connection, path: Path) -> None:
    marks = (connection.pragma("application_id"), connection.pragma("user_version"))
    if marks != (APPLICATION_ID, FORMAT):
        raise CatalogueError(f"{path} is no catalogue of format {FORMAT}", code="C-FORMAT", hint=_HINT)
    foreign = "SELECT name FROM sqlite_schema WHERE type IN ('view', 'trigger') LIMIT 1"
    for (name,) in connection.execute(foreign):
        raise CatalogueError(f"{path} holds {name!a}, which no build makes", code="C-FORMAT", hint=_HINT)
