"""The captures that the ledger names, each with the digest of its file; no other is read.

A crash between capture and ledger leaves one capture that was never acknowledged: the next harvest removes it and takes
its files again. More than that is no crash.
"""

from collections.abc import Iterator

from tenuto.durable import storage
from tenuto.flow.archive import Archive
from tenuto.harvest.captures import CaptureFile, capture_files, read_capture, read_head
from tenuto.ledger.chain import Event
from tenuto.model.capture import Capture, CaptureHead
from tenuto.model.errors import LedgerError

__all__ = [
    "captured",
    "captures",
    "discard_leftover",
    "heads",
    "lost_captures",
    "pinned",
    "record_loss",
    "unacknowledged",
]

_CAPTURED, _LOST = "captured", "lost"


def captured(file: CaptureFile) -> Event:
    """Name a capture in the ledger, by its id and the digest of its file."""
    return Event(event=_CAPTURED, subject=file.id, sha256=file.sha256)


def record_loss(archive: Archive, lost: tuple[str, ...]) -> None:
    """Record that captures are gone for good, and that the operator knows."""
    reason = "the operator accepted that it is gone"
    archive.ledger.append(Event(event=_LOST, subject=identity, reason=reason) for identity in lost)


def pinned(archive: Archive) -> dict[str, str]:
    """Give the id of every capture ever acknowledged, with the digest of its file."""
    rows = (entry.what for entry in archive.ledger.entries())
    return {row.subject: row.sha256 for row in rows if row.event == _CAPTURED}


def captures(archive: Archive) -> Iterator[Capture]:
    """Read the acknowledged captures in the order of their ids; raises IntegrityError where one is damaged."""
    return (read_capture(file.path) for file in _acknowledged(archive))


def heads(archive: Archive) -> Iterator[CaptureHead]:
    """Read the heads of the acknowledged captures; raises like `captures`."""
    return (read_head(file.path) for file in _acknowledged(archive))


def _acknowledged(archive: Archive) -> Iterator[CaptureFile]:
    known = pinned(archive)
    return (file for file in capture_files(archive.layout.captures) if known.get(file.id) == file.sha256)


def lost_captures(archive: Archive) -> tuple[str, ...]:
    """Name the captures that the ledger names and that are gone or replaced, those whose loss was accepted left out."""
    rows = [entry.what for entry in archive.ledger.entries()]
    accepted = {row.subject for row in rows if row.event == _LOST}
    there = {(file.id, file.sha256) for file in capture_files(archive.layout.captures)}
    named = {(row.subject, row.sha256) for row in rows if row.event == _CAPTURED and row.subject not in accepted}
    return tuple(sorted(identity for identity, _ in named - there))


def unacknowledged(archive: Archive) -> tuple[tuple[CaptureFile, ...], bool]:
    """Give the captures that the ledger does not name, and whether they are what one crash leaves: a single newest."""
    known = pinned(archive)
    strangers = tuple(file for file in capture_files(archive.layout.captures) if known.get(file.id) != file.sha256)
    return strangers, len(strangers) <= 1 and all(_is_next(file, known) for file in strangers)


def _is_next(file: CaptureFile, known: dict[str, str]) -> bool:
    place, _, number = file.id.rpartition("/")
    taken = [int(identity[-6:]) for identity in known if identity.rpartition("/")[0] == place]
    return int(number) == max(taken, default=0) + 1


def discard_leftover(archive: Archive) -> None:
    """Remove the capture that a crash left before it was acknowledged; raises LedgerError where there are others."""
    strangers, is_leftover = unacknowledged(archive)
    if not is_leftover:
        raise LedgerError(
            f"{len(strangers)} captures are not in the ledger, first {strangers[0].id}",
            hint="If the ledger was restored from an old copy, restore a newer one; else move these files away.",
            code="captures-unknown",
        )
    for file in strangers:
        with storage(file.path):
            file.path.unlink()
