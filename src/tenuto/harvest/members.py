"""Audio and texts inside zip and .pk3 archives; members stream to names we make, nothing is ever extracted by name."""

import contextlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from tenuto.harvest.found import Caps, FoundFile, Refusal
from tenuto.harvest.names import audio_suffix, is_archive, is_document, unsafe
from tenuto.harvest.scratch import Documents, Scratch, pour
from tenuto.model.audio import Failure
from tenuto.model.errors import TenutoError, UnsafeInputError
from tenuto.opening import OpenFile

__all__ = ["SEPARATOR", "Haul", "open_archive"]

SEPARATOR = "!/"
"""Stands between an archive's path and a member's."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LOCAL_HEADER = 30  # bytes before the name (APPNOTE 4.3.7)
_ENCRYPTED = 0x1
_UTF8 = 0x800


@dataclass(slots=True)
class Haul:
    """What is being collected, with the caps and the places it shares."""

    scratch: Scratch
    caps: Caps
    documents: Documents
    files: list[FoundFile] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, path: str, failure: Failure, *, is_text: bool = False) -> None:
        """Store why something was not taken; a text about rights stays in mind as one that was not read."""
        self.refused.append((path, failure))
        if is_text or is_document(path):
            self.documents.miss(path, failure.reason)


class _Bounded:
    """A file that gives at most `limit` bytes at once: zipfile reads a central directory in one piece."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.seek, self.tell, self.seekable, self.close = stream.seek, stream.tell, stream.seekable, stream.close
        self._read = stream.read
        self._limit = limit

    def read(self, size: int = -1, /) -> bytes:
        """Give `size` bytes; raises UnsafeInputError where more than the limit is asked for."""
        if size > self._limit:
            raise UnsafeInputError(f"the archive's index claims {size} bytes", code="archive-index-too-large")
        return self._read(size)


def open_archive(path: str, file: OpenFile, modified_ns: int, haul: Haul) -> None:
    """Add the audio and texts inside the archive `file` to the haul; refusals with their reason.

    Members take the archive's own `modified_ns`: their own times have no zone.
    """
    try:
        with file.stream() as stream, _zip(stream, haul.caps) as archive:
            _Members(path, archive, haul, modified_ns).take_all()
    except UnsafeInputError as error:
        haul.refuse(path, Failure(code=error.code, reason=str(error)))
    except _BROKEN as error:
        haul.refuse(path, Failure(code="archive-broken", reason=f"no readable zip archive: {error}"))


def _zip(stream: BinaryIO, caps: Caps) -> zipfile.ZipFile:
    return zipfile.ZipFile(cast("BinaryIO", _Bounded(stream, caps.index)))


class _Members:
    """One archive, member by member."""

    def __init__(self, path: str, archive: zipfile.ZipFile, haul: Haul, modified_ns: int) -> None:
        self._path = path
        self._archive = archive
        self._haul = haul
        self._modified_ns = modified_ns
        self._total = self._packed = 0

    def take_all(self) -> None:
        infos = self._archive.infolist()
        if len(infos) > self._haul.caps.members:
            raise UnsafeInputError(f"the archive has {len(infos)} members", code="archive-too-many-members")
        overlapping = _overlapping(infos, self._archive.start_dir)
        for name, info in sorted(((_name(info), info) for info in infos), key=_raw):
            if not info.is_dir() and _is_wanted(name):
                self._take(name, info, overlaps=info.header_offset in overlapping)

    def _take(self, name: str, info: zipfile.ZipInfo, *, overlaps: bool) -> None:
        path = f"{self._path}{SEPARATOR}{name}"
        failure = unsafe(name) or _refusal(info, overlaps=overlaps)
        try:
            failure = failure or self._pour(path, name, info)
        except _BROKEN as error:
            failure = Failure(code="archive-member-broken", reason=f"the member cannot be unpacked: {error}")
        except TenutoError as error:
            if not isinstance(error, UnsafeInputError):
                raise
            failure = Failure(code=error.code, reason=str(error))
        if failure is not None:
            self._haul.refuse(path, failure)

    def _pour(self, path: str, name: str, info: zipfile.ZipInfo) -> Failure | None:
        suffix = audio_suffix(name)
        with self._archive.open(info) as source:
            if suffix is None:
                return self._haul.documents.take(path, source)
            place = self._haul.scratch.new(suffix)
            with _dropping(place):
                size = pour(source, place, lambda total: self._check(total, info))
                if size != info.file_size:
                    raise UnsafeInputError("the member is shorter than it claims", code="archive-lying-size")
        self._total += size
        self._packed += info.compress_size
        self._haul.files.append(self._haul.scratch.found(path, place, size, self._modified_ns))
        return None

    def _check(self, total: int, info: zipfile.ZipInfo) -> None:
        """Stop at the caps: of one member, of the archive, and of what its bytes may unpack to, alone or together."""
        caps = self._haul.caps
        if total > caps.member or self._total + total > caps.archive:
            raise UnsafeInputError(f"more than {total - 1} bytes unpacked", code="archive-too-large")
        for unpacked, packed in ((total, 0), (self._total + total, self._packed)):
            if unpacked > caps.ratio_from and unpacked > caps.ratio * max(packed + info.compress_size, 1):
                raise UnsafeInputError(f"unpacks to over {caps.ratio} times its size", code="archive-bomb")


@contextlib.contextmanager
def _dropping(place: Path) -> Iterator[None]:
    """Remove `place` where the body fails."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            place.unlink(missing_ok=True)


def _name(info: zipfile.ZipInfo) -> str:
    """Give a member's name; without the UTF-8 flag zipfile reads CP437, so its bytes are restored."""
    name = info.orig_filename
    return name if info.flag_bits & _UTF8 else name.encode("cp437").decode("utf-8", "surrogateescape")


def _raw(pair: tuple[str, zipfile.ZipInfo]) -> tuple[bytes, int]:
    return pair[0].encode("utf-8", "surrogatepass"), pair[1].header_offset


def _is_wanted(name: str) -> bool:
    return audio_suffix(name) is not None or is_archive(name) or is_document(name)


def _refusal(info: zipfile.ZipInfo, *, overlaps: bool) -> Failure | None:
    if is_archive(info.orig_filename):
        return Failure(code="archive-nested", reason="an archive inside an archive is not opened")
    if info.flag_bits & _ENCRYPTED:
        return Failure(code="archive-encrypted", reason="the member is encrypted")
    if info.compress_type not in _METHODS:
        return Failure(code="archive-method", reason=f"compression method {info.compress_type} is not read")
    if overlaps:
        return Failure(code="archive-overlap", reason="the member shares bytes with another one")
    return _odd_mode(info.external_attr >> 16)


def _odd_mode(mode: int) -> Failure | None:
    if stat.S_ISLNK(mode):
        return Failure(code="symlink", reason="the member is a symbolic link")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return Failure(code="not-a-regular-file", reason="the member is a device, a FIFO or a socket")
    if mode & (stat.S_ISUID | stat.S_ISGID):
        return Failure(code="setuid", reason="the member asks for set-user-id or set-group-id")
    return None


def _overlapping(infos: list[zipfile.ZipInfo], end: int) -> frozenset[int]:
    """Give the header offsets of members whose bytes reach into the next member or into the directory."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    starts = [*(info.header_offset for info in ordered[1:]), end]
    guilty = set()
    for info, following in zip(ordered, starts, strict=True):
        if info.header_offset + _LOCAL_HEADER + info.compress_size > following:
            guilty |= {info.header_offset, following}
    return frozenset(guilty)
