"""Imported dumps reach the catalogue, with their captures, licences and verdicts."""

import json
import shutil
from pathlib import Path

import apsw
import pytest

from tenuto.catalogue.ask import show, stats, why
from tenuto.cli.output import Output
from tenuto.cli.verdicts import show_why
from tenuto.flow.build import build, is_current
from tenuto.flow.dump_verdicts import dump_verdicts
from tenuto.flow.dumped import dump_heads
from tenuto.flow.importing import import_dumps
from tenuto.flow.verifying import verify_archive
from tenuto.model.ids import IdKind, public_id
from tenuto.model.progress import Silent
from tenuto.model.rights import Decision

FIXTURES = Path(__file__).parents[1] / "sources" / "fixtures" / "musicbrainz"
FIRST = public_id(IdKind.RELEASE, "musicbrainz", "00000000-0000-0000-0000-000000000001")


@pytest.fixture
def release(tmp_path):
    """Give a dump of releases."""
    return Path(shutil.copy(FIXTURES / "release.jsonl", tmp_path / "release.jsonl"))


def test_an_imported_dump_makes_the_catalogue_old(archive, release):
    """What was imported since the last build is in the next one, though nothing was harvested."""
    before = dict(build(archive, Silent()).rows)
    assert is_current(archive)
    import_dumps(archive, "musicbrainz", [release], Silent())
    assert not is_current(archive)
    after = dict(build(archive, Silent()).rows)
    assert (before["tracks"], after["tracks"]) == (0, 5)
    assert is_current(archive)


def test_every_table_of_a_dump_names_its_capture_and_licence(archive, release):
    """The capture has the dump's digest, and each table with rows has its provenance."""
    (receipt,) = import_dumps(archive, "musicbrainz", [release], Silent())
    build(archive, Silent())
    connection = apsw.Connection(str(archive.layout.catalogue), flags=apsw.SQLITE_OPEN_READONLY)
    query = "SELECT place, licence, collection FROM provenance JOIN captures USING (capture) ORDER BY place"
    expected = sorted((table, "CC0-1.0", "release") for table, rows in receipt.rows if rows)
    assert connection.execute(query).fetchall() == expected
    query = "SELECT value FROM capture_facts WHERE name = 'sha256'"
    assert connection.execute(query).fetchall() == [(receipt.sha256,)]
    connection.close()


def test_a_track_of_a_dump_is_shown_and_explained(archive, release, capsys):
    """It has no file and no path; its verdict rests on what the dump states of rights."""
    import_dumps(archive, "musicbrainz", [release], Silent())
    build(archive, Silent())
    page = show(archive.layout.catalogue, f"{FIRST}/1-1")
    assert (page.title, page.path, page.decision, page.code) == ("One", None, "open", "R-OPEN")
    (grounds,) = why(archive.layout.catalogue, f"{FIRST}/1-1")
    show_why(Output(as_json=False), grounds)
    assert "None" not in capsys.readouterr().out


OURS = Path(__file__).parents[1] / "sources" / "fixtures" / "table"
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TRACKS = """
SELECT sources.name, coalesce(tracks.title, recordings.title), decision, reasons.code
FROM tracks JOIN recordings USING (recording) JOIN verdicts USING (verdict) JOIN reasons USING (reason)
JOIN sources ON sources.source = tracks.source ORDER BY 1, 2
"""


