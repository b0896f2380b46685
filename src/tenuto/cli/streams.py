"""Standard output and standard error that tell once when they cannot be written to, and are silent from then on."""

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from tenuto.model.errors import StorageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["OutputClosedError", "install"]


class OutputClosedError(Exception):
    """Whoever read our standard output, `head` for example, has gone."""


class _Outlet(io.FileIO):
    """One of the two; a failing standard output ends the command, a failing standard error does not."""

    def __init__(self, descriptor: int, *, tells: bool) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._tells = tells
        self._lost = False

    def write(self, content: "ReadableBuffer", /) -> int:
        """Write what can be written; raises OutputClosedError or StorageError once, and then takes everything."""
        if not self._lost:
            try:
                return super().write(content)
            except OSError as error:
                self._lost = True
                if self._tells:
                    raise _told(error) from error
        return memoryview(content).nbytes


def _told(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return OutputClosedError()
    hint = "The command did its work, but not all of what it says could be written; write it where there is room."
    return StorageError(f"standard output: {error.strerror}", hint=hint)


def install() -> None:
    """Put them in place of Python's own, which would write again, and fail again, when the program ends."""
    for descriptor in (0, 1, 2):
        _open(descriptor)
    sys.stdout = _text(1, sys.stdout)
    sys.stderr = _text(2, sys.stderr)


def _open(descriptor: int) -> None:
    """Fill a closed descriptor, so that no file of the archive ever gets its number."""
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDWR)


def _text(descriptor: int, old: TextIO | None) -> TextIO:
    encoding = "utf-8" if old is None else old.encoding
    stream = io.BufferedWriter(_Outlet(descriptor, tells=descriptor == 1))
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", line_buffering=descriptor == 2)  # noqa: PLR2004 - standard error
