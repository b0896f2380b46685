"""Measure search against a plain FTS5 BM25 query and Datasette's: latency, and how often a known recording is found.

Run: python bench/bench_search.py --rows FILE.parquet [--dir DIR] [--sample 1000]
The Parquet file holds rowid (1 is the most popular), title, artist and release. Both indexes are made of the same
rows: ours, and an FTS5 table with its text, as `sqlite-utils enable-fts` makes it. Every kind of question is asked
warm, through one connection. A recording is found where one of its name stands among the first ten.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import adbc_driver_sqlite.dbapi as adbc
import apsw
import duckdb
import ibis
from datasette.utils import escape_fts

from tenuto.catalogue.docs import script
from tenuto.catalogue.search_find import find
from tenuto.catalogue.search_index import finish_search, prepare_search
from tenuto.catalogue.search_text import search_rows

NAMES = "SELECT recording, title, artist FROM recordings WHERE recording IN (SELECT value FROM json_each(?))"
BM25 = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain) LIMIT 10"
DATASETTE = "SELECT rowid FROM recordings WHERE rowid IN (SELECT rowid FROM plain WHERE plain MATCH ?) LIMIT 10"
FAST = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536")
TARGETS = {"as given": 0.97, "one typing error": 0.90, "a word missing": 0.90}
COMMON = ("love", "the", "night", "of the", "the love", "you and me", "a", "l", "s", "th", "be")
TABLES = f"""
CREATE TABLE recordings (recording INTEGER PRIMARY KEY, title TEXT, artist TEXT, release TEXT);
CREATE VIRTUAL TABLE plain USING fts5 (title, artist, release, content = 'recordings', content_rowid = 'recording');
{"".join(block + chr(10) for block in script("schema").split(chr(10) * 2) if " search" in block.splitlines()[1])}
"""

Row = tuple[int, str, str]
Ask = Callable[[str], list[int]]


def main() -> None:
    """Build both indexes, ask every kind of question, print the figures."""
    arguments = _arguments()
    path = Path(arguments.dir) / f"search-{Path(arguments.rows).stem}.sqlite3"
    if not path.exists():
        _build(Path(arguments.rows), path)
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    _sizes(connection)
    sides = {"ours": _ours(connection), "bm25": _peer(connection, BM25), "datasette": _peer(connection, DATASETTE)}
    for kind, asked in _kinds(connection, arguments.sample).items():
        for side, ask in sides.items():
            _measure(connection, kind, side, asked, ask)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True)
    parser.add_argument("--dir", default="bench/out")
    parser.add_argument("--sample", type=int, default=1000)
    return parser.parse_args()


def _build(rows: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = apsw.Connection(str(path))
    connection.execute(TABLES)
    prepare_search(connection)
    connection.close()
    table = ibis.table({"rowid": "int64", "title": "string", "artist": "string", "release": "string"}, name="rows")
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute(f"CREATE VIEW rows AS FROM '{rows}'")
        _load(engine, path, "recordings", table.rename(recording="rowid").order_by("recording"))
        start = time.perf_counter()
        count = _load(engine, path, "search", search_rows(table).order_by("rowid"))
    connection = apsw.Connection(str(path))
    with connection:
        finish_search(connection)
    ours, start = time.perf_counter() - start, time.perf_counter()
    connection.execute("INSERT INTO plain (plain) VALUES ('rebuild'); INSERT INTO plain (plain) VALUES ('optimize')")
    theirs = time.perf_counter() - start
    connection.close()
    print(
        f"{count:,} rows: ours {count / ours:,.0f} rows/s from text to index, plain FTS5 {count / theirs:,.0f} rows/s"
    )


def _load(engine: duckdb.DuckDBPyConnection, path: Path, name: str, rows: ibis.Table) -> int:
    with adbc.connect(str(path), autocommit=True) as target, target.cursor() as cursor:
        for pragma in FAST:
            cursor.execute(f"PRAGMA {pragma}")
            cursor.fetchall()
        target.adbc_connection.set_autocommit(False)
        batches = engine.sql(ibis.to_sql(rows, dialect="duckdb")).to_arrow_reader(50_000)
        count = int(cursor.adbc_ingest(name, batches, mode="append"))
        target.adbc_connection.commit()
    return count


def _sizes(connection: apsw.Connection) -> None:
    count = connection.execute("SELECT max(recording) FROM recordings").get
    for prefix in ("search", "plain"):
        query = "SELECT sum(pgsize) FROM dbstat WHERE name GLOB ?"
        print(f"{prefix}: {connection.execute(query, (prefix + '_*',)).get / count:.1f} bytes a row")


def _ours(connection: apsw.Connection) -> Ask:
    return lambda words: list(find(connection, words, NAMES, limit=10))


def _peer(connection: apsw.Connection, query: str) -> Ask:
    return lambda words: [row for (row,) in connection.execute(query, (escape_fts(words) or '""',))]


def _kinds(connection: apsw.Connection, sample: int) -> dict[str, list[tuple[str, Row | None]]]:
    """Give the questions of each kind, with the recording that is meant where one is."""
    count = connection.execute("SELECT max(recording) FROM recordings").get
    dice = random.Random(20)  # noqa: S311 - the same sample every time
    keys = sorted(dice.sample(range(1, count + 1), min(sample, count)))
    query = "SELECT recording, title, artist FROM recordings WHERE recording = ?"
    rows = [next(iter(connection.execute(query, (key,)))) for key in keys]
    both = [(f"{title} {artist}", (key, title, artist)) for key, title, artist in rows]
    return {
        "as given": both,
        "any order": [(_shuffled(dice, words), row) for words, row in both],
        "one typing error": [(_mistyped(dice, words), row) for words, row in both],
        "a word missing": [(_shortened(dice, words), row) for words, row in both if " " in words],
        "a word too many": [(f"{words} zyxqvw", row) for words, row in both],
        "while typing": [(words[: max(4, len(words) * 2 // 3)], row) for words, row in both],
        "title alone": [(row[1], row) for _, row in both],
        "beginnings": [(words[: dice.randint(1, 4)], None) for words, _ in both[:200]],
        "common words": [(words, None) for words in COMMON * 5],
    }


def _shuffled(dice: random.Random, words: str) -> str:
    parts = words.split()
    dice.shuffle(parts)
    return " ".join(parts)


def _mistyped(dice: random.Random, words: str) -> str:
    """Make one typing error in a word of four letters or more."""
    parts = words.split()
    long = [place for place, part in enumerate(parts) if len(part) > 3] or [len(parts) - 1]
    place = dice.choice(long)
    parts[place] = dice.choice(list(_errors(dice, parts[place])))
    return " ".join(parts)


def _errors(dice: random.Random, word: str) -> Iterator[str]:
    at = dice.randrange(max(1, len(word) - 1))
    letter = dice.choice(word)
    yield word[:at] + word[at + 1 :]
    yield word[:at] + letter + word[at:]
    yield word[:at] + letter + word[at + 1 :]
    yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def _shortened(dice: random.Random, words: str) -> str:
    parts = words.split()
    del parts[dice.randrange(len(parts))]
    return " ".join(parts)


def _measure(connection: apsw.Connection, kind: str, side: str, asked: list[tuple[str, Row | None]], ask: Ask) -> None:
    for words, _ in asked[:50]:
        ask(words)
    times, busy, same, own = [], [], 0, 0
    for words, row in asked:
        start, began = time.perf_counter(), time.thread_time()
        found = ask(words)
        busy.append((time.thread_time() - began) * 1e3)
        times.append((time.perf_counter() - start) * 1e3)
        if row:
            own += row[0] in found
            same += row[1:] in {_name(connection, key) for key in found}
    times.sort()
    busy.sort()
    late = int(len(times) * 0.99)
    figures = f"p50 {statistics.median(times):7.2f} ms, p99 {times[late]:7.2f} ms (of one core {busy[late]:7.2f})"
    quality = f", found {same / len(asked):.3f} (the very one {own / len(asked):.3f})" if asked[0][1] else ""
    target = f", target {TARGETS[kind]}" if side == "ours" and kind in TARGETS else ""
    print(f"{kind:18} {side:10} {figures}, most {times[-1]:7.2f} ms{quality}{target}")


def _name(connection: apsw.Connection, key: int) -> tuple[str, str]:
    query = "SELECT title, artist FROM recordings WHERE recording = ?"
    return next(iter(connection.execute(query, (key,))))


if __name__ == "__main__":
    main()
