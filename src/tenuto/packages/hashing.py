"""Every hash of a file from one read: SHA-256, v1 pieces (BEP 3, BEP 47) and the v2 Merkle tree (BEP 52)."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha1, sha256
from itertools import islice
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import IntegrityError, UsageError
from tenuto.model.ids import Sha256
from tenuto.model.package import FileDigest

__all__ = ["LEAF", "MAX_PIECE", "MIN_PIECE", "digest_file", "digest_many", "piece_length_for"]

LEAF = 1 << 14
"""Bytes under one leaf of the Merkle tree, by BEP 52."""
MIN_PIECE = LEAF
MAX_PIECE = 1 << 24
_BLOCK = 1 << 20  # a block stays in the core's cache while three hashes pass over it
_SPLIT = 32 << 20  # files from this size on are hashed by several threads at once
_AHEAD = 4  # blocks read ahead of the slowest hash of a split file
_PIECES_WANTED = 8192
_HASH = 32  # bytes of a SHA-256 digest
_ZERO_LEAF = bytes(_HASH)
_ZEROS = memoryview(bytes(1 << 20))


@dataclass(frozen=True, slots=True)
class _Block:
    """The hashes of one block: SHA-1 of its pieces, of its unpadded tail, and its row of the Merkle tree."""

    pieces: bytes
    tail: bytes
    row: bytes


def piece_length_for(size: int) -> int:
    """Choose a piece length for `size` bytes: the least power of two from 64 KiB to 4 MiB that gives ≤ 8192 pieces."""
    length = 1 << 16
    while length < 1 << 22 and size > length * _PIECES_WANTED:
        length <<= 1
    return length


def digest_file(source: Path | int, piece_length: int) -> FileDigest:
    """Hash one file, given by path (no symlink is followed) or by open descriptor, in one read.

    Raises IntegrityError where the file changes meanwhile or is no regular file, StorageError where it cannot be read.
    """
    _check_piece_length(piece_length)
    return _digest(source, piece_length, None)


def digest_many(paths: Iterable[Path], piece_length: int, workers: int = 2) -> Iterator[FileDigest]:
    """Hash files on `workers` cores, in the order given; memory stays bounded whatever their number and size."""
    _check_piece_length(piece_length)
    with ThreadPoolExecutor(workers) as blocks, ThreadPoolExecutor(workers) as files:
        yield from _in_order(files, (partial(_digest, path, piece_length, blocks) for path in paths), workers)


def _in_order(pool: Executor, tasks: Iterable[Callable[[], FileDigest]], workers: int) -> Iterator[FileDigest]:
    tasks = iter(tasks)
    waiting = deque(pool.submit(task) for task in islice(tasks, workers * 8))
    try:
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(task) for task in islice(tasks, 1))
    finally:
        for future in waiting:
            future.cancel()


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
    with storage(source):
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _digest(source: Path | int, piece_length: int, pool: Executor | None) -> FileDigest:
    with _opened(source) as descriptor, storage(Path(f"descriptor {source}") if isinstance(source, int) else source):
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise IntegrityError(f"{source} is no regular file", code="not-a-file")
        whole, blocks = _hash_blocks(descriptor, before.st_size, piece_length, pool)
        after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise IntegrityError(f"{source} changed while it was read", code="changed-while-read")
    return _file_digest(before.st_size, piece_length, whole, blocks)


def _hash_blocks(descriptor: int, size: int, piece_length: int, pool: Executor | None) -> tuple[str, list[_Block]]:
    if size <= LEAF:
        return _hash_leaf(_read(descriptor, memoryview(bytearray(size)), 0), piece_length)
    if pool is None or size < _SPLIT:
        return _hash_in_turn(descriptor, size, piece_length)
    return _hash_side_by_side(descriptor, size, piece_length, pool)


def _hash_leaf(view: memoryview, piece_length: int) -> tuple[str, list[_Block]]:
    """Hash a file of one leaf: its SHA-256 is its Merkle root too."""
    whole = sha256(view)
    pieces, tail = _sha1_pieces(view, piece_length)
    return whole.hexdigest(), [_Block(pieces, tail, whole.digest())] if view else []


def _hash_in_turn(descriptor: int, size: int, piece_length: int) -> tuple[str, list[_Block]]:
    step = max(_BLOCK, piece_length)
    whole, blocks = sha256(), []
    buffer = memoryview(bytearray(min(step, size)))
    for offset in range(0, size, step):
        view = _read(descriptor, buffer[: size - offset], offset)
        whole.update(view)
        blocks.append(_hash_block(view, piece_length))
    return whole.hexdigest(), blocks


def _hash_side_by_side(descriptor: int, size: int, piece_length: int, pool: Executor) -> tuple[str, list[_Block]]:
    """Hash a large file: this thread does the sequential SHA-256, the pool's threads pieces and leaves."""
    step = max(_BLOCK, piece_length)
    whole, blocks = sha256(), []
    pending: deque[Future[_Block]] = deque()
    for offset in range(0, size, step):
        view = _read(descriptor, memoryview(bytearray(min(step, size - offset))), offset)
        pending.append(pool.submit(_hash_block, view, piece_length))
        whole.update(view)
        if len(pending) > _AHEAD:
            blocks.append(pending.popleft().result())
    blocks.extend(future.result() for future in pending)
    return whole.hexdigest(), blocks


