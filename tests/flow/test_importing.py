"""Dumps into an archive: read once, kept as captures, refused or named where they are bad."""

import gzip
import hashlib
import io
import json
import lzma
import tarfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.flow.importing import ImportOptions, import_dumps
from tenuto.flow.verifying import verify_archive
from tenuto.model.errors import NotFoundError, SourceError
from tenuto.model.progress import Silent

FIXTURES = Path(__file__).parents[1] / "sources" / "fixtures" / "musicbrainz"


def load(archive, *paths, strict=False):
    return import_dumps(archive, "musicbrainz", paths, Silent(), ImportOptions(strict=strict))


def write(folder, *lines, name="artist.jsonl"):
    """Write a dump of lines, given as text or bytes."""
    path = folder / name
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return path


def artist(at, **more):
    return json.dumps({"id": f"a{at}", "name": f"Artist {at}", "sort-name": "x", **more})


def rows(archive, entity, table):
    return pq.read_table(archive.layout.records / "musicbrainz" / entity / f"{table}.parquet").to_pylist()


def test_a_dump_is_a_capture_pinned_by_its_digest(archive):
    """The file is kept as it is, the ledger names its digest, and verify looks at it."""
    (receipt,) = load(archive, FIXTURES / "release.jsonl")
    digest = hashlib.sha256((FIXTURES / "release.jsonl").read_bytes()).hexdigest()
    (event,) = [entry.what for entry in archive.ledger.entries() if entry.what.event == "imported"]
    assert event.subject == f"musicbrainz/release/000001-{digest}.release.jsonl"
    assert event.sha256 == receipt.sha256 == digest
    assert (archive.layout.captures / event.subject).read_bytes() == (FIXTURES / "release.jsonl").read_bytes()
    (check,) = [one for one in verify_archive(archive, Silent()) if one.kind == "dumps"]
    assert (check.summary, check.faults) == ("1 dump", ())


@pytest.mark.parametrize("change", ["altered", "gone"])
def test_a_dump_altered_or_gone_is_noticed(archive, tmp_path, change):
    """Verify names a capture that is no longer what was imported."""
    load(archive, write(tmp_path, artist(1)))
    (kept,) = (archive.layout.captures / "musicbrainz" / "artist").iterdir()
    if change == "gone":
        kept.unlink()
    else:
        kept.write_bytes(kept.read_bytes().replace(b"Artist", b"Autist"))
    (check,) = [one for one in verify_archive(archive, Silent()) if one.kind == "dumps"]
    assert len(check.faults) == 1
    assert kept.name in check.faults[0]


def test_the_same_bytes_are_not_read_again(archive, tmp_path):
    """A second import knows the dump by its digest, under whatever name, and writes nothing."""
    (first,) = load(archive, write(tmp_path, artist(1), artist(2)))
    kept = {path: path.stat().st_mtime_ns for path in archive.layout.records.rglob("*.parquet")}
    ledger = len(list(archive.ledger.entries()))
    (again,) = load(archive, write(tmp_path, artist(1), artist(2), name="artist.2.jsonl"))
    assert (first.known, again.known) == (False, True)
    assert again.rows == first.rows
    assert {path: path.stat().st_mtime_ns for path in archive.layout.records.rglob("*.parquet")} == kept
    assert len(list(archive.ledger.entries())) == ledger


def test_a_newer_dump_takes_the_place_of_the_old(archive, tmp_path):
    """The tables say what the newest dump says, and both dumps are kept."""
    load(archive, write(tmp_path, artist(1), artist(2)))
    load(archive, write(tmp_path, artist(3), name="artist.new.jsonl"))
    assert [row["id"] for row in rows(archive, "artist", "artists")] == ["a3"]
    assert len(list((archive.layout.captures / "musicbrainz" / "artist").iterdir())) == 2
    assert not list(archive.layout.records.rglob(".*"))


def test_drift_is_told_and_with_strict_an_error(archive, tmp_path):
    """Fields that nothing reads or ignores are counted by document; `strict` refuses them."""
    path = write(tmp_path, artist(1, mood="blue"), artist(2, mood=None), artist(3, **{"life-span": {"hour": 1}}))
    with pytest.raises(SourceError, match=r"life-span\.hour") as caught:
        load(archive, path, strict=True)
    assert caught.value.code == "dump-drift"
    (receipt,) = load(archive, path)
    assert receipt.drift == (("life-span.hour", 1), ("mood", 2))


def test_files_that_are_no_dumps_are_refused(archive, tmp_path):
    """A missing file, a name that tells no entity, and a source without dumps each have a hint."""
    with pytest.raises(NotFoundError, match="is no file"):
        load(archive, tmp_path / "release.jsonl")
    with pytest.raises(SourceError, match="no dump of musicbrainz") as caught:
        load(archive, write(tmp_path, artist(1), name="songs.jsonl"))
    assert "release.tar.xz" in caught.value.hint
    with pytest.raises(NotFoundError, match="not published as dumps"):
        import_dumps(archive, "folder", [write(tmp_path, "x")], Silent())


def packed(folder, number, content):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, inside in (("mbdump/artist", content), ("JSON_DUMPS_SCHEMA_NUMBER", number)):
            info = tarfile.TarInfo(name)
            info.size = len(inside)
            archive.addfile(info, io.BytesIO(inside))
    path = folder / "artist.tar.xz"
    path.write_bytes(lzma.compress(stream.getvalue()))
    return path


