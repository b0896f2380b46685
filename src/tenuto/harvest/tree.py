"""A folder of music, walked without following a link; its archives are opened one after the other."""

import os
import shutil
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tenuto.harvest.found import Caps, FoundArchive, FoundFile, Tree, in_byte_order
from tenuto.harvest.members import SEPARATOR, Haul, open_archive
from tenuto.harvest.names import audio_suffix, is_archive, is_document
from tenuto.harvest.scratch import Documents, Scratch
from tenuto.model.audio import Failure
from tenuto.model.errors import NotFoundError, UnsafeInputError
from tenuto.opening import open_beneath, open_folder

__all__ = ["finished", "walk"]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something in a folder that is no folder."""

    path: str
    facts: os.stat_result
    """Its own, not those of what a link leads to."""
    is_folder_link: bool

    @property
    def kind(self) -> int:
        """Type of the file, as stat.S_IFMT gives it."""
        return stat.S_IFMT(self.facts.st_mode)


def walk(root: Path, scratch: Path, caps: Caps | None = None) -> Iterator[Tree]:
    """Give the audio and rights texts in or below `root`, then those inside each archive there, tree by tree.

    The texts of the folder come with every tree. An archive is unpacked into `scratch` when its tree is asked for, and
    its copies are gone when the next one is. Raises NotFoundError where there is no such folder.
    """
    if not root.is_dir():
        raise NotFoundError(f"{root} is no folder", hint="Name a folder of music that exists.")
    return _trees(Path(os.path.realpath(root)), scratch, caps or Caps())


def _trees(root: Path, scratch: Path, caps: Caps) -> Iterator[Tree]:
    haul = Haul(scratch=Scratch(scratch), caps=caps, documents=Documents(caps))
    archives: list[FoundArchive] = []
    for entry in sorted(_entries(root, haul), key=lambda entry: in_byte_order(entry.path)):
        _take(entry, root, haul, archives)
    folder = finished(haul, archives=archives)
    yield folder
    for archive in folder.archives:
        yield _members(archive, folder, scratch, caps)
        shutil.rmtree(scratch, ignore_errors=True)


def _members(archive: FoundArchive, folder: Tree, scratch: Path, caps: Caps) -> Tree:
    haul = Haul(scratch=Scratch(scratch), caps=caps, documents=Documents(caps))
    try:
        with open_beneath(archive.root, archive.path) as file:
            open_archive(archive.path, file, archive.modified_ns, haul)
    except (OSError, UnsafeInputError) as error:
        haul.refuse(archive.path, _unreadable(error))
    inside = finished(haul)
    return replace(inside, name=archive.path, documents=folder.documents + inside.documents)


def finished(haul: Haul, facts: tuple[tuple[str, str], ...] = (), archives: Iterable[FoundArchive] = ()) -> Tree:
    """Close a haul: every list in byte order of the paths, and one refusal for all that share a path.

    Two members of one name would be one track, and which of them it is could change from harvest to harvest.
    """
    archives = tuple(archives)
    paths = Counter([file.path for file in haul.files] + [path for path, _ in haul.refused])
    paths.update({archive.path: 1 for archive in archives})
    twice = Failure(code="duplicate-name", reason="there are two of this name, and which is meant cannot be told")
    refused = {path: twice if paths[path] > 1 else failure for path, failure in haul.refused}
    refused |= {path: twice for path, count in paths.items() if count > 1}
    return Tree(
        files=tuple(sorted((file for file in haul.files if paths[file.path] == 1), key=_path_of)),
        archives=tuple(archive for archive in archives if paths[archive.path] == 1),
        documents=haul.documents.taken(),
        refused=tuple(sorted(refused.items(), key=lambda refusal: in_byte_order(refusal[0]))),
        facts=facts,
    )


def _path_of(file: FoundFile) -> bytes:
    return in_byte_order(file.path)


def _entries(root: Path, haul: Haul) -> Iterator[_Entry]:
    """Yield everything of interest that is no folder; folders that cannot be listed are refused."""
    waiting: list[tuple[str, int]] = [("", 0)]
    while waiting:
        prefix, depth = waiting.pop()
        for entry in _listed(root, prefix, haul):
            if entry.kind != stat.S_IFDIR:
                yield entry
            elif depth < haul.caps.depth:
                waiting.append((f"{entry.path}/", depth + 1))
            else:
                reason = f"more than {haul.caps.depth} folders inside each other"
                haul.refuse(entry.path, Failure(code="path-too-long", reason=reason))


def _listed(root: Path, prefix: str, haul: Haul) -> list[_Entry]:
    try:
        folder = open_folder(root, prefix.rstrip("/"))
    except (OSError, UnsafeInputError) as error:
        haul.refuse(prefix.rstrip("/"), _unreadable(error))
        return []
    try:
        with os.scandir(folder) as entries:
            found = [_entry(prefix + entry.name, entry, haul) for entry in entries]
    finally:
        os.close(folder)
    return [entry for entry in found if entry is not None]


def _entry(path: str, entry: "os.DirEntry[str]", haul: Haul) -> _Entry | None:
    """Describe an entry; None where it is of no interest, gone by now, or refused because it cannot be looked at."""
    is_folder = _is_folder(entry)
    if not is_folder and audio_suffix(path) is None and not is_archive(path) and not is_document(path):
        return None
    try:
        return _Entry(path, entry.stat(follow_symlinks=False), is_folder and entry.is_symlink())
    except FileNotFoundError:
        return None
    except OSError as error:
        haul.refuse(path, _unreadable(error))
        return None


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _take(entry: _Entry, root: Path, haul: Haul, archives: list[FoundArchive]) -> None:
    if entry.kind == stat.S_IFLNK:
        _take_link(entry, root, haul)
    elif entry.kind != stat.S_IFREG:
        haul.refuse(entry.path, Failure(code="not-a-regular-file", reason="a device, a FIFO or a socket"))
    elif is_archive(entry.path):
        _take_archive(FoundArchive(path=entry.path, root=root, modified_ns=entry.facts.st_mtime_ns), haul, archives)
    elif audio_suffix(entry.path) is None:
        _take_document(entry.path, entry.path, root, haul)
    else:
        facts = entry.facts
        haul.files.append(
            FoundFile(path=entry.path, root=root, inside=entry.path, size=facts.st_size, modified_ns=facts.st_mtime_ns)
        )


def _take_archive(archive: FoundArchive, haul: Haul, archives: list[FoundArchive]) -> None:
    """Take an archive, unless a folder beside it has the name that its members' paths begin with."""
    try:
        os.close(open_folder(archive.root, archive.path + SEPARATOR.rstrip("/")))
    except (OSError, UnsafeInputError):
        archives.append(archive)
    else:
        reason = "a folder beside it has the name that its members would be listed under"
        haul.refuse(archive.path, Failure(code="duplicate-name", reason=reason))


def _take_document(path: str, inside: str, root: Path, haul: Haul) -> None:
    try:
        with open_beneath(root, inside) as file, file.stream() as stream:
            failure = haul.documents.take(path, stream)
    except (OSError, UnsafeInputError) as error:
        failure = _unreadable(error)
    if failure is not None:
        haul.refuse(path, failure)


def _take_link(entry: _Entry, root: Path, haul: Haul) -> None:
    """Refuse a link; only a text about rights that lies elsewhere in the collection is read where it lies."""
    target = Path(os.path.realpath(root / entry.path))
    if not target.is_relative_to(root):
        haul.refuse(entry.path, Failure(code="symlink-outside", reason="a symbolic link out of the collection"))
    elif is_document(entry.path) and not entry.is_folder_link:
        _take_document(entry.path, str(target.relative_to(root)), root, haul)
    else:
        reason = "a symbolic link inside the collection; what it leads to is listed itself"
        haul.refuse(entry.path, Failure(code="symlink", reason=reason))


def _unreadable(error: OSError | UnsafeInputError) -> Failure:
    if isinstance(error, UnsafeInputError):
        return Failure(code=error.code, reason=str(error))
    return Failure(code="unreadable", reason=f"it cannot be read: {error.strerror}")
