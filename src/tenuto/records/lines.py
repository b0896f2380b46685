"""A dump file as chunks of numbered lines, whatever it is compressed with; bounded memory, good lines before bad ones.

A `.tar.*` archive as MusicBrainz publishes them is read up to its one member below `mbdump/`; of one with `.listens`
every such member is read, one behind the other.
"""

import codecs
import hashlib
import lzma
import os
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa

from tenuto.model.errors import SourceError

__all__ = ["BadLine", "Chunk", "Dump"]

_LONGEST = 64 << 20  # bytes of one line
_MOST_LINES = 1 << 19  # of a chunk: shorter ones than 64 bytes hold no document
_BLOCK = 1 << 20
_PIECE = 64 << 10  # asked for at once, so that little is lost where a file is cut
_FACT = 4 << 10  # bytes of a member that is kept as a fact
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
        self.facts: dict[str, str] = {}
        """Small members of an archive beside its lines, by name; all are known when all chunks were given."""
        self._hash = hashlib.sha256()
        self._broken: Exception | None = None

    @property
    def sha256(self) -> str:
        """Digest of the file, once all of it was read."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[Chunk]:
        """Give all whole lines in chunks; what is cut or damaged ends them, and is told by `fault`."""
        filling = _Filling()
        with self._path.open("rb") as raw:
            for block in self._blocks(_Counted(raw, self)):
                filling.add(block)
                if filling.whole and (filling.size >= self._chunk_bytes or filling.waiting >= _MOST_LINES):
                    yield filling.chunk()
            while block := raw.read(_BLOCK):  # what follows the last line counts in the digest
                self._count(block)
        self._tell_break(filling.lines)
        if self.fault is None:
            filling.end()
        if filling.whole:
            yield filling.chunk()

    def _count(self, block: bytes) -> None:
        self.read += len(block)
        self._hash.update(block)

    def _blocks(self, raw: "_Counted") -> Iterator[bytes]:
        try:
            yield from self._plain(raw)
        except _BROKEN as error:
            self._broken = error

    def _tell_break(self, lines: int) -> None:
        """Say, where the bytes ended too early, behind how many whole lines that was."""
        if self._broken is not None:
            reason = f"the file is cut or damaged behind line {lines}: {self._broken}"
            self.fault = BadLine(line=lines + 1, code="dump-cut", reason=reason)

    def _plain(self, raw: "_Counted") -> Iterator[bytes]:
        """Give the lines' own bytes."""
        stream = _uncompressed(raw, self._path.name)
        if ".tar" in self._path.name:
            return self._member(stream)
        return _read(stream, _BLOCK if isinstance(stream, _Counted) else _PIECE)

    def _member(self, stream: BinaryIO) -> Iterator[bytes]:
        """Give the bytes of the members that hold lines, and note the small ones before and behind them."""
        documents = listens = False
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                name, content = member.name.removeprefix("./"), archive.extractfile(member)
                if content is None:
                    continue
                if name.startswith("mbdump/") and not (documents or listens):
                    documents = True
                    yield from _read(cast("BinaryIO", content))
                elif name.endswith(_LISTENS) and not documents:
                    listens = True
                    yield from _ended(_read(cast("BinaryIO", content)))
                elif member.size <= _FACT:
                    self.facts[name] = content.read().decode("utf-8", "replace").strip()
        if not (documents or listens):
            hint = "Give a JSON dump as MusicBrainz publishes it, or one of ListenBrainz's listens."
            raise SourceError(f"{self._path.name} has no member below mbdump/ and none with listens", hint=hint)


