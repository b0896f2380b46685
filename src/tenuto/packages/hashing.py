"""Every hash of a file from one read: SHA-256, v1 pieces (BEP 3, BEP 47) and the v2 Merkle tree (BEP 52)."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import IntegrityError, UsageError
from tenuto.model.ids import Sha256
from tenuto.model.package import FileDigest
from tenuto.packages.hash_core import LEAF, Changed, Hashes, NotAFile, hash_descriptor, open_file
from tenuto.packages.hash_processes import hash_in_processes

__all__ = ["LEAF", "MAX_PIECE", "MIN_PIECE", "digest_file", "digest_many", "piece_length_for"]

MIN_PIECE = LEAF
MAX_PIECE = 1 << 24
_ALONE = 16 << 20  # bytes from which on processes are worth their start
_EACH = 1 << 15  # bytes that are hashed while a file is opened and closed
_DIVIDE = 256 << 20  # files from this size on are hashed by several threads at once
_PIECES_WANTED = 8192


def piece_length_for(size: int) -> int:
    """Choose a piece length for `size` bytes: the least power of two from 64 KiB to 4 MiB that gives ≤ 8192 pieces."""
    length = 1 << 16
    while length < 1 << 22 and size > length * _PIECES_WANTED:
        length <<= 1
    return length


def digest_file(source: Path | int, piece_length: int, workers: int = 1) -> FileDigest:
    """Hash one file, given by path (no symlink is followed) or by open descriptor, in one read.

    Raises IntegrityError where the file changes meanwhile or is no regular file, StorageError where it cannot be read.
    """
    _check_piece_length(piece_length)
    with _explained(source), _opened(source) as descriptor:
        if workers == 1:
            return _file_digest(hash_descriptor(descriptor, piece_length))
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - slow to load, and few files are so large

        with ThreadPoolExecutor(workers) as pool:
            return _file_digest(hash_descriptor(descriptor, piece_length, pool=pool))


def digest_many(paths: Iterable[Path], piece_length: int, workers: int = 2) -> Iterator[FileDigest]:
    """Hash files on `workers` cores, in the order given; memory stays bounded whatever their number and size."""
    _check_piece_length(piece_length)
    paths = iter(paths)
    few, effort = [], 0
    while effort < _ALONE and (path := next(paths, None)):
        few.append(path)
        effort += _size(path) + _EACH
    if effort < _ALONE:
        yield from (digest_file(path, piece_length) for path in few)
    else:
        yield from _side_by_side(chain(few, paths), piece_length, workers)


def _side_by_side(paths: Iterable[Path], piece_length: int, workers: int) -> Iterator[FileDigest]:
    """Leave files to processes, but divide a large one among threads here, lest one process be left with it."""
    with hash_in_processes(piece_length, workers) as processes:
        for path, found in processes.answers(paths, _is_large):
            with _explained(path):
                yield digest_file(path, piece_length, workers) if found is None else _file_digest(found())


def _is_large(path: Path) -> bool:
    return _size(path) >= _DIVIDE


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _check_piece_length(piece_length: int) -> None:
    if not MIN_PIECE <= piece_length <= MAX_PIECE or piece_length & (piece_length - 1):
        raise UsageError(
            f"{piece_length} is no piece length",
            hint="Give a power of two from 16384 to 16777216.",
            code="piece-length",
        )


@contextmanager
def _opened(source: Path | int) -> Iterator[int]:
    if isinstance(source, int):
        yield source
        return
    descriptor = open_file(source)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _explained(source: Path | int) -> Iterator[None]:
    path = Path(f"descriptor {source}") if isinstance(source, int) else source
    try:
        with storage(path):
            yield
    except NotAFile as error:
        raise IntegrityError(f"{path} is no regular file", code="not-a-file") from error
    except Changed as error:
        raise IntegrityError(f"{path} changed while it was read", code="changed-while-read") from error


def _file_digest(found: Hashes) -> FileDigest:
    size, sha256, sha1_pieces, sha1_tail, pieces_root, piece_layer = found
    return FileDigest(
        size=size,
        sha256=Sha256(sha256),
        sha1_pieces=sha1_pieces,
        sha1_tail=sha1_tail,
        pieces_root=pieces_root,
        piece_layer=piece_layer,
    )
