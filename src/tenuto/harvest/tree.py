"""A folder of music, walked without following a link."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from tenuto.harvest.found import Caps, FoundFile, Tree, in_byte_order, opened
from tenuto.harvest.members import SEPARATOR, Haul, open_archive
from tenuto.harvest.names import audio_suffix, is_archive, is_document
from tenuto.harvest.scratch import Documents, Scratch
from tenuto.model.errors import NotFoundError, UnsafeInputError

__all__ = ["FoundFile", "Tree", "finished", "walk"]

_Entry = tuple[str, "os.DirEntry[str]"]


def walk(root: Path, scratch: Path, caps: Caps | None = None) -> Tree:
    """List the audio and rights texts under `root`, archives unpacked into `scratch`; raises NotFoundError."""
    if not root.is_dir():
        raise NotFoundError(f"{root} is no folder", hint="Name a folder of music that exists.")
    caps = caps or Caps()
    haul = Haul(scratch=Scratch(scratch), caps=caps, documents=Documents(caps))
    real = Path(os.path.realpath(root))
    for path, entry in sorted(_entries(real, haul), key=_place):
        _take(path, entry, real, haul)
    return finished(haul)


def finished(haul: Haul, facts: tuple[tuple[str, str], ...] = ()) -> Tree:
    """Close a haul: every list in byte order of the paths."""
    return Tree(
        files=tuple(sorted(haul.files, key=lambda file: in_byte_order(file.path))),
        documents=tuple(sorted(haul.documents.taken, key=lambda document: in_byte_order(document.path))),
        refused=tuple(sorted(haul.refused, key=lambda refusal: in_byte_order(refusal[0]))),
        facts=facts,
    )


def _place(pair: _Entry) -> bytes:
    path, _ = pair
    return in_byte_order(f"{path}{SEPARATOR}" if is_archive(path) else path)


def _entries(root: Path, haul: Haul) -> Iterator[_Entry]:
    """Yield everything that is no folder; folders that cannot be listed are refused."""
    waiting: list[tuple[str, int]] = [("", 0)]
    while waiting:
        prefix, depth = waiting.pop()
        for path, entry in _listed(root, prefix, haul):
            if not entry.is_dir(follow_symlinks=False):
                yield path, entry
            elif depth < haul.caps.depth:
                waiting.append((path + "/", depth + 1))
            else:
                haul.refuse(path, "path-too-long", f"more than {haul.caps.depth} folders inside each other")


def _listed(root: Path, prefix: str, haul: Haul) -> list[_Entry]:
    try:
        with os.scandir(root / prefix) as entries:
            return [(prefix + entry.name, entry) for entry in entries]
    except OSError as error:
        code = "path-too-long" if error.errno == errno.ENAMETOOLONG else "unreadable"
        haul.refuse(prefix.rstrip("/"), code, f"the folder cannot be listed: {error.strerror}")
        return []


def _take(path: str, entry: "os.DirEntry[str]", root: Path, haul: Haul) -> None:
    try:
        if entry.is_symlink():
            _refuse_link(path, entry, root, haul)
        elif _is_wanted(path):
            _take_named(path, entry, haul)
    except OSError as error:
        haul.refuse(path, "unreadable", f"the file cannot be read: {error.strerror}")


def _take_named(path: str, entry: "os.DirEntry[str]", haul: Haul) -> None:
    if not entry.is_file(follow_symlinks=False):
        haul.refuse(path, "not-a-regular-file", "a device, a FIFO or a socket")
    elif is_archive(path):
        open_archive(path, Path(entry.path), entry.stat(follow_symlinks=False).st_mtime_ns, haul)
    elif audio_suffix(path) is None:
        _take_document(path, Path(entry.path), haul)
    else:
        facts = entry.stat(follow_symlinks=False)
        file = FoundFile(path=path, file=Path(entry.path), size=facts.st_size, modified_ns=facts.st_mtime_ns)
        haul.files.append(file)


def _take_document(path: str, file: Path, haul: Haul) -> None:
    try:
        with opened(file) as stream:
            failure = haul.documents.take(path, stream)
    except UnsafeInputError as error:
        haul.refuse(path, error.code, str(error))
    else:
        if failure is not None:
            haul.refused.append((path, failure))


def _is_wanted(path: str) -> bool:
    return audio_suffix(path) is not None or is_archive(path) or is_document(path)


def _refuse_link(path: str, entry: "os.DirEntry[str]", root: Path, haul: Haul) -> None:
    if not (_is_wanted(path) or entry.is_dir()):
        return
    target = Path(os.path.realpath(entry.path))
    if target.is_relative_to(root):
        haul.refuse(path, "symlink", "a symbolic link inside the collection; what it leads to is listed itself")
    else:
        haul.refuse(path, "symlink-outside", "a symbolic link out of the collection")
