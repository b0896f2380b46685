"""Listens: summed over chunks and files, a file counts once, and no user name is in anything that is written."""

import io
import json
import lzma
import tarfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.model.errors import SourceError
from tenuto.model.progress import Silent
from tenuto.records import dump_import, lines
from tenuto.records.dump_engine import DumpEngine
from tenuto.records.listens import import_listens
from tenuto.sources import dump_source

USERS = [f"unmistakable_listener_{at}" for at in range(50)]


def mbid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


def listens(first, last):
    """Write listens of recording 1, 2, 3 in turn by our users."""
    for at in range(first, last):
        user = USERS[at % 50]
        told = {"track_name": "a", "mbid_mapping": {"recording_mbid": mbid(at % 3)}, "additional_info": {user: user}}
        yield json.dumps({"user_name": user, "user_id": at, "listened_at": at, "track_metadata": told})


def file_of(path, first, last, extra=""):
    path.write_text("\n".join(listens(first, last)) + "\n" + extra, "utf-8")
    return path


def counts(root):
    rows = pq.read_table(root / "listens" / "popularity.parquet").to_pylist()
    return {row["id"]: row["listens"] for row in rows}


def take(root, path):
    return import_listens(root, dump_source("listenbrainz"), path, Silent())


def every_byte(root):
    """Give all that was written, Parquet also as its values."""
    for path in root.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
            if path.suffix == ".parquet":
                yield repr(pq.read_table(path).to_pylist()).encode()


@pytest.fixture
def small_chunks(monkeypatch):
    """Cut dumps into many chunks."""
    monkeypatch.setattr(dump_import, "_CHUNK", 4_000)
    monkeypatch.setattr(lines, "_PIECE", 4_000)
    monkeypatch.setattr(lines, "_BLOCK", 4_000)


@pytest.mark.usefixtures("small_chunks")
def test_counts_are_summed_over_chunks_and_files(tmp_path):
    """Two files of many chunks give the sum of both; the same file under another name adds nothing."""
    assert take(tmp_path / "out", file_of(tmp_path / "1.listens", 0, 300)).documents == 300
    assert counts(tmp_path / "out") == {mbid(0): 100, mbid(1): 100, mbid(2): 100}
    take(tmp_path / "out", file_of(tmp_path / "2.listens", 300, 361))
    assert counts(tmp_path / "out") == {mbid(0): 121, mbid(1): 120, mbid(2): 120}
    take(tmp_path / "out", file_of(tmp_path / "again.listens", 0, 300))
    assert counts(tmp_path / "out") == {mbid(0): 121, mbid(1): 120, mbid(2): 120}


class Killed(Exception):  # noqa: N818 - it plays a signal
    pass


class Killing(Silent):
    """Dies after some steps, as a killed run would."""

    def __init__(self, steps):
        self.steps = steps

    def advance(self, amount):  # noqa: ARG002 - as the interface has it
        self.steps -= 1
        if self.steps < 0:
            raise Killed


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("steps", [0, 3, 11])
def test_no_user_name_is_written_even_by_a_killed_run(tmp_path, steps):
    """Whatever a run leaves, finished or not, holds no listener; the next run gives the same counts."""
    path = file_of(tmp_path / "1.listens", 0, 300, "not json unmistakable_listener_7\n")
    out = tmp_path / "out"
    with pytest.raises(Killed):
        import_listens(out, dump_source("listenbrainz"), path, Killing(steps))
    assert not any(b"unmistakable" in content for content in every_byte(out))
    receipt = take(out, path)
    assert [(bad.line, bad.code) for bad in receipt.bad] == [(301, "line-json")]
    assert (receipt.documents, receipt.drift) == (300, ())
    assert counts(out) == {mbid(0): 100, mbid(1): 100, mbid(2): 100}
    assert not any(b"unmistakable" in content for content in every_byte(out))


def test_the_engine_never_spills_listens(tmp_path):
    """What does not fit in memory is an error, and no file."""
    source = dump_source("listenbrainz")
    engine = DumpEngine(source, source.entity_of("1.listens"), tmp_path)
    try:
        assert engine._duckdb.execute("SELECT current_setting('temp_directory')").fetchone() in {("",), (None,)}
    finally:
        engine.close()


@pytest.mark.parametrize("pack", ["xz", "zst", ""])
def test_a_dump_of_many_files_is_read_whole(tmp_path, pack):
    """Every `.listens` of an archive counts, also one that lacks its last line end; other members do not."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, text in (
            ("dump/COPYING", "CC0"),
            ("dump/listens/2025/1.listens", "\n".join(listens(0, 30))),
            ("dump/listens/2025/2.listens", ""),
            ("dump/listens/2025/3.listens", "\n".join(listens(30, 60)) + "\n"),
            ("dump/LAST", "not json"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    packed = {"xz": lzma.compress, "zst": lambda content: pa.compress(content, "zstd", asbytes=True), "": bytes}[pack]
    path = tmp_path / f"listenbrainz-listens-dump-1-20260101-000003-full.tar{'.' * bool(pack)}{pack}"
    path.write_bytes(packed(stream.getvalue()))
    receipt = take(tmp_path / "out", path)
    assert (receipt.documents, receipt.bad_lines) == (60, 0)
    assert counts(tmp_path / "out") == {mbid(0): 20, mbid(1): 20, mbid(2): 20}


def test_an_archive_without_listens_is_refused(tmp_path):
    """A dump of Parquet holds nothing that is read here."""
    path = tmp_path / "listenbrainz-spark-dump-1-full.tar"
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("dump/0.parquet"), io.BytesIO())
    with pytest.raises(SourceError, match="none with listens"):
        take(tmp_path / "out", path)
