"""hashing: every digest against a plain reading of the specifications."""

import hashlib
import os
import random

import pytest

from tenuto.model.errors import IntegrityError, PackageError, StorageError, UsageError
from tenuto.packages import hash_processes, hashing
from tenuto.packages.hash_core import Changed, _read
from tenuto.packages.hashing import digest_file, digest_many, piece_length_for

LEAF = 16384
SIZES = (
    0,
    1,
    5000,
    16383,
    16384,
    16385,
    32767,
    32768,
    32769,
    49152,
    65535,
    65536,
    65537,
    300_000,
    1_048_576,
    2_500_001,
)


def sha1(content):
    """Hash a piece."""
    return hashlib.sha1(content, usedforsecurity=False).digest()


def plain_root(hashes, pad):
    """Root of a tree over hashes, filled up with `pad` to a power of two."""
    width = 1
    while width < len(hashes):
        width *= 2
    row = hashes + [pad] * (width - len(hashes))
    while len(row) > 1:
        row = [hashlib.sha256(row[at] + row[at + 1]).digest() for at in range(0, len(row), 2)]
    return row[0]


def plain_tree(content, piece_length):
    """Root and piece layer, built from the bottom over the whole file."""
    leaves = [hashlib.sha256(content[at : at + LEAF]).digest() for at in range(0, len(content), LEAF)]
    if len(content) <= piece_length:
        return plain_root(leaves, bytes(32)), b""
    per_piece = piece_length // LEAF
    leaves += [bytes(32)] * (-len(leaves) % per_piece)
    layer = [plain_root(leaves[at : at + per_piece], bytes(32)) for at in range(0, len(leaves), per_piece)]
    return plain_root(layer, plain_root([bytes(32)] * per_piece, bytes(32))), b"".join(layer)


@pytest.mark.parametrize("piece_length", [16384, 32768, 262144, 2097152])
def test_every_hash_is_what_the_specifications_say(tmp_path, piece_length):
    """SHA-256, padded and unpadded SHA-1 pieces, root and layer agree with a plain reading, at every edge."""
    for size in SIZES:
        content = random.Random(size).randbytes(size)  # noqa: S311 - reproducible
        (tmp_path / "file").write_bytes(content)
        pieces = [content[at : at + piece_length] for at in range(0, size, piece_length)]
        root, layer = plain_tree(content, piece_length) if content else (b"", b"")

        digest = digest_file(tmp_path / "file", piece_length)

        assert size == digest.size
        assert hashlib.sha256(content).hexdigest() == digest.sha256
        assert b"".join(sha1(piece.ljust(piece_length, b"\0")) for piece in pieces) == digest.sha1_pieces
        assert (sha1(pieces[-1]) if pieces else b"") == digest.sha1_tail
        assert root == digest.pieces_root
        assert layer == digest.piece_layer


def test_a_large_file_is_divided_and_has_the_same_hashes(tmp_path):
    """A file hashed by several threads side by side equals itself hashed by one."""
    path = tmp_path / "large"
    block = random.Random(1).randbytes(1 << 20)  # noqa: S311 - reproducible
    path.write_bytes(block * 33 + block[:12345])
    for piece_length in (16384, 1 << 22):
        assert digest_file(path, piece_length) == digest_file(path, piece_length, workers=2)


@pytest.fixture
def at_once(monkeypatch):
    """Start processes at once, and divide files of a megabyte."""
    monkeypatch.setattr(hashing, "_ALONE", 0)
    monkeypatch.setattr(hashing, "_DIVIDE", 1 << 20)


@pytest.fixture
def many(tmp_path):
    """Make 150 files of falling size, two of them large, one with an odd name."""
    paths = [tmp_path / str(number) for number in range(149)] + [tmp_path / os.fsdecode(b'\xff\n"')]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * (1_200_000 if number in {0, 70} else (150 - number) * 400))
    return paths