def test_a_schema_of_another_number_is_refused(archive, tmp_path):
    """The number stands behind the lines; nothing of a dump with one that is unknown is taken in."""
    (receipt,) = load(archive, packed(tmp_path, b"1\n", artist(1).encode()))
    assert receipt.documents == 1
    with pytest.raises(SourceError, match="JSON_DUMPS_SCHEMA_NUMBER is '2'") as caught:
        load(archive, packed(tmp_path, b"2\n", artist(2).encode()))
    assert caught.value.code == "dump-schema"
    assert [row["id"] for row in rows(archive, "artist", "artists")] == ["a1"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "line-json"),
        ('{"id":"x"', "line-json"),
        ("[1]", "line-json"),
        ('"text"', "line-json"),
        ("null", "line-json"),
        ("", "line-json"),
        ('{"id":"x"}{"id":"y"}', "line-json"),
        ('{"id":"\\ud800","name":"n"}', "line-json"),
        (b'{"id":"\xff"}', "line-encoding"),
        ('{"name":"n"}', "line-id"),
        ('{"id":"","name":"n"}', "line-id"),
        ('{"id":null,"name":"n"}', "line-id"),
        (artist(1), "line-double"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(archive, tmp_path, line, code):
    """M5, M8: whatever is wrong with a line, those before and behind it are taken in."""
    (receipt,) = load(archive, write(tmp_path, artist(1), line, artist(3)))
    assert [(bad.line, bad.code) for bad in receipt.bad] == [(2, code)]
    assert (receipt.lines, receipt.documents, receipt.bad_lines) == (3, 2, 1)
    assert [row["id"] for row in rows(archive, "artist", "artists")] == ["a1", "a3"]


def test_depth_without_end_is_survived(archive, tmp_path):
    """M8: a document nested 10^5 deep is read for what it has, and told as drift."""
    deep = artist(2)[:-1] + ',"new":' + "[" * 100_000 + "]" * 100_000 + "}"
    (receipt,) = load(archive, write(tmp_path, artist(1), deep, artist(3)))
    assert receipt.documents == 3
    assert receipt.drift == (("(nested too deep)", 1),)


def test_a_dump_cut_in_the_middle_gives_its_good_part(archive, tmp_path):
    """M8: what was read before the cut is kept, and the cut named as a bad line."""
    path = tmp_path / "artist.jsonl.gz"
    lines = [artist(hashlib.sha256(str(at).encode()).hexdigest()) for at in range(5_000)]
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:-5_000])
    (receipt,) = load(archive, path)
    assert 0 < receipt.documents < 5_000
    assert [bad.code for bad in receipt.bad] == ["dump-cut"]
    assert len(rows(archive, "artist", "artists")) == receipt.documents


@pytest.mark.parametrize("content", [gzip.compress(artist(7).encode() * 9)[:-9], gzip.compress(b"")])
def test_what_is_whole_is_not_replaced_by_what_is_cut_or_empty(archive, tmp_path, content):
    """A damaged download that is taken for the next dump costs nothing of the last one."""
    load(archive, write(tmp_path, artist(1), artist(2)))
    before = rows(archive, "artist", "artists")
    path = tmp_path / "artist.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"artist.jsonl.gz .*; the tables of artist.jsonl stay") as caught:
        load(archive, path)
    assert caught.value.code == "dump-cut"
    assert before == rows(archive, "artist", "artists")
    assert [path.name for path in archive.layout.captures.rglob("*artist*") if path.is_file()][1:] == []
    assert not list(archive.layout.records.rglob(".parts-*"))


def test_impossible_values_are_null(archive, tmp_path):
    """M7: lengths, dates and whole numbers that cannot be are no values; the document is kept."""
    lengths = ["-1", "0", "1e308", "NaN", str(2**63), str(2**70), '"x"', "null", "180000"]
    dates = ["0000", "2001-02-31", "1859", "2101-01-01", "2001-13", "May", "2001-2-3", "", "1999-12"]
    lines = [
        f'{{"id":"{at}","title":"t","length":{length},"first-release-date":"{date}"}}'
        for at, (length, date) in enumerate(zip(lengths, dates, strict=True))
    ]
    (receipt,) = load(archive, write(tmp_path, *lines, name="recording.jsonl"))
    found = rows(archive, "recording", "recordings")
    assert receipt.documents == len(found) == len(lengths)
    assert [row["length_ms"] for row in found] == [None] * 8 + [180_000]
    assert [row["first_release_date"] for row in found] == [None] * 8 + ["1999-12"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("DEA630100001", "DE-A63-01-00001"),
        ("de-a63-01-00001", "DE-A63-01-00001"),
        ("ISRC DE A63 01 00001", "DE-A63-01-00001"),
        ("DE\u2011A63\u201101\u201100001", "DE-A63-01-00001"),
        ("DEA630100000", None),
        ("DEA63010000", None),
        ("DEA6301000011", None),
        ("1EA630100001", None),
        ("DEA63010000O", None),
        ("", None),
        ("DEA630100001; DEA630100002", None),
        ("\uff24\uff25A630100001", None),
        ("N/A", None),
    ],
)
def test_isrcs_have_one_spelling_or_none(archive, tmp_path, written, expected):
    """M6: what is an ISRC in some spelling is one; anything else is no identifier."""
    line = json.dumps({"id": "r", "title": "t", "isrcs": [written]})
    load(archive, write(tmp_path, line, name="recording.jsonl"))
    found = [row["value"] for row in rows(archive, "recording", "identifiers")]
    assert found == ([expected] if expected else [])
