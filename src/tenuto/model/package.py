"""Packages and torrents: what goes into a bag, and where every file lies in it."""

from dataclasses import dataclass

from tenuto.model.ids import Sha256, TrackId

__all__ = ["Attribution", "BagFile", "BagReceipt", "FileDigest", "PackItem", "Placement", "TorrentReceipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What travels with a shared file (docs/rights.md#attribution)."""

    creator: str
    title: str
    copyright_notice: str
    licences: tuple[str, ...]
    licence_urls: tuple[str, ...]
    source_url: str
    changes: str = "none: original bits"
    disclaimer: str = "offered as is, without warranties, as the licence states"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackItem:
    """One file that may be shared, with the names it is filed under."""

    track_id: TrackId
    sha256: Sha256
    size: int
    artist: str
    release: str
    disc: int | None
    number: int | None
    title: str
    extension: str
    """With its dot: `.flac`."""
    attribution: Attribution


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDigest:
    """Every hash of one file, from one read."""

    size: int
    sha256: Sha256
    sha1_pieces: bytes
    """SHA-1 of each piece, 20 bytes each; the last piece padded with zeros to a whole piece (BEP 47)."""
    sha1_tail: bytes
    """SHA-1 of the last piece without padding, for the torrent's last file; 20 bytes, or empty at size 0."""
    pieces_root: bytes
    """Root of the BEP 52 Merkle tree, 32 bytes; empty at size 0."""
    piece_layer: bytes
    """SHA-256 of each piece's subtree, 32 bytes each; empty where the file is no longer than a piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagFile:
    """One file of a bag, payload or tag file."""

    path: str
    """Path inside the bag, `/` between parts: `data/Artist/Release/01 Title.flac`."""
    digest: FileDigest
    track_ids: tuple[TrackId, ...] = ()
    """Tracks this file is the audio of; empty for tag files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagReceipt:
    """A finished bag: all of its files with their hashes, in path order."""

    name: str
    piece_length: int
    """Bytes; a power of two ≥ 16 KiB."""
    files: tuple[BagFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentReceipt:
    """Metainfo made for a bag."""

    package: str
    infohash_v1: str
    """SHA-1 of the info dictionary, hexadecimal."""
    infohash_v2: str
    """SHA-256 of the info dictionary, hexadecimal."""
    placements: tuple["Placement", ...]
    metainfo: bytes
    """The .torrent file's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where one track's audio lies in a torrent."""

    track_id: TrackId
    package: str
    path: str
    file_index: int
    """Index in the v1 file list, counting pad files, from 0."""
    offset: int
    """Bytes from the start of the v1 byte stream."""
    length: int
    """Bytes."""
    pieces_root: str
    """Hexadecimal; empty for an empty file."""
