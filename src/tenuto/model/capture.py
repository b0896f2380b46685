"""Captures: what was seen, when and where; immutable, and all that later stages derive from."""

from dataclasses import dataclass

from tenuto.model.audio import Failure, Probe
from tenuto.model.ids import Sha256

__all__ = ["Capture", "CaptureHead", "Document", "Observation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that may say something about rights: LICENSE, x.ogg.license, debian/copyright."""

    path: str
    """Path inside the collection, `/` between parts."""
    text: str
    sha256: Sha256
    """Of all its bytes; empty where they were not read."""
    unread: str = ""
    """Why its text was not read, a phrase (`more than 262144 bytes`); empty where it was: silence is not the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureHead:
    """What holds for every observation of a capture."""

    id: str
    """`source/collection/number`, the capture file's own place under captures/."""
    source: str
    collection: str
    """Name of the tree or package the files are from."""
    origin: str
    """Where the collection was: a directory, `package=version`."""
    captured_at: str
    """ISO 8601, UTC, whole seconds."""
    facts: tuple[tuple[str, str], ...] = ()
    """What the source says of the collection: version, homepage, SHA-256, the operator's declaration."""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One file as it was seen."""

    path: str
    """Path inside the collection; bytes that are no UTF-8 are lone surrogates (PEP 383); `a.pk3!/b.ogg` is a member."""
    size: int
    modified_ns: int = 0
    """Modification time, nanoseconds since 1970; 0 where the source has none."""
    sha256: Sha256 | None = None
    """Digest of the bytes, where they were read to the end."""
    probe: Probe | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A capture, whole."""

    head: CaptureHead
    observations: tuple[Observation, ...]
