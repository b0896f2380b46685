"""One file to a Probe or a Failure; run it in a child process only, for the parsers below are written in C."""

import os
from io import BufferedReader
from typing import BinaryIO

import av

from tenuto.audio.boxes import is_protected
from tenuto.audio.reading import Reading, clean
from tenuto.audio.sniff import sniff_file
from tenuto.audio.stream import StreamFormat, read_format
from tenuto.audio.tags import PARSER_ERRORS, read_foreign_id3, read_tags
from tenuto.audio.view import View, repeated_headers
from tenuto.model.audio import AudioProblem, Failure, Probe

__all__ = ["probe_descriptor", "probe_stream"]

_SENTENCE = 300  # characters
_SUFFIXES = {
    ".aif": "aiff",
    ".aifc": "aiff",
    ".aiff": "aiff",
    ".flac": "flac",
    ".m4a": "mp4",
    ".m4b": "mp4",
    ".mp3": "mp3",
    ".mp4": "mp4",
    ".oga": "ogg",
    ".ogg": "ogg",
    ".opus": "ogg",
    ".spx": "ogg",
    ".wav": "wav",
    ".wave": "wav",
}


def probe_descriptor(descriptor: int, name: str, largest: int) -> Probe | Failure:
    """Probe an open regular file, which is closed; one of more than `largest` bytes is refused."""
    with open(descriptor, "rb") as stream:
        size = os.fstat(descriptor).st_size
        if size > largest:
            return Failure(code=AudioProblem.TOO_LARGE, reason=f"its {size} bytes are more than {largest}")
        return probe_stream(stream, os.path.splitext(name)[1].lower())  # noqa: PTH122 - lone surrogates pass unharmed


def probe_stream(stream: BinaryIO, suffix: str) -> Probe | Failure:
    """Probe an open file whose name ends in `suffix`; raises nothing that is in PARSER_ERRORS or PyAV's."""
    try:
        return _probe(stream, suffix)
    except MemoryError:
        return Failure(code=AudioProblem.TOO_LARGE, reason="its parsers asked for more memory than they may have")
    except (av.FFmpegError, *PARSER_ERRORS) as error:
        return Failure(code=AudioProblem.BROKEN, reason=f"its parsers gave up: {_reason(error)}")


def _probe(stream: BinaryIO, suffix: str) -> Probe | Failure:
    size = stream.seek(0, os.SEEK_END)
    if not size:
        return Failure(code=AudioProblem.EMPTY, reason="the file has no bytes")
    container, foreign_id3 = sniff_file(stream)
    if container is None:
        return Failure(code=AudioProblem.UNKNOWN_FORMAT, reason="its first bytes begin no audio container known here")
    reading = Reading()
    inner = BufferedReader(View(stream, 0, foreign_id3)) if foreign_id3 else stream
    if container == "mp4" and is_protected(inner, reading):
        return Failure(code=AudioProblem.PROTECTED, reason="its sample entries say that the audio is encrypted")
    found = _format(inner, container, reading)
    if found is None or found.flaw:
        return Failure(code=AudioProblem.BROKEN, reason=found.flaw if found else "it holds no audio stream")
    read_tags(inner, container, found.codec, reading)
    if foreign_id3:
        read_foreign_id3(stream, reading)
    _compare(found, container, suffix, reading)
    return _probed(found, container, size, reading)


def _format(stream: BinaryIO, container: str, reading: Reading) -> StreamFormat | None:
    """Read the format; an Ogg file that is refused is looked at again without the headers it repeats."""
    try:
        return read_format(stream, container)
    except av.InvalidDataError:
        gap = repeated_headers(stream) if container == "ogg" else None
        if gap is None:
            raise
    reading.problem("The Vorbis headers stand in the file twice, a fault of tag editors that some players refuse.")
    return read_format(BufferedReader(View(stream, *gap)), container)


def _compare(found: StreamFormat, container: str, suffix: str, reading: Reading) -> None:
    promised = _SUFFIXES.get(suffix, container)
    if promised != container:
        reading.problem(f"The name ends in {suffix}, which promises {promised}, but the bytes are {container}.")
    if found.duration_ms is None:
        reading.problem("The length is unknown: what the file states is missing or impossible.")
        return
    stated, seconds = reading.seconds, found.duration_ms / 1000
    if stated is not None and abs(stated - seconds) > max(1.0, seconds / 100):
        reading.problem(f"The header states {stated:.1f} s, the stream {seconds:.1f} s.")


def _probed(found: StreamFormat, container: str, size: int, reading: Reading) -> Probe:
    return Probe(
        container=container,
        codec=found.codec,
        duration_ms=found.duration_ms,
        sample_rate=found.sample_rate,
        channels=found.channels,
        bit_rate=size * 8000 // found.duration_ms if found.duration_ms else None,
        tags=tuple(reading.tags),
        pictures=tuple(reading.pictures),
        truncated_tags=reading.truncated,
        problems=tuple(reading.problems),
    )


def _reason(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return clean(f"{type(error).__name__}: {text}")[:_SENTENCE]
