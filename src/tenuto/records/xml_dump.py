"""An XML dump as chunks of whole elements, whatever it is compressed with; bounded memory, the good before the bad.

A dump is one root element with millions of elements below it. It is cut behind each of these, wherever its lines end.
Nothing here expands anything: a document type (entity bombs, external entities) is refused where it stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenuto.model.errors import SourceError, UnsafeInputError
from tenuto.model.source import DumpEntity
from tenuto.records.lines import BadLine, Dump, _Counted

__all__ = ["XmlChunk", "XmlDump"]

_LONGEST = 64 << 20  # bytes of one element
_HEAD = 64 << 10  # bytes the root element begins in
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_ROOT = re.compile(rb"<([^\s/<>]+)[^<>]*>")
_SKIPPED = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_HINT = "A dump has no document type; fetch it again from its publisher."


@dataclass(frozen=True, slots=True)
class XmlChunk:
    """Some whole elements of a dump."""

    first: int
    """Number of the line the chunk begins in, from 1."""
    lines: int
    content: bytes
    ends: tuple[int, ...]
    """Where each element ends in the content; what stands between two of them goes with the second."""
    before: int
    """Elements before the chunk."""


class XmlDump(Dump):
    """One XML dump, read once from its beginning."""

    def __init__(self, path: Path, entity: DumpEntity, chunk_bytes: int = 24 << 20) -> None:
        """Prepare to cut the elements of an entity out of `path`, in chunks of about so many bytes."""
        super().__init__(path, chunk_bytes)
        self._root = f"{entity.name}s"
        self._cutter = _Cutter(entity.name.encode(), _container(entity.shape, entity.name, "").encode())
        self._line, self._before = 1, 0

    def chunks(self) -> Iterator[XmlChunk]:  # type: ignore[override]
        """Give all whole elements in chunks; what is cut or damaged ends them, and is told by `fault`.

        Raises SourceError where the file holds something else, UnsafeInputError for a document type.
        """
        rest, wanted = bytearray(), _HEAD
        with self._path.open("rb") as raw:
            for block in self._blocks(_Counted(raw, self)):
                rest += block
                if len(rest) >= wanted:
                    wanted = self._chunk_bytes if self._begun(rest) else _HEAD
                    yield from self._cut(rest, wanted)
                    wanted = max(wanted, len(rest) + (wanted >> 1))
                if self.fault is not None:
                    rest.clear()
                    break
            while block := raw.read(1 << 20):  # what follows the stream counts in the digest
                self._count(block)
        if self.fault is None:
            self._tell_break(self._line - 1 + rest.count(b"\n"))
            self._begun(rest)
            yield from self._cut(rest, 1)
            self._ended(bytes(rest))

    def _cut(self, rest: bytearray, wanted: int) -> Iterator[XmlChunk]:
        """Take the whole elements off the front of what was read."""
        if len(rest) < wanted:
            return
        content = bytes(rest)
        ends = self._cutter.ends(content, self._where)
        if ends:
            content = content[: ends[-1]]
            lines = content.count(b"\n")
            yield XmlChunk(self._line, lines, content, tuple(ends), self._before)
            self._line += lines
            self._before += len(ends)
            del rest[: ends[-1]]
        elif len(rest) > self._chunk_bytes + _LONGEST:
            line = self._line + content.count(b"\n", 0, len(content) - len(content.lstrip()))
            reason = f"element {self._before + 1} is longer than {_LONGEST >> 20} MiB; nothing behind it was read"
            self.fault = BadLine(line=line, code="dump-cut", reason=reason)

    def _where(self, offset: int, content: bytes) -> str:
        line = self._line + content.count(b"\n", 0, offset)
        return f"{self._path.name} line {line}"

    def _begun(self, rest: bytearray) -> bool:
        """Take off the declaration and the root's start tag, once."""
        if self._before or self._line > 1 or self._cutter.begun:
            return True
        head = bytes(rest[: _HEAD * 2])
        end = self._root_end(head)
        self._line += head.count(b"\n", 0, end)
        self._cutter.begun = True
        del rest[:end]
        return True

    def _root_end(self, head: bytes) -> int:
        at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
        while True:
            at += len(head[at:]) - len(head[at:].lstrip())
            opening = next((one for one in _SKIPPED if head.startswith(one, at)), b"")
            if not opening:
                break
            end = head.find(_SKIPPED[opening], at) + len(_SKIPPED[opening])
            self._check_encoding(head[at:end])
            at = end if end > at else len(head)
        if head.startswith(b"<!", at):
            raise UnsafeInputError(f"{self._where(at, head)}: a document type", hint=_HINT, code="xml-doctype")
        match = _ROOT.match(head, at)
        if match is None and self.fault is not None:
            raise SourceError(f"{self._path.name}: {self.fault.reason}", code=self.fault.code)
        if match is None or match[1] != self._root.encode():
            found = f"<{match[1].decode('ascii', 'backslashreplace')}>" if match else "no XML"
            hint = "Give the dump as it was published, with its name."
            raise SourceError(f"{self._where(at, head)}: {found}, not <{self._root}>", hint=hint, code="dump-root")
        return match.end()

    def _check_encoding(self, declaration: bytes) -> None:
        match = _ENCODING.search(declaration) if declaration.startswith(b"<?xml") else None
        if match is not None and match[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
            name = match[1].decode("ascii", "backslashreplace")
            raise SourceError(f"{self._path.name}: written in {name}, not UTF-8", code="dump-encoding")

    def _ended(self, rest: bytes) -> None:
        self._line += rest.count(b"\n", 0, len(rest) - len(rest.lstrip()))
        rest = rest.strip()
        if self.fault is None and rest != f"</{self._root}>".encode():
            within = f"within element {self._before + 1}" if rest else "without its end"
            reason = f"the file ends {within}, behind {self._before} whole ones"
            self.fault = BadLine(line=self._line, code="dump-cut", reason=reason)


def _container(shape: object, name: str, place: str) -> str:
    """Name the part of an element in which elements of its own name stand; empty where there is none."""
    if isinstance(shape, list):
        return _container(shape[0], name, place)
    if not isinstance(shape, Mapping):
        return ""
    return place if name in shape else next(filter(None, (_container(shape[one], name, one) for one in shape)), "")


class _Cutter:
    """Finds where elements end."""

    def __init__(self, name: bytes, within: bytes) -> None:
        self.begun = False
        self._within = b"<" + within if within else b""
        self._closing = b"</" + within + b">"
        inner = rb"|(?P<in>" + re.escape(self._within) + rb"\s*>)" if within else b""
        end = rb"(?P<end></" + re.escape(name) + rb"\s*>)"
        self._plain = re.compile(rb"</" + re.escape(name) + rb"\s*>")
        self._careful = re.compile(rb"(?P<skip><!--|<!\[CDATA\[|<\?)|(?P<type><!)|" + end + inner)

    def ends(self, content: bytes, where: Callable[[int, bytes], str]) -> list[int]:
        """Give the place behind each element; comments and CDATA are stepped over."""
        if not self._within and b"<!" not in content and b"<?" not in content:
            return [match.end() for match in self._plain.finditer(content)]
        found, at = [], 0
        while match := self._careful.search(content, at):
            at = match.end()
            if match.lastgroup == "end":
                found.append(at)
            elif match.lastgroup == "type":
                place = where(match.start(), content)
                raise UnsafeInputError(f"{place}: a document type", hint=_HINT, code="xml-doctype")
            else:
                closing = _SKIPPED.get(match[0], self._closing)
                at = content.find(closing, at) + len(closing)
                if at < match.end():
                    break  # its end is still to come
        return found
