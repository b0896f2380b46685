"""Opening files for reading: no link in any part of a path is followed, and nothing but a regular file is opened.

What was opened is what is judged, hashed and kept: a path may lead elsewhere a moment later, a descriptor does not.
"""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

from tenuto.model.errors import IntegrityError, UnsafeInputError

__all__ = ["OpenFile", "open_beneath", "open_file", "open_folder"]

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A regular file, open for reading; a context manager that closes it."""

    descriptor: int
    name: str
    """Its own name, without the folders; for its suffix and for messages."""
    facts: os.stat_result
    """As they were when it was opened, before anything of it was read."""

    def check_unchanged(self) -> None:
        """Raise IntegrityError where its bytes may have changed since it was opened."""
        if _state(os.fstat(self.descriptor)) != _state(self.facts):
            hint = "Run the command again when nothing writes to the file."
            raise IntegrityError(f"{self.name!r} changed while it was read", hint=hint, code="file-unstable")

    def stream(self) -> BufferedReader:
        """Give a stream from the start of the file, to be closed by itself; the descriptor's position is shared."""
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        return os.fdopen(os.dup(self.descriptor), "rb")

    def digest(self) -> str:
        """Read the whole file and give its SHA-256."""
        with self.stream() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _state(facts: os.stat_result) -> tuple[int, int, int]:
    """Give what a write changes; the change time cannot be set back as the modification time can."""
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def open_file(path: Path) -> OpenFile:
    """Open a file of our own by its path, of which the last part may be no link; raises like open_beneath."""
    return open_beneath(path.parent, path.name)


def open_beneath(root: Path, path: str) -> OpenFile:
    """Open the regular file `path`, `/` between its parts, in or below the folder `root`.

    Raises UnsafeInputError where a part of `path` is a link or the file is no regular one, and OSError as it comes.
    """
    folder, _, name = path.rpartition("/")
    inside = open_folder(root, folder)
    try:
        _check_part(name, path)
        descriptor = os.open(name, _FILE, dir_fd=inside)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        os.close(inside)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise UnsafeInputError(f"{path!r} is no regular file", code="not-a-regular-file")
    return OpenFile(descriptor, name, facts)


def open_folder(root: Path, path: str) -> int:
    """Open the folder `path` in or below `root` (which it is where `path` is empty); raises like open_beneath."""
    folder = os.open(root, _FOLDER)
    for part in path.split("/") if path else ():
        try:
            _check_part(part, path)
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except OSError as error:
            raise _explained(error, path) from error
        finally:
            os.close(folder)
        folder = inner
    return folder


def _check_part(part: str, path: str) -> None:
    if part in {"", ".", ".."}:
        raise UnsafeInputError(f"{path!r} has an empty, `.` or `..` part", code="unsafe-path")


def _explained(error: OSError, path: str) -> OSError | UnsafeInputError:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return UnsafeInputError(f"{path!r} is a symbolic link, or lies behind one", code="symlink")
    return error
