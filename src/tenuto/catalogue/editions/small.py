"""The small edition: a catalogue of the most listened to recordings, in the same schema and under the same keys.

Rows are chosen from recordings outwards: tracks, releases, credits, artists; what nothing kept refers to stays behind.
Keys stay as they are, so rows of the edition and of the whole catalogue can be joined.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from tenuto.catalogue.checks import check_catalogue
from tenuto.catalogue.editions.kept import KEPT, SEARCHED
from tenuto.catalogue.editions.manifest import digest
from tenuto.catalogue.editions.policy import Policy, check_policy
from tenuto.catalogue.editions.rows import TableShape, searched_columns, shapes
from tenuto.catalogue.editions.scratch import scratch
from tenuto.catalogue.fold import SIZE, indexed, marked, size
from tenuto.catalogue.load import create, index, index_words, merge_search
from tenuto.catalogue.reading import reading
from tenuto.durable import publish, storage
from tenuto.model.errors import CatalogueError, ConfigError, StorageError
from tenuto.model.progress import Progress

__all__ = ["SmallReport", "write_small"]

_TRIES = 8
_FIRST = 0.5
"""The most listened to recordings are on more releases than others and cost about twice as much."""
_NEAR = 0.85
"""An edition that fills less than this much of its limit is made again, larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallReport:
    """What a small edition holds."""

    catalogue_sha256: str
    recordings: int
    """The most listened to so many."""
    recordings_before: int
    bytes: int
    bytes_before: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """The whole catalogue: where it is, what its tables are, and what its `meta` shall say in the edition."""

    path: Path
    shapes: dict[str, TableShape]
    archive: str
    recordings: int
    meta: tuple[tuple[str, str], ...]


def write_small(catalogue: Path, target: Path, policy: Policy, progress: Progress) -> SmallReport:
    """Write the edition to `target`, checked, whole or not at all.

    Raises ConfigError where the policy cannot be kept, CatalogueError where the catalogue is none.
    """
    source = _source(catalogue, policy)
    before = catalogue.stat().st_size
    limit = policy.limit(before)
    with scratch(target) as folder:
        kept = min(source.recordings, int(source.recordings * limit / before * _FIRST) + 1)
        path, kept = _fitted(source, policy, folder, (kept, limit), progress)
        check_catalogue(path)
        size, sha256 = path.stat().st_size, digest(path)
        _publish(path, target)
    return SmallReport(
        catalogue_sha256=dict(source.meta)["edition_of"],
        recordings=kept,
        recordings_before=source.recordings,
        bytes=size,
        bytes_before=before,
        sha256=sha256,
    )


def _source(catalogue: Path, policy: Policy) -> _Source:
    found = shapes(catalogue)
    check_policy(policy, found)
    with reading(catalogue) as connection:
        archive = str(connection.execute("SELECT value FROM meta WHERE name = 'archive'").get)
        recordings = int(connection.execute("SELECT count(*) FROM recordings").get)
    meta = (("edition", "small"), ("edition_of", digest(catalogue)), ("edition_policy", json.dumps(asdict(policy))))
    return _Source(path=catalogue, shapes=found, archive=archive, recordings=recordings, meta=meta)


def _fitted(
    source: _Source, policy: Policy, folder: Path, aim: tuple[int, int], progress: Progress
) -> tuple[Path, int]:
    """Make the edition of as many recordings as fit: the size of one tells how many the next may have."""
    kept, limit = aim
    best: tuple[Path, int] | None = None
    for number in range(_TRIES):
        path = folder / f"{number}.sqlite3"
        _make(source, path, policy, kept, progress)
        size = path.stat().st_size
        if size <= limit:
            best = path, kept
            if kept == source.recordings or size >= limit * _NEAR:
                break
        elif best:
            break
        kept = min(source.recordings, max(int(kept * limit / size * 0.97), 0))
    if best is None:
        hint = "Leave out more, or allow a larger share or floor in the policy."
        raise ConfigError("nothing fits into the size the policy allows", hint=hint, code="policy")
    return best


