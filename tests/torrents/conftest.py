"""Bags for torrents, made by hand: hashes by the plainest reading, no other stage of ours imported."""

import hashlib
import os
import random
from pathlib import Path

import pytest

from tenuto.model.ids import Sha256, TrackId
from tenuto.model.package import BagFile, BagReceipt, FileDigest

LEAF = 16384


def _root(row, pad):
    """Root of a tree over a row of hashes, filled up with `pad`."""
    while len(row) & (len(row) - 1):
        row = [*row, pad]
    while len(row) > 1:
        row = [hashlib.sha256(left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _tree(content, piece_length):
    leaves = [hashlib.sha256(content[at : at + LEAF]).digest() for at in range(0, len(content), LEAF)]
    if len(content) <= piece_length:
        return (_root(leaves, bytes(32)) if leaves else b""), []
    width = piece_length // LEAF
    leaves += [bytes(32)] * (-len(leaves) % width)
    layer = [_root(leaves[at : at + width], bytes(32)) for at in range(0, len(leaves), width)]
    return _root(layer, _root([bytes(32)] * width, bytes(32))), layer


def digest(content, piece_length):
    """Hash a file's bytes as the packages stage would."""
    pieces = [content[at : at + piece_length] for at in range(0, len(content), piece_length)]
    root, layer = _tree(content, piece_length)
    return FileDigest(
        size=len(content),
        sha256=Sha256(hashlib.sha256(content).hexdigest()),
        sha1_pieces=b"".join(_sha1(piece.ljust(piece_length, b"\0")) for piece in pieces),
        sha1_tail=_sha1(pieces[-1]) if pieces else b"",
        pieces_root=root,
        piece_layer=b"".join(layer),
    )


def _sha1(content):
    return hashlib.sha1(content, usedforsecurity=False).digest()


def receipt(files, piece_length=LEAF, name="bag"):
    """Make a receipt from path → bytes."""
    made = tuple(
        BagFile(path=path, digest=digest(content, piece_length), track_ids=(TrackId(f"tr-{path}"),))
        for path, content in sorted(files.items())
    )
    return BagReceipt(name=name, piece_length=piece_length, files=made)


def lay_out(root, files, name="bag"):
    """Write the files of a bag and return its folder."""
    for path, content in files.items():
        place = root / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return root / name


FILES = {
    "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    "data/Ada/First/01 One.ogg": random.Random(1).randbytes(100_000),  # noqa: S311 - reproducible
    "data/Ada/First/02 Two.ogg": random.Random(2).randbytes(16_384),  # noqa: S311 - reproducible
    "data/Ada B/Next/01 Drei.ogg": random.Random(3).randbytes(300_001),  # noqa: S311 - reproducible
}


@pytest.fixture
def files():
    """Give the files of a small valid bag, manifests included."""
    payload = {path: content for path, content in FILES.items() if path.startswith("data/")}
    manifest = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in payload.items())
    return {**FILES, "manifest-sha256.txt": manifest.encode()}


@pytest.fixture
def bag(tmp_path, files):
    """Write the small bag and return its folder."""
    return lay_out(tmp_path / "seeded", files)


@pytest.fixture(scope="session")
def make_receipt():
    """Make receipts from path → bytes."""
    return receipt


@pytest.fixture(scope="session")
def write_files():
    """Write path → bytes under a root."""
    return lay_out


@pytest.fixture
def shared_torrents():
    """Find the real torrents, or skip."""
    root = Path(os.environ.get("TENUTO_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "torrents"
    if not root.is_dir():
        pytest.skip(f"no sample torrents at {root}")
    return root