def rows(archive, query):
    connection = apsw.Connection(str(archive.layout.catalogue), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def open_tracks(archive):
    counts = stats(archive.layout.catalogue).counts
    return next(count.tracks for count in counts if (count.topic, count.label) == ("decision", "open"))


def test_tables_and_dumps_are_judged_by_what_they_state(archive, release):
    """A row with a licence opens, one without stays metadata; the mapping's terms and captures are there."""
    import_dumps(archive, str(OURS / "songs.toml"), [OURS / "songs.csv"], Silent())
    import_dumps(archive, "musicbrainz", [release], Silent())
    build(archive, Silent())
    found = rows(archive, TRACKS)
    assert [row for row in found if row[0] == "our-songs"] == [
        ("our-songs", "=SUM(A1:A9)", "open", "R-OPEN"),
        ("our-songs", "[untitled]", "metadata-only", "R-NONE"),
        ("our-songs", "Étude 1", "open", "R-OPEN"),
        ("our-songs", "海の歌", "metadata-only", "R-CLOSED"),
    ]
    assert {row[0] for row in found} == {"musicbrainz", "our-songs"}
    query = "SELECT home, metadata_licence FROM sources WHERE name = 'our-songs'"
    assert rows(archive, query) == [("https://songs.example/", "CC0-1.0")]
    query = "SELECT DISTINCT name, collection FROM provenance JOIN captures USING (capture) JOIN sources ON"
    query += " sources.source = provenance.source ORDER BY 1"
    assert rows(archive, query) == [("musicbrainz", "release"), ("our-songs", "songs")]


def test_a_changed_mapping_makes_the_catalogue_old(archive, tmp_path):
    """Terms and columns of a mapping are read anew, though the table is the same file."""
    mapping = tmp_path / "songs.toml"
    mapping.write_text((OURS / "songs.toml").read_text("utf-8"), "utf-8")
    import_dumps(archive, str(mapping), [OURS / "songs.csv"], Silent())
    build(archive, Silent())
    assert is_current(archive)
    mapping.write_text(mapping.read_text("utf-8").replace("It holds no audio.", "It holds none."), "utf-8")
    import_dumps(archive, str(mapping), [OURS / "songs.csv"], Silent())
    assert not is_current(archive)


def test_listens_reach_the_catalogue_without_a_capture(archive):
    """Listens were never kept: no capture stands for them, and nothing is missing."""
    listens = OURS.parent / "listenbrainz" / "1.listens"
    import_dumps(archive, "listenbrainz", [listens], Silent())
    build(archive, Silent())
    assert rows(archive, "SELECT count(*) FROM captures") == [(0,)]
    assert [check for check in verify_archive(archive, Silent()) if check.faults] == []


def test_genres_under_a_narrower_licence_stay_out(archive, tmp_path):
    """MusicBrainz's genres are CC BY-NC-SA: they are in the records, and not in the catalogue."""
    path = tmp_path / "artist.jsonl"
    genre = {"id": "00000000-0000-0000-0000-0000000000aa", "name": "dub techno", "count": 1, "disambiguation": ""}
    artist = {"id": "00000000-0000-0000-0000-0000000000a1", "name": "A", "sort-name": "A", "genres": [genre]}
    path.write_text(json.dumps(artist) + "\n", "utf-8")
    (receipt,) = import_dumps(archive, "musicbrainz", [path], Silent())
    assert dict(receipt.rows)["genres"] == 1
    build(archive, Silent())
    assert rows(archive, "SELECT count(*) FROM genre_uses") == rows(archive, "SELECT count(*) FROM genres") == [(0,)]


@pytest.mark.parametrize(
    ("mapping", "files", "expected"),
    [
        ("freemusi-cc", ("freemusi_cc/releases.csv", "freemusi_cc/tracks.csv"), 9_693),
        ("incompetech", ("incompetech/tracks.jsonl",), 719),
    ],
)
def test_real_tables_open_as_they_are_judged(shared, archive, mapping, files, expected):
    """As many tracks are open in the catalogue as recordings are by their statements."""
    import_dumps(archive, str(EXAMPLES / f"{mapping}.toml"), [shared / file for file in files], Silent())
    build(archive, Silent())
    judged = list(dump_verdicts(archive.layout.records / mapping))
    is_open = [things for things, verdict in judged if verdict.decision is Decision.OPEN]
    assert expected == sum(kind == "recording" for things in is_open for kind, _ in things)
    assert expected == open_tracks(archive)


def test_one_file_under_two_sources_is_two_captures(shared, archive, tmp_path):
    """The same bytes imported under two names do not share a key."""
    for name in ("ours", "theirs"):
        text = (EXAMPLES / "incompetech.toml").read_text("utf-8")
        mapping = tmp_path / f"{name}.toml"
        mapping.write_text(text.replace('name = "incompetech"', f'name = "{name}"'), "utf-8")
        import_dumps(archive, str(mapping), [shared / "incompetech" / "tracks.jsonl"], Silent())
    assert {"ours", "theirs"} == {head.source for head in dump_heads(archive)}
    assert len({head.id for head in dump_heads(archive)}) == len(list(dump_heads(archive)))
