"""The hashing itself, on the standard library alone, so that a process of its own starts at once with this file.

Run as a program (piece length as its argument) it reads a path a line, in JSON, and answers with its hashes a line.
Processes are used because hashing leaf by leaf holds the interpreter's lock too often for threads to share it well.
"""

import json
import os
import stat
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future  # slow to load, and a process of its own has no threads

__all__ = ["LEAF", "Changed", "Hash", "Hashes", "NotAFile", "hash_descriptor", "open_file", "serve"]

LEAF = 1 << 14
"""Bytes under one leaf of the Merkle tree, by BEP 52."""
_STEP = 1 << 19  # bytes that stay in the core's cache while three hashes pass over them
_BLOCK = 1 << 20  # bytes that one thread of several hashes at a time
_AHEAD = 4  # blocks read ahead of the slowest hash of a divided file
_HASH = 32  # bytes of a SHA-256 digest
_ZERO_LEAF = bytes(_HASH)
_ZEROS = memoryview(bytes(1 << 20))


class Changed(Exception):  # noqa: N818 - a fact about a file
    """The file changed while it was read."""


class NotAFile(Exception):  # noqa: N818 - a fact about a path
    """The path leads to no regular file."""


@dataclass(frozen=True, slots=True)
class Hashes:
    """The hashes of one file, as model/package.py's FileDigest describes them."""

    size: int
    sha256: str
    sha1_pieces: bytes
    sha1_tail: bytes
    pieces_root: bytes
    piece_layer: bytes


class Hash(Protocol):
    """What hashlib makes."""

    def update(self, content: memoryview, /) -> None:
        """Take more bytes in."""

    def digest(self) -> bytes:
        """Give the digest of the bytes so far."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The hashes of one piece: SHA-1 padded and as it is, and its row of the Merkle tree."""

    padded: bytes
    tail: bytes
    row: bytes
    """Root of the piece, or the leaves of one that is not whole."""


def open_file(path: str | os.PathLike[str]) -> int:
    """Open a file for reading without following a link or waiting for a FIFO."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def hash_descriptor(descriptor: int, piece_length: int, pool: "Executor | None" = None) -> Hashes:
    """Hash an open file in one read, its blocks divided among `pool`'s threads where one is given.

    Raises NotAFile, Changed, OSError.
    """
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise NotAFile
    size = before.st_size
    whole, pieces = _hash_pieces(descriptor, size, piece_length, pool)
    after = os.fstat(descriptor)
    if (size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Changed
    layer, root = _tree(b"".join(piece.row for piece in pieces), size, piece_length) if size else (b"", b"")
    padded = b"".join(piece.padded for piece in pieces)
    return Hashes(size, whole, padded, pieces[-1].tail if pieces else b"", root, layer)


def _hash_pieces(descriptor: int, size: int, piece_length: int, pool: "Executor | None") -> tuple[str, list[_Piece]]:
    if size <= LEAF:
        return _hash_leaf(_read(descriptor, memoryview(bytearray(size)), 0), piece_length)
    if pool is None:
        return _hash_in_turn(descriptor, size, piece_length)
    return _hash_side_by_side(descriptor, size, piece_length, pool)


def _hash_leaf(view: memoryview, piece_length: int) -> tuple[str, list[_Piece]]:
    """Hash a file of one leaf: its SHA-256 is its Merkle root too."""
    whole = sha256(view)
    if not view:
        return whole.hexdigest(), []
    state = sha1(view, usedforsecurity=False)
    return whole.hexdigest(), [_finished(state, whole.digest(), len(view), piece_length)]


def _hash_in_turn(descriptor: int, size: int, piece_length: int) -> tuple[str, list[_Piece]]:
    whole, pieces = sha256(), []
    buffer = memoryview(bytearray(min(_STEP, piece_length)))
    for start in range(0, size, piece_length):
        end = min(start + piece_length, size)
        views = (_read(descriptor, buffer[: end - at], at) for at in range(start, end, len(buffer)))
        pieces.append(_hash_piece(views, piece_length, whole))
    return whole.hexdigest(), pieces


def _hash_side_by_side(descriptor: int, size: int, piece_length: int, pool: "Executor") -> tuple[str, list[_Piece]]:
    """Hash a large file: this thread does the sequential SHA-256, the pool's threads pieces and leaves."""
    step = max(_BLOCK, piece_length)
    whole, pieces = sha256(), []
    pending: deque[Future[list[_Piece]]] = deque()
    for offset in range(0, size, step):
        view = _read(descriptor, memoryview(bytearray(min(step, size - offset))), offset)
        pending.append(pool.submit(_hash_block, view, piece_length))
        whole.update(view)
        if len(pending) > _AHEAD:
            pieces += pending.popleft().result()
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


def _hash_piece(views: Iterable[memoryview], piece_length: int, whole: Hash | None = None) -> _Piece:
    """Hash the parts of one piece while each is in the core's cache, into `whole` too where it is given."""
    state, leaves, length = sha1(usedforsecurity=False), [], 0
    for view in views:
        if whole is not None:
            whole.update(view)
        state.update(view)
        leaves += [sha256(view[at : at + LEAF]).digest() for at in range(0, len(view), LEAF)]
        length += len(view)
    return _finished(state, b"".join(leaves), length, piece_length)


def _finished(state: Hash, leaves: bytes, length: int, piece_length: int) -> _Piece:
    tail = state.digest()
    if length == piece_length:
        return _Piece(tail, tail, _merkle(leaves, _ZERO_LEAF))
    for at in range(length, piece_length, len(_ZEROS)):
        state.update(_ZEROS[: piece_length - at])
    return _Piece(state.digest(), tail, leaves)


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


def serve(piece_length: int, requests: Iterable[bytes], answers: BinaryIO) -> None:
    """Answer each path, a JSON string a line, with its hashes or what stood in the way, a JSON array a line."""
    for line in requests:
        answers.write(json.dumps(_answer(json.loads(line), piece_length)).encode() + b"\n")
        answers.flush()


def _answer(path: str, piece_length: int) -> list[object]:
    try:
        descriptor = open_file(path)
        try:
            found = hash_descriptor(descriptor, piece_length)
        finally:
            os.close(descriptor)
    except OSError as error:
        return ["OSError", error.errno]
    except (NotAFile, Changed) as error:
        return [type(error).__name__]
    binary = (found.sha1_pieces, found.sha1_tail, found.pieces_root, found.piece_layer)
    return ["Hashes", found.size, found.sha256, *(part.hex() for part in binary)]


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
