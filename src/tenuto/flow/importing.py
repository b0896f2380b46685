"""`tenuto import`: dumps of whole catalogues into records, each dump kept as a capture with its digest."""

from collections.abc import Sequence
from pathlib import Path

from tenuto.flow.archive import Archive
from tenuto.harvest.dumps import keep_dump
from tenuto.ledger.chain import Event
from tenuto.model.errors import NotFoundError, SourceError
from tenuto.model.ids import Sha256
from tenuto.model.progress import Progress
from tenuto.model.source import DumpSource
from tenuto.records.dump_import import DumpReceipt, import_dump
from tenuto.sources import dump_source

__all__ = ["import_dumps"]


def import_dumps(
    archive: Archive, name: str, paths: Sequence[Path], progress: Progress, *, strict: bool = False
) -> list[DumpReceipt]:
    """Import dump files of one source; a file imported before is known by its digest and not read again.

    Raises NotFoundError where there is no such file or the source has no dumps; where `strict`, SourceError for fields
    that no mapping reads or ignores. What was imported stays.
    """
    found = dump_source(name)
    for path in paths:
        if not path.is_file():
            raise NotFoundError(f"{path} is no file", hint="Name dump files, as the source publishes them.")
    with archive.locked():
        return [_import(archive, found, path, progress, strict=strict) for path in paths]


def _import(archive: Archive, found: DumpSource, path: Path, progress: Progress, *, strict: bool) -> DumpReceipt:
    receipt = import_dump(archive.layout.records / found.name, found, path, progress)
    kept = keep_dump(archive.layout.captures, f"{found.name}/{receipt.entity}", path, Sha256(receipt.sha256))
    reason = f"{receipt.documents} documents in {receipt.lines} lines, {receipt.bad_lines} of them bad"
    subject = "/".join(kept.relative_to(archive.layout.captures).parts)
    if not _is_recorded(archive, subject):
        archive.ledger.append([Event(event="imported", subject=subject, reason=reason, sha256=receipt.sha256)])
    if strict and receipt.drift:
        raise SourceError(
            f"{path.name} has fields that no mapping reads or ignores, first {receipt.drift[0][0]}",
            hint="Without --strict they are only told.",
            code="dump-drift",
        )
    return receipt


def _is_recorded(archive: Archive, subject: str) -> bool:
    rows = (entry.what for entry in archive.ledger.entries())
    return any(row.event == "imported" and row.subject == subject for row in rows)
