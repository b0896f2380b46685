"""`tenuto verify`: every byte against what was promised of it."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenuto.audio.store import Store
from tenuto.catalogue.checks import check_catalogue
from tenuto.durable import TEMPORARY, storage
from tenuto.flow.acknowledged import captures, lost_captures, unacknowledged
from tenuto.flow.archive import Archive
from tenuto.flow.import_forms import is_unkept
from tenuto.flow.receipts import packed_digests
from tenuto.ledger.chain import Anchor, Event
from tenuto.model.counting import counted
from tenuto.model.errors import NotFoundError, TenutoError, TorrentError
from tenuto.model.progress import Progress
from tenuto.opening import open_file
from tenuto.packages.bag import bag_names, read_receipt
from tenuto.packages.verify import verify_bag
from tenuto.torrents.reading import MAX_SIZE, read_metainfo
from tenuto.torrents.verify import verify_torrent

__all__ = ["Check", "verify_archive", "verify_paths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was verified."""

    kind: str
    """ledger, captures, dumps, store, receipts, metainfo, bag, torrent or catalogue; lost where it should be there."""
    subject: str
    summary: str
    faults: tuple[str, ...] = ()
    head: str = ""
    """Of the ledger, where its chain ends: `SEQ:HASH`, to be noted outside the archive."""


def verify_archive(archive: Archive, progress: Progress, noted: Anchor | None = None) -> tuple[Check, ...]:
    """Verify ledger, captures, dumps, store, bags, torrents, catalogue; what the ledger names and is gone is a fault.

    The ledger has to pass through the `noted` row, a head it had before.
    """
    layout = archive.layout
    try:
        entries, end = archive.ledger.walk(noted)
    except TenutoError as error:
        return (_failed("ledger", layout.name, error),)
    rows = [entry.what for entry in entries]
    named = {event: {row.subject for row in rows if row.event == event} for event in ("packed", "torrent")}
    bags = bag_names(layout.packages) | named["packed"]
    torrents = {path.stem for path in _metainfo_files(archive)} | named["torrent"]
    catalogues = [layout.catalogue] if layout.catalogue.is_file() else []
    paths = [layout.packages / name for name in sorted(bags)]
    paths += [layout.torrents / f"{name}.torrent" for name in sorted(torrents)]
    return (
        Check(
            kind="ledger",
            subject=layout.name,
            summary=f"{counted(len(rows), 'row')} in an unbroken chain",
            head=str(end),
        ),
        _captures(archive),
        *_dumps(archive, rows),
        _store(archive, {row.sha256 for row in rows if row.event == "kept"}, progress),
        _receipts(archive),
        _published(archive, rows),
        *verify_paths([*paths, *catalogues], progress, bags=layout.packages),
    )


def verify_paths(paths: Sequence[Path], progress: Progress, *, bags: Path | None = None) -> tuple[Check, ...]:
    """Verify bags, torrents and catalogues by path; a torrent's payload is looked for in `bags`, else near it.

    Raises NotFoundError where a path given by a person leads to nothing that can be verified.
    """
    checks = []
    for path in paths:
        progress.start(f"Verifying {path.name}", None, "files")
        if bags is not None and not os.path.lexists(path):
            checks.append(Check(kind="lost", subject=path.name, summary="is gone", faults=("the ledger names it",)))
        else:
            checks.append(_verify_path(path, bags or _near(path)))
        progress.finish()
    return tuple(checks)


def _verify_path(path: Path, bags: Path) -> Check:
    if path.is_dir() and path.suffix != ".torrent":
        return _bag(path)
    if path.suffix == ".torrent" and (path.exists() or path.is_symlink()):
        return _torrent(path, bags)
    if path.suffix == ".sqlite3" and path.is_file():
        return _catalogue(path)
    hint = "Name a bag's folder, a .torrent or a catalogue's .sqlite3 file."
    raise NotFoundError(f"{path} is nothing that can be verified", hint=hint)


def _near(torrent: Path) -> Path:
    """Look beside a torrent for its payload, or in an archive's packages folder."""
    packages = torrent.absolute().parent.parent / "packages"
    return packages if torrent.absolute().parent.name == "torrents" and packages.is_dir() else torrent.parent


def _bag(path: Path) -> Check:
    try:
        report = verify_bag(path)
    except TenutoError as error:
        return _failed("bag", path.name, error)
    faults = tuple(f"{problem.path or path.name}: {problem.reason} ({problem.code})" for problem in report.problems)
    return Check(
        kind="bag",
        subject=report.name,
        summary=f"{counted(report.files, 'file')}, {report.size:,} bytes",
        faults=faults,
    )


