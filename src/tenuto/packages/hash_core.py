"""The hashing itself, on few modules that load quickly, so that a process of its own starts hashing at once.

`serve` is such a process's whole work. Processes are used because hashing leaf by leaf holds the interpreter's lock
too often for threads to share it well.
"""

import os
import stat
from hashlib import sha1, sha256

TYPE_CHECKING = False  # typing, dataclasses, json and collections take 17 ms to load, 11 MB of hashing
if TYPE_CHECKING:
    from _hashlib import HASH
    from collections.abc import Iterable
    from concurrent.futures import Executor, Future
    from typing import BinaryIO

__all__ = ["LEAF", "Changed", "Hashes", "NotAFile", "hash_descriptor", "open_file", "serve"]

LEAF = 1 << 14
"""Bytes under one leaf of the Merkle tree, by BEP 52."""
_STEP = 1 << 18  # bytes that stay in the core's cache while three hashes pass over them
_BLOCK = 1 << 20  # bytes that one thread of several hashes at a time
_AHEAD = 4  # blocks read ahead of the slowest hash of a divided file
_HASH = 32  # bytes of a SHA-256 digest
_ZERO_LEAF = bytes(_HASH)
_ZEROS = memoryview(bytes(1 << 20))

Hashes = tuple[int, str, bytes, bytes, bytes, bytes]
"""The hashes of one file: what model/package.py's FileDigest describes, in its order."""
_Piece = tuple[bytes, bytes, bytes]
"""SHA-1 of one piece, padded and as it is, and its row of the Merkle tree: its root, or the leaves of a cut piece."""


class Changed(Exception):  # noqa: N818 - a fact about a file
    """The file changed while it was read."""


class NotAFile(Exception):  # noqa: N818 - a fact about a path
    """The path leads to no regular file."""


def open_file(path: bytes | os.PathLike[str]) -> int:
    """Open a file for reading without following a link or waiting for a FIFO."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def hash_descriptor(
    descriptor: int, piece_length: int, buffer: memoryview | None = None, pool: "Executor | None" = None
) -> Hashes:
    """Hash an open file in one read, by way of `buffer`, or its blocks divided among `pool`'s threads.

    Raises NotAFile, Changed, OSError.
    """
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise NotAFile
    size = before.st_size
    if pool is None or size <= LEAF:
        whole, pieces = _hash_in_turn(descriptor, size, piece_length, buffer or _buffer())
    else:
        whole, pieces = _hash_side_by_side(descriptor, size, piece_length, pool)
    after = os.fstat(descriptor)
    if (size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Changed
    layer, root = _tree(b"".join(row for _, _, row in pieces), size, piece_length) if size else (b"", b"")
    padded = b"".join(padded for padded, _, _ in pieces)
    return size, whole, padded, pieces[-1][1] if pieces else b"", root, layer


def _buffer() -> memoryview:
    """Make room for what is read at a time: once for many files, because the kernel clears new memory page by page."""
    return memoryview(bytearray(_STEP))


def _hash_in_turn(descriptor: int, size: int, piece_length: int, buffer: memoryview) -> tuple[str, list[_Piece]]:
    if size <= LEAF:
        return _hash_leaf(_read(descriptor, buffer[:size], 0), piece_length)
    whole, pieces, step = sha256(), [], min(len(buffer), piece_length)
    for start in range(0, size, piece_length):
        end = min(start + piece_length, size)
        views = (_read(descriptor, buffer[: min(step, end - at)], at) for at in range(start, end, step))
        pieces.append(_hash_piece(views, piece_length, whole))
    return whole.hexdigest(), pieces


def _hash_leaf(view: memoryview, piece_length: int) -> tuple[str, list[_Piece]]:
    """Hash a file of one leaf: its SHA-256 is its Merkle root too."""
    whole = sha256(view)
    if not view:
        return whole.hexdigest(), []
    state = sha1(view, usedforsecurity=False)
    return whole.hexdigest(), [_finished(state, whole.digest(), len(view), piece_length)]


def _hash_side_by_side(descriptor: int, size: int, piece_length: int, pool: "Executor") -> tuple[str, list[_Piece]]:
    """Hash a large file: this thread does the sequential SHA-256, the pool's threads pieces and leaves."""
    step = max(_BLOCK, piece_length)
    whole, pieces = sha256(), []
    pending: list[Future[list[_Piece]]] = []
    for offset in range(0, size, step):
        view = _read(descriptor, memoryview(bytearray(min(step, size - offset))), offset)
        pending.append(pool.submit(_hash_block, view, piece_length))
        whole.update(view)
        if len(pending) > _AHEAD:
            pieces += pending.pop(0).result()
    for future in pending:
        pieces += future.result()
    return whole.hexdigest(), pieces


def _hash_block(view: memoryview, piece_length: int) -> list[_Piece]:
    return [_hash_piece([view[at : at + piece_length]], piece_length) for at in range(0, len(view), piece_length)]


def _read(descriptor: int, view: memoryview, offset: int) -> memoryview:
    """Fill `view` from `offset` on; raises Changed where the file ends before."""
    filled = 0
    while filled < len(view):
        count = os.preadv(descriptor, [view[filled:]], offset + filled)
        if count == 0:
            raise Changed
        filled += count
    return view


def _hash_piece(views: "Iterable[memoryview]", piece_length: int, whole: "HASH | None" = None) -> _Piece:
    """Hash the parts of one piece while each is in the core's cache, into `whole` too where it is given."""
    state, leaves, length = sha1(usedforsecurity=False), [], 0
    for view in views:
        if whole is not None:
            whole.update(view)
        state.update(view)
        leaves += [sha256(view[at : at + LEAF]).digest() for at in range(0, len(view), LEAF)]
        length += len(view)
    return _finished(state, b"".join(leaves), length, piece_length)


def _finished(state: "HASH", leaves: bytes, length: int, piece_length: int) -> _Piece:
    tail = state.digest()
    if length == piece_length:
        return tail, tail, _merkle(leaves, _ZERO_LEAF)
    for at in range(length, piece_length, len(_ZEROS)):
        state.update(_ZEROS[: piece_length - at])
    return state.digest(), tail, leaves


def _merkle(row: bytes, pad: bytes) -> bytes:
    """Root over a row of 32-byte hashes, filled up with `pad` to a power of two."""
    while len(row) > _HASH:
        if len(row) % 64:
            row += pad
        row = b"".join([sha256(row[at : at + 64]).digest() for at in range(0, len(row), 64)])
        pad = sha256(pad + pad).digest()
    return row


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


def serve(piece_length: int, requests: "Iterable[bytes]", answers: "BinaryIO") -> None:
    """Answer each path, in hexadecimal a line, with its hashes or what stood in the way, a line of words."""
    buffer = _buffer()
    for line in requests:
        words = _answer(bytes.fromhex(line.decode()), piece_length, buffer)
        answers.write(" ".join(words).encode() + b"\n")
        answers.flush()


def _answer(path: bytes, piece_length: int, buffer: memoryview) -> list[str]:
    try:
        descriptor = open_file(path)
        try:
            size, whole, *binary = hash_descriptor(descriptor, piece_length, buffer)
        finally:
            os.close(descriptor)
    except OSError as error:
        return ["OSError", str(error.errno)]
    except (NotAFile, Changed) as error:
        return [type(error).__name__]
    return ["Hashes", str(size), whole, *(part.hex() for part in binary)]
