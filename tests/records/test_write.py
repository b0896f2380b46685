"""Judged records to Parquet and back."""

import hashlib
import random
import resource

import pyarrow.parquet as pq
import pytest

from tenuto.model.audio import Failure
from tenuto.model.capture import CaptureHead
from tenuto.model.errors import SourceError, StorageError
from tenuto.model.music import Credit, Flag, Identifier, IdentifierType, ReleaseInfo
from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.records import spill
from tenuto.records.judged import Context
from tenuto.records.tables import CONTEXT, RECORDS
from tenuto.records.write import RECEIPT, read_receipt, write_context, write_records


def digests(directory):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.glob("*.parquet")}


def rows(directory, table):
    return pq.read_table(directory / f"{table}.parquet").to_pylist()


def full(judged, key):
    return judged(
        key,
        credits=(Credit(name="A", join_phrase=" & "), Credit(name=" "), Credit(name="B")),
        genres=("Rock", ""),
        identifiers=(Identifier(type=IdentifierType.ISRC, value="X"),),
        release=ReleaseInfo(title="R", artist="A", identifiers=(Identifier(type=IdentifierType.BARCODE, value="1"),)),
        evidence=(Evidence(kind=EvidenceKind.TAG, statement="s", where="w", capture="alpha/c/1", holder="h"),),
        flags=(Flag(code="f", detail="d"),),
    )


def test_every_table_is_written_with_its_described_columns(tmp_path, judged):
    """A source's directory holds each table of the records, and its columns say what they hold."""
    receipt = write_records(tmp_path, "alpha", [full(judged, "c/a")])
    assert sorted(table.name for table in RECORDS) == [name for name, _ in receipt.rows]
    for table in RECORDS:
        schema = pq.read_schema(tmp_path / f"{table.name}.parquet")
        assert table.schema.names == schema.names
        assert all(field.metadata[b"description"] for field in schema)
        assert schema.metadata[b"description"]


def test_lists_keep_their_order_and_lose_their_blanks(tmp_path, judged):
    """Credits and genres are numbered in order; a name of spaces is no name."""
    write_records(tmp_path, "alpha", [full(judged, "c/a")])
    assert [(row["position"], row["name"], row["join_phrase"]) for row in rows(tmp_path, "credits")] == [
        (0, "A", " & "),
        (1, "B", ""),
    ]
    assert [row["name"] for row in rows(tmp_path, "genres")] == ["Rock"]
    assert [(row["subject"], row["value"]) for row in rows(tmp_path, "identifiers")] == [
        ("release", "1"),
        ("track", "X"),
    ]
    (evidence,) = rows(tmp_path, "evidence")
    assert ("tag", "w", "h", Confidence.EXACT.value) == tuple(
        evidence[name] for name in ("kind", "place", "holder", "confidence")
    )
    assert rows(tmp_path, "statements") == [{"digest": evidence["statement"], "text": "s"}]


def test_the_same_records_give_the_same_bytes_in_any_order(tmp_path, judged):
    """Order of arrival leaves no trace, and Parquet carries no time and no chance."""
    given = [full(judged, f"c/{number:03}") for number in range(300)]
    write_records(tmp_path / "a", "alpha", given)
    random.Random(1).shuffle(given)  # noqa: S311 - an order, no secret
    write_records(tmp_path / "b", "alpha", iter(given))
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_batches_leave_no_seam(tmp_path, judged, monkeypatch):
    """Rows that go to disk in many batches are sorted and counted as one table."""
    monkeypatch.setattr(spill, "BATCH", 7)
    receipt = write_records(tmp_path, "alpha", [full(judged, f"c/{number:03}") for number in reversed(range(100))])
    assert dict(receipt.rows)["credits"] == 200
    assert [row["key"] for row in rows(tmp_path, "tracks")] == [f"c/{number:03}" for number in range(100)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "lone \udcff"}, "tracks"),
        ({"key": "c/\udcff"}, r"c/\\udcff"),
        ({"genres": ("\ud800",)}, "genres"),
        ({"flags": (Flag(code="x", detail="\udc80"),)}, "flags"),
        ({"failure": Failure(code="x", reason="\udc80")}, "outcomes"),
        ({"source": "beta"}, "not of 'alpha'"),
    ],
)
def test_a_record_that_does_not_fit_is_named(tmp_path, judged, fields, words):
    """What a source may not give ends the writing with the record's name, and leaves no receipt."""
    key = fields.pop("key", "c/bad")
    with pytest.raises(SourceError, match=words) as caught:
        write_records(tmp_path, "alpha", [judged("c/good"), judged(key, **fields)])
    assert ascii(key)[1:-1] in str(caught.value)
    assert read_receipt(tmp_path) is None
    assert list(tmp_path.glob(".tmp-*")) == []


