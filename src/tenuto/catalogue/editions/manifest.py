"""What stands beside an edition: the catalogue it was made of and the digest of every file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import NotFoundError

__all__ = ["FileEntry", "digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of an edition."""

    path: str
    """Inside the edition, with forward slashes."""
    rows: int
    bytes: int
    sha256: str


def digest(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal; raises NotFoundError where there is none."""
    if not path.is_file():
        raise NotFoundError(f"there is no file {path}", hint="Check the path; `tenuto build` makes the catalogue.")
    with storage(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
