"""Reading metainfo that somebody else made: strict, in linear time, each refusal with its code (T1 to T6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha1, sha256
from typing import Any, cast

import libtorrent

from tenuto.torrents.bencode import Value, decode
from tenuto.torrents.file_lists import MetaFile, v1_files, v2_files
from tenuto.torrents.merkle import HASH, LEAF, layer_root, zero_root
from tenuto.torrents.paths import check_apart, checked_part, refusal

__all__ = ["MAX_SIZE", "MetaFile", "Metainfo", "read_metainfo"]

MAX_SIZE = 10_000_000
"""Bytes of a .torrent file."""
_MAX_PIECE = 1 << 27
_MAX_PIECES = 2_000_000
_SHA1 = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Metainfo:
    """What a .torrent file says, checked."""

    name: str
    piece_length: int
    files: tuple[MetaFile, ...]
    """In the order of the byte stream, pad files included."""
    single: bool
    """Whether the name is the one file's own, and no folder's."""
    pieces: bytes
    """SHA-1 of each v1 piece, 20 bytes each; empty where the torrent is v2 only."""
    layers: tuple[tuple[bytes, bytes], ...]
    """Pieces root and piece layer of each file longer than a piece."""
    infohash_v1: str
    infohash_v2: str
    """Hexadecimal; empty where the torrent does not speak that version."""
    trackers: tuple[tuple[str, ...], ...]
    web_seeds: tuple[str, ...]
    private: bool


def read_metainfo(content: bytes) -> Metainfo:
    """Read a .torrent file's bytes; raises TorrentError with a code for each kind of fault."""
    if len(content) > MAX_SIZE:
        raise refusal("too-large", f"{len(content)} bytes are more than a .torrent file should have")
    top = _table(decode(content), "the whole")
    info = _table(top.get(b"info"), "info")
    piece_length = _piece_length(info)
    name = checked_part(info.get(b"name"))
    first, second = v1_files(info, name, piece_length), v2_files(info)
    if first is None and second is None:
        raise refusal("no-files", "it lists no files")
    layers = _layers(top, second, piece_length)
    files = _joined(first, second, piece_length)
    check_apart(file.path for file in files if not file.pad)
    raw = libtorrent.bencode(cast("Any", info))
    return Metainfo(
        name=name,
        piece_length=piece_length,
        files=files,
        single=len(files) == 1 and files[0].path == (name,) and b"files" not in info,
        pieces=_pieces(info, first, piece_length),
        layers=layers,
        infohash_v1="" if first is None else sha1(raw, usedforsecurity=False).hexdigest(),
        infohash_v2="" if second is None else sha256(raw).hexdigest(),
        trackers=_trackers(top),
        web_seeds=_urls(top.get(b"url-list", [])),
        private=info.get(b"private", 0) != 0,
    )


def _table(value: Value | None, what: str) -> dict[bytes, Value]:
    if not isinstance(value, dict):
        raise refusal("shape", f"{what} is no dictionary")
    return value


def _piece_length(info: dict[bytes, Value]) -> int:
    length = info.get(b"piece length")
    if not isinstance(length, int) or not LEAF <= length <= _MAX_PIECE or length & (length - 1):
        raise refusal("piece-length", f"piece length {length!r} is no power of two from 16 KiB to 128 MiB")
    return length


def _pieces(info: dict[bytes, Value], files: tuple[MetaFile, ...] | None, piece_length: int) -> bytes:
    pieces = info.get(b"pieces", b"")
    total = sum(file.size for file in files or ())
    count = -(-total // piece_length)
    if count > _MAX_PIECES:
        raise refusal("too-many-pieces", f"{count} pieces")
    if not isinstance(pieces, bytes) or len(pieces) != count * _SHA1:
        raise refusal("piece-hashes", "the v1 piece hashes are not one for each piece")
    return pieces


def _layers(
    top: dict[bytes, Value], files: tuple[MetaFile, ...] | None, piece_length: int
) -> tuple[tuple[bytes, bytes], ...]:
    """Check that every file longer than a piece has its layer, that each hashes to its root, and no more is there."""
    stated = _table(top.get(b"piece layers", {}), "piece layers")
    wanted = {file.pieces_root: file.size for file in files or () if file.size > piece_length}
    if set(stated) != set(wanted):
        raise refusal("layers", "the piece layers are not those of the files longer than a piece")
    pad = zero_root(piece_length // LEAF)
    for root, layer in stated.items():
        if not isinstance(layer, bytes) or len(layer) != HASH * -(-wanted[root] // piece_length):
            raise refusal("layer-length", "a piece layer has not one hash for each piece")
        if layer_root(layer, pad) != root:
            raise refusal("layer-root", "a piece layer does not hash to its file's root")
    return tuple((root, layer) for root, layer in stated.items() if isinstance(layer, bytes))


def _joined(
    first: tuple[MetaFile, ...] | None, second: tuple[MetaFile, ...] | None, piece_length: int
) -> tuple[MetaFile, ...]:
    """Give the one list of files that v1 and v2 agree on, with offsets and roots."""
    if first is None:
        return _padded(second or (), piece_length)
    if second is None:
        return first
    _check_hybrid(first, second, piece_length)
    roots = iter(second)
    return tuple(file if file.pad else replace(file, pieces_root=next(roots).pieces_root) for file in first)


def _check_hybrid(first: tuple[MetaFile, ...], second: tuple[MetaFile, ...], piece_length: int) -> None:
    content = [file for file in first if not file.pad]
    if [(file.path, file.size) for file in content] != [(file.path, file.size) for file in second]:
        raise refusal("hybrid", "the v1 and v2 file lists disagree")
    if any(file.size and file.offset % piece_length for file in content):
        raise refusal("hybrid", "a v1 file does not begin with a piece")


def _padded(files: Iterable[MetaFile], piece_length: int) -> tuple[MetaFile, ...]:
    placed, offset = [], 0
    for file in files:
        placed.append(replace(file, offset=offset))
        offset += -(-file.size // piece_length) * piece_length
    return tuple(placed)


def _trackers(top: dict[bytes, Value]) -> tuple[tuple[str, ...], ...]:
    tiers = top.get(b"announce-list", [])
    listed = tuple(_urls(tier) for tier in tiers) if isinstance(tiers, list) else ()
    single = _urls(top.get(b"announce", b""))
    return tuple(tier for tier in listed if tier) or ((single,) if single else ())


def _urls(value: Value) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(url.decode("utf-8", "replace") for url in listed if isinstance(url, bytes) and url)
