"""Rows of JSON, each carrying the hash of the row before; a head file is the point of commitment.

A row counts once the head names it: rows after the head are what a crash left, and are cut on the next
opening. A chain that ends before its head, or whose hashes do not meet it, has been tampered with.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from tenuto.durable import storage, write_file
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import LedgerError, SourceError, UsageError

__all__ = ["Anchor", "Entry", "Event", "Ledger", "LedgerHead"]

_GENESIS = "0" * 64
_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, before it has a place in the chain."""

    event: str
    """What happened: kept, review, metadata-only, refused; captured, lost, harvested, failed; packed, torrent."""
    subject: str
    """To what: `folder:collection/path`, a bag's name, an infohash."""
    code: str = ""
    """Reason code: a rule of docs/rights.md or a failure's code."""
    reason: str = ""
    sha256: str = ""
    capture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the chain."""

    seq: int
    at: str
    """ISO 8601, UTC."""
    what: Event
    prev: str
    """Hash of the row before, 64 hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """Where the chain ends: rows, bytes, and the last row's hash."""

    seq: int = 0
    size: int = 0
    hash: str = _GENESIS


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row as somebody noted it outside the archive: a chain cut or written anew together with its head misses it."""

    seq: int
    """0 is the place before the first row."""
    hash: str

    def __str__(self) -> str:
        """Write it as it is read: `SEQ:HASH`."""
        return f"{self.seq}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `SEQ:HASH`; raises UsageError."""
        match = _ANCHOR.fullmatch(text)
        if match is None:
            hint = "Write SEQ:HASH, as an earlier `tenuto verify` printed it."
            raise UsageError(f"{text!r} is no head of a ledger", hint=hint)
        return cls(int(match[1]), match[2])


class Ledger:
    """The chain in `directory`, written by one process at a time (the archive's lock sees to that)."""

    def __init__(self, directory: Path, clock: Callable[[], datetime]) -> None:
        """Open the chain; nothing is read or written before it is asked for."""
        self._rows = directory / "ledger.jsonl"
        self._head = directory / "head.json"
        self._clock = clock

    def begin(self) -> None:
        """Write the head of an empty chain, once, when the archive is made: from then on a missing head is noticed."""
        write_file(self._head, to_json(LedgerHead()).encode())

    def head(self) -> LedgerHead:
        """Give the end of the chain; raises LedgerError where the head file is missing or damaged."""
        try:
            with storage(self._head):
                content = self._head.read_bytes() if self._head.exists() else None
            if content is None:
                raise LedgerError(f"{self._head} is missing", code="ledger-head")
            return from_json(LedgerHead, content)
        except SourceError as error:
            raise LedgerError(f"{self._head}: {error}", code="ledger-head") from error

    def append(self, events: Iterable[Event]) -> LedgerHead:
        """Add rows and commit them together: after a crash all are there or none."""
        head = self.head()
        at = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        lines = []
        for event in events:
            line = _line(Entry(seq=head.seq + 1, at=at, what=event, prev=head.hash))
            head = LedgerHead(seq=head.seq + 1, size=head.size + len(line), hash=_hash(line))
            lines.append(line)
        if lines:
            self._write(b"".join(lines), head)
        return head

    def _write(self, rows: bytes, head: LedgerHead) -> None:
        with storage(self._rows):
            self._rows.parent.mkdir(parents=True, exist_ok=True)
            with self._rows.open("ab") as stream:
                self._cut_tail(stream.fileno())
                stream.write(rows)
                stream.flush()
                os.fsync(stream.fileno())
        write_file(self._head, to_json(head).encode())

    def _cut_tail(self, descriptor: int) -> None:
        committed, present = self.head().size, os.fstat(descriptor).st_size
        if present < committed:
            raise LedgerError(f"{self._rows} ends {committed - present} bytes before its head", code="ledger-cut")
        os.ftruncate(descriptor, committed)

    def entries(self) -> Iterator[Entry]:
        """Give every committed row in order; raises LedgerError at the first that does not fit the chain."""
        head, at, seq, previous = self.head(), 0, 0, _GENESIS
        for line in self._lines(head.size):
            at, seq = at + len(line), seq + 1
            yield self._entry(line, seq, previous)
            previous = _hash(line)
        if (seq, at, previous) != (head.seq, head.size, head.hash):
            raise LedgerError(f"{self._rows} ends at row {seq}, its head says row {head.seq}", code="ledger-cut")

    def walk(self, noted: Anchor | None = None) -> tuple[tuple[Entry, ...], Anchor]:
        """Give every row and where the chain ends; raises LedgerError where it does not pass through the noted row."""
        rows = tuple(self.entries())
        hashes = (_GENESIS, *(row.prev for row in rows[1:]), *(_hash(_line(row)) for row in rows[-1:]))
        if noted is not None and noted.seq > len(rows):
            raise self._missed(f"ends at row {len(rows)}, before row {noted.seq}, which was noted")
        if noted is not None and hashes[noted.seq] != noted.hash:
            raise self._missed(f"row {noted.seq} is not the one that was noted")
        return rows, Anchor(len(rows), hashes[-1])

    def _missed(self, what: str) -> LedgerError:
        hint = "The ledger was cut or written anew after its head was noted; restore it from a copy."
        return LedgerError(f"{self._rows} {what}", hint=hint, code="ledger-anchor")

    def _lines(self, size: int) -> Iterator[bytes]:
        if size == 0 and not self._rows.exists():
            return
        with storage(self._rows), self._rows.open("rb") as stream:
            while stream.tell() < size and (line := stream.readline()):
                yield line

    def _entry(self, line: bytes, seq: int, previous: str) -> Entry:
        try:
            entry = from_json(Entry, line)
        except SourceError as error:
            raise LedgerError(f"{self._rows} row {seq}: {error}", code="ledger-row") from error
        if (entry.seq, entry.prev) != (seq, previous) or _line(entry) != line:
            raise LedgerError(f"{self._rows} row {seq} does not follow the row before it", code="ledger-chain")
        return entry


def _line(entry: Entry) -> bytes:
    return to_json(entry).encode("ascii") + b"\n"


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
