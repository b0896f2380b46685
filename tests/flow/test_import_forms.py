"""`tenuto import`: tables by their mapping, archives of tables, and listens that are no capture."""

import csv
import io
import os
import tarfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.flow.import_forms import source_named
from tenuto.flow.importing import ImportOptions, import_dumps
from tenuto.model.errors import ConfigError, NotFoundError, SourceError, UsageError
from tenuto.model.progress import Silent

FIXTURES = Path(__file__).parents[1] / "sources" / "fixtures"
SONGS = FIXTURES / "table" / "songs.toml"
LISTENS = FIXTURES / "listenbrainz" / "1.listens"


def canonical():
    """Pack the three tables as MetaBrainz does, without its compression."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for table in sorted((FIXTURES / "listenbrainz").glob("*.csv")):
            archive.add(table, f"musicbrainz-canonical-dump-20260101-080003/canonical/{table.name}")
    return stream.getvalue()


def packed(path, content):
    path.write_bytes(pa.compress(content, "zstd", asbytes=True))
    return path


def test_a_table_is_taken_in_by_its_mapping(archive, tmp_path):
    """The mapping's path stands where a source's name would; records, capture and ledger carry the table's own name."""
    (receipt,) = import_dumps(archive, str(SONGS), [SONGS.with_name("songs.csv")], Silent(), ImportOptions(strict=True))
    assert (receipt.entity, receipt.documents) == ("songs", 4)
    assert (archive.layout.records / "our-songs" / "songs" / "recordings.parquet" / "000001.parquet").is_file()
    assert len(list((archive.layout.captures / "our-songs" / "songs").iterdir())) == 1
    assert [entry.what.reason for entry in archive.ledger.entries()][-1] == "4 documents in 4 lines, 0 of them bad"


def test_columns_that_nobody_maps_are_told(archive, tmp_path):
    """A new column is drift, with how many rows have it; --strict makes it an error."""
    path = tmp_path / "songs.csv"
    with SONGS.with_name("songs.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(
            [[*row, "colour" if at == 0 else "red" * (at > 2)] for at, row in enumerate(rows)]
        )
    (receipt,) = import_dumps(archive, str(SONGS), [path], Silent())
    assert receipt.drift == (("colour", 2),)
    with pytest.raises(SourceError, match="first colour"):
        import_dumps(archive, str(SONGS), [path], Silent(), ImportOptions(strict=True))


def test_an_archive_of_tables_gives_each(archive, tmp_path):
    """The three canonical tables are read out of their archive, which alone is kept."""
    path = packed(tmp_path / "musicbrainz-canonical-dump-20260101-080003.tar.zst", canonical())
    receipts = import_dumps(archive, "listenbrainz", [path], Silent(), ImportOptions(strict=True))
    assert [(one.entity, one.documents) for one in receipts] == [
        ("canonical_musicbrainz_data", 1),
        ("canonical_recording_redirect", 3),
        ("canonical_release_redirect", 2),
    ]
    (kept,) = (archive.layout.captures / "listenbrainz" / "tables").iterdir()
    assert kept.read_bytes() == path.read_bytes()
    assert not (archive.layout.records / "listenbrainz" / ".unpacked").exists()


def test_a_cut_archive_of_tables_keeps_the_good_part(archive, tmp_path):
    """What was read before the cut is there, and the receipt names the cut."""
    path, table = tmp_path / "musicbrainz-canonical-dump-1.tar", tmp_path / "canonical_release_redirect.csv"
    ids = [f"{at:08x}-0000-4000-8000-000000000000" for at in range(2_001)]
    rows = [f"{old},{new},{new}\n" for old, new in pairwise(ids)]
    table.write_text("release_mbid,canonical_release_mbid,release_group_mbid\n" + "".join(rows), "ascii")
    with tarfile.open(path, "w") as packed:
        packed.add(FIXTURES / "listenbrainz" / "canonical_recording_redirect.csv", "a/canonical_recording_redirect.csv")
        packed.add(table, f"a/{table.name}")
    path.write_bytes(path.read_bytes()[:150_000])
    first, second = import_dumps(archive, "listenbrainz", [path], Silent())
    assert (first.documents, first.bad_lines) == (3, 0)
    assert 1_000 < second.documents < 1_500
    assert dict(second.rows)["redirects"] == second.documents
    assert [(bad.line, bad.code) for bad in second.bad] == [(second.documents + 2, "dump-cut")]