def _read(descriptor: int, view: memoryview, offset: int) -> memoryview:
    """Fill `view` from `offset` on; raises IntegrityError where the file ends before."""
    filled = 0
    while filled < len(view):
        count = os.preadv(descriptor, [view[filled:]], offset + filled)
        if count == 0:
            raise IntegrityError("a file became shorter while it was read", code="changed-while-read")
        filled += count
    return view


def _hash_block(view: memoryview, piece_length: int) -> _Block:
    pieces, tail = _sha1_pieces(view, piece_length)
    leaves = b"".join([sha256(view[at : at + LEAF]).digest() for at in range(0, len(view), LEAF)])
    per_piece = piece_length // LEAF * 32
    whole_pieces = len(view) // piece_length * per_piece
    row = b"".join(_merkle(leaves[at : at + per_piece], _ZERO_LEAF) for at in range(0, whole_pieces, per_piece))
    return _Block(pieces, tail, row + leaves[whole_pieces:])


def _sha1_pieces(view: memoryview, piece_length: int) -> tuple[bytes, bytes]:
    """SHA-1 of each piece, the last one zero-padded, and of the last one as it is."""
    digests = [
        sha1(view[at : at + piece_length], usedforsecurity=False).digest()
        for at in range(0, len(view) - piece_length + 1, piece_length)
    ]
    rest = len(view) % piece_length
    if not rest:
        return b"".join(digests), digests[-1] if digests else b""
    state = sha1(view[len(view) - rest :], usedforsecurity=False)
    tail = state.digest()
    for at in range(rest, piece_length, len(_ZEROS)):
        state.update(_ZEROS[: piece_length - at])
    return b"".join(digests) + state.digest(), tail


def _merkle(row: bytes, pad: bytes) -> bytes:
    """Root over a row of 32-byte hashes, filled up with `pad` to a power of two."""
    while len(row) > _HASH:
        if len(row) % 64:
            row += pad
        row = b"".join([sha256(row[at : at + 64]).digest() for at in range(0, len(row), 64)])
        pad = sha256(pad + pad).digest()
    return row


def _file_digest(size: int, piece_length: int, whole: str, blocks: list[_Block]) -> FileDigest:
    row = b"".join(block.row for block in blocks)
    layer, root = _tree(row, size, piece_length) if size else (b"", b"")
    return FileDigest(
        size=size,
        sha256=Sha256(whole),
        sha1_pieces=b"".join(block.pieces for block in blocks),
        sha1_tail=blocks[-1].tail if blocks else b"",
        pieces_root=root,
        piece_layer=layer,
    )


def _tree(row: bytes, size: int, piece_length: int) -> tuple[bytes, bytes]:
    """Piece layer and root from piece hashes, followed by the leaves of a piece that is not whole."""
    if size <= piece_length:
        return b"", _merkle(row, _ZERO_LEAF)
    whole = size // piece_length * 32
    rest = row[whole:]
    full = piece_length // LEAF * 32
    last = _merkle(rest + bytes(full - len(rest)), _ZERO_LEAF) if rest else b""
    layer = row[:whole] + last
    return layer, _merkle(layer, _merkle(bytes(full), _ZERO_LEAF))
