"""What must hold of a catalogue before anyone may read it; each check has a code, docs/catalogue.md lists them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from tenuto.catalogue.docs import described
from tenuto.catalogue.reading import reading
from tenuto.catalogue.search_index import first_varint
from tenuto.model.errors import CatalogueError

__all__ = ["CHECKS", "Check", "check_catalogue", "check_rows"]


_CACHE = 256 << 20  # bytes for each of two threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule about a whole catalogue: a query for what breaks it, one column that names the case."""

    code: str
    broken: str
    """What is wrong with what the query finds."""
    query: str


CHECKS: tuple[Check, ...] = (
    Check(
        code="C-LEDGER",
        broken="a track has no audio that may be shared, and no reason says why",
        query="""
            SELECT coalesce(tracks.id, 'track ' || track) FROM tracks WHERE absence IS NULL AND NOT EXISTS (
              SELECT 1 FROM verdicts JOIN recordings JOIN files USING (file)
              WHERE verdicts.verdict = tracks.verdict AND recordings.recording = tracks.recording
                AND decision = 'open' AND held = 1)""",
    ),
    Check(
        code="C-OPEN",
        broken="an open verdict rests on no licence",
        query="""
            SELECT 'verdict ' || verdict FROM verdicts
            WHERE decision = 'open' AND verdict NOT IN (SELECT verdict FROM verdict_licences)""",
    ),
    Check(
        code="C-PLACEMENT",
        broken="a track lies in a torrent though its verdict is not open",
        query="""
            SELECT tracks.id FROM placements JOIN tracks USING (track) LEFT JOIN verdicts USING (verdict)
            WHERE decision IS NOT 'open'""",
    ),
    Check(
        code="C-NUMBERS",
        broken="a file's length or rate cannot be",
        query="""
            SELECT lower(hex(sha256)) FROM files
            WHERE duration_ms NOT BETWEEN 0 AND 30 * 24 * 3600000 OR sample_rate < 0 OR channels < 0 OR bit_rate < 0""",
    ),
    Check(
        code="C-SEARCH",
        broken="the search index and the recordings differ",
        query="""
            SELECT surplus FROM (
              SELECT first_varint(block) - (SELECT count(*) FROM recordings) AS surplus FROM search_data WHERE id = 1
            ) WHERE surplus != 0""",
    ),
)


def check_catalogue(path: Path) -> int:
    """Check a finished catalogue and count its tracks; raises CatalogueError with the code of the check that fails.

    SQLite's integrity_check is run table by table, two at once: nearly all its time goes to looking up each row in each
    index. quick_check of the whole file is the rest of it.
    """
    with ThreadPoolExecutor(2) as threads:
        parts = [threads.submit(_check_integrity, path, name) for name in _by_size(path)]
        content = threads.submit(_check_content, path)
        parts.append(threads.submit(_check_integrity, path, ""))
        for part in parts:
            part.result()
        return content.result()


def _by_size(path: Path) -> list[str]:
    """List the tables, the largest first, so that none is still being checked when all others are done."""
    with reading(path) as connection:
        names = [table.table for table in described()]
        sizes = {name: connection.execute(f'SELECT max(rowid) FROM "{name}"').get for name in _with_rowid(connection)}
    return sorted(names, key=lambda name: -(sizes.get(name) or 0))


def _with_rowid(connection: apsw.Connection) -> list[str]:
    question = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT wr"
    listed = connection.execute(question)
    return [name for (name,) in listed if not name.startswith("sqlite_")]


@contextmanager
def _checking(path: Path) -> Iterator[apsw.Connection]:
    """Open a catalogue that was just built: its pages are read in no order, and more than once.

    What integrity_check finds by itself is not looked for at each reading of a page: that takes twice as long. The file
    is not mapped: that is hardly faster, and a mapped file counts as memory, all of it.
    """
    with reading(path) as connection:
        connection.execute(f"PRAGMA cache_size = -{_CACHE >> 10}; PRAGMA cell_size_check = OFF")
        yield connection


def _check_integrity(path: Path, table: str) -> None:
    question = f'integrity_check("{table}")' if table else "quick_check(1)"
    with _checking(path) as connection:
        for line in connection.execute(f"PRAGMA {question}"):
            if line != ("ok",):
                raise _failed("C-INTEGRITY", "SQLite finds damage", line[0])


def _check_content(path: Path) -> int:
    with _checking(path) as connection:
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            raise _failed("C-FOREIGN", f"{table} refers to {parent}, where nothing answers", f"row {row}")
        connection.create_scalar_function(
            "first_varint", lambda *record: first_varint(record[0]), 1, deterministic=True
        )
        for check in CHECKS:
            for (case,) in connection.execute(f"{check.query} LIMIT 1"):
                raise _failed(check.code, check.broken, case)
        _check_documents(connection)
        return int(connection.execute("SELECT count(*) FROM tracks").get)


def check_rows(path: Path, promised: Mapping[str, int]) -> dict[str, int]:
    """Count the rows of every table; raises CatalogueError where one differs from what the records promised."""
    with reading(path) as connection:
        names = [table.table for table in described() if table.table != "search"]
        counts = {name: int(connection.execute(_COUNT.format(name)).get) for name in names}
    for name, rows in promised.items():
        if counts[name] != rows:
            raise _failed("C-ROWS", f"{name} has {counts[name]} rows, the records have {rows}", _LOST)
    return counts


_COUNT = 'SELECT count(*) FROM "{}"'
_LOST = "a row refers to a source, capture, licence or bag that the context lacks"


def _check_documents(connection: apsw.Connection) -> None:
    said = {
        (table, column) for table, column in connection.execute("SELECT place, name FROM _docs WHERE description != ''")
    }
    names = [
        name for (name,) in connection.execute("SELECT name FROM pragma_table_list WHERE type IN ('table', 'virtual')")
    ]
    for name in names:
        columns = [column for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))]
        for column in ("", *columns):
            if not name.startswith("sqlite_") and (name, column) not in said:
                raise _failed("C-DOCS", "a table or column is not described", f"{name}.{column}")


def _failed(code: str, broken: str, case: object) -> CatalogueError:
    return CatalogueError(f"{code}: {broken} ({case})", code=code)
