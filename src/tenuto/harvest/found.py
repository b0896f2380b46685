"""What a walk through a collection finds."""

from dataclasses import dataclass
from pathlib import Path

from tenuto.model.audio import Failure
from tenuto.model.capture import Document
from tenuto.opening import OpenFile, open_beneath

__all__ = ["Caps", "FoundArchive", "FoundFile", "Refusal", "Tree", "in_byte_order"]

Refusal = tuple[str, Failure]
"""Path inside the collection, and why it was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """One audio candidate: its name in the collection and where its bytes lie now."""

    path: str
    """Path inside the collection, `/` between parts; bytes that are no UTF-8 are lone surrogates (PEP 383)."""
    root: Path
    """Folder the bytes lie in or below: the collection's own, or one of temporary copies."""
    inside: str
    """Path below the root: the file's own, or of a copy under a name we made."""
    size: int
    modified_ns: int

    def open(self) -> OpenFile:
        """Open it; raises UnsafeInputError where it is, or lies behind, a link by now, and OSError."""
        return open_beneath(self.root, self.inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArchive:
    """A zip or .pk3 archive in a folder, not yet opened."""

    path: str
    root: Path
    modified_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A collection as found, each list in the byte order of the paths; no path stands in it twice."""

    name: str = ""
    """Path of the archive it is the inside of; empty for what lies in the open."""
    files: tuple[FoundFile, ...] = ()
    archives: tuple[FoundArchive, ...] = ()
    documents: tuple[Document, ...] = ()
    refused: tuple[Refusal, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """What the collection's shape says of it, for CaptureHead.facts: `programs`, how many programs a package holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Where reading stops, however much input there is; sizes in bytes."""

    document: int = 256 << 10
    documents: int = 32 << 20
    """Of all documents of a collection together."""
    member: int = 4 << 30
    archive: int = 16 << 30
    """Of all members of one archive or package together, unpacked."""
    members: int = 50_000
    ratio: int = 250
    """Unpacked to packed, for a member or a whole archive over `ratio_from`."""
    ratio_from: int = 4 << 20
    index: int = 16 << 20
    """Of a zip's central directory, or of one tar header with its extensions."""
    depth: int = 100
    """Folders inside folders."""


def in_byte_order(path: str) -> bytes:
    """Give the sort key of a path: its bytes on disk."""
    return path.encode("utf-8", "surrogateescape")
