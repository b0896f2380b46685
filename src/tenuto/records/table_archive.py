"""Tables out of a `.tar.*` archive: those asked for, under our own names, with the digest of the archive."""

import hashlib
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import pyarrow as pa

from tenuto.durable import storage
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.records.table_text import check_unpacked

__all__ = ["unpack_tables"]

_BLOCK = 1 << 20
_PIECE = 16 << 10  # asked for at once, so that little is lost where an archive is cut
_ROW = 2  # lines that a header and a row have
_BROKEN = (EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, pa.ArrowException)
_PACKED = {".xz": "xz", ".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}


class _Hashed:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._stream, self._progress = stream, progress
        self._hash = hashlib.sha256()
        self.closed = False

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(_BLOCK if size < 0 else size)
        self._hash.update(block)
        self._progress.advance(len(block))
        return block

    def digest(self) -> str:
        """Read what is left, and give the digest of all."""
        while self.read(_BLOCK):
            pass
        return self._hash.hexdigest()

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


class _Capped:
    """What comes out of an archive, up to what an honest one holds."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self._size = 0

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(size)
        self._size += len(block)
        check_unpacked(self._path, self._size)
        return block


def unpack_tables(path: Path, target: Path, names: AbstractSet[str], progress: Progress) -> tuple[list[Path], str, str]:
    """Write the regular members of these names into `target`, made anew; give them, the archive's digest and its fault.

    Where the archive is cut or damaged, the last of them ends there; the fault says so, and is empty otherwise.
    Raises SourceError where no member has one of the names, UnsafeInputError for a bomb, StorageError.
    """
    found: list[Path] = []
    fault = ""
    with storage(target):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        progress.start(f"Unpacking {path.name}", path.stat().st_size, "bytes")
        with path.open("rb") as raw:
            hashed = _Hashed(raw, progress)
            try:
                _unpack(_Capped(_plain(hashed, path.suffix), path), target, names, found)
            except _BROKEN as error:
                if not _whole_lines(found):
                    raise SourceError(f"{path.name} is damaged: {error}", code="dump-cut") from error
                fault = f"the archive is cut or damaged: {error}"
            sha256 = hashed.digest()
        progress.finish()
    if not found:
        hint = f"It should hold {', '.join(sorted(names))}."
        raise SourceError(f"{path.name} holds none of the tables", hint=hint, code="dump-unknown")
    return found, sha256, fault


def _whole_lines(found: list[Path]) -> bool:
    """Leave out what follows the last line end of the last table, and the table where it had not come to its rows."""
    if found:
        with found[-1].open("rb+") as stream:
            start = max(0, stream.seek(0, os.SEEK_END) - _BLOCK)
            stream.seek(start)
            tail = stream.read()
            stream.truncate(start + tail.rfind(b"\n") + 1)
        if start == 0 and tail.count(b"\n") < _ROW:
            found.pop()
    return bool(found)


def _unpack(plain: _Capped, target: Path, names: AbstractSet[str], found: list[Path]) -> None:
    with tarfile.open(fileobj=cast("BinaryIO", plain), mode="r|") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            place = target / name
            stream = archive.extractfile(member) if member.isreg() and name in names and place not in found else None
            if stream is not None:
                found.append(place)
                with place.open("wb") as written:
                    shutil.copyfileobj(stream, written, _PIECE)


def _plain(raw: _Hashed, suffix: str) -> BinaryIO:
    kind = _PACKED.get(suffix)
    if kind == "xz":
        return cast("BinaryIO", lzma.LZMAFile(cast("BinaryIO", raw)))
    return cast("BinaryIO", raw if kind is None else pa.CompressedInputStream(pa.PythonFile(raw, "r"), kind))
