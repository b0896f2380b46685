"""A dump file as chunks of numbered lines, whatever it is compressed with; bounded memory, good lines before bad ones.

A `.tar.*` archive as MusicBrainz publishes them is read up to its one member below `mbdump/`; of one with `.listens`
every such member is read, one behind the other.
"""

import hashlib
import lzma
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

import numpy as np
import pyarrow as pa

from tenuto.model.errors import SourceError

__all__ = ["BadLine", "Chunk", "Dump"]

_LONGEST = 64 << 20  # bytes of one line
_BLOCK = 1 << 20
_PIECE = 64 << 10  # asked for at once, so that little is lost where a file is cut
_BATCH = 2_000  # lines of one Arrow batch: enough batches for every thread
_LISTENS = (".listens", ".jsonl", ".json")
_BROKEN = (EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, pa.ArrowException, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that cannot be read."""

    line: int
    """From 1."""
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole lines of a dump."""

    first: int
    """Number of the first line, from 1."""
    lines: int
    table: pa.Table
    """Columns `line` (int64) and `text` (large string, null where the line is bad)."""
    bad: tuple[BadLine, ...]


class Dump:
    """One dump file, read once from its beginning; what it is compressed with is told by its name."""

    def __init__(self, path: Path, chunk_bytes: int = 32 << 20) -> None:
        """Prepare to read chunks of about so many bytes."""
        self._path = path
        self._chunk_bytes = chunk_bytes
        self.size = path.stat().st_size
        self.read = 0
        """Compressed bytes read so far."""
        self.fault: BadLine | None = None
        """Why the file ended before its end, known when all chunks were given."""
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Digest of the file, once all of it was read."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[Chunk]:
        """Give all whole lines in chunks; what is cut or damaged ends them, and is told by `fault`."""
        first, rest = 1, bytearray()
        with self._path.open("rb") as raw:
            blocks = self._blocks(_Counted(raw, self))
            for block in blocks:
                rest += block
                if len(rest) >= self._chunk_bytes and (end := rest.rfind(b"\n") + 1):
                    chunk = _chunk(bytes(rest[:end]), first)
                    first += chunk.lines
                    del rest[:end]
                    yield chunk
                elif len(rest) > self._chunk_bytes + _LONGEST:
                    raise SourceError(
                        f"{self._path.name} line {first}: longer than {_LONGEST >> 20} MiB", code="line-too-long"
                    )
            while raw.readable() and (block := raw.read(_BLOCK)):  # what follows the last line counts in the digest
                self._count(block)
        if rest and self.fault is None:
            rest += b"" if rest.endswith(b"\n") else b"\n"
        elif rest:
            del rest[rest.rfind(b"\n") + 1 :]
        if rest:
            yield _chunk(bytes(rest), first)

    def _count(self, block: bytes) -> None:
        self.read += len(block)
        self._hash.update(block)

    def _blocks(self, raw: "_Counted") -> Iterator[bytes]:
        lines = 0
        try:
            stream = _plain(raw, self._path.name)
            while block := stream.read(_PIECE):
                lines += block.count(b"\n")
                yield block
        except _BROKEN as error:
            reason = f"the file is cut or damaged behind line {lines}: {error}"
            self.fault = BadLine(line=lines + 1, code="dump-cut", reason=reason)


class _Counted:
    """The compressed file, its bytes counted and hashed as they are read."""

    def __init__(self, stream: BinaryIO, dump: Dump) -> None:
        self._stream = stream
        self._dump = dump
        self.closed = False

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(_BLOCK if size < 0 else size)
        self._dump._count(block)  # noqa: SLF001 - two halves of one reader
        return block

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _plain(raw: _Counted, name: str) -> BinaryIO:
    """Give the lines' own bytes."""
    plain = _uncompressed(raw, name)
    return _member(plain, name) if ".tar" in name else plain


def _uncompressed(raw: _Counted, name: str) -> BinaryIO:
    kinds = {".xz": "xz", ".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
    kind = kinds.get(os.path.splitext(name)[1])  # noqa: PTH122 - a name, no path
    if kind == "xz":
        return cast("BinaryIO", lzma.LZMAFile(cast("BinaryIO", raw)))
    return cast("BinaryIO", raw if kind is None else pa.CompressedInputStream(pa.PythonFile(raw, "r"), kind))


def _member(plain: BinaryIO, name: str) -> BinaryIO:
    archive = tarfile.open(fileobj=plain, mode="r|")  # noqa: SIM115 - read as long as its member is
    for member in archive:
        if member.isreg() and member.name.removeprefix("./").startswith("mbdump/"):
            return cast("BinaryIO", archive.extractfile(member))
        if _holds_listens(member):
            return cast("BinaryIO", _Listens(archive, member))
    hint = "Give a JSON dump as MusicBrainz publishes it, or one of ListenBrainz's listens."
    raise SourceError(f"{name} has no member below mbdump/ and none with listens", hint=hint)


def _holds_listens(member: tarfile.TarInfo) -> bool:
    return member.isreg() and member.name.endswith(_LISTENS)


class _Listens:
    """All members of an archive that hold listens, one behind the other, each ended by a line end."""

    def __init__(self, archive: tarfile.TarFile, first: tarfile.TarInfo) -> None:
        self._archive = archive
        self._stream = archive.extractfile(first)
        self._last = b"\n"

    def read(self, size: int) -> bytes:
        while self._stream is not None:
            if block := self._stream.read(size):
                self._last = block[-1:]
                return block
            self._stream = self._next()
            if self._last != b"\n":
                self._last = b"\n"
                return b"\n"
        return b""

    def _next(self) -> IO[bytes] | None:
        members = iter(self._archive.next, None)
        found = next((member for member in members if _holds_listens(member)), None)
        return None if found is None else self._archive.extractfile(found)


def _chunk(content: bytes, first: int) -> Chunk:
    """Cut whole lines apart without a copy; lines that are no UTF-8 are null, and told."""
    ends = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == ord("\n"))
    offsets = np.concatenate([[0], ends + 1]).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(content)]
    texts = pa.Array.from_buffers(pa.large_string(), len(ends), buffers)
    bad: tuple[BadLine, ...] = ()
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        texts, bad = _decoded(content.split(b"\n")[: len(ends)], first)
    numbers = pa.array(np.arange(first, first + len(ends), dtype=np.int64))
    whole = pa.table({"line": numbers, "text": texts})
    return Chunk(first, len(ends), pa.Table.from_batches(whole.to_batches(max_chunksize=_BATCH), whole.schema), bad)


def _decoded(lines: list[bytes], first: int) -> tuple[pa.Array, tuple[BadLine, ...]]:
    texts: list[str | None] = []
    bad = []
    for number, line in enumerate(lines, first):
        try:
            texts.append(line.decode())
        except UnicodeDecodeError as error:
            texts.append(None)
            bad.append(BadLine(line=number, code="line-encoding", reason=f"no UTF-8 at byte {error.start}"))
    return pa.array(texts, pa.large_string()), tuple(bad)
