"""Boxes of MP4 files (ISO 14496-12): whether the audio is encrypted, and whether the file is cut."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from tenuto.audio.reading import Reading

__all__ = ["is_protected"]

_MOST_BOXES = 10_000
_PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_PROTECTED = frozenset({b"drms", b"enca", b"drmi", b"encv", b"p608", b"aavd"})
_DESCRIPTIONS = b"stsd"
_PREAMBLE = 8  # version, flags and count before the entries of stsd

_Box = tuple[bytes, int, int]  # kind, start of its content, its end


def is_protected(stream: BinaryIO, reading: Reading) -> bool:
    """Tell whether a sample entry says that its samples are encrypted; a cut file is noted in `reading`."""
    length = stream.seek(0, 2)
    todo = [(0, length)]
    seen = 0
    while todo:
        for kind, start, end in _boxes(stream, *todo.pop()):
            seen += 1
            if seen > _MOST_BOXES:
                return False
            if end > length:
                reading.problem(
                    f"The file is cut: its {kind.decode('latin-1')!r} box states more bytes than there are."
                )
            if kind in _PROTECTED or kind == b"pssh":
                return True
            todo += _inside(kind, start, min(end, length))
    return False


def _inside(kind: bytes, start: int, end: int) -> list[tuple[int, int]]:
    if kind == _DESCRIPTIONS:
        return [(start + _PREAMBLE, end)]
    return [(start, end)] if kind in _PARENTS else []


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        stream.seek(start)
        head = stream.read(16)
        if len(head) < 8:  # noqa: PLR2004 - a box header
            return
        size, kind = struct.unpack(">I4s", head[:8])
        inner = 8
        if size == 1 and len(head) == 16:  # noqa: PLR2004 - with a 64-bit size
            size, inner = int.from_bytes(head[8:], "big"), 16
        elif size == 0:  # up to the end
            size = end - start
        if size < inner:
            return
        yield kind, start + inner, start + size
        start += size
