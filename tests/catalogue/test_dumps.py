"""Imported dumps in the catalogue: every row arrives, or is left out because it follows from others."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from tenuto.catalogue.ask import show, why
from tenuto.catalogue.build import build
from tenuto.catalogue.checks import check_catalogue
from tenuto.catalogue.engine import Engine
from tenuto.catalogue.lines import TRACK
from tenuto.catalogue.plan import DUMPS
from tenuto.model.errors import CatalogueError, NotFoundError
from tenuto.model.ids import IdKind, public_id
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source

ONE, TWO, ALONE = (UUID(int=number).bytes for number in (0x3E9, 0x3EA, 0x44C))
FIRST = public_id(IdKind.RELEASE, "musicbrainz", str(UUID(int=1)))

ARRIVED = {
    "artists": "SELECT count(*) FROM artists WHERE mbid NOT NULL",
    "labels": "SELECT count(*) FROM labels WHERE mbid NOT NULL",
    "works": "SELECT count(*) FROM works",
    "release_groups": "SELECT count(*) FROM release_groups",
    "secondary_types": "SELECT sum(1 + length(secondary_types) - length(replace(secondary_types, ';', ''))) "
    "FROM release_groups",
    "releases": "SELECT count(*) FROM releases WHERE mbid NOT NULL",
    "release_events": "SELECT count(*) FROM release_events",
    "release_labels": "SELECT count(*) FROM release_labels JOIN releases USING (release) WHERE mbid NOT NULL",
    "media": "SELECT count(*) FROM media",
    "release_formats": "SELECT count(*) FROM release_formats",
    "tracks": "SELECT count(*) FROM tracks WHERE mbid NOT NULL",
    "recordings": "SELECT count(*) FROM recordings WHERE mbid NOT NULL",
    "credits": """
        SELECT sum(names) FROM (SELECT credit, count(*) AS names FROM credit_names GROUP BY credit) JOIN (
          SELECT credit FROM release_groups UNION ALL SELECT credit FROM releases WHERE mbid NOT NULL
          UNION ALL SELECT credit FROM recordings WHERE mbid NOT NULL
          UNION ALL SELECT coalesce(tracks.credit, recordings.credit) FROM tracks JOIN recordings USING (recording)
          WHERE tracks.mbid NOT NULL) USING (credit)""",
    "contributions": "SELECT count(*) FROM contributions WHERE subject != 'tr'",
    "genres": "SELECT count(*) FROM genre_uses WHERE subject != 'tr'",
    "aliases": "SELECT count(*) FROM aliases",
    "identifiers": "SELECT count(*) FROM identifiers WHERE subject != 'tr'",
    "relations": "SELECT count(*) FROM relations",
    "evidence": "SELECT count(*) FROM evidence WHERE subject != 'tr'",
    "redirects": "SELECT count(*) FROM redirects",
}
"""How many rows of the catalogue each table of the dumps has become."""

LEFT_OUT = {
    "artists": -1,  # `Only Credited` has no document: it is one row more than the dump has
    "release_events": 1,  # the only event of `One more` is its own date and country
    "genres": 1,  # its own licence does not allow commercial use
    "popularity": 2,  # counts are a column of recordings
}
"""How many rows of a dump's table are not rows here, and why."""


@pytest.fixture
def dumped(with_dumps):
    """Give the rows of one table of the dumps, each thing once."""

    def rows(name):
        found = {}
        for _, place in with_dumps.inputs.dumps:
            path = place / f"{name}.parquet"
            seen = pq.read_table(path).to_pylist() if path.is_dir() else []
            key = [tuple(row[column] for column in DUMPS[name]) or (place, at) for at, row in enumerate(seen)]
            known = set(found)
            for one, row in zip(key, seen, strict=True):
                if one not in known:
                    found.setdefault(one, []).append(row)
        return [row for several in found.values() for row in several]

    return rows


@pytest.mark.parametrize("name", DUMPS)
def test_every_row_arrives_or_is_left_out_for_a_reason(dumped, ask, name):
    """Each table of the dumps has as many rows in the catalogue, but for those that are named here."""
    arrived = ask(ARRIVED[name])[0][0] if name in ARRIVED else 0
    assert len(dumped(name)) - LEFT_OUT.get(name, 0) == arrived


def test_a_build_with_dumps_passes_its_checks(with_dumps, ask):
    """Foreign keys hold, the file is whole, and observed files and dumps are counted together."""
    assert check_catalogue(with_dumps.path) == len(with_dumps.tracks) + 6
    assert ask("PRAGMA foreign_key_check") == []
    assert ask("PRAGMA integrity_check") == [("ok",)]


