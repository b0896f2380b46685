"""Audio kept by the SHA-256 of its bits: `store/ab/cd/abcd…`, read-only, each once, there whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tenuto.durable import TEMPORARY, storage, sync_filesystem
from tenuto.model.audio import Failure
from tenuto.model.errors import IntegrityError, UnsafeInputError
from tenuto.model.ids import Sha256
from tenuto.opening import OpenFile, open_file

__all__ = ["Staged", "Store"]

_BLOCK = 1024 * 1024
_READ_ONLY = 0o444
_DIGEST = 64  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A copy that is whole but not yet in the store."""

    sha256: Sha256
    size: int
    temporary: Path


class _Sink(Protocol):
    def write(self, block: memoryview, /) -> int: ...


class Store:
    """A content-addressed store; any number of threads and processes may stage and commit at once."""

    def __init__(self, root: Path) -> None:
        """Use the directory `root`, made on the first write."""
        self._root = root

    def path(self, sha256: Sha256) -> Path:
        """Give where the file with this digest lies or would lie."""
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: Sha256) -> bool:
        """Tell whether the file is held."""
        return self.path(sha256).is_file()

    def is_whole(self, sha256: Sha256) -> bool:
        """Read the file held and tell whether it is what its name says."""
        return self.has(sha256) and self._examine(sha256) is None

    def stage(self, source: OpenFile) -> Staged:
        """Copy and hash an open file in one read; the copy counts for nothing until it is committed.

        Raises IntegrityError where the file cannot be read or has changed since it was opened, and StorageError where
        the disk refuses the copy; then nothing of it is left.
        """
        with storage(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, dir=self._root)
        temporary, done = Path(name), False
        try:
            with storage(temporary), open(descriptor, "wb", buffering=0) as sink:  # noqa: PTH123 - a descriptor
                sha256, size = _read(source, sink)
                os.fchmod(descriptor, _READ_ONLY)
            done = True
        finally:
            if not done:
                temporary.unlink(missing_ok=True)
        return Staged(sha256=sha256, size=size, temporary=temporary)

    def commit(self, staged: Sequence[Staged]) -> None:
        """Put copies into the store, durable when this returns; raises StorageError, after which none is lost.

        1. Make all bytes written so far durable: one call for the batch.
        2. Rename each copy to its place; one that is held already, and whole, is dropped.
        3. Make the names durable: one call again, however many directories they are in.
        """
        if not staged:
            return
        sync_filesystem(self._root)
        for one in staged:
            with storage(one.temporary):
                self._place(one)
        sync_filesystem(self._root)

    def discard(self, staged: Sequence[Staged]) -> None:
        """Remove copies that will not be committed."""
        for one in staged:
            with storage(one.temporary):
                one.temporary.unlink(missing_ok=True)

    def digest(self, source: OpenFile) -> tuple[Sha256, int]:
        """Hash an open file and count its bytes without keeping them; raises like `stage`."""
        return _read(source, None)

    def names(self) -> Iterator[Sha256]:
        """Give the digests of all files held, in order."""
        for path in sorted(self._root.glob("??/??/*")):
            if len(path.name) == _DIGEST and path == self.path(Sha256(path.name)):
                yield Sha256(path.name)

    def verify(self) -> Iterator[tuple[Sha256, Failure | None]]:
        """Read every file held and give its digest with None, or with why the file is not what its name says."""
        for name in self.names():
            yield name, self._examine(name)

    def _place(self, one: Staged) -> None:
        """Rename a copy to its place, unless the file held there is still what its name says."""
        target = self.path(one.sha256)
        if self.is_whole(one.sha256):
            one.temporary.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        one.temporary.rename(target)

    def _examine(self, name: Sha256) -> Failure | None:
        try:
            with open_file(self.path(name)) as held:
                found, _ = _read(held, None)
        except OSError as error:
            return Failure(code="store-unreadable", reason=f"it cannot be opened: {error.strerror}")
        except (IntegrityError, UnsafeInputError) as error:
            return Failure(code="store-unreadable", reason=str(error))
        return None if found == name else Failure(code="store-corrupt", reason=f"its bytes have the digest {found}")


def _read(source: OpenFile, sink: _Sink | None) -> tuple[Sha256, int]:
    """Read a file once, to its hash and, where there is one, to a sink."""
    hasher, size, buffer = hashlib.sha256(), 0, memoryview(bytearray(_BLOCK))
    while length := _fill(source, buffer, size):
        block = buffer[:length]
        hasher.update(block)
        if sink is not None:
            _write(sink, block)
        size += length
    source.check_unchanged()
    return Sha256(hasher.hexdigest()), size


def _fill(source: OpenFile, buffer: memoryview, offset: int) -> int:
    try:
        return os.preadv(source.descriptor, [buffer], offset)
    except OSError as error:
        raise IntegrityError(f"{source.name!r} cannot be read: {error.strerror}") from error


def _write(sink: _Sink, block: memoryview) -> None:
    """Write all of a block: a disk that is nearly full takes a part of it before it refuses."""
    while block:
        block = block[sink.write(block) :]
