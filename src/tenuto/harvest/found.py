"""What a walk through a collection finds."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tenuto.model.audio import Failure
from tenuto.model.capture import Document
from tenuto.model.errors import UnsafeInputError

__all__ = ["Caps", "FoundFile", "Refusal", "Tree", "in_byte_order", "opened"]

Refusal = tuple[str, Failure]
"""Path inside the collection, and why it was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """One audio candidate: its name in the collection and where its bytes lie now."""

    path: str
    """Path inside the collection, `/` between parts; bytes that are no UTF-8 are lone surrogates (PEP 383)."""
    file: Path
    """Real place of the bytes: the file itself, or a temporary copy under a name we made."""
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A collection as found, each list in the byte order of the paths."""

    files: tuple[FoundFile, ...] = ()
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
    """Unpacked to packed, for members over `ratio_from`."""
    ratio_from: int = 4 << 20
    index: int = 16 << 20
    """Of a zip's central directory, or of one tar header with its extensions."""
    depth: int = 100
    """Folders inside folders."""


def in_byte_order(path: str) -> bytes:
    """Give the sort key of a path: its bytes on disk."""
    return path.encode("utf-8", "surrogateescape")


def opened(path: Path) -> BinaryIO:
    """Open a regular file for reading without following a link; UnsafeInputError where it is anything else."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnsafeInputError(f"{path} is no regular file", code="not-a-regular-file")
    return os.fdopen(descriptor, "rb")
