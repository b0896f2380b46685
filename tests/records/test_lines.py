"""Dumps as lines: every compression, every kind of damage, in bounded chunks."""

import bz2
import gzip
import io
import lzma
import resource
import tarfile

import pyarrow as pa
import pytest

from tenuto.model.errors import SourceError
from tenuto.records.lines import Dump

LINES = [f'{{"id":"{at}","title":"Étude {at}"}}' for at in range(500)]
CONTENT = "\n".join(LINES).encode()


def tar(content, name="mbdump/release"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for member, inside in (("TIMESTAMP", b"2026"), ("COPYING", b"CC0"), (name, content), ("LAST", b"1")):
            info = tarfile.TarInfo(member)
            info.size = len(inside)
            archive.addfile(info, io.BytesIO(inside))
    return stream.getvalue()


def read(path, chunk_bytes=1 << 20):
    """Give number and text of every line, the bad lines, and the dump."""
    dump = Dump(path, chunk_bytes)
    chunks = list(dump.chunks())
    pairs = [pair for chunk in chunks for pair in zip(*chunk.table.to_pydict().values(), strict=True)]
    lines = [(number, text and text.rstrip("\n")) for number, text in pairs]
    return lines, [bad for chunk in chunks for bad in chunk.bad], dump


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("release.jsonl", bytes),
        ("release.jsonl.gz", gzip.compress),
        ("release.jsonl.bz2", bz2.compress),
        ("release.jsonl.xz", lzma.compress),
        ("release.jsonl.zst", lambda content: pa.compress(content, "zstd", asbytes=True)),
        ("release.tar", tar),
        ("release.tar.xz", lambda content: lzma.compress(tar(content))),
        ("release.tar.gz", lambda content: gzip.compress(tar(content))),
    ],
)
def test_every_compression_gives_the_same_lines(tmp_path, name, pack):
    """Whatever a dump is packed with, its lines, their numbers and the digest of the file are right."""
    path = tmp_path / name
    path.write_bytes(pack(CONTENT))
    lines, bad, dump = read(path, chunk_bytes=2_000)
    assert lines == list(enumerate(LINES, 1))
    assert (bad, dump.fault) == ([], None)
    assert dump.read == path.stat().st_size
    with path.open("rb") as stream:
        import hashlib

        assert dump.sha256 == hashlib.file_digest(stream, "sha256").hexdigest()


@pytest.mark.parametrize("pack", [lzma.compress, gzip.compress], ids=["xz", "gz"])
def test_a_dump_cut_in_the_middle_gives_its_good_part(tmp_path, pack):
    """M8: whole lines before the cut are given, the half one is not, and the fault names the place."""
    suffix = "xz" if pack is lzma.compress else "gz"
    path = tmp_path / f"release.jsonl.{suffix}"
    content = "\n".join(f'{{"id":"{at * 7919 % 10007}"}}' for at in range(40_000)).encode()
    path.write_bytes(pack(content)[:-2_000])
    lines, _, dump = read(path)
    assert 0 < len(lines) < 40_000
    assert "\n".join(text for _, text in lines) == content.decode()[: sum(len(text) + 1 for _, text in lines) - 1]
    assert dump.fault is not None
    assert dump.fault.code == "dump-cut"


def test_a_line_that_is_no_utf8_is_null_and_named(tmp_path):
    """M5, M8: the others are read, before and after."""
    path = tmp_path / "release.jsonl"
    path.write_bytes(b'{"id":"1"}\n{"id":"\xff"}\n{"id":"3"}\n')
    lines, bad, _ = read(path)
    assert lines == [(1, '{"id":"1"}'), (2, None), (3, '{"id":"3"}')]
    assert [(one.line, one.code) for one in bad] == [(2, "line-encoding")]


def test_a_line_of_gigabytes_never_fills_the_memory(tmp_path):
    """M8: it is dropped as it comes, and named; the lines before and behind it are read."""
    path = tmp_path / "release.jsonl.xz"
    with lzma.open(path, "wb", preset=0) as stream:
        stream.write(b'{"id":"1"}\n')
        for _ in range(1_100):
            stream.write(b"x" * (1 << 20))
        stream.write(b'\n{"id":"3"}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines, bad, dump = read(path)
    assert lines == [(1, '{"id":"1"}'), (2, None), (3, '{"id":"3"}')]
    assert [(one.line, one.code) for one in bad] == [(2, "line-too-long")]
    assert dump.fault is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 << 10


def test_the_last_line_may_be_too_long_and_lack_its_end(tmp_path):
    """It is dropped and named like any other."""
    path = tmp_path / "release.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b'{"id":"1"}\n' + b"x" * (70 << 20))
    lines, bad, _ = read(path)
    assert lines == [(1, '{"id":"1"}'), (2, None)]
    assert [one.code for one in bad] == ["line-too-long"]


def test_small_members_beside_the_lines_are_facts(tmp_path):
    """What stands before and behind the lines in an archive is known when they were read."""
    path = tmp_path / "release.tar"
    path.write_bytes(tar(CONTENT))
    _, _, dump = read(path)
    assert dump.facts == {"TIMESTAMP": "2026", "COPYING": "CC0", "LAST": "1"}


def test_an_archive_without_a_dump_is_refused(tmp_path):
    """A tar of something else is no dump."""
    path = tmp_path / "release.tar"
    path.write_bytes(tar(CONTENT, "other/release"))
    with pytest.raises(SourceError, match="no member below mbdump/"):
        read(path)


def test_empty_files_have_no_lines(tmp_path):
    """Nothing gives nothing."""
    path = tmp_path / "release.jsonl"
    path.write_bytes(b"")
    assert read(path)[:2] == ([], [])


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    """What some editors put in front of UTF-8 takes no document away."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b'{"id":"1"}\n{"id":"2"}\n')
    (chunk,) = Dump(path).chunks()
    assert chunk.table["text"].to_pylist() == ['{"id":"1"}\n', '{"id":"2"}\n']


def test_lines_without_end_come_in_chunks(tmp_path):
    """Millions of empty lines are never in memory at once, and all are counted."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\n" * 2_500_000)
    sizes = [chunk.lines for chunk in Dump(path, 1 << 30).chunks()]
    assert sum(sizes) == 2_500_000
    assert max(sizes) <= 2 << 20
    assert len(sizes) > 1
