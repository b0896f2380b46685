"""A text table as the engine reads it without loss: not compressed, and with line ends of one kind."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from tenuto.durable import storage
from tenuto.model.errors import SourceError

__all__ = ["settled"]

_BLOCK = 4 << 20
_PIECE = 64 << 10  # asked for at once, so that little is lost where a file is cut


def settled(path: Path, scratch: Path, packed: str) -> tuple[Path, str]:
    """Give the file itself, or a copy in `scratch` that is plain; and why it ends too early, empty where it does not.

    `packed` is `gzip`, `zstd` or empty. Where line ends are mixed, a carriage return that begins one is left out, and
    another becomes a space. Raises SourceError where nothing can be read, StorageError.
    """
    copy, fault = path, ""
    if packed:
        copy = scratch / "plain"
        fault = _unpack(path, copy, packed)
    with storage(copy):
        if _is_mixed(copy):
            _even(copy, scratch / "even")
            copy = scratch / "even"
    return copy, fault


def _unpack(path: Path, copy: Path, packed: str) -> str:
    fault = ""
    with storage(copy), copy.open("wb") as written, path.open("rb") as raw:
        try:
            stream = pa.CompressedInputStream(pa.PythonFile(raw, "r"), packed)
            while block := stream.read(_PIECE):
                written.write(block)
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
