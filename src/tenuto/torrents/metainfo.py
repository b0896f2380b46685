"""Making metainfo (BEP 3, 12, 19, 47, 52) from the hashes a bag was written with; no content is read again."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1, sha256
from typing import Any

import libtorrent

from tenuto.model.errors import TorrentError
from tenuto.model.package import BagFile, BagReceipt, Placement, TorrentReceipt

__all__ = ["TorrentOptions", "Versions", "make_torrent"]


class Versions(StrEnum):
    """Which versions of the protocol the metainfo speaks."""

    HYBRID = "hybrid"
    V1 = "v1"
    V2 = "v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentOptions:
    """What metainfo says beside the content."""

    trackers: tuple[tuple[str, ...], ...] = ()
    """Announce URLs in tiers, the first tier asked first (BEP 12)."""
    web_seeds: tuple[str, ...] = ()
    """URLs of folders that hold the bag's folder (BEP 19); outside the info, so they may change."""
    comment: str = ""
    private: bool = False
    """BEP 27: clients ask only the trackers for peers; put into the info, and so into the infohash."""
    source: str = ""
    """Put into the info, and so into the infohash; left out where empty."""
    created_by: str = "Tenuto"
    creation_date: int | None = None
    """Seconds since 1970; no clock is read."""
    versions: Versions = Versions.HYBRID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A file in the v1 byte stream, with the pad that follows it."""

    file: BagFile
    index: int
    offset: int
    pad: int


def make_torrent(receipt: BagReceipt, options: TorrentOptions | None = None) -> TorrentReceipt:
    """Make metainfo for a bag; for the same receipt and options always the same bytes.

    Raises TorrentError where the bag is empty or the receipt's hashes do not fit its sizes.
    """
    options = options or TorrentOptions()
    entries = list(_entries(receipt))
    info = _info(receipt, entries, options)
    encoded = libtorrent.bencode(info)
    return TorrentReceipt(
        package=receipt.name,
        infohash_v1="" if options.versions is Versions.V2 else sha1(encoded, usedforsecurity=False).hexdigest(),
        infohash_v2="" if options.versions is Versions.V1 else sha256(encoded).hexdigest(),
        placements=tuple(_placements(receipt, entries)),
        metainfo=libtorrent.bencode({**_outside(receipt, options), b"info": info}),
    )


def _parts(file: BagFile) -> list[bytes]:
    return file.path.encode().split(b"/")


def _entries(receipt: BagReceipt) -> Iterator[_Entry]:
    """Files in the order of the v2 file tree (names compared part by part), padded to whole pieces.

    The last file is padded too, as BEP 52's own example and libtorrent do; a file that stands alone is not.
    """
    if not any(file.digest.size for file in receipt.files):
        raise TorrentError(f"{receipt.name} holds no bytes", code="no-content")
    index = offset = 0
    for file in sorted(receipt.files, key=_parts):
        _check_hashes(file, receipt.piece_length)
        pad = -file.digest.size % receipt.piece_length if len(receipt.files) > 1 else 0
        yield _Entry(file=file, index=index, offset=offset, pad=pad)
        index += 2 if pad else 1
        offset += file.digest.size + pad


def _check_hashes(file: BagFile, piece_length: int) -> None:
    digest = file.digest
    pieces = -(-digest.size // piece_length)
    fits = len(digest.sha1_pieces) == 20 * pieces
    fits &= len(digest.piece_layer) == (32 * pieces if pieces > 1 else 0)
    fits &= len(digest.pieces_root) == (32 if pieces else 0)
    if not fits:
        raise TorrentError(f"{file.path}: the receipt's hashes do not fit its size", code="receipt-hashes")


def _info(receipt: BagReceipt, entries: list[_Entry], options: TorrentOptions) -> dict[bytes, Any]:
    info: dict[bytes, Any] = {b"name": receipt.name.encode(), b"piece length": receipt.piece_length}
    if options.private:
        info[b"private"] = 1
    if options.source:
        info[b"source"] = options.source.encode()
    if options.versions is not Versions.V2:
        info[b"files"] = [listed for entry in entries for listed in _listed(entry)]
        info[b"pieces"] = _pieces(entries)
    if options.versions is not Versions.V1:
        info[b"file tree"] = _file_tree(entries)
        info[b"meta version"] = 2
    return info


def _listed(entry: _Entry) -> Iterator[dict[bytes, Any]]:
    yield {b"length": entry.file.digest.size, b"path": _parts(entry.file)}
    if entry.pad:
        yield {b"attr": b"p", b"length": entry.pad, b"path": [b".pad", str(entry.pad).encode()]}


def _pieces(entries: list[_Entry]) -> bytes:
    if len(entries) > 1:
        return b"".join(entry.file.digest.sha1_pieces for entry in entries)
    digest = entries[0].file.digest
    return digest.sha1_pieces[:-20] + (digest.sha1_tail or digest.sha1_pieces[-20:])


def _file_tree(entries: list[_Entry]) -> dict[bytes, Any]:
    tree: dict[bytes, Any] = {}
    for entry in entries:
        node = tree
        for part in _parts(entry.file):
            node = node.setdefault(part, {})
        node[b""] = {b"length": entry.file.digest.size}
        if entry.file.digest.size:
            node[b""][b"pieces root"] = entry.file.digest.pieces_root
    return tree


def _outside(receipt: BagReceipt, options: TorrentOptions) -> dict[bytes, Any]:
    layers = {file.digest.pieces_root: file.digest.piece_layer for file in receipt.files if file.digest.piece_layer}
    tiers = [[url.encode() for url in tier] for tier in options.trackers if tier]
    told: dict[bytes, Any] = {
        b"announce": tiers[0][0] if tiers else None,
        b"announce-list": tiers if sum(map(len, tiers)) > 1 else None,
        b"comment": options.comment.encode() or None,
        b"created by": options.created_by.encode() or None,
        b"creation date": options.creation_date,
        b"piece layers": None if options.versions is Versions.V1 else layers,
        b"url-list": [url.encode() for url in options.web_seeds] or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _placements(receipt: BagReceipt, entries: list[_Entry]) -> Iterator[Placement]:
    for entry in entries:
        for track in entry.file.track_ids:
            yield Placement(
                track_id=track,
                package=receipt.name,
                path=entry.file.path,
                file_index=entry.index,
                offset=entry.offset,
                length=entry.file.digest.size,
                pieces_root=entry.file.digest.pieces_root.hex(),
            )
