import os
from pathlib import Path

import duckdb
import pytest

from tenuto.linking.link import INPUTS, empty_input, link
from tenuto.linking.score import fold_texts


class Records:
    """An engine with the inputs of linking, filled row by row."""

    def __init__(self):
        self.engine = duckdb.connect()
        for name in INPUTS:
            self.engine.execute(f"CREATE OR REPLACE TABLE {name} AS {empty_input(name)}")

    def add(self, table, **row):
        columns = ", ".join(f'"{name}"' for name in row)
        values = ", ".join("?" for _ in row)
        self.engine.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})", list(row.values()))

    def artist(self, source, key, name, **facts):
        self.add("artists", source=source, id=key, name=name, **facts)

    def recording(self, source, key, title, artist, seconds=None, *, isrcs=(), disambiguation=None):  # noqa: PLR0913 - the facts of one
        length = None if seconds is None else int(seconds * 1000)
        self.add("recordings", source=source, id=key, title=title, length_ms=length, disambiguation=disambiguation)
        if artist is not None:
            credit = {"subject": "recording", "id": key, "position": 0, "name": artist, "artist": f"{source} {artist}"}
            self.add("credits", source=source, **credit)
        for isrc in isrcs:
            self.add("identifiers", source=source, subject="recording", id=key, type="isrc", value=isrc)

    def release(self, source, key, title, artist, tracks=(), **facts):
        self.add("releases", source=source, id=key, title=title, **facts)
        self.add(
            "credits", source=source, subject="release", id=key, position=0, name=artist, artist=f"{source} {artist}"
        )
        for position, track in enumerate(tracks):
            name, seconds = track if isinstance(track, tuple) else (track, None)
            length = None if seconds is None else int(seconds * 1000)
            number = f"{key}-{position}"
            self.add(
                "tracks", source=source, id=number, release=key, medium=0, position=position, kind="track",
                title=name, length_ms=length, recording=number,
            )  # fmt: skip

    def link(self, thresholds=None):
        return link(self.engine, thresholds)

    def links(self, kind, decision="accepted"):
        """Give the pairs of ids with that decision."""
        query = "SELECT left_id, right_id FROM links WHERE kind = ? AND decision = ? ORDER BY ALL"
        return self.engine.execute(query, [kind, decision]).fetchall()

    def clusters(self, kind="recording"):
        query = "SELECT id, cluster FROM clusters WHERE kind = ? ORDER BY id"
        return dict(self.engine.execute(query, [kind]).fetchall())

    def redirects(self):
        return self.engine.execute("SELECT old, new, reason FROM redirects ORDER BY ALL").fetchall()

    def next_build(self):
        """Hand what was given to the next build, as flow does."""
        for name in ("clusters", "redirects"):
            self.engine.execute(f"CREATE OR REPLACE TABLE former_{name} AS FROM {name}")


@pytest.fixture
def records():
    return Records()


@pytest.fixture
def fold(records):
    """Fold names; gives whether it was Latin, plain and sounds, by name."""

    def folded(*names):
        for name in names:
            records.artist("s", name, name)
        fold_texts(records.engine)
        rows = records.engine.execute("SELECT text, latin, plain, sounds FROM linking_texts").fetchall()
        return {text: rest for text, *rest in rows}

    return folded


@pytest.fixture(scope="session")
def shared():
    """Give the folder of real records to link, or skip naming it."""
    root = Path(os.environ.get("TENUTO_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "linking"
    if not root.is_dir():
        pytest.skip(f"no shared records at {root}")
    return root