class _Filling:
    """Blocks on their way to whole lines; a line that is too long is dropped as it comes."""

    def __init__(self) -> None:
        self.whole: list[bytes | memoryview] = []
        """Blocks that end with a line, together."""
        self.size = 0
        """Bytes waiting."""
        self.waiting = 0
        """Whole lines among them."""
        self._first = 1
        self._open: list[bytes | memoryview] = []  # the line that has not ended
        self._length = 0  # of that line so far
        self._long: list[int] = []  # places of lines that were dropped

    def add(self, block: bytes) -> None:
        """Take in a block."""
        if self._first == 1 and not (self.whole or self._open):
            block = block.removeprefix(codecs.BOM_UTF8)
        head = block.find(b"\n") + 1
        if head == 0:
            self._extend(block)
            return
        tail, view = block.rfind(b"\n") + 1, memoryview(block)
        self._extend(view[:head])
        self.end()
        self.whole.append(view[head:tail])
        self.waiting += block.count(b"\n", head, tail)
        self.size += tail - head
        self._extend(view[tail:])

    def end(self) -> None:
        """End the open line, which may lack its end of line."""
        if self._length > _LONGEST:
            self._long.append(self.waiting)
            self._open = [b"\n"]
        elif self._open and self._open[-1][-1:] != b"\n":
            self._open.append(b"\n")
        self.whole += self._open
        self.waiting += bool(self._open)
        self._open, self._length = [], 0

    @property
    def lines(self) -> int:
        """Lines that were whole so far."""
        return self._first - 1 + self.waiting

    def _extend(self, block: bytes | memoryview) -> None:
        self._length += len(block)
        if self._length > _LONGEST:
            self.size -= sum(map(len, self._open))
            self._open = []
        elif block:
            self._open.append(block)
            self.size += len(block)

    def chunk(self) -> Chunk:
        """Give the whole lines that wait."""
        chunk = _chunk(b"".join(self.whole), self._first, self._long)
        self._first += chunk.lines
        self.whole, self._long, self.waiting = [], [], 0
        self.size = sum(map(len, self._open))
        return chunk


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


def _read(stream: BinaryIO, piece: int = _PIECE) -> Iterator[bytes]:
    while block := stream.read(piece):
        yield block


def _ended(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Give blocks and, where the last line lacks it, its end: another member's lines may follow."""
    block = b"\n"
    for block in blocks:
        yield block
    if not block.endswith(b"\n"):
        yield b"\n"


def _uncompressed(raw: _Counted, name: str) -> BinaryIO:
    kinds = {".xz": "xz", ".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
    kind = kinds.get(os.path.splitext(name)[1])  # noqa: PTH122 - a name, no path
    if kind == "xz":
        return cast("BinaryIO", lzma.LZMAFile(cast("BinaryIO", raw)))
    return cast("BinaryIO", raw if kind is None else pa.CompressedInputStream(pa.PythonFile(raw, "r"), kind))


def _chunk(content: bytes, first: int, long: Sequence[int]) -> Chunk:
    """Cut whole lines apart without a copy; lines that are too long or no UTF-8 are null, and told."""
    offsets = np.array(_begins(content), dtype=np.int64)
    count = len(offsets) - 1
    texts = pa.Array.from_buffers(pa.large_string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(content)])
    bad: tuple[BadLine, ...] = ()
    try:
        texts.validate(full=True)
        damaged = bool(long)
    except pa.ArrowInvalid:
        damaged = True
    if damaged:
        texts, bad = _decoded(content.split(b"\n")[:count], first, frozenset(long))
    numbers = pa.array(np.arange(first, first + count, dtype=np.int64))
    return Chunk(first, count, pa.table({"line": numbers, "text": texts}), bad)


def _begins(content: bytes) -> list[int]:
    """Find where lines begin, the one behind the last among them; faster than any array of flags."""
    begins = [0]
    while end := content.find(b"\n", begins[-1]) + 1:
        begins.append(end)
    return begins


def _decoded(lines: list[bytes], first: int, long: frozenset[int]) -> tuple[pa.Array, tuple[BadLine, ...]]:
    texts: list[str | None] = []
    bad = []
    for number, line in enumerate(lines, first):
        text = None
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            bad.append(BadLine(line=number, code="line-encoding", reason=f"no UTF-8 at byte {error.start}"))
        if number - first in long:
            bad.append(BadLine(line=number, code="line-too-long", reason=f"longer than {_LONGEST >> 20} MiB"))
            text = None
        texts.append(text)
    return pa.array(texts, pa.large_string()), tuple(bad)
