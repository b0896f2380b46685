"""Judged records to Parquet, in bounded memory and in the order of their keys.

How flow uses it, source by source and then once for the context:

    write_records(archive / "records" / "debian", "debian", judged_tracks)   # Iterable[Judged], read once
    write_context(archive / "records" / "_context", Context(sources=…, captures=…, licences=…, bags=…, torrents=…))
    build(CatalogueInputs(records=(archive / "records" / "debian", …), context=archive / "records" / "_context", …), …)

The same nouns give the same bytes, in whatever order they come.
"""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tenuto.durable import TEMPORARY, storage, sync_directory, write_file
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import SourceError
from tenuto.records.context import context_rows
from tenuto.records.flatten import FLATTEN, Row
from tenuto.records.judged import Context, Judged, Judgement, Receipt
from tenuto.records.judgements import JUDGED, judgement_rows
from tenuto.records.spill import Spill, connect
from tenuto.records.tables import CONTEXT, RECORDS, Table

__all__ = ["RECEIPT", "read_receipt", "write_context", "write_judgements", "write_records"]

RECEIPT = "receipt.json"
"""Name of the file that is written last: without it a directory's tables are unfinished."""


def write_records(directory: Path, source: str, rows: Iterable[Judged]) -> Receipt:
    """Write one source's tables into `directory`; raises SourceError naming the record that is unfit or doubled."""
    return _write(directory, RECORDS, _record_rows(source, rows))


def write_context(directory: Path, context: Context) -> Receipt:
    """Write what the records refer to: sources, captures, licences, packages, torrents and placements."""
    return _write(directory, CONTEXT, context_rows(context))


def write_judgements(directory: Path, judgements: Iterable[Judgement]) -> Receipt:
    """Write the verdicts on what dumps bring evidence for, and the one on all others."""
    return _write(directory, JUDGED, (row for judgement in judgements for row in judgement_rows(judgement)))


def read_receipt(directory: Path) -> Receipt | None:
    """Read a directory's receipt; None where its tables were never finished."""
    path = directory / RECEIPT
    with storage(path):
        return from_json(Receipt, path.read_bytes()) if path.exists() else None


def _record_rows(source: str, rows: Iterable[Judged]) -> Iterator[tuple[str, Row]]:
    told: set[object] = set()  # digests of statements that were written
    for judged in rows:
        if judged.track.source != source:
            raise SourceError(f"the record {judged.track.key!a} is of {judged.track.source!a}, not of {source!a}")
        for table, flatten in FLATTEN.items():
            for row in flatten(judged):
                if table != "statements":
                    yield table, row
                elif row[0] not in told:
                    told.add(row[0])
                    yield table, row


def _write(directory: Path, tables: tuple[Table, ...], rows: Iterable[tuple[str, Row]]) -> Receipt:
    with storage(directory):
        directory.mkdir(parents=True, exist_ok=True)
        (directory / RECEIPT).unlink(missing_ok=True)
        sync_directory(directory)
        scratch = tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=directory)
    with scratch as place:
        receipt = _spilled(directory, Path(place), tables, rows)
    write_file(directory / RECEIPT, to_json(receipt).encode())
    return receipt


def _spilled(directory: Path, scratch: Path, tables: tuple[Table, ...], rows: Iterable[tuple[str, Row]]) -> Receipt:
    with contextlib.ExitStack() as stack:
        spills = {table.name: stack.enter_context(Spill(table, scratch)) for table in tables}
        for name, row in rows:
            spills[name].add(row)
        engine = stack.enter_context(connect(scratch))
        sizes = [spill.finish(directory / f"{name}.parquet", engine) for name, spill in spills.items()]
    return Receipt(rows=tuple(sorted((name, spill.rows) for name, spill in spills.items())), bytes=sum(sizes))
