"""Checking a folder's content against metainfo by our own hashing, v2 where it can and v1 where it must."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import TorrentError
from tenuto.torrents.merkle import HASH, LEAF, block_root
from tenuto.torrents.reading import MetaFile, Metainfo, read_metainfo

__all__ = ["ContentReport", "misfits", "verify_torrent"]

_SHA1 = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReport:
    """What differs between content and metainfo."""

    pieces: int
    """Pieces checked."""
    bad_pieces: tuple[int, ...]
    """Indices in the byte stream of pieces whose hash differs."""
    bad_files: tuple[str, ...]
    """Paths that are missing, of another size, or no regular file."""

    @property
    def valid(self) -> bool:
        """Whether every byte is as the metainfo says."""
        return not self.bad_pieces and not self.bad_files


def verify_torrent(metainfo: bytes, bag: Path) -> ContentReport:
    """Check a bag's directory (or the one file) piece by piece; raises TorrentError for bad metainfo."""
    told = read_metainfo(metainfo)
    bad_files = misfits(told, bag)
    if bad_files:
        return ContentReport(pieces=0, bad_pieces=(), bad_files=bad_files)
    checks = list(_v1_checks(told, bag) if told.pieces else _v2_checks(told, bag))
    if told.pieces and told.infohash_v2:
        checks.extend(_v2_checks(told, bag))
    return ContentReport(
        pieces=len({index for index, _ in checks}),
        bad_pieces=tuple(sorted({index for index, good in checks if not good})),
        bad_files=(),
    )


def misfits(told: Metainfo, bag: Path) -> tuple[str, ...]:
    """Name the files that are missing, no regular file, or of another size than the metainfo says."""
    return tuple("/".join(file.path) for file in told.files if not file.pad and not _fits(bag, told, file))


def _place(bag: Path, told: Metainfo, file: MetaFile) -> Path:
    return bag if told.single and bag.is_file() else bag.joinpath(*file.path)


def _fits(bag: Path, told: Metainfo, file: MetaFile) -> bool:
    try:
        facts = os.lstat(_place(bag, told, file))
    except OSError:
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size == file.size


def _v1_checks(told: Metainfo, bag: Path) -> Iterator[tuple[int, bool]]:
    for index, content in enumerate(_stream(told, bag)):
        stated = told.pieces[index * _SHA1 : (index + 1) * _SHA1]
        yield index, sha1(content, usedforsecurity=False).digest() == stated


def _stream(told: Metainfo, bag: Path) -> Iterator[bytes]:
    """Cut the v1 byte stream into pieces; one piece is held at a time."""
    piece = bytearray()
    for file in told.files:
        for block in _blocks(told, bag, file):
            piece += block
            while len(piece) >= told.piece_length:
                yield bytes(piece[: told.piece_length])
                del piece[: told.piece_length]
    if piece:
        yield bytes(piece)


def _blocks(told: Metainfo, bag: Path, file: MetaFile) -> Iterator[bytes]:
    step = told.piece_length
    if file.pad:
        yield from (bytes(min(step, file.size - at)) for at in range(0, file.size, step))
        return
    path = _place(bag, told, file)
    with storage(path), os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
        for at in range(0, file.size, step):
            block = stream.read(min(step, file.size - at))
            if len(block) != min(step, file.size - at):
                raise TorrentError(f"{path} became shorter while it was read", code="content-changed")
            yield block


def _v2_checks(told: Metainfo, bag: Path) -> Iterator[tuple[int, bool]]:
    layers = dict(told.layers)
    for file in told.files:
        if file.pad or not file.size:
            continue
        layer = layers.get(file.pieces_root, b"")
        first = file.offset // told.piece_length
        for number, content in enumerate(_blocks(told, bag, file)):
            stated = layer[number * HASH : (number + 1) * HASH] or file.pieces_root
            leaves = told.piece_length // LEAF if layer else 1
            yield first + number, block_root(content, leaves) == stated
