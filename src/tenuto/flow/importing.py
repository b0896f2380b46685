"""`tenuto import`: dumps of whole catalogues into records, each dump kept as a capture with its digest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

from tenuto.flow.archive import Archive
from tenuto.harvest.dumps import keep_dump
from tenuto.ledger.chain import Event
from tenuto.model.errors import NotFoundError, SourceError, UsageError
from tenuto.model.ids import Sha256
from tenuto.model.progress import Progress
from tenuto.model.source import DumpSource
from tenuto.records.dump_import import DumpReceipt, import_dump
from tenuto.records.spark_engine import on_spark
from tenuto.records.spark_import import import_dump_on_spark
from tenuto.sources import dump_source

__all__ = ["ImportOptions", "import_dumps"]

_Reader: TypeAlias = Callable[[Path, DumpSource, Path, Progress], DumpReceipt]


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

    Raises NotFoundError where there is no such file or the source has no dumps; UsageError where Spark is wanted and
    there is none; where `strict`, SourceError for fields that no mapping reads or ignores. What was imported stays.
    """
    options = options or ImportOptions()
    found = dump_source(name)
    for path in paths:
        if not path.is_file():
            raise NotFoundError(f"{path} is no file", hint="Name dump files, as the source publishes them.")
    with archive.locked(), _reader(options) as read:
        receipts = []
        for path in paths:
            receipts.append(read(archive.layout.records / found.name, found, path, progress))
            _note(archive, found, path, receipts[-1], strict=options.strict)
        return receipts


@contextmanager
def _reader(options: ImportOptions) -> Iterator[_Reader]:
    if (options.engine == "spark") != bool(options.master):
        hint = "Give both: --engine spark --master spark://HOST:PORT."
        raise UsageError("Spark needs its master, and only Spark has one", hint=hint)
    if options.engine == "duckdb":
        yield import_dump
        return
    with on_spark(options.master) as session:
        yield partial(import_dump_on_spark, session=session)


def _note(archive: Archive, found: DumpSource, path: Path, receipt: DumpReceipt, *, strict: bool) -> None:
    """Keep the dump as a capture, and record that it was imported."""
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


def _is_recorded(archive: Archive, subject: str) -> bool:
    rows = (entry.what for entry in archive.ledger.entries())
    return any(row.event == "imported" and row.subject == subject for row in rows)
