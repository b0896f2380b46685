"""From Parquet to a catalogue, or to nothing."""

import hashlib
import resource
import shutil
from collections import Counter
from dataclasses import replace

import pytest

from tenuto.catalogue.build import build
from tenuto.catalogue.engine import Engine
from tenuto.catalogue.lines import TRACK
from tenuto.model.errors import CatalogueError, StorageError
from tenuto.model.ids import IdKind, public_id
from tenuto.model.progress import Silent
from tenuto.records.judged import Context


class Dying(Silent):
    """A listener that ends the build when a stage begins."""

    def __init__(self, stage):
        self.stage = stage

    def start(self, stage, *_):
        if stage == self.stage:
            raise KeyboardInterrupt


def moved_to(inputs, root):
    """Give the same inputs, their directories under another root."""
    places = {"context": root / inputs.context.name, "judged": root / inputs.judged.name}
    return replace(inputs, records=tuple(root / path.name for path in inputs.records), **places)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_input_gives_the_same_bytes(built, tmp_path):
    """Neither time, place, threads nor memory leave a trace in the file."""
    shutil.copytree(built.inputs.context.parent, tmp_path / "elsewhere [1]")
    moved = moved_to(built.inputs, tmp_path / "elsewhere [1]")
    moved = replace(moved, records=moved.records[::-1])
    report = build(moved, tmp_path / "again.sqlite3", Silent(), Engine(memory="256MB", threads=1))
    assert digest(tmp_path / "again.sqlite3") == digest(built.path)
    assert report.rows == built.report.rows
    assert report.bytes == built.path.stat().st_size


def test_every_public_id_is_the_one_python_derives(built, sql):
    """What the engine computes for whole columns is what tenuto.model.ids computes for one thing."""
    tracks = [one.track for one in built.tracks]
    assert sorted(i for (i,) in sql("SELECT id FROM tracks")) == sorted(
        public_id(IdKind.TRACK, track.source, track.key) for track in tracks
    )
    named = sql("SELECT artists.id, sources.name, artists.name FROM artists JOIN sources USING (source)")
    assert [i for i, _, _ in named] == [public_id(IdKind.ARTIST, source, name) for _, source, name in named]
    first = {}
    for track in sorted(tracks, key=lambda track: (track.source, track.key)):
        first.setdefault(track.audio.sha256 if track.audio else track.key, track)
    assert sorted(i for (i,) in sql("SELECT id FROM recordings")) == sorted(
        public_id(IdKind.RECORDING, track.source, track.key) for track in first.values()
    )
    by = public_id(IdKind.RELEASE, "alpha", "Béla", "", "Collected")
    placed = public_id(IdKind.RELEASE, "alpha", "", "songs/open", "No Artist")
    assert {by, placed} <= {i for (i,) in sql("SELECT id FROM releases")}


def test_one_name_within_a_source_is_one_artist(sql):
    """Names are compared composed and trimmed; another source's name is another artist."""
    query = "SELECT sources.name FROM artists JOIN sources USING (source) WHERE artists.name = 'Béla' ORDER BY 1"
    assert sql(query) == [("alpha",), ("beta",)]
    assert sql("SELECT credited FROM credit_names WHERE length(credited) < 99 ORDER BY 1") == [
        (" Béla ",),
        ("Be\u0301la",),
    ]


def test_the_same_bytes_are_one_file_and_one_recording(sql):
    """Three tracks of two sources with the same bytes share them."""
    found = sql(
        "SELECT recording, count(file) FROM tracks JOIN recordings USING (recording) GROUP BY 1 HAVING count(*) > 1"
    )
    assert [count for _, count in found] == [3]
    assert sql("SELECT held FROM files WHERE sha256 = unhex(?)", f"{1:064x}") == [(1,)]


def test_credits_read_as_one_line(sql, tid):
    """Performers stand in order with their join phrases; without any, the release artist stands."""
    query = f"SELECT artist FROM ({TRACK} WHERE tracks.id = ?)"
    assert sql(query, tid("open/first.opus")) == [(" Béla  feat. Łukasz",)]
    assert sql(query, tid("broken.ogg")) == [("",)]


def test_every_absence_has_its_reason(sql):
    """Each track that cannot be had says why, and no other does."""
    query = "SELECT path, code FROM tracks JOIN observations USING (track) JOIN reasons ON reason = absence ORDER BY 1"
    assert sql(query) == [
        ("beta.ogg", "audio-not-held"),
        ("broken.ogg", "audio-broken"),
        ("closed/metadata.ogg", "R-METADATA_ONLY"),
        ("closed/refused.ogg", "R-REFUSED"),
        ("closed/review.ogg", "R-REVIEW"),
        ("lost.ogg", "audio-not-held"),
    ]


def test_only_open_tracks_are_placed(sql, tid):
    """A track that is no longer open, or no longer known, is counted as withheld from its bag, not placed."""
    query = "SELECT tracks.id, file_index, offset, length, hex(pieces_root) FROM placements JOIN tracks USING (track)"
    assert sorted(sql(query)) == sorted(
        [(tid("open/first.opus"), 0, 0, 1001, ""), (tid("open/second.ogg"), 1, 1 << 14, 1001, f"{1:064x}")]
    )
    assert sql("SELECT name, withheld FROM packages") == [("bag-1", 2), ("bag-2", 0)]


