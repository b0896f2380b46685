"""Format and length of an audio file by PyAV: the demuxer is the one its bytes call for, and opens nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

import av

__all__ = ["StreamFormat", "read_format"]

_LONGEST = 30 * 24 * 3600  # seconds; a file that claims more than a month is not believed
_CHANNELS = 255
_RATE = 50_000_000  # Hz, above every DSD rate
_STREAMS = "64"
_THOROUGH = {"max_streams": _STREAMS}
_QUICK = {"max_streams": _STREAMS, "probesize": "4096", "analyzeduration": "0", "max_probe_packets": "1"}
_STATED = frozenset({"ogg", "flac", "wav", "aiff"})
"""Containers whose headers state all that is asked, so that no packet need be decoded to learn it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFormat:
    """The first audio stream of a file."""

    codec: str
    duration_ms: int | None
    sample_rate: int
    channels: int

    @property
    def is_settled(self) -> bool:
        """Whether every field is a possible one."""
        return 0 < self.sample_rate <= _RATE and 0 < self.channels <= _CHANNELS and self.codec != ""

    @property
    def flaw(self) -> str:
        """What makes the format impossible, or nothing."""
        if not self.codec:
            return "its audio is in no coding known here"
        return "" if self.is_settled else f"{self.sample_rate} Hz and {self.channels} channels are no audio format"


def read_format(stream: BinaryIO, container: str) -> StreamFormat | None:
    """Read what `stream` holds as `container`; None where it holds no audio stream, and PyAV's errors as they come."""
    if container in _STATED:
        found = _quick(stream, container)
        if found is not None and found.is_settled and found.duration_ms is not None:
            return found
    return _read(stream, container, _THOROUGH)


def _quick(stream: BinaryIO, container: str) -> StreamFormat | None:
    try:
        return _read(stream, container, _QUICK)
    except av.FFmpegError:
        return None  # the thorough way has the last word


def _read(stream: BinaryIO, container: str, options: dict[str, str]) -> StreamFormat | None:
    stream.seek(0)
    with av.open(
        stream, "r", format=container, container_options=options, metadata_errors="replace", io_open=_refuse
    ) as opened:
        return _first(opened.streams.audio, opened.duration)


def _first(streams: Sequence[Any], whole: int | None) -> StreamFormat | None:
    if not streams:
        return None
    audio = streams[0]
    if audio.codec_context is None or audio.codec_context.codec is None:
        return StreamFormat(codec="", duration_ms=None, sample_rate=0, channels=0)
    return StreamFormat(
        codec=audio.codec_context.codec.canonical_name,  # the coding (`mp3`), not the decoder (`mp3float`)
        duration_ms=_milliseconds(audio, whole),
        sample_rate=audio.rate or 0,
        channels=audio.channels or 0,
    )


def _milliseconds(audio: Any, whole: int | None) -> int | None:  # noqa: ANN401 - PyAV's stub hides the codec's fields
    """Take the stream's own length, else the file's (microseconds); what no file can have is None."""
    seconds = audio.duration * audio.time_base if audio.duration and audio.time_base else (whole or 0) / 1_000_000
    return round(seconds * 1000) if 0 < seconds <= _LONGEST else None


def _refuse(url: str, _flags: int, _options: dict[str, str]) -> NoReturn:
    raise PermissionError(f"a file asked for another: {url}")
