"""A text table as the engine reads it without loss: not compressed, line ends of one kind, no line beyond a buffer."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from tenuto.durable import storage
from tenuto.model.errors import SourceError, UnsafeInputError

__all__ = ["check_unpacked", "most_unpacked", "settled"]

_LEAST, _RATIO = 1 << 30, 100  # bytes that any file may hold unpacked; times its size

_BLOCK = 4 << 20
_LONGEST = 16 << 20  # bytes of a line; one beyond the engine's buffer of 32 MB is lost without a word
_UNREAD = b"\xff"  # stands where a longer one was: no UTF-8, so that the engine names it
_PIECE = 64 << 10  # asked for at once, so that little is lost where a file is cut


def settled(path: Path, scratch: Path, packed: str) -> tuple[Path, str]:
    """Give the file itself, or a copy in `scratch` that is plain; and why it ends too early, empty where it does not.

    `packed` is `gzip`, `zstd` or empty. Where line ends are mixed, a carriage return that begins one is left out, and
    another becomes a space. A line that is too long becomes one that is no UTF-8.
    Raises SourceError where nothing can be read, UnsafeInputError for a bomb, StorageError.
    """
    copy, fault = path, ""
    if packed:
        copy = scratch / "plain"
        fault = _unpack(path, copy, packed)
    with storage(copy):
        if _is_mixed(copy):
            _even(copy, scratch / "even")
            copy = scratch / "even"
        if _has_long(copy):
            _shorten(copy, scratch / "short")
            copy = scratch / "short"
    return copy, fault


def most_unpacked(path: Path) -> int:
    """Give how many bytes a file may come to when it is unpacked; tables of text come to five times their size."""
    return max(_LEAST, _RATIO * path.stat().st_size)


def check_unpacked(path: Path, size: int) -> None:
    """Raise UnsafeInputError where `size` bytes came out of a file, and that is more than an honest one holds."""
    if size > most_unpacked(path):
        said = f"{path.name} of {path.stat().st_size:,} bytes holds more than {most_unpacked(path):,}"
        raise UnsafeInputError(said, code="table-bomb")


def _unpack(path: Path, copy: Path, packed: str) -> str:
    fault = ""
    with storage(copy), copy.open("wb") as written, path.open("rb") as raw:
        try:
            stream = pa.CompressedInputStream(pa.PythonFile(raw, "r"), packed)
            while block := stream.read(_PIECE):
                written.write(block)
                check_unpacked(path, written.tell())
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno:  # the disk's word, not the compression's
                raise
            fault = f"the file is cut or damaged: {error}"
    with storage(copy):
        if fault and not _cut(copy):
            hint = "What a file is compressed with is told by its name."
            raise SourceError(f"{path.name} is no {packed} file: {fault}", hint=hint, code="table-parse")
    return fault


def _cut(path: Path) -> int:
    """Leave out what follows the last line end, and give the bytes that stay."""
    with path.open("rb+") as stream:
        stream.seek(max(0, path.stat().st_size - _BLOCK))
        start, tail = stream.tell(), stream.read()
        return stream.truncate(start + tail.rfind(b"\n") + 1)


def _blocks(path: Path) -> Iterator[bytes]:
    """Give the file's bytes; no block ends between a carriage return and its line feed."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block + (stream.read(1) if block.endswith(b"\r") else b"")


def _is_mixed(path: Path) -> bool:
    """Tell whether lines end in two ways; a line feed alone inside a quoted field is no line end of another kind."""
    feeds = returns = pairs = 0
    for block in _blocks(path):
        feeds, returns, pairs = (
            feeds + block.count(b"\n"),
            returns + block.count(b"\r"),
            pairs + block.count(b"\r\n"),
        )
    return bool(feeds) and bool(returns) and not feeds == returns == pairs


def _even(path: Path, copy: Path) -> None:
    with copy.open("wb") as written:
        for block in _blocks(path):
            written.write(block.replace(b"\r\n", b"\n").replace(b"\r", b" "))


def _has_long(path: Path) -> bool:
    """Tell whether a line is too long; whatever ends lines stands at least once in each."""
    length = 0
    for block in _blocks(path):
        first, last = _line_ends(block)
        if length + first > _LONGEST:
            return True
        length = length + len(block) if first == len(block) else len(block) - last
    return False


def _line_ends(block: bytes) -> tuple[int, int]:
    """Give where the first line of a block ends, which is its length where none does, and where the last one begins."""
    ends = [place for place in (block.find(b"\n"), block.find(b"\r")) if place >= 0]
    return min(ends, default=len(block)), max(block.rfind(b"\n"), block.rfind(b"\r")) + 1


def _shorten(path: Path, copy: Path) -> None:
    """Copy a table; of a line that is too long a sign is left that it stood there."""
    with path.open("rb") as stream, copy.open("wb") as written:
        begin, length, long = 0, 0, False  # of the line that has not ended
        while block := stream.read(_BLOCK):
            first, last = _line_ends(block)
            if length + first > _LONGEST and not long:
                written.seek(begin)
                written.truncate()
                written.write(_UNREAD)
                long = True
            written.write(block[first:] if long else block)
            if first == len(block):
                length += len(block)
            else:
                length, long = len(block) - last, False
                begin = written.tell() - length