def _make(source: _Source, path: Path, policy: Policy, kept: int, progress: Progress) -> None:
    progress.start(f"Choosing rows for {kept:,} recordings", len(KEPT) + 1, "tables")
    try:
        create(path)
        search = path.with_suffix(".search")
        create(search)
        with _attached(path, source.path, search) as connection:
            for table, condition in KEPT.items():
                if table not in policy.without_tables:
                    _copy(connection, source.shapes[table], condition, policy, kept)
                progress.advance(1)
            _describe(connection, source, kept)
        index(path, source.archive)
        with _attached(path, source.path, search) as connection:  # words are gathered by the indexes just made
            columns = ", ".join(["rowid", *searched_columns()])
            connection.execute(f"INSERT INTO made.search ({columns}) {SEARCHED}")
        index_words(search)
        merge_search(path, search)
        progress.advance(1)
    finally:
        progress.finish()


def _copy(connection: apsw.Connection, shape: TableShape, condition: str, policy: Policy, kept: int) -> None:
    gone = {column for column, table in shape.references if table in policy.without_tables}
    gone |= {name.partition(".")[2] for name in policy.without_columns if name.partition(".")[0] == shape.name}
    columns = ", ".join("NULL" if name in gone else f'o."{name}"' for name in shape.schema.names)
    order = ", ".join(f'o."{name}"' for name in shape.key) or "o.rowid"
    query = f'INSERT INTO main."{shape.name}" SELECT {columns} FROM full."{shape.name}" AS o WHERE {condition}'
    bound = {"recordings": kept, "works": "relations" not in policy.without_tables}
    connection.execute(f"{query} ORDER BY {order}", bound)


def _words(*values: Any) -> str:  # noqa: ANN401 - values as SQLite has them
    return " ".join(indexed(values[0] or ""))


def _title_words(*values: Any) -> str:  # noqa: ANN401 - values as SQLite has them
    title, performers, others = (value or "" for value in values)
    titles = [title, *others.split("\x1f")]
    return " ".join([*(word for one in titles for word in marked(one)), f"{SIZE}{size(title, performers)}"])


def _artist_words(*values: Any) -> str:  # noqa: ANN401 - values as SQLite has them
    performers, others = (value or "" for value in values)
    return " ".join([*marked(performers), *indexed(others)])


def _describe(connection: apsw.Connection, source: _Source, kept: int) -> None:
    said = [*source.meta, ("edition_recordings", str(kept))]
    connection.executemany("INSERT INTO main.meta VALUES (?, ?)", said)


@contextlib.contextmanager
def _attached(path: Path, full: Path, search: Path) -> Iterator[apsw.Connection]:
    """Open the edition, the whole catalogue read-only, and a file for the search index; leaving it commits."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
    try:
        connection = apsw.Connection(f"file:{quote(str(path.absolute()))}", flags=flags)
        try:
            connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE")
            connection.execute("ATTACH ? AS full", (f"file:{quote(str(full.absolute()))}?mode=ro",))
            connection.execute("ATTACH ? AS made", (f"file:{quote(str(search.absolute()))}",))
            connection.execute("PRAGMA made.journal_mode = OFF; PRAGMA made.synchronous = OFF")
            connection.create_scalar_function("words", _words, 1, deterministic=True)
            connection.create_scalar_function("title_words", _title_words, 3, deterministic=True)
            connection.create_scalar_function("artist_words", _artist_words, 2, deterministic=True)
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()
    except (apsw.FullError, apsw.IOError, apsw.CantOpenError) as error:
        raise StorageError(f"{path}: {error}") from error
    except apsw.Error as error:
        raise CatalogueError(f"{full} cannot be read: {error}", code="C-READ") from error


def _publish(finished: Path, target: Path) -> None:
    with storage(target), finished.open("rb") as stream:
        os.fsync(stream.fileno())
    publish(finished, target)
