"""Real recordings of three catalogues with copies of them in other sources, labelled by how they were made.

Records of which it is not known whether they are the same (one title by one artist twice in a catalogue) are left out.
"""

import csv
import gzip
import json
import random
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from linking_dirt import Song, code, copies, misspelt, neighbours
from tenuto.linking.link import INPUTS, empty_input

__all__ = ["Catalogue", "artists", "catalogues", "engine", "mixed", "recordings"]

Catalogue = list[Song]
COUNTRIES = ("US", "GB", "DE", "JP", "FR")
RECORDS = """
INSERT INTO recordings SELECT c0, c1, c2, c3, NULL FROM made;
INSERT INTO credits SELECT c0, 'recording', c1, 0, NULL, c4 FROM made WHERE c4 IS NOT NULL;
INSERT INTO releases SELECT c0, c1, c5, NULL, NULL, NULL, NULL FROM made WHERE c5 IS NOT NULL;
INSERT INTO tracks SELECT c0, c1, c1, 0, c6, 'track', c2, c3, c1 FROM made WHERE c5 IS NOT NULL;
INSERT INTO identifiers SELECT c0, 'recording', c1, 'isrc', c7 FROM made WHERE c7 IS NOT NULL;
CREATE TABLE truth AS
    SELECT l.c1 AS "left", r.c1 AS "right" FROM made l JOIN made r ON l.c8 = r.c8 AND l.c1 < r.c1;
CREATE TABLE whats AS SELECT c1 AS id, c8 AS what FROM made;
"""
ARTISTS = """
INSERT INTO artists SELECT c0, c1, c2, c4, c5, c6 FROM made;
INSERT INTO recordings SELECT c0, c1 || '-' || i, c7[i], NULL, NULL FROM made, range(1, 1000) r(i) WHERE i <= len(c7);
INSERT INTO credits SELECT c0, 'recording', c1 || '-' || i, 0, c1, c2 FROM made, range(1, 1000) r(i) WHERE i <= len(c7);
CREATE TABLE truth AS
    SELECT l.c1 AS "left", r.c1 AS "right" FROM made l JOIN made r ON l.c3 = r.c3 AND l.c1 < r.c1;
"""


def catalogues(data: Path) -> dict[str, Catalogue]:
    """Read the catalogues there are, each without what stands in it twice."""
    readers = {"netlabels": _netlabels, "discogs": _discogs, "musicbrainz": _musicbrainz}
    found = {name: list(reader(data)) for name, reader in readers.items()}
    return {name: _single(songs) for name, songs in found.items() if songs}


def _single(songs: list[Song]) -> Catalogue:
    times = Counter(_folded(song) for song in songs)
    return [song for song in songs if times[_folded(song)] == 1]


def _folded(song: Song) -> tuple[str, str]:
    said = (song.title, song.artist or "")
    title, artist = ("".join(letter for letter in text.lower() if letter.isalnum()) for text in said)
    return title, artist


def _netlabels(data: Path) -> Iterator[Song]:
    path = data / "freemusi_cc"
    if path.is_dir():
        text = (path / "releases.csv").read_text("utf-8").splitlines()
        releases = {row["id"]: row for row in csv.DictReader(text)}
        for number, row in enumerate(csv.DictReader((path / "tracks.csv").read_text("utf-8").splitlines())):
            release = releases.get(row["id"])
            if release and row["title"]:
                artist = row["trackartist"] or release["artist"] or None
                place, seconds = int(float(row["track"] or 0)), float(row["duration"] or 0) or None
                yield Song(
                    what=f"n{number}", title=row["title"], artist=artist, album=release["album"] or None,
                    seconds=seconds, position=place,
                )  # fmt: skip


def _discogs(data: Path) -> Iterator[Song]:
    path = data / "discogs_xml" / "discogs_20200806_releases.xml.gz"
    if path.is_file():
        document = gzip.decompress(path.read_bytes())
        for release in ET.fromstring(document):  # noqa: S314 - a file of our own
            for place, track in enumerate(release.findall("tracklist/track")):
                artist = _credited(track.findall("artists/artist")) or _credited(release.findall("artists/artist"))
                if track.findtext("title"):
                    yield Song(
                        what=f"d{release.get('id')}-{place}", title=track.findtext("title") or "", artist=artist,
                        album=release.findtext("title"), seconds=_seconds(track.findtext("duration") or ""),
                        position=place + 1,
                    )  # fmt: skip


def _credited(artists: Iterable[ET.Element]) -> str | None:
    return " ".join(f"{one.findtext('name')} {one.findtext('join') or ''}" for one in artists).strip() or None


def _seconds(text: str) -> float | None:
    parts = text.split(":")
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        return None
    return float(sum(int(part) * 60**power for power, part in enumerate(reversed(parts)))) or None