def test_what_equals_the_recording_s_is_null_and_comes_back(dumped, ask):
    """Title, credit and length stand once, and a track read whole has them all."""
    query = f"SELECT title, artist, duration_ms, number FROM ({TRACK} WHERE tracks.mbid = ?)"
    lengths = {row["id"]: row["length_ms"] for row in dumped("recordings")}
    names = {}
    for row in sorted(dumped("credits"), key=lambda row: row["position"]):
        key = row["subject"], row["id"]
        names[key] = names.get(key, "") + row["name"] + row["join_phrase"]
    for row in dumped("tracks"):
        length = row["length_ms"] or lengths[row["recording"]]
        expected = (row["title"], names["track", row["id"]], length, row["number"])
        assert ask(query, UUID(row["id"]).bytes) == [expected]
    assert ask(
        "SELECT count(*) FROM tracks JOIN recordings USING (recording) WHERE tracks.title = recordings.title"
    ) == [(0,)]
    query = "SELECT count(title), count(credit), count(length_ms), count(number) FROM tracks WHERE mbid NOT NULL"
    assert ask(query) == [(2, 1, 1, 2)]


def test_what_follows_of_a_release_is_left_out(ask):
    """One event that is the release's own date and country, and a medium's own place and count, are not written."""
    query = "SELECT count(*) FROM release_events JOIN releases USING (release) WHERE title = ?"
    assert ask(query, "One more") == [(0,)]
    assert ask(query, "Étude d’été") == [(2,)]
    query = "SELECT number, format, media.title, track_count FROM media JOIN releases USING (release) WHERE mbid = ?"
    assert ask(f"{query} ORDER BY position", UUID(int=1).bytes) == [(None, "CD", None, None), (None, "CD", "Data", 1)]


def test_ids_of_musicbrainz_are_sixteen_bytes(ask):
    """Each thing of MusicBrainz has its UUID as bytes, and no other thing has."""
    for name in ("artists", "labels", "works", "release_groups", "releases", "recordings", "tracks"):
        query = f"""SELECT count(*), sum(typeof(mbid) = 'blob' AND length(mbid) = 16), sum(mbid NOT NULL)
            FROM {name} JOIN sources USING (source) WHERE sources.name {{}} 'musicbrainz'"""
        ((count, shaped, _),) = ask(query.format("="))
        assert count == shaped > 0
        assert ask(query.format("!="))[0][2] in (0, None)


def test_a_placed_track_is_named_by_its_place(with_dumps):
    """`show` and `why` take RELEASE/MEDIUM-PLACE, and give it back."""
    page = show(with_dumps.path, f"{FIRST}/1-2")
    assert (page.id, page.title, page.artist, page.disc, page.number) == (
        f"{FIRST}/1-2",
        "Two (cover)",
        "B. Sample",
        1,
        "2",
    )
    assert (page.collection, page.path, page.file, page.title_guessed) == (None, None, None, False)
    assert (page.release.id, page.recording.name) == (FIRST, "Two")
    (grounds,) = why(with_dumps.path, f"{FIRST}/1-2")
    assert (grounds.id, grounds.decision, grounds.code) == (f"{FIRST}/1-2", "metadata-only", "R-NONE")
    assert grounds.absent == "The source gives no audio for this track."
    for nowhere in ("1-3", "2-1", "9-9"):
        with pytest.raises(NotFoundError):
            show(with_dumps.path, f"{FIRST}/{nowhere}")


def test_every_line_of_a_release_can_be_asked_for(with_dumps, ask):
    """Each id that the page of a release gives is that of the track on the line."""
    for (release,) in ask("SELECT id FROM releases WHERE mbid NOT NULL"):
        for line in show(with_dumps.path, release).tracks:
            page = show(with_dumps.path, line.id)
            assert (page.id, page.title, page.release.id) == (line.id, line.title, release)


@pytest.mark.parametrize("kind", ["la", "rg", "wo"])
def test_what_has_no_page_is_not_found(with_dumps, ask, kind):
    """Labels, release groups and works have ids, but no page yet: that is said, not a fault."""
    table = {"la": "labels", "rg": "release_groups", "wo": "works"}[kind]
    ((known,),) = ask(f"SELECT id FROM {table}")
    for subject in (known, f"{kind}-{'0' * 20}"):
        with pytest.raises(NotFoundError):
            show(with_dumps.path, subject)
        with pytest.raises(NotFoundError):
            why(with_dumps.path, subject)


def test_what_nothing_was_judged_of_shares_one_verdict(ask):
    """All tracks of dumps have the verdict on what has no evidence, and its reason for their absence."""
    query = """SELECT DISTINCT decision, given.code, absent.code FROM tracks JOIN verdicts USING (verdict)
        JOIN reasons AS given USING (reason) JOIN reasons AS absent ON absent.reason = absence WHERE mbid NOT NULL"""
    assert ask(query) == [("metadata-only", "R-NONE", "audio-absent")]
    assert ask("SELECT count(DISTINCT verdict) FROM tracks WHERE mbid NOT NULL") == [(1,)]


def test_the_most_listened_to_stand_first(ask):
    """Keys of recordings go by listens, a replaced id counting for the one that counts, then by releases."""
    query = "SELECT mbid, listens FROM recordings WHERE mbid NOT NULL ORDER BY recording"
    found = ask(query)
    assert found[:2] == [(TWO, 50), (ONE, 7)]
    assert [listens for _, listens in found[2:]] == [None, None]
    assert found[-1][0] == ALONE