def test_nasty_names_are_kept_as_they_are(built, sql):
    """Markup, SQL, bidi marks, combining marks and NUL are text like any other (M1, M2, M4, M5)."""
    titles = Counter(one.track.title for one in built.tracks)
    assert Counter(title for (title,) in sql(f"SELECT title FROM ({TRACK})")) == titles
    shared = "SELECT count(*) FROM tracks JOIN recordings USING (recording) WHERE tracks.title = recordings.title"
    assert sql(shared) == [(0,)]


def test_numbers_no_music_has_are_null_and_flagged(sql):
    """A length of 10²¹ milliseconds is not kept, and a flag says so (M7)."""
    query = """SELECT tracks.number, tracks.position, duration_ms, tracks.length_ms, bit_rate FROM observations
        JOIN tracks USING (track) JOIN recordings USING (recording) JOIN files USING (file) WHERE path = 'odd.ogg'"""
    assert sql(query) == [(None, None, None, None, None)]
    assert [code for (code,) in sql("SELECT code FROM flags ORDER BY position")] == [
        "date-bad",
        "number-out-of-range",
        "duration-ms-out-of-range",
        "bit-rate-out-of-range",
    ]


def test_a_shared_isrc_merges_nothing(sql):
    """Two tracks with one ISRC stay two recordings (M6)."""
    query = """SELECT count(DISTINCT recording) FROM identifiers JOIN tracks ON track = owner
        WHERE subject = 'tr' AND type = 'isrc'"""
    assert sql(query) == [(2,)]


def test_only_licences_that_are_named_are_listed(sql):
    """The table of all licences is not copied into every catalogue."""
    assert sql("SELECT id, gate FROM licences") == [("CC-BY-SA-3.0", "open")]


def test_the_report_tells_rows_bytes_and_steps(built):
    """A build says what it made and what each step cost."""
    assert dict(built.report.rows)["tracks"] == len(built.tracks)
    assert built.report.bytes == built.path.stat().st_size
    assert [step for step, _ in built.report.seconds] == [
        "Shaping the records",
        "Loading the catalogue",
        "Finishing the catalogue",
        "Checking the catalogue",
    ]


def test_the_file_is_ours_and_has_no_idle_pages(sql):
    """The header names us, tables are strict, and nothing is left over from loading."""
    assert sql("PRAGMA application_id") == [(0x54454E55,)]
    assert sql("PRAGMA freelist_count") == [(0,)]
    assert sql("SELECT count(*) > 10 FROM sqlite_stat1") == [(1,)]
    loose = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
    assert [name for (name,) in sql(loose) if not name.startswith("sqlite_")] == []


def test_a_failed_build_leaves_the_old_file(built, copy, tmp_path, write, make):
    """Records that refer to what the context lacks make no catalogue."""
    before = digest(copy)
    inputs = write(tmp_path / "records", [make("a.ogg", 1, "A", "T")], around=Context())
    with pytest.raises(CatalogueError) as caught:
        build(inputs, copy, Silent())
    assert caught.value.code == "C-ROWS"
    assert digest(copy) == before
    assert list(tmp_path.glob(".tmp-*")) == []


def test_a_catalogue_that_fails_its_checks_is_not_put_in_place(built, copy, tmp_path, write):
    """An open verdict that rests on no licence makes no catalogue, though every row is there."""
    before = digest(copy)
    first, *others = built.tracks[:-1]
    groundless = replace(first, verdict=replace(first.verdict, licences=()))
    with pytest.raises(CatalogueError) as caught:
        build(write(tmp_path / "records", [groundless, *others], built.tracks[-1:]), copy, Silent())
    assert caught.value.code == "C-OPEN"
    assert digest(copy) == before
    assert list(tmp_path.glob(".tmp-*")) == []


@pytest.mark.parametrize("stage", ["Loading the catalogue", "Checking the catalogue"])
def test_an_interrupted_build_leaves_the_old_file(built, copy, tmp_path, stage):
    """A build that is ended in the middle has done nothing."""
    before = digest(copy)
    with pytest.raises(KeyboardInterrupt):
        build(built.inputs, copy, Dying(stage))
    assert digest(copy) == before
    assert list(tmp_path.glob(".tmp-*")) == []


def test_a_full_disk_leaves_the_old_file(built, copy, tmp_path):
    """The disk's refusal is a StorageError, and nothing half-written is left."""
    before = digest(copy)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StorageError):
            build(built.inputs, copy, Silent())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert digest(copy) == before
    assert list(tmp_path.glob(".tmp-*")) == []


@pytest.mark.parametrize("spoil", ["receipt.json", "tracks.parquet"])
def test_unfinished_records_are_refused(built, tmp_path, spoil):
    """Without a receipt, or with a table that is no Parquet, there is nothing to build from."""
    shutil.copytree(built.inputs.context.parent, tmp_path / "records")
    spoilt = tmp_path / "records" / "alpha" / spoil
    if spoil == "receipt.json":
        spoilt.unlink()
    else:
        spoilt.write_bytes(b"PAR1 no")
    inputs = moved_to(built.inputs, tmp_path / "records")
    with pytest.raises(CatalogueError) as caught:
        build(inputs, tmp_path / "x.sqlite3", Silent())
    assert caught.value.code == "C-INPUT"
    assert not (tmp_path / "x.sqlite3").exists()