def _torrent(path: Path, bags: Path) -> Check:
    try:
        content = _content(path)
        metainfo = read_metainfo(content)
        bag = bags / metainfo.name
        if not bag.is_dir():
            return Check(kind="torrent", subject=path.name, summary="valid metainfo; its files are not here")
        report = verify_torrent(content, bag)
    except TenutoError as error:
        return _failed("torrent", path.name, error)
    pieces = tuple(f"piece {index} differs" for index in report.bad_pieces)
    files = tuple(f"{name} is missing or of another size" for name in report.bad_files)
    return Check(kind="torrent", subject=path.name, summary=counted(report.pieces, "piece"), faults=files + pieces)


def _catalogue(path: Path) -> Check:
    try:
        rows = check_catalogue(path)
    except TenutoError as error:
        return _failed("catalogue", path.name, error)
    return Check(kind="catalogue", subject=path.name, summary=counted(rows, "track"))


def _captures(archive: Archive) -> Check:
    try:
        count = sum(1 for _ in captures(archive))
    except TenutoError as error:
        return _failed("captures", archive.layout.name, error)
    strangers, is_leftover = unacknowledged(archive)
    faults = [f"{identity} is gone or replaced, the ledger names it" for identity in lost_captures(archive)]
    faults += [f"{file.id} is not in the ledger" for file in strangers if not is_leftover]
    summary = counted(count, "capture") + (", and one that a crash left" if strangers and is_leftover else "")
    return Check(kind="captures", subject=archive.layout.name, summary=summary, faults=tuple(faults))


def _dumps(archive: Archive, rows: Sequence[Event]) -> Iterator[Check]:
    """Compare each dump that was imported with the digest it had, where there are any."""
    named = {row.subject: row.sha256 for row in rows if row.event == "imported" and not is_unkept(row)}
    faults = []
    for subject, sha256 in sorted(named.items()):
        try:
            path = archive.layout.captures / subject
            with storage(path), open_file(path) as file:
                if file.digest() != sha256:
                    faults.append(f"{subject} differs from what was imported")
        except TenutoError as error:
            faults.append(f"{subject}: {error}")
    if named:
        yield Check(
            kind="dumps", subject=archive.layout.name, summary=counted(len(named), "dump"), faults=tuple(faults)
        )


def _receipts(archive: Archive) -> Check:
    """Compare each bag's receipt with the ledger, and name what lies among the bags and is none."""
    root, recorded, faults = archive.layout.packages, packed_digests(archive), []
    present = bag_names(root)
    for name in sorted(present & recorded.keys()):
        try:
            read_receipt(root, name, recorded[name])
        except TenutoError as error:
            faults.append(f"{name}: {error}")
    faults += [f"{name} is no bag that the ledger names" for name in sorted(present - recorded.keys())]
    return Check(kind="receipts", subject=root.name, summary=counted(len(present), "bag"), faults=tuple(faults))


def _published(archive: Archive, rows: Sequence[Event]) -> Check:
    """Compare each metainfo file with the ledger: what this archive did not publish it never seeds."""
    published = {row.sha256 for row in rows if row.event == "torrent"}
    paths = _metainfo_files(archive)
    faults = tuple(
        f"{path.name} is not what this archive published" for path in paths if _digest(path) not in published
    )
    return Check(
        kind="metainfo", subject=archive.layout.torrents.name, summary=counted(len(paths), "file"), faults=faults
    )


def _metainfo_files(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.layout.torrents.glob("*.torrent") if not path.name.startswith(TEMPORARY))


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(_content(path)).hexdigest()
    except TenutoError:
        return ""


def _content(path: Path) -> bytes:
    """Read a metainfo file; one that is no file, or larger than any, is refused before it is read."""
    with storage(path), open_file(path) as file:
        if file.facts.st_size > MAX_SIZE:
            raise TorrentError(f"{path.name}: more than {MAX_SIZE} bytes", code="too-large")
        with file.stream() as stream:
            return stream.read()


def _store(archive: Archive, kept: set[str], progress: Progress) -> Check:
    faults, found = [], set()
    progress.start("Verifying store", len(kept), "files")
    for sha256, failure in Store(archive.layout.store).verify():
        found.add(sha256)
        progress.advance(1)
        if failure is not None:
            faults.append(f"{sha256}: {failure.reason}")
    progress.finish()
    faults += [f"{sha256} is gone, the ledger says it was kept" for sha256 in sorted(kept - found)]
    return Check(kind="store", subject=archive.layout.name, summary=counted(len(found), "file"), faults=tuple(faults))


def _failed(kind: str, subject: str, error: TenutoError) -> Check:
    return Check(kind=kind, subject=subject, summary="could not be verified", faults=(f"{error.code}: {error}",))
