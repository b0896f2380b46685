"""Capture files: immutable, named after the digest of their own bytes, written in one step."""

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from tenuto.durable import TEMPORARY, storage, write_file
from tenuto.model.capture import Capture, CaptureHead, Observation
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import IntegrityError, SourceError, UsageError

__all__ = ["capture_ids", "next_capture_id", "read_capture", "read_captures", "read_heads", "write_capture"]

T = TypeVar("T")

_ID = re.compile(r"[a-z0-9][a-z0-9-]*/(?!\.)[A-Za-z0-9._+~%-]{1,200}/[0-9]{6}")
_NAME = re.compile(r"([0-9]{6})-([0-9a-f]{64})\.jsonl\.gz")
_LONGEST = 120
_LEVEL = 6


def next_capture_id(root: Path, source: str, collection: str) -> str:
    """Give the id of a collection's next capture; a name that cannot be a folder's is percent-escaped."""
    place = f"{source}/{_escaped(collection)}"
    numbers = [int(path.name[:6]) for path in _files(root, place)]
    return f"{place}/{max(numbers, default=0) + 1:06d}"


def write_capture(root: Path, capture: Capture) -> Path:
    """Write a capture and give its place; raises UsageError where its id is malformed or taken by other content."""
    identity = capture.head.id
    if not _ID.fullmatch(identity):
        raise UsageError(f"{identity!r} is no capture id", hint="Take ids from next_capture_id.")
    content = _packed(capture)
    path = root / f"{identity}-{hashlib.sha256(content).hexdigest()}.jsonl.gz"
    others = [other for other in path.parent.glob(f"{path.name[:6]}-*") if other.name != path.name]
    if others:
        raise UsageError(f"capture {identity} exists already", hint="Captures never change; take the next number.")
    if not path.exists():
        write_file(path, content)
    return path


def read_captures(root: Path) -> Iterator[Capture]:
    """Read every capture under `root` in the order of their ids; IntegrityError names the file that is damaged."""
    return (read_capture(path) for path in _files(root))


def capture_ids(root: Path) -> frozenset[str]:
    """Give the ids of all captures under `root`, by their files' names alone."""
    return frozenset(f"{'/'.join(path.parts[-3:-1])}/{path.name[:6]}" for path in _files(root))


def read_heads(root: Path) -> Iterator[CaptureHead]:
    """Read every capture's head, in the order of their ids."""
    for path in _files(root):
        yield _read(path, CaptureHead, _lines(path)[0])


def read_capture(path: Path) -> Capture:
    """Read one capture file; raises IntegrityError where its bytes are not those its name promises."""
    head, *observations = _lines(path)
    return Capture(
        head=_read(path, CaptureHead, head),
        observations=tuple(_read(path, Observation, line) for line in observations),
    )


def _read(path: Path, kind: type[T], line: bytes) -> T:
    try:
        return from_json(kind, line)
    except SourceError as error:
        raise IntegrityError(f"{path} is no capture: {error}") from error


def _files(root: Path, place: str = "*/*") -> list[Path]:
    paths = [path for path in root.glob(f"{place}/*.jsonl.gz") if not path.name.startswith(TEMPORARY)]
    return sorted((path for path in paths if _NAME.fullmatch(path.name)), key=lambda path: path.parts)


def _packed(capture: Capture) -> bytes:
    """Compress a capture the same way each time: no time stamp, no name, one level."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=_LEVEL, mtime=0) as stream:
        for noun in (capture.head, *capture.observations):
            stream.write(f"{to_json(noun)}\n".encode("ascii"))
    return packed.getvalue()


def _lines(path: Path) -> list[bytes]:
    with storage(path):
        content = path.read_bytes()
    found = _NAME.fullmatch(path.name)
    if found is None or hashlib.sha256(content).hexdigest() != found[2]:
        raise IntegrityError(f"{path} is damaged: its bytes do not have the digest in its name")
    try:
        return gzip.decompress(content).splitlines() or [b""]
    except (OSError, EOFError, zlib.error) as error:
        raise IntegrityError(f"{path} is no capture: {error}") from error


def _escaped(collection: str) -> str:
    raw = collection.encode("utf-8", "surrogateescape")
    text = "".join(chr(byte) if re.match(rb"[A-Za-z0-9._+~-]", bytes((byte,))) else f"%{byte:02X}" for byte in raw)
    text = text.replace(".", "%2E", 1) if text.startswith(".") else text
    if 0 < len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 20].rstrip('%')}~{hashlib.sha256(raw).hexdigest()[:16]}"
