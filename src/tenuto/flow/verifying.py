"""`tenuto verify`: every byte against what was promised of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tenuto.audio.store import Store
from tenuto.catalogue.checks import check_catalogue
from tenuto.durable import storage
from tenuto.flow.archive import Archive
from tenuto.model.audio import Failure
from tenuto.model.errors import NotFoundError, TenutoError
from tenuto.model.progress import Progress
from tenuto.packages.verify import verify_bag
from tenuto.torrents.reading import read_metainfo
from tenuto.torrents.verify import verify_torrent

__all__ = ["Check", "verify_archive", "verify_paths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was verified."""

    kind: str
    """store, bag, torrent, catalogue, ledger."""
    subject: str
    summary: str
    faults: tuple[str, ...] = ()


def verify_archive(archive: Archive, progress: Progress) -> tuple[Check, ...]:
    """Verify ledger, store, bags, torrents and catalogue of a whole archive."""
    layout = archive.layout
    bags = sorted(path for path in layout.packages.glob("*") if path.is_dir() and not path.name.startswith("."))
    torrents = sorted(layout.torrents.glob("*.torrent"))
    catalogues = [layout.catalogue] if layout.catalogue.is_file() else []
    first = (_ledger(archive), _store(archive, progress))
    return (*first, *verify_paths([*bags, *torrents, *catalogues], progress, bags=layout.packages))


def verify_paths(paths: Sequence[Path], progress: Progress, *, bags: Path | None = None) -> tuple[Check, ...]:
    """Verify bags, torrents and catalogues by path; a torrent's payload is looked for in `bags`, else beside it."""
    checks = []
    for path in paths:
        progress.start(f"Verifying {path.name}", None, "files")
        checks.append(_verify_path(path, bags or path.parent))
        progress.finish()
    return tuple(checks)


def _verify_path(path: Path, bags: Path) -> Check:
    if path.is_dir():
        return _bag(path)
    if path.suffix == ".torrent" and path.is_file():
        return _torrent(path, bags)
    if path.suffix == ".sqlite3" and path.is_file():
        return _catalogue(path)
    hint = "Name a bag's folder, a .torrent or a catalogue's .sqlite3 file."
    raise NotFoundError(f"{path} is nothing that can be verified", hint=hint)


def _bag(path: Path) -> Check:
    report = verify_bag(path)
    faults = tuple(f"{problem.path or path.name}: {problem.reason} ({problem.code})" for problem in report.problems)
    return Check(
        kind="bag", subject=report.name, summary=f"{report.files:,} files, {report.size:,} bytes", faults=faults
    )


def _torrent(path: Path, bags: Path) -> Check:
    with storage(path):
        content = path.read_bytes()
    try:
        metainfo = read_metainfo(content)
        bag = bags / metainfo.name
        if not bag.is_dir():
            return Check(kind="torrent", subject=path.name, summary="valid metainfo; its files are not here")
        report = verify_torrent(content, bag)
    except TenutoError as error:
        return _failed("torrent", path.name, error)
    pieces = tuple(f"piece {index} differs" for index in report.bad_pieces)
    files = tuple(f"{name} is missing or of another size" for name in report.bad_files)
    return Check(kind="torrent", subject=path.name, summary=f"{report.pieces:,} pieces", faults=files + pieces)


def _catalogue(path: Path) -> Check:
    try:
        rows = check_catalogue(path)
    except TenutoError as error:
        return _failed("catalogue", path.name, error)
    return Check(kind="catalogue", subject=path.name, summary=f"{rows:,} tracks")


def _ledger(archive: Archive) -> Check:
    try:
        rows = sum(1 for _ in archive.ledger.entries())
    except TenutoError as error:
        return _failed("ledger", archive.layout.name, error)
    return Check(kind="ledger", subject=archive.layout.name, summary=f"{rows:,} rows in an unbroken chain")


def _store(archive: Archive, progress: Progress) -> Check:
    store, faults, count = Store(archive.layout.store), [], 0
    progress.start("Verifying store", None, "files")
    for sha256, failure in store.verify():
        count += 1
        progress.advance(1)
        if isinstance(failure, Failure):
            faults.append(f"{sha256}: {failure.reason}")
    progress.finish()
    return Check(kind="store", subject=archive.layout.name, summary=f"{count:,} files", faults=tuple(faults))


def _failed(kind: str, subject: str, error: TenutoError) -> Check:
    return Check(kind=kind, subject=subject, summary="could not be verified", faults=(f"{error.code}: {error}",))
