"""What the catalogue answers with: frozen nouns that `tenuto.model.document.to_json` writes."""

from dataclasses import dataclass

__all__ = [
    "ArtistPage",
    "Count",
    "EvidenceLine",
    "FileFacts",
    "FindingLine",
    "Hit",
    "LicenceLine",
    "Named",
    "Page",
    "PlacementLine",
    "RecordingPage",
    "ReleasePage",
    "Stats",
    "TrackLine",
    "TrackPage",
    "Why",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One search result."""

    id: str
    title: str
    artist: str
    """The credits as they read; empty where nobody is credited."""
    release: str
    """Empty where the track names none."""
    duration_ms: int | None
    decision: str
    held: bool
    """Whether the store holds the audio."""
    score: float
    """Place in the order found, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing with its public id and its name."""

    id: str
    name: str
    detail: str = ""
    """What links it to the page it stands on: a role, an identifier's type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """A track as one line of a list."""

    id: str
    title: str
    artist: str
    release: str
    disc: int | None
    number: str | None
    """As printed: `A1`."""
    duration_ms: int | None
    decision: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """One file's hash and format."""

    sha256: str
    size: int
    container: str
    codec: str
    duration_ms: int | None
    sample_rate: int
    channels: int
    bit_rate: int | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceLine:
    """A licence by id, name and address."""

    id: str
    name: str
    url: str
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementLine:
    """Where a track's audio lies in a package and its torrent."""

    package: str
    path: str
    infohash_v1: str
    infohash_v2: str
    file_index: int
    offset: int
    length: int
    pieces_root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One rule's word."""

    code: str
    reason: str
    evidence: int | None
    """Index into the evidence, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """One statement about rights, with where and when it was captured."""

    kind: str
    statement: str
    where: str
    confidence: str
    holder: str | None
    licence_field: bool
    unread: str | None
    """Why the statement was not read, or not whole."""
    capture: str | None
    """None where it stood in a dump: the provenance of its source names that."""
    collection: str | None
    origin: str | None
    captured_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPage:
    """All the catalogue says of one track, its verdict's grounds aside (`Why` has those)."""

    id: str
    title: str
    title_guessed: bool
    artist: str
    credits: tuple[Named, ...]
    release: Named | None
    recording: Named
    disc: int | None
    number: str | None
    """As printed: `A1`."""
    date: str | None
    genres: tuple[str, ...]
    identifiers: tuple[Named, ...]
    """Value in `name`, type in `detail`, no id."""
    source: str
    collection: str | None
    """Tree or package it was seen in; None for a track of a dump."""
    path: str | None
    source_url: str | None
    copyright_notice: str | None
    decision: str
    code: str
    reason: str
    absent: str | None
    """Why its audio is absent or refused; None where it may be had."""
    licences: tuple[LicenceLine, ...]
    flags: tuple[Named, ...]
    """Code in `name`, what was noticed in `detail`, no id."""
    file: FileFacts | None
    placements: tuple[PlacementLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPage:
    """One recording, and the tracks that are it."""

    id: str
    title: str
    file: FileFacts | None
    tracks: tuple[TrackLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage:
    """One release, and its tracks in their order."""

    id: str
    title: str
    artist: Named | None
    date: str | None
    label: str | None
    catalogue_number: str | None
    source: str
    identifiers: tuple[Named, ...]
    tracks: tuple[TrackLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistPage:
    """One artist, with releases and tracks."""

    id: str
    name: str
    source: str
    releases: tuple[Named, ...]
    tracks: tuple[TrackLine, ...]


Page = TrackPage | RecordingPage | ReleasePage | ArtistPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The grounds of one track's verdict."""

    id: str
    title: str
    source: str
    path: str | None
    """None for a track of a dump."""
    decision: str
    code: str
    reason: str
    absent: str | None
    licences: tuple[LicenceLine, ...]
    findings: tuple[FindingLine, ...]
    evidence: tuple[EvidenceLine, ...]
    file: FileFacts | None
    same_bytes: tuple[TrackLine, ...]
    """Other tracks whose audio is the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One figure of the statistics."""

    topic: str
    """What is counted: `decision`, `reason`, `licence`, `source`, `container`, `total`."""
    label: str
    tracks: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The catalogue's figures."""

    name: str
    artists: int
    releases: int
    recordings: int
    counts: tuple[Count, ...]
