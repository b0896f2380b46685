"""Time MusicBrainz-shaped dumps → finished catalogue, against sqlite-utils and against a plain Python loop.

Run: python bench/bench_catalogue.py [--tracks 200000] [--peers 50000] [--dir bench/out/catalogue]
Ours is `tenuto import` of every dump and `tenuto build` with all indexes, the search index and all checks. The peers
get the tracks of the first releases, flat: `sqlite-utils insert` with its own full-text search, and an orjson loop
with executemany, an index and an FTS5 table.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from generate import generate

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
TARGET, BYTES, MEMORY_MB = 60_000, 400, 4096
AGAINST = {"sqlite-utils": 8, "orjson loop": 4}
ALL = 256_000_000


def main() -> None:
    """Generate what is missing, then time everything in one run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tracks", type=int, default=200_000)
    parser.add_argument("--peers", type=int, default=50_000, help="tracks that the peers get")
    parser.add_argument("--dir", type=Path, default=HERE / "out" / "catalogue")
    asked = parser.parse_args()
    dumps = asked.dir / f"dumps-{asked.tracks}"
    if not (dumps / "release.jsonl").exists():
        generate(dumps, asked.tracks, seed=1)
    rate = _ours(asked.dir / f"archive-{asked.tracks}", dumps)
    for name, peer in {"sqlite-utils": _sqlite_utils, "orjson loop": _orjson_loop}.items():
        target = asked.dir / "peer.sqlite3"
        target.unlink(missing_ok=True)
        started = time.perf_counter()
        tracks = peer(dumps / "release.jsonl", target, asked.peers)
        theirs = tracks / (time.perf_counter() - started)
        ratio = f"{rate / theirs:.2f} (target {AGAINST[name]})"
        print(f"{name}: {theirs:,.0f} tracks/s, {target.stat().st_size / tracks:,.0f} bytes a track; ratio {ratio}")


def _ours(archive: Path, dumps: Path) -> float:
    """Import and build in whole processes, and give tracks a second."""
    subprocess.run(["rm", "-rf", archive], check=True)
    tenuto = BIN / "tenuto"
    subprocess.run([tenuto, "init", archive], check=True, stdout=subprocess.DEVNULL)
    took = {}
    for name, command in {
        "import": ["import", "--json", "musicbrainz", *sorted(dumps.glob("*.jsonl"))],
        "build": ["build", "--json"],
    }.items():
        started = time.perf_counter()
        said = subprocess.run([tenuto, "--archive", archive, *command], check=True, capture_output=True).stdout
        took[name] = time.perf_counter() - started
    report = json.loads(said)["report"]
    rows = dict(report["rows"])
    stages = ", ".join(f"{name.lower()} {seconds:.1f} s" for name, seconds in report["seconds"])
    tracks, whole = rows["tracks"], sum(took.values())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{tracks:,} tracks: import {took['import']:.1f} s, build {took['build']:.1f} s ({stages})")
    print(f"{tracks / whole:,.0f} tracks/s (target {TARGET:,}), peak {peak:,.0f} MB (target {MEMORY_MB:,})")
    print(f"{report['bytes'] / tracks:.1f} bytes a track (target {BYTES})")
    print(f"256 M tracks at this cost: {whole / tracks * ALL / 3600:.1f} h = seconds a track * {ALL:,} / 3,600")
    return float(tracks / whole)


def _flat(dump: Path, most: int) -> Iterator[dict[str, object]]:
    """Give the first tracks of a dump as flat rows."""
    given = 0
    with dump.open("rb") as stream:
        for line in stream:
            release = orjson.loads(line)
            for medium in release["media"]:
                for track in medium.get("tracks") or ():
                    yield _row(release, medium, track)
                    given += 1
            if given >= most:
                return


def _row(release: dict, medium: dict, track: dict) -> dict[str, object]:
    recording = track["recording"]
    credit = track.get("artist-credit") or []
    return {
        "id": track["id"],
        "release": release["id"],
        "release_title": release["title"],
        "date": release.get("date"),
        "country": release.get("country"),
        "barcode": release.get("barcode"),
        "medium": medium.get("position"),
        "position": track.get("position"),
        "title": track["title"],
        "artist": "".join(name["name"] + (name.get("joinphrase") or "") for name in credit),
        "length": track.get("length"),
        "recording": recording["id"],
        "isrcs": ";".join(recording.get("isrcs") or ()),
    }


def _sqlite_utils(dump: Path, target: Path, most: int) -> int:
    rows = target.with_suffix(".rows.jsonl")
    count = 0
    with rows.open("wb") as stream:
        for row in _flat(dump, most):
            stream.write(orjson.dumps(row) + b"\n")
            count += 1
    command = BIN / "sqlite-utils"
    subprocess.run([command, "insert", target, "tracks", rows, "--nl", "--pk", "id"], check=True)
    subprocess.run([command, "create-index", target, "tracks", "recording"], check=True)
    search = ["enable-fts", target, "tracks", "title", "artist", "release_title", "--fts5"]
    subprocess.run([command, *search], check=True)
    rows.unlink()
    return count


def _orjson_loop(dump: Path, target: Path, most: int) -> int:
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    names = list(next(_flat(dump, 1)))
    connection.execute(f"CREATE TABLE tracks ({', '.join(names)}, PRIMARY KEY (id))")
    places = ", ".join(f":{name}" for name in names)
    cursor = connection.executemany(f"INSERT INTO tracks VALUES ({places})", _flat(dump, most))
    connection.execute("CREATE INDEX tracks_recording ON tracks (recording)")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5 (title, artist, release_title, content = tracks)")
    connection.execute("INSERT INTO search (search) VALUES ('rebuild')")
    connection.commit()
    connection.close()
    return cursor.rowcount


if __name__ == "__main__":
    main()
