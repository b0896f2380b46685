"""`tenuto import`: dumps of whole catalogues into records, each dump kept as a capture with its digest."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from tenuto.flow.archive import Archive
from tenuto.flow.import_forms import Reader, import_file, is_personal, keep_mapping, source_named
from tenuto.harvest.dumps import keep_dump
from tenuto.ledger.chain import Event
from tenuto.model.errors import NotFoundError, SourceError, UsageError
from tenuto.model.ids import Sha256
from tenuto.model.progress import Progress
from tenuto.model.source import DumpSource
from tenuto.records.dump_import import import_dump
from tenuto.records.dump_receipt import DumpReceipt
from tenuto.records.spark_engine import on_spark
from tenuto.records.spark_import import import_dump_on_spark

__all__ = ["ImportOptions", "import_dumps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How dumps are imported."""

    strict: bool = False
    """Whether fields that no mapping reads or ignores are an error."""
    engine: Literal["duckdb", "spark"] = "duckdb"
    """DuckDB in this process, or Spark."""
    master: str = ""
    """Spark's master: `spark://HOST:PORT`."""


def import_dumps(
    archive: Archive, name: str, paths: Sequence[Path], progress: Progress, options: ImportOptions | None = None
) -> list[DumpReceipt]:
    """Import dump files of one source; a file imported before is known by its digest and not read again.

    `name` may be the path of a mapping in TOML: its table is a source of its own.
    Raises NotFoundError where there is no such file or the source has no dumps, ConfigError for a wrong mapping;
    UsageError where Spark is wanted and there is none; where `strict`, SourceError for fields that no mapping reads or
    ignores. What was imported stays.
    """
    options = options or ImportOptions()
    found = source_named(name)
    for path in paths:
        if not path.is_file():
            raise NotFoundError(f"{path} is no file", hint="Name dump files, as the source publishes them.")
    receipts: list[DumpReceipt] = []
    with archive.locked(), _reader(options) as read:
        for path in paths:
            some, sha256 = import_file(archive.layout.records / found.name, found, path, progress, read)
            keep_mapping(archive.layout.records, found, name)
            _note(archive, found, path, some, sha256)
            _check_drift(some, strict=options.strict)
            receipts += some
    return receipts


@contextmanager
def _reader(options: ImportOptions) -> Iterator[Reader]:
    if (options.engine == "spark") != bool(options.master):
        hint = "Give both: --engine spark --master spark://HOST:PORT."
        raise UsageError("Spark needs its master, and only Spark has one", hint=hint)
    if options.engine == "duckdb":
        yield import_dump
        return
    with on_spark(options.master) as session:
        yield partial(import_dump_on_spark, session=session)


def _note(archive: Archive, found: DumpSource, path: Path, receipts: Sequence[DumpReceipt], sha256: str) -> None:
    """Keep the dump as a capture, and record that it was imported."""
    first = receipts[0]
    reason = f"{first.documents} documents in {first.lines} lines, {first.bad_lines} of them bad"
    if len(receipts) > 1:
        reason = f"{len(receipts)} tables, {sum(one.documents for one in receipts)} rows"
    subject = _kept(archive, found, path, receipts, sha256)
    if not _is_recorded(archive, subject):
        archive.ledger.append([Event(event="imported", subject=subject, reason=reason, sha256=sha256)])


def _check_drift(receipts: Sequence[DumpReceipt], *, strict: bool) -> None:
    for receipt in receipts:
        if strict and receipt.drift:
            raise SourceError(
                f"{receipt.file} has fields that no mapping reads or ignores, first {receipt.drift[0][0]}",
                hint="Without --strict they are only told.",
                code="dump-drift",
            )


def _kept(archive: Archive, found: DumpSource, path: Path, receipts: Sequence[DumpReceipt], sha256: str) -> str:
    """Keep the dump as a capture and name it; one that tells of persons is only named, by its digest (decision 16)."""
    place = f"{found.name}/{receipts[0].entity if len(receipts) == 1 else 'tables'}"
    if is_personal(found, receipts):
        return f"{place}/{sha256}"
    kept = keep_dump(archive.layout.captures, place, path, Sha256(sha256))
    return "/".join(kept.relative_to(archive.layout.captures).parts)


def _is_recorded(archive: Archive, subject: str) -> bool:
    rows = (entry.what for entry in archive.ledger.entries())
    return any(row.event == "imported" and row.subject == subject for row in rows)
