"""A file as its parsers should see it, without bytes that stand in their way; the file itself is not touched."""

import os
from io import RawIOBase
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["View", "repeated_headers"]

_PAGE = 27  # bytes of an Ogg page header before its lacing values
_PAGES = 16
_BEGINS = 0x02  # flag of a stream's first page
_IDENTIFICATION = b"\x01vorbis"


class View(RawIOBase):
    """All of a file except the bytes from `start` to `end`."""

    def __init__(self, stream: BinaryIO, start: int, end: int) -> None:
        """Look at `stream`, whose position the view takes for itself."""
        self._stream = stream
        self._start = start
        self._gap = end - start
        self._length = stream.seek(0, os.SEEK_END) - self._gap
        self._at = 0

    def readable(self) -> bool:
        """Answer yes."""
        return True

    def seekable(self) -> bool:
        """Answer yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to `offset` bytes from the start, from here or from the end of what is seen."""
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence])
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read up to the gap, or behind it."""
        target = memoryview(buffer)
        before = self._at < self._start
        self._stream.seek(self._at if before else self._at + self._gap)
        content = self._stream.read(min(len(target), self._start - self._at) if before else len(target))
        target[: len(content)] = content
        self._at += len(content)
        return len(content)


def repeated_headers(stream: BinaryIO) -> tuple[int, int] | None:
    """Find a page among the first that holds a Vorbis stream's headers again, as some tag editors left it behind."""
    start = 0
    for _ in range(_PAGES):
        stream.seek(start)
        page = stream.read(_PAGE + 255)
        if len(page) < _PAGE or page[:5] != b"OggS\0":
            return None
        body = _PAGE + page[26]
        end = start + body + sum(page[_PAGE:body])
        if not page[5] & _BEGINS and _begins_again(stream, start + body):
            return start, end
        start = end
    return None


def _begins_again(stream: BinaryIO, at: int) -> bool:
    stream.seek(at)
    return stream.read(len(_IDENTIFICATION)) == _IDENTIFICATION