def test_an_integer_beyond_64_bits_is_named(tmp_path, judged, audio):
    """A file's size has no null to fall back to (M7)."""
    with pytest.raises(SourceError, match="c/huge"):
        write_records(tmp_path, "alpha", [judged("c/huge", audio=audio(size=1 << 70))])


def test_a_key_given_twice_is_refused(tmp_path, judged):
    """Keys are unique within a source."""
    with pytest.raises(SourceError, match=r"'alpha' 'c/a'"):
        write_records(tmp_path, "alpha", [judged("c/a"), judged("c/b"), judged("c/a")])


def test_a_receipt_tells_that_all_is_there(tmp_path, judged):
    """The receipt is read back as it was given, and goes before anything else does."""
    receipt = write_records(tmp_path, "alpha", [judged("c/a"), judged("c/b")])
    assert receipt == read_receipt(tmp_path)
    assert dict(receipt.rows)["tracks"] == 2
    assert sum(path.stat().st_size for path in tmp_path.glob("*.parquet")) == receipt.bytes

    def dying():
        assert not (tmp_path / RECEIPT).exists()
        yield judged("c/c")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(tmp_path, "alpha", dying())
    assert read_receipt(tmp_path) is None
    assert [row["key"] for row in rows(tmp_path, "tracks")] == ["c/a", "c/b"]


def test_a_directory_may_have_any_name(tmp_path, judged):
    """Brackets, stars, quotes and line ends in the archive's place are no pattern and no SQL."""
    place = tmp_path / "a[b]*'?\n\"x"
    write_records(place, "alpha", [judged("c/a")])
    assert len(rows(place, "tracks")) == 1


def test_no_records_make_empty_tables(tmp_path):
    """A source that has nothing yet has all of its tables."""
    receipt = write_records(tmp_path, "alpha", [])
    assert {0} == {count for _, count in receipt.rows}


def test_long_statements_are_written_once(tmp_path, judged):
    """Many long texts beside many files are written once each: not gigabytes of them, in memory or on disk."""
    evidence = tuple(
        Evidence(kind=EvidenceKind.LICENCE_FILE, statement=f"{at}" + "x" * 60_000, where=f"{at}", capture="alpha/c/1")
        for at in range(120)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    receipt = write_records(tmp_path, "alpha", (judged(f"c/{at}", evidence=evidence) for at in range(90)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert dict(receipt.rows)["evidence"] == 120 * 90
    assert dict(receipt.rows)["statements"] == 120
    assert grown < 300_000  # KiB


def test_a_full_disk_is_told(tmp_path, judged):
    """The disk's refusal is a StorageError, and nothing half-written is left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    given = [full(judged, f"c/{number}") for number in range(2_000)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, hard))
    try:
        with pytest.raises(StorageError):
            write_records(tmp_path, "alpha", given)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_receipt(tmp_path) is None
    assert list(tmp_path.glob(".tmp-*")) == []


def test_a_context_shows_what_is_no_text(tmp_path):
    """A directory named in bytes that are no UTF-8 is shown escaped."""
    head = CaptureHead(
        id="alpha/c/1",
        source="alpha",
        collection="c\udcff",
        origin="/music/\udcff",
        captured_at="2026-01-02T03:04:05Z",
        facts=(("version", "1\udc80"),),
    )
    receipt = write_context(tmp_path, Context(captures=[head]))
    assert sorted(table.name for table in CONTEXT) == [name for name, _ in receipt.rows]
    assert rows(tmp_path, "captures")[0]["origin"] == r"/music/\udcff"
    assert rows(tmp_path, "capture_facts")[0]["value"] == r"1\udc80"
