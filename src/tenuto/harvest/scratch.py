"""Temporary files under names we make, and capped copies into them."""

import contextlib
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from tenuto.durable import storage
from tenuto.harvest.found import Caps, FoundFile, in_byte_order
from tenuto.harvest.names import is_listed
from tenuto.model.audio import Failure
from tenuto.model.capture import Document
from tenuto.model.ids import Sha256
from tenuto.model.rights_texts import is_no_text

__all__ = ["Documents", "Readable", "Scratch", "pour"]

_CHUNK = 1 << 18


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most `size` bytes, none at the end."""


class Scratch:
    """A folder of temporary files, numbered; what is in it is nobody's but ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: Iterator[int] = itertools.count(1)
        with storage(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def new(self, suffix: str) -> Path:
        """Create the next empty file, readable by us alone, and give its place."""
        for number in self._numbers:
            path = self._folder / f"{number:06d}{suffix}"
            with storage(path), contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
                return path
        raise AssertionError  # the numbers do not end

    def found(self, path: str, place: Path, size: int, modified_ns: int) -> FoundFile:
        """Describe the copy at `place`, which `new` gave, of what the collection calls `path`."""
        return FoundFile(path=path, root=self._folder, inside=place.name, size=size, modified_ns=modified_ns)


def pour(source: Readable, into: Path, check: Callable[[int], None]) -> int:
    """Stream `source` into an existing file and give its size; `check` is told the size so far and may raise."""
    total = 0
    with storage(into), into.open("wb") as stream:
        while chunk := source.read(_CHUNK):
            total += len(chunk)
            check(total)
            stream.write(chunk)
    return total


class Documents:
    """The rights texts of a collection as they are read, within the caps."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._left = caps.documents
        self._taken: dict[str, Document] = {}

    def take(self, path: str, source: Readable | BinaryIO) -> Failure | None:
        """Read one document, or say why it was not taken; what is no plain text is kept as missed."""
        content = source.read(min(self._caps.document, self._left) + 1)
        if is_no_text(path, content):
            self.miss(path, "it is no plain text")
            return None
        if len(content) > self._caps.document:
            return Failure(code="document-too-large", reason=f"more than {self._caps.document} bytes of text")
        if len(content) > self._left:
            return Failure(code="too-many-documents", reason=f"more than {self._caps.documents} bytes of texts")
        self._left -= len(content)
        text = "" if is_listed(path) else content.decode("utf-8-sig", "surrogateescape")
        self._add(Document(path=path, text=text, sha256=Sha256(hashlib.sha256(content).hexdigest())))
        return None

    def miss(self, path: str, reason: str) -> None:
        """Keep that there is a document which was not read: it may say anything, so it is not silence."""
        if not is_listed(path):
            self._add(Document(path=path, text="", sha256=Sha256(""), unread=reason))

    def _add(self, document: Document) -> None:
        if document.path in self._taken:
            document = replace(document, text="", sha256=Sha256(""), unread="there are two texts of this name")
        self._taken[document.path] = document

    def taken(self) -> tuple[Document, ...]:
        """Give what was read and what was missed, in byte order of the paths."""
        return tuple(self._taken[path] for path in sorted(self._taken, key=in_byte_order))
