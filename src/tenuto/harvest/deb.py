"""A Debian package's audio and copyright texts, unpacked member by member without its own names."""

import contextlib
import gzip
import stat
import struct
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from tenuto.harvest.child import environment
from tenuto.harvest.found import Caps, Tree
from tenuto.harvest.members import Haul, open_archive
from tenuto.harvest.names import audio_suffix, is_archive, is_document, unsafe
from tenuto.harvest.scratch import Documents, Readable, Scratch, pour
from tenuto.harvest.tree import finished
from tenuto.model.audio import Failure
from tenuto.model.errors import FetchError, IntegrityError, UnsafeInputError
from tenuto.opening import open_file

__all__ = ["unpack"]

_BROKEN = (tarfile.TarError, zlib.error, struct.error, EOFError, ValueError, OverflowError)
_PROGRAMS = ("bin", "sbin", "usr/bin", "usr/sbin", "usr/games", "usr/libexec")
_PATIENCE = 16  # reads at the end of a stream that give nothing
_MISSING = "Install dpkg, which Debian's own systems have."


def unpack(deb: Path, into: Path, caps: Caps | None = None) -> Tree:
    """Stream the audio, archives and copyright texts of a .deb into `into`; raises IntegrityError where it is cut.

    Paths are those the package would install, without a leading slash. Everything else is passed over;
    the fact `programs` counts files in folders of programs.
    """
    caps = caps or Caps()
    haul = Haul(scratch=Scratch(into), caps=caps, documents=Documents(caps))
    package = _Package(haul)
    with _tar_stream(deb) as stream:
        package.read(stream)
    return finished(haul, (("programs", str(package.programs)),))


@contextlib.contextmanager
def _tar_stream(deb: Path) -> Iterator[BinaryIO]:
    """Open the package's file tree as a tar stream made by a child; its failure is an IntegrityError."""
    command = ["dpkg-deb", "--fsys-tarfile", str(deb.absolute())]
    try:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
    except FileNotFoundError as error:
        raise FetchError("this machine has no dpkg-deb", hint=_MISSING) from error
    stdout = cast("BinaryIO", child.stdout)
    try:
        yield stdout
        _drain(stdout)
        if child.wait() != 0:
            raise IntegrityError(f"{deb.name} is cut or damaged: dpkg-deb cannot unpack it")
    except _BROKEN as error:
        raise IntegrityError(f"{deb.name} is cut or damaged: {error}") from error
    finally:
        child.kill()
        stdout.close()
        child.wait()


def _drain(stream: Readable) -> None:
    """Read what follows the archive's end, within reason, so that the child can finish."""
    for _ in range(1 << 10):
        if not stream.read(1 << 16):
            return
    raise UnsafeInputError("the package goes on behind its end", code="package-too-large")


class _Budget:
    """A stream that gives only as many bytes as were granted: a header cannot ask for memory without end."""

    def __init__(self, stream: Readable, total: int) -> None:
        self._stream = stream
        self._total = total
        self._granted = self._empty = 0

    def grant(self, size: int) -> None:
        self._granted = size

    def read(self, size: int = -1, /) -> bytes:
        """Give bytes; raises UnsafeInputError once the grant or the total is used up, EOFError where it goes on empty.

        A header may claim more than any stream holds, and the reader would skip over what is not there, block by block.
        """
        content = self._stream.read(size)
        self._empty = 0 if content else self._empty + 1
        if self._empty > _PATIENCE:
            raise EOFError("a member claims more bytes than there are")
        self._granted -= len(content)
        self._total -= len(content)
        if self._granted < 0 or self._total < 0:
            raise UnsafeInputError("the package unpacks to more than is read", code="package-too-large")
        return content


class _Package:
    """One package, member by member."""

    def __init__(self, haul: Haul) -> None:
        self._haul = haul
        self._total = 0
        self.programs = 0

    def read(self, stream: Readable) -> None:
        caps = self._haul.caps
        budget = _Budget(stream, 4 * caps.archive)
        budget.grant(caps.index)
        with tarfile.open(fileobj=cast("BinaryIO", budget), mode="r|", errors="surrogateescape") as archive:
            for count, member in enumerate(archive):
                if count >= caps.members:
                    raise UnsafeInputError("the package has too many members", code="package-too-many-members")
                budget.grant(max(member.size, 0) + caps.index)
                self._take(archive, member)
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile keeps every header otherwise

    def _take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        path = member.name.removeprefix("./")
        self.programs += member.isfile() and path.startswith(tuple(f"{folder}/" for folder in _PROGRAMS))
        if not _is_wanted(path) or member.isdir():
            return
        failure = _refusal(member, path)
        if failure is None:
            source = archive.extractfile(member)
            failure = self._store(path, member, source) if source else None
        if failure is not None:
            self._haul.refuse(path, failure, is_text=_is_text(path))

    def _store(self, path: str, member: tarfile.TarInfo, source: Readable) -> Failure | None:
        if _is_text(path):
            return self._document(path, source)
        suffix = audio_suffix(path) or ".zip"
        if member.size > self._haul.caps.member or self._total + member.size > self._haul.caps.archive:
            return Failure(code="package-too-large", reason=f"{member.size} bytes are more than is kept of a package")
        place = self._haul.scratch.new(suffix)
        size = pour(source, place, lambda _: None)
        self._total += size
        modified = max(int(member.mtime), 0) * 1_000_000_000
        if is_archive(path):
            self._open(path, place, modified)
        else:
            self._haul.files.append(self._haul.scratch.found(path, place, size, modified))
        return None

    def _open(self, path: str, place: Path, modified_ns: int) -> None:
        try:
            with open_file(place) as file:
                open_archive(path, file, modified_ns, self._haul)
        finally:
            place.unlink(missing_ok=True)

    def _document(self, path: str, source: Readable) -> Failure | None:
        if not path.endswith(".gz"):
            return self._haul.documents.take(path, source)
        try:
            with gzip.GzipFile(fileobj=cast("BinaryIO", source), mode="rb") as text:
                return self._haul.documents.take(path, text)
        except (OSError, EOFError, zlib.error) as error:
            return Failure(code="document-broken", reason=f"the text cannot be unpacked: {error}")


def _is_wanted(path: str) -> bool:
    return audio_suffix(path) is not None or is_archive(path) or _is_text(path)


def _is_text(path: str) -> bool:
    """Tell whether a path is `usr/share/doc/PACKAGE/copyright`, or names a licence text beside the music."""
    parts = PurePosixPath(path).parts
    if parts[:3] != ("usr", "share", "doc"):
        return is_document(path)
    return len(parts) == 5 and parts[4].startswith("copyright")  # noqa: PLR2004


def _refusal(member: tarfile.TarInfo, path: str) -> Failure | None:
    if member.issym():
        return Failure(code="symlink", reason="a symbolic link; what it leads to is listed itself")
    if member.islnk():
        return Failure(code="hard-link", reason="a hard link; what it leads to is listed itself")
    if not member.isreg():
        return Failure(code="not-a-regular-file", reason="a device, a FIFO or something odder")
    if member.mode & (stat.S_ISUID | stat.S_ISGID):
        return Failure(code="setuid", reason="the member asks for set-user-id or set-group-id")
    return unsafe(path)
