"""What an audio parser said of a file."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["AudioProblem", "Failure", "Picture", "Probe"]


class AudioProblem(StrEnum):
    """Why a file cannot be used as audio; the value is the ledger's reason code."""

    EMPTY = "audio-empty"
    UNKNOWN_FORMAT = "audio-unknown-format"
    BROKEN = "audio-broken"
    TOO_LARGE = "audio-too-large"
    TIMEOUT = "audio-timeout"
    CRASHED = "audio-parser-crashed"
    PROTECTED = "audio-protected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why something could not be done: a stored fact, not a log line."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An embedded picture, by its facts; the bytes stay in the file."""

    mime: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Format, length and tags of one audio file, as its parsers gave them."""

    container: str
    """Sniffed from the bytes, whatever the name says: mp3, flac, ogg, wav, aiff, mp4."""
    codec: str
    duration_ms: int | None
    sample_rate: int
    """Hz."""
    channels: int
    bit_rate: int | None
    """Bits per second over the whole file."""
    tags: tuple[tuple[str, str], ...] = ()
    """Name (upper case, Vorbis style: `TITLE`, `TXXX:FOO` where no such name exists) and value, in file order."""
    pictures: tuple[Picture, ...] = ()
    truncated_tags: bool = False
    """Whether a cap cut the tags short."""
    problems: tuple[str, ...] = ()
    """What the parsers could not read but did not fail on, a sentence each."""
