"""Measure search against a plain FTS5 BM25 query and Datasette's: latency, and how often a known track is found.

Run: python bench/bench_search.py --catalogue FILE.sqlite3 [--dir DIR] [--sample 1000] [--seed 2026]
The peers' index is made of the same recordings in a file beside: an FTS5 table with its text, as `sqlite-utils
enable-fts` makes it. Datasette's search is the query that its table page runs; its server and its JSON come on top of
that and are not measured. Every kind of question is asked warm, through one open connection. Tracks are sampled, and
one is found where its title and performers stand among the first ten. The bound is the share that any engine could
find which always shows the ten names that are on the most tracks of all names the question may stand for.
"""

import argparse
import random
import resource
import statistics
import string
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import apsw
from datasette.utils import escape_fts

from tenuto.catalogue.search import NAMES, search
from tenuto.catalogue.search_find import find

BM25 = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain) LIMIT 10"
DATASETTE = "SELECT rowid FROM recordings WHERE rowid IN (SELECT rowid FROM plain WHERE plain MATCH ?) LIMIT 10"
TARGETS = {"as given": 0.97, "one typing error": 0.90, "a word missing": 0.90}
COMMON = ("love", "the", "night", "of the", "the love", "you and me", "a", "l", "s", "th", "be")
TABLES = """
CREATE TABLE recordings (recording INTEGER PRIMARY KEY, title TEXT, artist TEXT, release TEXT);
CREATE VIRTUAL TABLE plain USING fts5 (title, artist, release, content = 'recordings', content_rowid = 'recording');
"""
RELEASES = """
SELECT group_concat(title, ' ') FROM (
  SELECT DISTINCT releases.title FROM whole.tracks JOIN whole.releases USING (release) WHERE recording = r.recording)
"""
COPY = f"""
INSERT INTO recordings SELECT recording, title, name, ({RELEASES})
FROM whole.recordings AS r LEFT JOIN whole.artist_credits USING (credit) ORDER BY recording
"""
TRACKS = "SELECT recording FROM tracks WHERE track = ?"

Name = tuple[str, str]
Ask = Callable[[str], list[int]]


def main() -> None:
    """Build the peers' index, ask every kind of question, print the figures."""
    arguments = _arguments()
    catalogue, peers = Path(arguments.catalogue), Path(arguments.dir) / "search-peers.sqlite3"
    if not peers.exists():
        _build(catalogue, peers)
    ours, theirs = (apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY) for path in (catalogue, peers))
    _sizes(ours, theirs)
    sides = {
        "ours": lambda words: list(find(ours, words, NAMES, limit=10)),
        "bm25": _peer(theirs, BM25),
        "datasette": _peer(theirs, DATASETTE),
    }
    names = _names(ours)
    for kind, asked in _kinds(ours, names, arguments.sample, arguments.seed).items():
        bound = _bound(ours, asked) if kind == "a word missing" else None
        for side, ask in sides.items():
            _measure(kind, side, asked, ask, names)
        if kind in TARGETS:
            _measure(kind, "ours, file opened each time", asked, lambda words: _opened(catalogue, words), None)
        if bound is not None:
            print(f"{kind:18} any engine at most {bound:.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", default="bench/out/catalogue.sqlite3")
    parser.add_argument("--dir", default="bench/out")
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    return parser.parse_args()