def test_an_artist_that_is_only_credited_gets_a_row(ask):
    """A name in a credit that no document describes is an artist with that name and id."""
    query = "SELECT name, sort_name, type FROM artists WHERE mbid = ?"
    assert ask(query, UUID(int=0x99).bytes) == [("Only Credited", None, None)]
    assert ask("SELECT count(*) FROM artists WHERE name = 'The Tenuto Ensemble'") == [(1,)]


def test_a_recording_in_two_dumps_is_one_row(dumped, ask):
    """A recording inside releases and standing alone is one, with its credits and identifiers once."""
    assert ask("SELECT count(*) FROM recordings WHERE mbid = ?", ONE) == [(1,)]
    query = "SELECT value FROM identifiers JOIN recordings ON recording = owner WHERE subject = 'rc' AND mbid = ?"
    assert len(ask(query, ONE)) == 1
    query = "SELECT count(DISTINCT release) FROM tracks JOIN recordings USING (recording) WHERE recordings.mbid = ?"
    assert ask(query, ONE) == [(3,)]


def test_the_same_dumps_give_the_same_bytes(with_dumps, tmp_path):
    """Neither the order of dumps and sources nor memory nor threads leave a trace in the file."""
    inputs = replace(with_dumps.inputs, dumps=with_dumps.inputs.dumps[::-1], records=with_dumps.inputs.records[::-1])
    build(inputs, tmp_path / "again.sqlite3", Silent(), Engine(memory="256MB", threads=1))
    assert (tmp_path / "again.sqlite3").read_bytes() == with_dumps.path.read_bytes()


def test_tracks_that_lack_their_release_or_recording_are_kept(with_dumps, tmp_path, documents):
    """Where a release or a recording has no title, its tracks stay, under their own titles."""
    untitled = documents("release")[0] | {"title": None}
    nameless = documents("release")[-1]
    track = nameless["media"][0]["tracks"][0]
    track["recording"] = {"id": str(UUID(int=0x4444)), "title": None}
    path = tmp_path / "release.jsonl"
    path.write_text("\n".join(map(json.dumps, (untitled, nameless))), "utf-8")
    import_dump(tmp_path / "records", dump_source("musicbrainz"), path, Silent())
    inputs = replace(with_dumps.inputs, dumps=(("musicbrainz", tmp_path / "records" / "release"),))
    report = build(inputs, tmp_path / "x.sqlite3", Silent())
    assert dict(report.rows)["tracks"] == len(with_dumps.tracks) + 5
    kept = show(tmp_path / "x.sqlite3", public_id(IdKind.RECORDING, "musicbrainz", str(UUID(int=0x4444))))
    assert [(line.title, line.release) for line in kept.tracks] == [("One", "One more")]
    lost = show(tmp_path / "x.sqlite3", public_id(IdKind.TRACK, "musicbrainz", str(UUID(int=0x7D1))))
    assert (lost.title, lost.release) == ("One", None)


def test_a_group_that_only_releases_name_gets_a_row(with_dumps, tmp_path):
    """Without the dump of release groups they are still told, under the title of one of their releases."""
    releases = [place for _, place in with_dumps.inputs.dumps if place.name == "release"]
    inputs = replace(with_dumps.inputs, dumps=tuple(("musicbrainz", place) for place in releases))
    build(inputs, tmp_path / "x.sqlite3", Silent())
    rows = (row for row in rows_of(releases[0], "releases") if row["release_group"])
    named = {(UUID(row["release_group"]).bytes, row["title"]) for row in rows}
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as file:
        found = set(file.execute("SELECT mbid, title FROM release_groups").fetchall())
    assert {mbid for mbid, _ in named} == {mbid for mbid, _ in found}
    assert found <= named
    assert found


def rows_of(place, name):
    """Give the rows of a dump's table."""
    return pq.read_table(place / f"{name}.parquet").to_pylist()


def test_an_id_that_is_no_uuid_stays_a_text(with_dumps, tmp_path, documents):
    """A dump may be anything: what is no UUID in the usual spelling is kept, and the build passes."""
    odd = [documents("artist")[0] | {"id": id_, "name": id_} for id_ in ("x", str(UUID(int=0xABC)).upper(), "z" * 36)]
    path = tmp_path / "artist.jsonl"
    path.write_text("\n".join(map(json.dumps, odd)), "utf-8")
    import_dump(tmp_path / "records", dump_source("musicbrainz"), path, Silent())
    build(
        replace(with_dumps.inputs, dumps=(("musicbrainz", tmp_path / "records" / "artist"),)),
        tmp_path / "x.sqlite3",
        Silent(),
    )
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as file:
        found = file.execute("SELECT name, mbid FROM artists WHERE key = name").fetchall()
    assert sorted(found) == sorted((one["id"], None) for one in odd)


def test_an_unfinished_dump_is_refused(with_dumps, tmp_path):
    """A dump's directory without a receipt is nothing to build from."""
    (tmp_path / "release").mkdir()
    inputs = replace(with_dumps.inputs, dumps=(("musicbrainz", tmp_path / "release"),))
    with pytest.raises(CatalogueError) as caught:
        build(inputs, tmp_path / "x.sqlite3", Silent())
    assert caught.value.code == "C-INPUT"
