"""`tenuto import`: dumps of whole catalogues into records, each dump kept as a capture with its digest."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tenuto.durable import storage
from tenuto.flow.archive import Archive
from tenuto.flow.import_forms import is_personal, keep_mapping, source_named
from tenuto.flow.import_process import read_apart
from tenuto.harvest.dumps import keep_dump
from tenuto.ledger.chain import Event
from tenuto.model.errors import IntegrityError, NotFoundError, SourceError, UsageError
from tenuto.model.ids import Sha256
from tenuto.model.progress import Progress
from tenuto.model.source import DumpSource
from tenuto.opening import OpenFile, open_file
from tenuto.records.dump_receipt import DumpReceipt
from tenuto.records.spark_engine import Session, on_spark
from tenuto.records.spark_import import import_dump_on_spark

__all__ = ["ImportOptions", "import_dumps"]

_BLOCK = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How dumps are imported."""

    strict: bool = False
    """Whether fields that no mapping reads or ignores are an error."""
    engine: Literal["duckdb", "spark"] = "duckdb"
    """DuckDB in a process beside this one, or Spark for documents in JSON."""
    master: str = ""
    """Spark's master: `spark://HOST:PORT`."""


def import_dumps(
    archive: Archive, name: str, paths: Sequence[Path], progress: Progress, options: ImportOptions | None = None
) -> list[DumpReceipt]:
    """Import dump files of one source; a file imported before is known by its digest and not read again.

    `name` may be the path of a mapping in TOML: its table is a source of its own.
    Raises NotFoundError where there is no such file or the source has no dumps, ConfigError for a wrong mapping;
    UnsafeInputError where a file is a link or would take too much memory or time; IntegrityError where one changes
    while it is read; UsageError where Spark is wanted and there is none; where `strict`, SourceError for fields that
    no mapping reads or ignores. What was imported stays.
    """
    options = options or ImportOptions()
    found = source_named(name)
    for path in paths:
        if not path.is_file():
            raise NotFoundError(f"{path} is no file", hint="Name dump files, as the source publishes them.")
    receipts: list[DumpReceipt] = []
    with archive.locked() as lock, _session(options) as session:
        reader = _Reader(archive.layout.records / found.name, found, name, lock, session)
        for path in paths:
            with _opened(path) as file:
                some = reader.read(path, progress)
                sha256 = _checked(file, some[1], progress)
            keep_mapping(archive.layout.records, found, name)
            _note(archive, found, path, some[0], sha256)
            _check_drift(some[0], strict=options.strict)
            receipts += some[0]
    return receipts


@contextmanager
def _session(options: ImportOptions) -> Iterator[Session | None]:
    if (options.engine == "spark") != bool(options.master):
        hint = "Give both: --engine spark --master spark://HOST:PORT."
        raise UsageError("Spark needs its master, and only Spark has one", hint=hint)
    if options.engine == "duckdb":
        yield None
        return
    with on_spark(options.master) as session:
        yield session


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads dump files of one source, each in a process of its own or on Spark."""

    directory: Path
    source: DumpSource
    name: str
    """The source's name, or the path of a mapping."""
    lock: int
    session: Session | None

    def read(self, path: Path, progress: Progress) -> tuple[list[DumpReceipt], str]:
        """Read one; raises as read_apart does, and SourceError for receipts of what the source does not have."""
        entity = self.source.entity_of(path.name)
        is_documents = entity is not None and entity.format == "json" and not (entity.tabular or entity.personal)
        if self.session is not None and is_documents:
            receipt = import_dump_on_spark(self.directory, self.source, path, progress, session=self.session)
            return [receipt], receipt.sha256
        receipts, sha256 = read_apart(self.directory, self.name, path, progress, self.lock)
        if not {one.entity for one in receipts} <= {one.name for one in self.source.entities}:
            raise SourceError(
                f"{path.name} was read into tables that {self.source.name} does not have", code="dump-crash"
            )
        return receipts, sha256


def _opened(path: Path) -> OpenFile:
    with storage(path):
        return open_file(path)


def _checked(file: OpenFile, sha256: str, progress: Progress) -> str:
    """Give the digest of what was read, by our own reckoning; raises IntegrityError where it changed meanwhile."""
    digest = hashlib.sha256()
    progress.start(f"Checking {file.name}", file.facts.st_size, "bytes")
    with file.stream() as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            progress.advance(len(block))
    progress.finish()
    file.check_unchanged()
    if digest.hexdigest() != sha256:
        hint = "Run the command again when nothing writes to the file."
        raise IntegrityError(f"{file.name!r} changed while it was read", hint=hint, code="file-unstable")
    return sha256


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
