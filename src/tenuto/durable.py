"""Writes that others read: temporary file, fsync, rename; a crash leaves the old state or the new one."""

import contextlib
import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tenuto.model.errors import StorageError

__all__ = [
    "TEMPORARY",
    "exchange",
    "publish",
    "refused",
    "storage",
    "sweep",
    "sync_directory",
    "sync_filesystem",
    "write_file",
    "writing",
]

TEMPORARY = ".tmp-"
"""Prefix of names that are not yet valid; no reader looks at them, and `sweep` removes what a crash left."""

_HERE = -100  # AT_FDCWD: paths are taken as they are
_EXCHANGE = 2  # RENAME_EXCHANGE

_HINTS = {
    errno.ENOENT: "Check that the folder is there and was not moved or removed meanwhile.",
    errno.ENOTDIR: "Check the path: a part of it is a file, not a folder.",
    errno.EACCES: "Check who may read and write there; run the command as who owns the archive.",
    errno.EPERM: "Check who may read and write there; run the command as who owns the archive.",
    errno.EROFS: "The place can be read only; choose one that can be written.",
    errno.ENOSPC: "Free some space, then run the command again; finished work is kept.",
    errno.EDQUOT: "Free some space of your quota, then run the command again; finished work is kept.",
    errno.EIO: "The disk does not answer as it should: check it, and restore what is lost from a copy.",
    errno.EMFILE: "Raise the limit of open files (`ulimit -n`), then run the command again.",
    errno.ELOOP: "A link leads round in a circle; name the place itself.",
}


def refused(error: OSError, place: str) -> StorageError:
    """Say what an operating system refused, with the hint that fits its errno."""
    return StorageError(f"{place}: {error.strerror or error}", hint=_HINTS.get(error.errno or 0))


@contextlib.contextmanager
def storage(path: Path) -> Iterator[None]:
    """Turn an operating system's refusal into a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        raise refused(error, str(path)) from error


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears at `path` whole and durable, or not at all."""
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}"[:250])
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            publish(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` in one step."""
    with writing(path) as stream:
        stream.write(content)


def publish(temporary: Path, path: Path) -> None:
    """Rename a finished file or directory into place and make the name durable."""
    with storage(path):
        temporary.rename(path)
        sync_directory(path.parent)


def exchange(finished: Path, path: Path) -> None:
    """Put a finished directory in the place of the one at `path`, in one step; the old one is then at `finished`."""
    with storage(path):
        sync_filesystem(finished)
        if path.exists():
            _renameat2(finished, path, _EXCHANGE)
        else:
            finished.rename(path)
        sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_filesystem(path: Path) -> None:
    """Make everything written so far on the path's file system durable: one call for many small files."""
    with storage(path):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            _syncfs(descriptor)
        finally:
            os.close(descriptor)


def _renameat2(old: Path, new: Path, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_HERE, os.fsencode(old), _HERE, os.fsencode(new), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _syncfs(descriptor: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def sweep(directory: Path, *, deep: bool = False) -> int:
    """Remove what a crash left in `directory` (`deep`: and below) and count it; only with the archive locked."""
    count = 0
    found = directory.rglob(f"{TEMPORARY}*") if deep else directory.glob(f"{TEMPORARY}*")
    for path in sorted(found, reverse=True):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        count += 1
    return count