def test_a_cut_archive_takes_no_whole_ones_place(archive, tmp_path):
    """Neither the table that is cut nor those before it replace what a whole archive said."""
    path = packed(tmp_path / "musicbrainz-canonical-dump-20260101-080003.tar.zst", canonical())
    import_dumps(archive, "listenbrainz", [path], Silent())
    folder = archive.layout.records / "listenbrainz"
    before = {place: place.read_bytes() for place in folder.rglob("*") if place.is_file()}
    cut = tmp_path / "musicbrainz-canonical-dump-20260102-080003.tar"
    cut.write_bytes(canonical().replace(b"slow,100", b"slow,900").rstrip(b"\0")[:-40])
    with pytest.raises(SourceError, match=r"20260102.* is cut .* stay") as caught:
        import_dumps(archive, "listenbrainz", [cut], Silent())
    assert caught.value.code == "dump-cut"
    assert before == {place: place.read_bytes() for place in folder.rglob("*") if place.is_file()}
    assert len([one for one in archive.layout.captures.rglob("*") if one.is_file()]) == 1


def test_a_longer_cut_archive_takes_a_cut_ones_place(archive, tmp_path):
    """What is cut may be replaced by what is cut, and both by what is whole."""
    short, long, whole = (tmp_path / f"musicbrainz-canonical-dump-{number}.tar" for number in (1, 2, 3))
    whole.write_bytes(canonical())
    short.write_bytes(canonical()[: canonical().index(b"canonical_release_mbid") + 150])
    long.write_bytes(canonical().rstrip(b"\0")[:-40])
    counts = [len(import_dumps(archive, "listenbrainz", [path], Silent())) for path in (short, long, whole)]
    assert counts == [1, 2, 3]


def test_listens_are_no_capture(archive):
    """Only the digest of listens is recorded; no file of the archive names a listener."""
    (receipt,) = import_dumps(archive, "listenbrainz", [LISTENS], Silent(), ImportOptions(strict=True))
    assert list(archive.layout.captures.rglob("*")) == [] or not any(
        path.is_file() for path in archive.layout.captures.rglob("*")
    )
    entry = [entry.what for entry in archive.ledger.entries()][-1]
    assert (entry.sha256, entry.subject) == (receipt.sha256, f"listenbrainz/listens/{receipt.sha256}")
    assert b"unmistakable" in LISTENS.read_bytes()
    for folder, _, names in os.walk(archive.layout.root):
        for name in names:
            path = Path(folder, name)
            assert b"unmistakable" not in path.read_bytes(), path
            if path.suffix == ".parquet":
                assert "unmistakable" not in repr(pq.read_table(path).to_pylist())


def test_names_of_sources_are_guarded(tmp_path):
    """A mapping cannot take a known source's name; `table` alone needs a mapping; a missing one is said."""
    taken = tmp_path / "taken.toml"
    taken.write_text(SONGS.read_text("utf-8").replace('"our-songs"', '"musicbrainz"'), "utf-8")
    with pytest.raises(ConfigError, match="a source already"):
        source_named(str(taken))
    with pytest.raises(UsageError, match="table needs a mapping"):
        source_named("table")
    with pytest.raises(NotFoundError):
        source_named(str(tmp_path / "none.toml"))


def test_a_pattern_that_is_none_is_told(archive, tmp_path):
    """A pattern that RE2 refuses is an error that names the file; one that would blow up elsewhere does not."""
    wrong = tmp_path / "wrong.toml"
    text = SONGS.read_text("utf-8")
    wrong.write_text(text.replace("Licen[cs]ed under [^\\n]*", "(unclosed"), "utf-8")
    with pytest.raises(SourceError, match=r"songs\.csv cannot be mapped"):
        import_dumps(archive, str(wrong), [SONGS.with_name("songs.csv")], Silent())
    wrong.write_text(text.replace("Licen[cs]ed under [^\\n]*", "(a*)*b"), "utf-8")
    path = tmp_path / "songs.csv"
    long = SONGS.with_name("songs.csv").read_text("utf-8").replace("All rights reserved", "a" * 100_000)
    path.write_text(long, "utf-8")
    (receipt,) = import_dumps(archive, str(wrong), [path], Silent())
    assert Counter(dict(receipt.rows))["evidence"] == 3
