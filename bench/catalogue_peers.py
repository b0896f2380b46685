"""Write the catalogue's main tables as others would: with sqlite-utils, or in a plain loop with executemany.

Run: python bench/catalogue_peers.py sqlite-utils|loop DUMPS TARGET
The schema is schema.sql's own for these tables, and so are the indexes of indexes.sql; beside them an FTS5 index over
title, artist and release of recordings. Prints rows and seconds of each stage as JSON.
"""

import json
import re
import sqlite3
import sys
import time
from collections import Counter
from itertools import chain
from pathlib import Path

from sqlite_utils import Database

import tenuto.catalogue
from catalogue_rows import Batch, Rows

__all__ = ["TABLES"]

TABLES = (
    *("artists", "artist_credits", "credit_names", "labels", "works", "release_groups", "releases", "release_events"),
    *("release_labels", "media", "recordings", "tracks", "identifiers", "relations", "aliases", "statements"),
    "evidence",
)
_SQL = Path(tenuto.catalogue.__file__).parent
_PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -1000000")
_BATCH_ROWS = 10_000


def main() -> None:
    """Write one file as one peer does."""
    peer, dumps, target = sys.argv[1:]
    started = time.perf_counter()
    rows, seconds = _PEERS[peer](Path(dumps), Path(target))
    took = {"reading and inserting": 0.0, "indexes": 0.0, "search": 0.0}
    for name, ended in zip(took, seconds, strict=True):
        took[name], started = ended - started, ended
    print(json.dumps({"rows": rows, "seconds": took}))


def _statements(name: str, kind: str) -> list[str]:
    """Take the statements for the tables here out of one of the catalogue's own files."""
    text = re.sub(r"--[^\n]*", "", (_SQL / name).read_text("utf-8"))
    found = re.findall(kind + r"[^;]*;", text)
    return [one for one in found if re.search(r"(?:TABLE|ON) (\w+)", one)[1] in TABLES]


def _schema() -> list[str]:
    return _statements("schema.sql", "CREATE TABLE")


def _indexes() -> list[str]:
    return _statements("indexes.sql", r"CREATE (?:UNIQUE )?INDEX")


def _sqlite_utils(dumps: Path, target: Path) -> tuple[dict[str, int], list[float]]:
    """Insert lists, its quicker form, each batch of a table in one call; full-text search by its own `enable_fts`."""
    database = Database(target)
    for pragma in _PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    for statement in _schema():
        database.execute(statement)
    columns = {name: [column.name for column in database[name].columns] for name in TABLES}
    columns["search_texts"] = ["recording", "title", "artist", "release"]
    rows: Counter[str] = Counter()
    for batch in Rows(dumps).batches():
        batch["search_texts"] = batch.pop("search", [])
        for name, given in batch.items():
            if given:
                pk = "recording" if name == "search_texts" else None
                database[name].insert_all(chain([columns[name]], given), pk=pk, batch_size=_BATCH_ROWS)
                rows[name] += len(given)
    ended = [time.perf_counter()]
    for statement in _indexes():
        database.execute(statement)
    database.conn.commit()
    ended.append(time.perf_counter())
    database["search_texts"].enable_fts(["title", "artist", "release"], tokenize="unicode61 remove_diacritics 2")
    database.close()
    ended.append(time.perf_counter())
    return dict(rows), ended


def _loop(dumps: Path, target: Path) -> tuple[dict[str, int], list[float]]:
    """Insert by executemany, all in one transaction; the search index keeps no copy of its texts."""
    connection = sqlite3.connect(target)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for statement in _schema():
        connection.execute(statement)
    options = "content = '', tokenize = 'unicode61 remove_diacritics 2'"
    connection.execute(f"CREATE VIRTUAL TABLE search USING fts5 (title, artist, release, {options})")
    rows: Counter[str] = Counter()
    searching = 0.0
    for batch in Rows(dumps).batches():
        for name, given in batch.items():
            began = time.perf_counter()
            _insert(connection, name, given)
            rows[name] += len(given)
            searching += time.perf_counter() - began if name == "search" else 0
    inserted = time.perf_counter() - searching
    for statement in _indexes():
        connection.execute(statement)
    connection.commit()
    connection.close()
    ended = time.perf_counter()
    return dict(rows), [inserted, ended - searching, ended]


def _insert(connection: sqlite3.Connection, name: str, rows: Batch) -> None:
    if name == "search":
        connection.executemany("INSERT INTO search (rowid, title, artist, release) VALUES (?, ?, ?, ?)", rows)
    elif rows:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", rows)


_PEERS = {"sqlite-utils": _sqlite_utils, "loop": _loop}


if __name__ == "__main__":
    main()
