"""Music as records: the one shape every source is read into."""

from dataclasses import dataclass
from enum import StrEnum

from tenuto.model.audio import Failure
from tenuto.model.ids import Sha256
from tenuto.model.rights import Evidence

__all__ = ["AudioFile", "Credit", "Flag", "Identifier", "IdentifierType", "ReleaseInfo", "Role", "TrackRecord"]


class Role(StrEnum):
    """What a credited artist did."""

    PERFORMER = "performer"
    COMPOSER = "composer"
    LYRICIST = "lyricist"
    CONDUCTOR = "conductor"
    REMIXER = "remixer"


class IdentifierType(StrEnum):
    """What an identifier identifies, by its issuer."""

    ISRC = "isrc"
    BARCODE = "barcode"
    CATALOGUE_NUMBER = "catalogue-number"
    MB_RECORDING = "musicbrainz-recording"
    MB_TRACK = "musicbrainz-track"
    MB_RELEASE = "musicbrainz-release"
    MB_RELEASE_GROUP = "musicbrainz-release-group"
    MB_ARTIST = "musicbrainz-artist"
    ACOUSTID = "acoustid"
    DISCOGS_RELEASE = "discogs-release"
    ISWC = "iswc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One name in an ordered list of credits."""

    name: str
    """As credited."""
    role: Role = Role.PERFORMER
    join_phrase: str = ""
    """What stands between this name and the next: ` feat. `."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier in its canonical spelling."""

    type: IdentifierType
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something a reader noticed and kept: a bad date, a malformed ISRC."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInfo:
    """The release a track names."""

    title: str
    artist: str
    """Release artist as credited; empty where unknown."""
    date: str | None = None
    """ISO 8601 of any precision: `1999`, `1999-02`, `1999-02-28`."""
    label: str | None = None
    catalogue_number: str | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFile:
    """The bytes of a track."""

    sha256: Sha256
    size: int
    container: str
    codec: str
    duration_ms: int | None
    sample_rate: int
    channels: int
    bit_rate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """One track as one source gives it."""

    source: str
    collection: str
    key: str
    """Unique within the source, and stable: `collection/path`."""
    path: str
    """Path inside the collection, clean text (for showing; `key` names it exactly)."""
    capture: str
    title: str
    title_guessed: bool = False
    """Whether the title is made from the file's name for want of a tag."""
    credits: tuple[Credit, ...] = ()
    release: ReleaseInfo | None = None
    number: int | None = None
    disc: int | None = None
    date: str | None = None
    genres: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    copyright_notice: str | None = None
    source_url: str | None = None
    """Where a person finds the original."""
    audio: AudioFile | None = None
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[Flag, ...] = ()
    failure: Failure | None = None
    unread: tuple[str, ...] = ()
    """Names of fields that no mapping reads or ignores."""
