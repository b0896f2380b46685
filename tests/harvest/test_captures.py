import gzip
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenuto.harvest.captures import capture_files, next_capture_id, read_capture, read_head, write_capture
from tenuto.model.audio import Failure, Probe
from tenuto.model.capture import Capture, CaptureHead, Document, Observation
from tenuto.model.errors import IntegrityError, StorageError, UsageError


def make(number=1, *, path="a.ogg", source="folder", collection="music"):
    head = CaptureHead(
        id=f"{source}/{collection}/{number:06d}",
        source=source,
        collection=collection,
        origin="/music",
        captured_at="2026-01-01T00:00:00Z",
        documents=(Document(path="LICENSE", text="CC0\n\x85\u2028", sha256="a" * 64),),
    )
    probe = Probe(container="ogg", codec="vorbis", duration_ms=1, sample_rate=1, channels=1, bit_rate=None)
    broken = Observation(path="b.ogg", size=0, failure=Failure(code="audio-empty", reason="no bytes"))
    return Capture(head=head, observations=(Observation(path=path, size=1, probe=probe), broken))


def read_captures(root):
    return [read_capture(file.path) for file in capture_files(root)]


def test_a_capture_comes_back_as_it_was(tmp_path):
    """Names that are no UTF-8 and odd line ends survive; the file is named after its bytes."""
    capture = make(path="\udcff\n\u202e.ogg")
    file = write_capture(tmp_path, capture)
    digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
    assert tmp_path / "folder" / "music" / f"000001-{digest}.jsonl.gz" == file.path
    assert (file.id, file.sha256) == (capture.head.id, digest)
    assert [file] == list(capture_files(tmp_path))
    assert [capture] == read_captures(tmp_path)
    assert capture.head == read_head(file.path)


def test_the_same_capture_has_the_same_bytes(tmp_path):
    """No clock and no name gets into the file."""
    first, second = write_capture(tmp_path / "1", make()), write_capture(tmp_path / "2", make())
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.path.read_bytes()[3:8] == bytes(5)  # RFC 1952: no name, no time
    assert first == write_capture(tmp_path / "1", make())


def test_captures_never_change(tmp_path):
    """A number that is taken is not taken again by other content."""
    write_capture(tmp_path, make())
    with pytest.raises(UsageError, match="exists already"):
        write_capture(tmp_path, make(path="other.ogg"))


def test_captures_are_read_in_the_order_of_their_ids(tmp_path):
    """Source, collection, number: whatever order they were written in; unfinished files are not looked at."""
    ids = [("folder", "b", 2), ("debian", "z", 1), ("folder", "b", 1), ("folder", "a", 10)]
    for source, collection, number in ids:
        write_capture(tmp_path, make(number, source=source, collection=collection))
    (tmp_path / "folder" / "a" / ".tmp-1-000011.jsonl.gz").write_bytes(b"half")
    found = [file.id for file in capture_files(tmp_path)]
    assert found == [
        "debian/z/000001",
        "folder/a/000010",
        "folder/b/000001",
        "folder/b/000002",
    ]
    assert next_capture_id(found, "folder", "a") == "folder/a/000011"
    assert next_capture_id(found, "folder", "new") == "folder/new/000001"


@pytest.mark.parametrize(
    "damage",
    [lambda raw: raw[:-1], lambda raw: raw[:30] + bytes((raw[30] ^ 1,)) + raw[31:], lambda _: b""],
    ids=["cut", "flipped", "emptied"],
)
def test_a_damaged_capture_is_named(tmp_path, damage):
    """One changed bit is enough."""
    path = write_capture(tmp_path, make()).path
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(IntegrityError, match=r"000001-.*\.jsonl\.gz is damaged"):
        read_captures(tmp_path)


@pytest.mark.parametrize("line", [b"{}", b"[" * 100_000, b'{"id":1}', b"\xff", b""], ids=range(5))
def test_a_file_with_the_right_digest_and_wrong_content_is_named(tmp_path, line):
    """M8: depth, wrong types and bad UTF-8 are one error that names the file."""
    content = gzip.compress(line, mtime=0)
    path = tmp_path / "folder" / "music" / f"000001-{hashlib.sha256(content).hexdigest()}.jsonl.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(IntegrityError, match="is no capture"):
        read_captures(tmp_path)


@pytest.mark.parametrize(
    "identity", ["folder/../000001", "/a/000001", "folder/a/1", "folder/.x/000001", "f/a/b/000001"]
)
def test_ids_that_could_leave_the_folder_are_refused(tmp_path, identity):
    """An id is a place under captures/, nothing else."""
    capture = make()
    head = CaptureHead(id=identity, source="folder", collection="x", origin="", captured_at="")
    with pytest.raises(UsageError, match="no capture id"):
        write_capture(tmp_path, Capture(head=head, observations=capture.observations))


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.binary(max_size=300).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
)
def test_any_collection_gets_a_place_of_its_own(tmp_path_factory, text, raw):
    """Whatever a collection is called, its id is valid, and no two names share one."""
    root = tmp_path_factory.mktemp("c")
    places = {next_capture_id((), "folder", name) for name in (text, raw)}
    assert len({text, raw}) == len(places)
    for place in places:
        write_capture(root, make(collection=place.split("/")[1]))


def test_a_disk_that_refuses_is_a_storage_error(tmp_path):
    """The operating system's refusal is told in our words."""
    (tmp_path / "folder").write_bytes(b"")
    with pytest.raises(StorageError):
        write_capture(tmp_path, make())
