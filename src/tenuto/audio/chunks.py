"""Chunks of RIFF (wav) and IFF (aiff) files: their text, their ID3 tag and the length their header states."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from tenuto.audio.reading import Reading
from tenuto.audio.tagnames import AIFF_TEXT, RIFF_INFO

__all__ = ["read_chunks"]

_HEADER = 8
_MOST_CHUNKS = 1000
_TEXT = 64 * 1024  # bytes of one text that are read
_LIST = 1024 * 1024
_ID3 = 64 * 1024 * 1024
_STREAMED = 0xFFFFFFFF  # what a writer states that could not know the size
_RIGHTS = re.compile(rb"licen[cs]|copyright|rights|lizen[zs]", re.IGNORECASE)
_COMM = 18  # bytes of an AIFF COMM chunk before its compression


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Where chunks follow one another, and in which byte order their sizes are."""

    stream: BinaryIO
    order: str
    start: int
    end: int


def read_chunks(stream: BinaryIO, big_endian: bool, reading: Reading) -> list[bytes]:  # noqa: FBT001 - one of two
    """Read texts and length of a wav (or, big-endian, an aiff) file into `reading`; give its ID3 tags' bytes."""
    end = stream.seek(0, 2)
    known: dict[str, bytes] = {}
    tags: list[bytes] = []
    for chunk in _chunks(_Span(stream, ">" if big_endian else "<", 12, end), reading):
        if chunk.start + chunk.size > end and chunk.size != _STREAMED:
            reading.problem(f"The file is cut: its {chunk.kind!r} chunk states more bytes than there are.")
        if chunk.kind in {"data", "SSND"}:
            known[chunk.kind] = chunk.size.to_bytes(8, "big")
        elif chunk.kind.lower() == "id3 ":
            tags.append(_content(stream, chunk, _ID3, reading))
        else:
            _read(stream, chunk, reading, known)
    reading.seconds = _aiff_seconds(known.get("COMM", b"")) if big_endian else _wav_seconds(known)
    return tags


def _chunks(span: _Span, reading: Reading) -> Iterator[_Chunk]:
    start = span.start
    for _ in range(_MOST_CHUNKS):
        span.stream.seek(start)
        header = span.stream.read(_HEADER)
        if len(header) < _HEADER:
            return
        kind, size = struct.unpack(f"{span.order}4sI", header)
        yield _Chunk(kind.decode("latin-1"), start + _HEADER, size)
        start += _HEADER + size + (size & 1)
        if start >= span.end:
            return
    reading.truncated = True  # there are more, and any may be text


def _read(stream: BinaryIO, chunk: _Chunk, reading: Reading, known: dict[str, bytes]) -> None:
    if chunk.kind in {"fmt ", "COMM", "ds64"}:
        known[chunk.kind] = _content(stream, chunk, 64)
    elif chunk.kind == "LIST":
        _read_info(_content(stream, chunk, _LIST), chunk, reading)
    elif chunk.kind in AIFF_TEXT:
        reading.add(AIFF_TEXT[chunk.kind], _text(_content(stream, chunk, _TEXT, reading)))
    elif _RIGHTS.search(_content(stream, chunk, _LIST)):
        reading.truncated = True  # XMP and the like, which are not read


def _content(stream: BinaryIO, chunk: _Chunk, most: int, reading: Reading | None = None) -> bytes:
    """Read a chunk's first `most` bytes; with a `reading`, what is left behind is text that was not read."""
    stream.seek(chunk.start)
    if reading is not None and chunk.size > most:
        reading.truncated = True
    return stream.read(min(chunk.size, most))


def _read_info(content: bytes, whole: _Chunk, reading: Reading) -> None:
    if content[:4] != b"INFO":
        return
    reading.truncated |= whole.size > _LIST
    inner = BytesIO(content)
    for chunk in _chunks(_Span(inner, "<", 4, len(content)), reading):
        name = RIFF_INFO.get(chunk.kind, f"INFO:{chunk.kind}")
        reading.add(name, _text(_content(inner, chunk, _TEXT, reading)))


def _text(content: bytes) -> str:
    """Decode text whose encoding no header states: UTF-8 where it is that, else Windows' Latin 1."""
    content = content.rstrip(b"\0 ")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _wav_seconds(known: dict[str, bytes]) -> float | None:
    layout, size = known.get("fmt ", b""), int.from_bytes(known.get("data", b""), "big")
    if size == _STREAMED:  # RF64 keeps the real size in ds64
        size = int.from_bytes(known.get("ds64", b"")[8:16], "little")
    rate = int.from_bytes(layout[8:12], "little")
    return size / rate if rate and size else None


def _aiff_seconds(comm: bytes) -> float | None:
    """Divide a COMM chunk's frames by its rate, an 80-bit float of which the top 32 bits of mantissa suffice."""
    if len(comm) < _COMM:
        return None
    frames, exponent, mantissa = struct.unpack(">2xI2xHI", comm[:14])
    shift = exponent - 16383 - 31
    rate = mantissa * 2.0**shift if -64 < shift <= 0 else 0.0  # noqa: PLR2004 - beyond is no sampling rate
    return frames / rate if rate else None