def _build(catalogue: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    connection.execute(TABLES)
    connection.execute("ATTACH ? AS whole", (str(catalogue),))
    connection.execute(COPY)
    count, start, busy = connection.execute("SELECT count(*) FROM main.recordings").get, time.perf_counter(), _busy()
    connection.execute("INSERT INTO plain (plain) VALUES ('rebuild'); INSERT INTO plain (plain) VALUES ('optimize')")
    wall = time.perf_counter() - start
    print(f"plain FTS5 index: {count / wall:,.0f} rows/s, {(_busy() - busy) / count * 1e6:.2f} us of a core a row")
    connection.close()


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _sizes(ours: apsw.Connection, theirs: apsw.Connection) -> None:
    query = "SELECT sum(pgsize) FROM dbstat WHERE name GLOB ?"
    for side, connection, prefix in (("ours", ours, "search_*"), ("plain", theirs, "plain_*")):
        count = connection.execute("SELECT count(*) FROM recordings").get
        print(f"{side}: {connection.execute(query, (prefix,)).get / count:.1f} bytes a recording")


def _peer(connection: apsw.Connection, query: str) -> Ask:
    return lambda words: [row for (row,) in connection.execute(query, (escape_fts(words) or '""',))]


def _opened(catalogue: Path, words: str) -> list[int]:
    return [place for place, _ in enumerate(search(catalogue, words, 10))]


def _names(connection: apsw.Connection) -> Callable[[list[int]], list[Name]]:
    """Give the title and performers of recordings, those asked before from memory."""
    known: dict[int, Name] = {}

    def names(rows: list[int]) -> list[Name]:
        missing = [row for row in rows if row not in known]
        known.update({row: (a, b) for row, a, b in connection.execute(NAMES, (str(missing),))} if missing else {})
        return [known[row] for row in rows]

    return names


def _kinds(
    connection: apsw.Connection, names: Callable[[list[int]], list[Name]], sample: int, seed: int
) -> dict[str, list[tuple[str, Name | None]]]:
    """Give the questions of each kind, with the name that is meant where one is."""
    count = connection.execute("SELECT max(track) FROM tracks").get
    dice = random.Random(seed)  # noqa: S311 - the same sample every time
    keys = sorted(dice.sample(range(1, count + 1), min(sample, count)))
    both = [(" ".join(name), name) for name in names([connection.execute(TRACKS, (key,)).get for key in keys])]
    return {
        "as given": both,
        "any order": [(_shuffled(dice, words), name) for words, name in both],
        "one typing error": [(_mistyped(dice, words), name) for words, name in both],
        "a word missing": [(_shortened(dice, words), name) for words, name in both if len(words.split()) > 1],
        "missing, two left": [(_shortened(dice, words), name) for words, name in both if len(words.split()) > 2],
        "a word too many": [(f"{words} zyxqvw", name) for words, name in both],
        "while typing": [(words[: max(4, len(words) * 2 // 3)], name) for words, name in both],
        "title alone": [(name[0], name) for _, name in both],
        "beginnings": [(words[: dice.randint(1, 4)], None) for words, _ in both[:200]],
        "common words": [(words, None) for words in COMMON * 5],
    }


def _bound(connection: apsw.Connection, asked: list[tuple[str, Name | None]]) -> float:
    """Tell how often the name meant is one of the ten most frequent that give the question when a word is left out."""
    wanted = {words for words, _ in asked}
    meant: dict[str, Counter[Name]] = defaultdict(Counter)
    for title, artist in connection.execute(
        "SELECT r.title, coalesce(name, '') FROM tracks JOIN recordings AS r USING (recording)"
        " LEFT JOIN artist_credits AS a ON a.credit = r.credit"
    ):
        parts = f"{title} {artist}".split()
        for words in {" ".join(parts[:at] + parts[at + 1 :]) for at in range(len(parts))} & wanted:
            meant[words][title, artist] += 1
    return sum(name in dict(meant[words].most_common(10)) for words, name in asked) / len(asked)


def _shuffled(dice: random.Random, words: str) -> str:
    parts = words.split()
    dice.shuffle(parts)
    return " ".join(parts)


def _mistyped(dice: random.Random, words: str) -> str:
    """Make one typing error anywhere, spaces included: a letter missing, added, wrong, or swapped with the next."""
    at, letter = dice.randrange(len(words)), dice.choice(string.ascii_lowercase)
    head, here, after, tail = words[:at], words[at], words[at + 1 : at + 2], words[at + 2 :]
    rest = after + tail
    return dice.choice((head + rest, head + letter + here + rest, head + letter + rest, head + after + here + tail))


def _shortened(dice: random.Random, words: str) -> str:
    parts = words.split()
    del parts[dice.randrange(len(parts))]
    return " ".join(parts)


def _measure(
    kind: str,
    side: str,
    asked: list[tuple[str, Name | None]],
    ask: Ask,
    names: Callable[[list[int]], list[Name]] | None,
) -> None:
    for words, _ in asked[:50]:
        ask(words)
    times, busy, found = [], [], 0
    for words, name in asked:
        start, began = time.perf_counter(), time.thread_time()
        rows = ask(words)
        busy.append((time.thread_time() - began) * 1e3)
        times.append((time.perf_counter() - start) * 1e3)
        found += names is not None and name in names(rows)
    times.sort()
    busy.sort()
    late = int(len(times) * 0.99)
    figures = f"p50 {statistics.median(times):7.2f} ms, p99 {times[late]:7.2f} ms (of one core {busy[late]:7.2f})"
    quality = f", found {found / len(asked):.3f}" if asked[0][1] and names else ""
    target = f", target {TARGETS[kind]}" if side == "ours" and kind in TARGETS else ""
    print(f"{kind:18} {side:10} {figures}, most {times[-1]:7.2f} ms{quality}{target}", flush=True)


if __name__ == "__main__":
    main()
