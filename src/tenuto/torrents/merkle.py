"""Merkle trees of BEP 52, by the book: what readers and verifiers check with, apart from the code that makes bags."""

from hashlib import sha256

__all__ = ["HASH", "LEAF", "block_root", "layer_root", "zero_root"]

LEAF = 1 << 14
"""Bytes under one leaf."""
HASH = 32
"""Bytes of one hash."""


def zero_root(leaves: int) -> bytes:
    """Root over `leaves` (a power of two) leaves beyond a file's end, which are 32 zero bytes each."""
    node = bytes(HASH)
    while leaves > 1:
        node, leaves = sha256(node + node).digest(), leaves // 2
    return node


def layer_root(layer: bytes, pad: bytes) -> bytes:
    """Root over one row of the tree, filled up with `pad` to a power of two."""
    row = [layer[at : at + HASH] for at in range(0, len(layer), HASH)]
    while len(row) > 1:
        row += [pad] * (len(row) % 2)
        row = [sha256(left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
        pad = sha256(pad + pad).digest()
    return row[0]


def block_root(content: bytes | memoryview, leaves: int = 1) -> bytes:
    """Root over the leaves of `content` (not empty), with zero leaves up to at least `leaves`, a power of two."""
    row = [sha256(content[at : at + LEAF]).digest() for at in range(0, len(content), LEAF)]
    row += [bytes(HASH)] * (leaves - len(row))
    return layer_root(b"".join(row), bytes(HASH))
