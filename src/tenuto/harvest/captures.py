"""Capture files: immutable, named after the digest of their own bytes, written in one step."""

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tenuto.durable import TEMPORARY, storage, write_file
from tenuto.model.capture import Capture, CaptureHead, Observation
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import IntegrityError, SourceError, UsageError
from tenuto.model.ids import Sha256

__all__ = ["CaptureFile", "capture_files", "next_capture_id", "read_capture", "read_head", "write_capture"]

T = TypeVar("T")

_ID = re.compile(r"[a-z0-9][a-z0-9-]*/(?!\.)[A-Za-z0-9._+~%-]{1,200}/[0-9]{6}")
_NAME = re.compile(r"([0-9]{6})-([0-9a-f]{64})\.jsonl\.gz")
_LONGEST = 120
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """A capture's file, by what its place says of it."""

    id: str
    sha256: Sha256
    """Digest that its bytes must have."""
    path: Path


def next_capture_id(taken: Iterable[str], source: str, collection: str) -> str:
    """Give the id of a collection's next capture behind those `taken`, whether they are still there or not.

    A name that cannot be a folder's is percent-escaped.
    """
    place = f"{source}/{_escaped(collection)}"
    numbers = [int(identity[-6:]) for identity in taken if identity.rpartition("/")[0] == place]
    return f"{place}/{max(numbers, default=0) + 1:06d}"


def write_capture(root: Path, capture: Capture) -> CaptureFile:
    """Write a capture and give its file; raises UsageError where its id is malformed or taken by other content."""
    identity = capture.head.id
    if not _ID.fullmatch(identity):
        raise UsageError(f"{identity!r} is no capture id", hint="Take ids from next_capture_id.")
    content = _packed(capture)
    digest = Sha256(hashlib.sha256(content).hexdigest())
    path = root / f"{identity}-{digest}.jsonl.gz"
    others = [other for other in path.parent.glob(f"{path.name[:6]}-*") if other.name != path.name]
    if others:
        raise UsageError(f"capture {identity} exists already", hint="Captures never change; take the next number.")
    if not path.exists():
        write_file(path, content)
    return CaptureFile(identity, digest, path)


def capture_files(root: Path) -> Iterator[CaptureFile]:
    """List the capture files under `root` in the order of their ids, by their names alone."""
    for path in _files(root):
        name = _NAME.fullmatch(path.name)
        if name is not None:
            yield CaptureFile(f"{'/'.join(path.parts[-3:-1])}/{name[1]}", Sha256(name[2]), path)


def read_head(path: Path) -> CaptureHead:
    """Read the head of one capture file; raises IntegrityError where its bytes are not those its name promises."""
    return _read(path, CaptureHead, _lines(path)[0])


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