def _musicbrainz(data: Path) -> Iterator[Song]:
    met = set()
    for path in sorted((data / "linking" / "picard_eval").glob("eval_release_*.json")):
        document = json.loads(path.read_text("utf-8"))
        for medium in document["media"]:
            for place, track in enumerate(medium.get("tracks", ())):
                credit = track.get("artist-credit") or document["artist-credit"]
                artist = "".join(one["name"] + one.get("joinphrase", "") for one in credit)
                recording, length = track["recording"], track["length"]
                if recording["id"] not in met:
                    met.add(recording["id"])
                    yield Song(
                        what=recording["id"], title=track["title"], artist=artist, album=document["title"],
                        seconds=length / 1000 if length else None, position=place + 1,
                    )  # fmt: skip


def recordings(songs: Catalogue, seed: int, dirt: float, *, sources: str = "abc") -> list[tuple[str, Song]]:
    """Give songs with copies in other sources, and what is near them; 40 % have an ISRC."""
    chance = random.Random(seed)  # noqa: S311 - the same records each time
    rows: list[tuple[str, Song]] = []
    for one in songs:
        song = replace(one, isrc=code(chance)) if chance.random() < 0.4 else one
        rows.append(("a", song))
        rows += [
            (source, copies(song, chance, dirt))
            for source, share in (("b", 0.6), ("c", 0.3))
            if chance.random() < share
        ]
        if chance.random() < 0.3:
            other = neighbours(song, chance)
            rows.append((chance.choice("abc"), other))
            if chance.random() < 0.5:
                rows.append((chance.choice("bc"), copies(other, chance, dirt)))
    return [(source if source in sources else sources[0], song) for source, song in rows]


def mixed(songs: Catalogue, seed: int) -> list[tuple[str, Song]]:
    """Give a third of the songs with little dirt, a third with much, a third with much in one source."""
    shuffled = list(songs)
    random.Random(5).shuffle(shuffled)  # noqa: S311 - the same records each time
    third = len(shuffled) // 3
    clean, dirty, alone = shuffled[:third], shuffled[third : 2 * third], shuffled[2 * third :]
    return [
        *recordings(clean, seed, 0.4),
        *recordings(dirty, seed + 1, 1),
        *recordings(alone, seed + 2, 1, sources="a"),
    ]


def artists(songs: Catalogue, seed: int, *, sources: str = "ab") -> list[tuple[object, ...]]:
    """Give artists with some of their songs, copies with others of them under misspelt names, and namesakes."""
    chance = random.Random(seed)  # noqa: S311 - the same records each time
    titles = defaultdict(list)
    for song in songs:
        if song.artist and "various" not in song.artist.lower():
            titles[song.artist].append(song.title)
    every = [song.title for song in songs]
    rows: list[tuple[object, ...]] = []

    def add(source: str, name: str, what: str, works: list[str], facts: tuple[str, str, str]) -> None:
        kind, country, born = (
            fact if chance.random() < 0.95 else other for fact, other in zip(facts, _facts(chance), strict=True)
        )
        known = (kind if chance.random() < 0.6 else None, country if chance.random() < 0.5 else None)
        day = None if chance.random() < 0.7 else born if chance.random() < 0.6 else born[:4]
        rows.append(
            (source if source in sources else sources[0], f"{source}{len(rows)}", name, what, *known, day, works)
        )

    for name, works in sorted(titles.items()):
        facts = _facts(chance)
        add("a", name, name, [title for title in works if chance.random() < 0.8], facts)
        if chance.random() < 0.6:
            some = [
                Song(what="", title=title, artist=name, album=None, seconds=None)
                for title in works
                if chance.random() < 0.6
            ]
            add("b", misspelt(name, chance), name, [copies(song, chance, 0.5).title for song in some], facts)
        if chance.random() < 0.15:
            others = [chance.choice(every) for _ in range(chance.randint(1, 8))]
            add(chance.choice("ab"), name, f"{name}~", others, _facts(chance))
    return rows


def _facts(chance: random.Random) -> tuple[str, str, str]:
    born = f"{chance.randint(1920, 2000)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return chance.choice(("Person", "Group")), chance.choice(COUNTRIES), born


def engine(kind: str, rows: list[tuple[str, Song]] | list[tuple[object, ...]]) -> duckdb.DuckDBPyConnection:
    """Give an engine with the records as linking reads them, and the table `truth` of pairs that are the same."""
    found = duckdb.connect(config={"threads": 2})
    for name in INPUTS:
        found.execute(f"CREATE TABLE {name} AS {empty_input(name)}")
    made = rows if kind == "artist" else [_columns(number, *row) for number, row in enumerate(rows)]  # type: ignore[arg-type] # rows of this kind
    found.register(
        "made", pa.table({f"c{place}": list(column) for place, column in enumerate(zip(*made, strict=True))})
    )
    found.execute(ARTISTS if kind == "artist" else RECORDS)
    return found


def _columns(number: int, source: str, song: Song) -> tuple[object, ...]:
    length = None if song.seconds is None else int(song.seconds * 1000)
    said = (song.title, length, song.artist, song.album, song.position, song.isrc, song.what)
    return source, f"r{number}", *said