def test_many_files_come_in_the_order_given(many, at_once):
    """The n-th digest is the n-th path's, whichever process finishes first."""
    assert [digest_file(path, 16384) for path in many] == list(digest_many(many, 16384))


def test_few_bytes_start_no_process(many, monkeypatch):
    """A small bag is hashed here, and equally."""
    expected = [digest_file(path, 16384) for path in many]
    monkeypatch.setattr(hash_processes.sys, "executable", "/nonexistent")
    assert expected == list(digest_many(many, 16384))
    monkeypatch.setattr(hashing, "_ALONE", 0)
    with pytest.raises(PackageError):
        list(digest_many(many, 16384))


def test_a_process_says_what_is_wrong_with_a_file(many, at_once, tmp_path):
    """A link, a folder and a missing file raise what they raise here."""
    many[100].unlink()
    many[100].symlink_to(many[101])
    for path, error in ((many[100], StorageError), (tmp_path / "none", StorageError), (tmp_path, IntegrityError)):
        with pytest.raises(error) as caught:
            list(digest_many([many[1], path, many[2]], 16384))
        assert str(path) in str(caught.value)


def test_a_process_that_is_killed_is_an_error(many, at_once):
    """Its files are not waited for."""
    with hash_processes.hash_in_processes(16384, 2) as processes:
        for process in processes._processes:
            process.kill()
            process.wait()
        with pytest.raises(PackageError):
            list(processes.answers(many, hashing._is_large))


@pytest.mark.parametrize(("alone", "most"), [(0, 100), (hashing._ALONE, 700)])
def test_paths_are_taken_as_they_are_needed(tmp_path, monkeypatch, alone, most):
    """A million paths are not queued before the first digest, however small the files are."""
    monkeypatch.setattr(hashing, "_ALONE", alone)
    (tmp_path / "file").write_bytes(b"x")
    taken = []

    def paths():
        for number in range(10_000):
            taken.append(number)
            yield tmp_path / "file"

    digests = digest_many(paths(), 16384)
    next(digests)
    next(digests)
    digests.close()
    assert len(taken) < most


def test_an_open_descriptor_is_hashed_and_left_open(tmp_path):
    """The bytes of the descriptor count, not what has the name meanwhile."""
    path = tmp_path / "file"
    path.write_bytes(b"first")
    with path.open("rb") as stream:
        path.rename(tmp_path / "other")
        path.write_bytes(b"second")
        assert hashlib.sha256(b"first").hexdigest() == digest_file(stream.fileno(), 16384).sha256
        assert stream.read() == b"first"


def test_only_regular_files_are_read(tmp_path):
    """A symlink, a FIFO and a folder raise, and nothing waits."""
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "fifo")
    for name, error in (
        ("link", StorageError),
        ("fifo", IntegrityError),
        (".", IntegrityError),
        ("none", StorageError),
    ):
        with pytest.raises(error):
            digest_file(tmp_path / name, 16384)


def test_a_file_cut_while_it_is_read_is_noticed(tmp_path):
    """A file shorter than its size said raises IntegrityError."""
    (tmp_path / "file").write_bytes(b"12345")
    with (tmp_path / "file").open("rb") as stream, pytest.raises(Changed):
        _read(stream.fileno(), memoryview(bytearray(6)), 0)


@pytest.mark.parametrize("length", [0, 8192, 16385, 49152, 1 << 25])
def test_a_piece_length_is_a_power_of_two_in_range(tmp_path, length):
    """Anything else is refused before a file is opened."""
    with pytest.raises(UsageError):
        digest_file(tmp_path / "none", length)
    with pytest.raises(UsageError):
        list(digest_many([tmp_path / "none"], length))


def test_the_piece_length_grows_with_the_bag():
    """Small bags get small pieces, large ones at most 4 MiB."""
    cases = {0: 1 << 16, 1 << 29: 1 << 16, (1 << 29) + 1: 1 << 17, 4 << 30: 1 << 19, 1 << 50: 1 << 22}
    assert cases == {size: piece_length_for(size) for size in cases}
