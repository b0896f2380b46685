"""The two ways metainfo lists files: v1's list and v2's tree, each read into one shape."""

from collections.abc import Iterator
from dataclasses import dataclass

from tenuto.torrents.bencode import Value
from tenuto.torrents.merkle import HASH
from tenuto.torrents.paths import checked_part, refusal

__all__ = ["MetaFile", "v1_files", "v2_files"]

_MAX_TOTAL = 1 << 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaFile:
    """One file that metainfo lists."""

    path: tuple[str, ...]
    """Parts below the torrent's name."""
    size: int
    offset: int
    """Bytes from the start of the byte stream."""
    pieces_root: bytes = b""
    """Root of its v2 Merkle tree, 32 bytes; empty in v1 lists and for empty files."""
    pad: bool = False


def v1_files(info: dict[bytes, Value], name: str, piece_length: int) -> tuple[MetaFile, ...] | None:
    """Read the v1 list, in order and pad files included; None where the info has none."""
    if b"files" not in info and b"length" not in info:
        return None
    if b"files" in info and b"length" in info:
        raise refusal("shape", "it is of one file and of many at once")
    if b"length" in info:
        _check_attributes(info)
        return (MetaFile(path=(name,), size=_size(info[b"length"]), offset=0),)
    listed = info[b"files"]
    if not isinstance(listed, list) or not listed:
        raise refusal("shape", "the list of files is none, or empty")
    return tuple(_v1_listed(listed, piece_length))


def _v1_listed(listed: list[Value], piece_length: int) -> Iterator[MetaFile]:
    offset = 0
    for entry in listed:
        if not isinstance(entry, dict):
            raise refusal("shape", "a listed file is no dictionary")
        pad = b"p" in _check_attributes(entry)
        parts = entry.get(b"path")
        if not isinstance(parts, list) or not parts:
            raise refusal("path-parts", "a file without a path")
        size = _size(entry.get(b"length"))
        yield MetaFile(path=tuple(checked_part(part) for part in parts), size=size, offset=offset, pad=pad)
        offset += size
        if offset > _MAX_TOTAL:
            raise refusal("size", "the files are larger than any archive")
        if pad and size >= piece_length:
            raise refusal("pad", "a pad file of a piece or more, which pads nothing")


def _check_attributes(entry: dict[bytes, Value]) -> bytes:
    attributes = entry.get(b"attr", b"")
    if not isinstance(attributes, bytes):
        raise refusal("shape", "a file's attributes are no string")
    if b"l" in attributes or b"symlink path" in entry:
        raise refusal("symlink", "it asks for a symbolic link")
    return attributes


def _size(value: Value | None) -> int:
    if not isinstance(value, int) or not 0 <= value <= _MAX_TOTAL:
        raise refusal("size", f"a file of {value!r} bytes")
    return value


def v2_files(info: dict[bytes, Value]) -> tuple[MetaFile, ...] | None:
    """Read the v2 tree in its order, offsets left at 0; None where the info is of version 1 alone."""
    if b"file tree" not in info and b"meta version" not in info:
        return None
    if info.get(b"meta version") != 2:  # noqa: PLR2004 - BEP 52's own number
        raise refusal("version", "meta version is not 2")
    tree = info.get(b"file tree")
    if not isinstance(tree, dict) or not tree:
        raise refusal("shape", "the file tree is none, or empty")
    return tuple(_v2_listed(tree))


def _v2_listed(tree: dict[bytes, Value]) -> Iterator[MetaFile]:
    """Walk the tree in order, by a stack."""
    stack: list[tuple[tuple[str, ...], Iterator[tuple[bytes, Value]]]] = [((), iter(tree.items()))]
    while stack:
        path, entries = stack[-1]
        name, node = next(entries, (None, b""))
        if name is None:
            stack.pop()
            continue
        if not isinstance(node, dict) or not node:
            raise refusal("shape", "a node of the file tree is no dictionary, or empty")
        here = (*path, checked_part(name))
        if b"" in node:
            yield _v2_file(here, node)
        else:
            stack.append((here, iter(node.items())))


def _v2_file(path: tuple[str, ...], node: dict[bytes, Value]) -> MetaFile:
    facts = node[b""]
    if len(node) > 1 or not isinstance(facts, dict):
        raise refusal("path-duplicate", f"{'/'.join(path)!r} is a file and a folder")
    _check_attributes(facts)
    size, root = _size(facts.get(b"length")), facts.get(b"pieces root", b"")
    if not isinstance(root, bytes) or len(root) != (HASH if size else 0):
        raise refusal("root", f"{'/'.join(path)!r} has no proper pieces root")
    return MetaFile(path=path, size=size, offset=0, pieces_root=root)
