"""A dump to Parquet on Apache Spark: the same files and the same receipt as dump_import.py.

    records/SOURCE/ENTITY/TABLE.parquet/NNNNNN.parquet   what the newest dump says, in the order of the keys
    records/SOURCE/ENTITY/receipt.json                   which engine read it is not told: `mapping` is empty
    records/SOURCE/.spark-ENTITY                         what Spark writes on the way; every executor must reach it

Plain JSON lines are read by Spark itself, in blocks. What is compressed cannot be divided: it is written out as plain
lines first, which also tells where it is cut.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenuto.durable import storage
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.model.source import DumpSource
from tenuto.records.dump_import import check_facts
from tenuto.records.dump_receipt import DumpReceipt, named, put_in_place
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine, Dump
from tenuto.records.spark_engine import Session, SparkEngine

__all__ = ["import_dump_on_spark"]

_PLAIN = frozenset({".jsonl", ".json", ""})
_ROWS = 100_000  # of one batch
_NOTHING, _END = pa.scalar("", pa.large_string()), pa.scalar("\n", pa.large_string())
_NAMES = {table.name: table for table in DUMP_TABLES}


def import_dump_on_spark(
    directory: Path, source: DumpSource, path: Path, progress: Progress, *, session: Session
) -> DumpReceipt:
    """Read a dump file of `source` into `directory/ENTITY` on a session of Spark; `directory` is on every executor.

    Raises SourceError where the file is none of the source's dumps or Spark fails, StorageError.
    Bad lines and drift are told in the receipt.
    """
    entity = source.entity_of(path.name)
    if entity is None:
        raise SourceError(f"{path.name} is no dump of {source.name}", code="dump-unknown")
    scratch = directory.absolute() / f".spark-{entity.name}"
    done = scratch / "done"
    with storage(scratch):
        shutil.rmtree(scratch, ignore_errors=True)
        done.mkdir(parents=True)
    plain = _Plain(source, path.absolute(), scratch)
    engine = SparkEngine(source, entity, scratch, session)
    progress.start(f"Reading {path.name}", len(source.tables(entity.name)), "tables")
    parsed = engine.parse(plain.files)
    rows = tuple(_published(done, engine, progress))
    progress.finish()
    bad = _named(plain, parsed.bad)
    receipt = DumpReceipt(
        entity=entity.name,
        file=path.name,
        sha256=plain.sha256,
        size=path.stat().st_size,
        lines=engine.lines,
        documents=parsed.documents,
        rows=rows,
        bad=named(bad),
        bad_lines=len(bad),
        drift=tuple(sorted(parsed.drift.items())),
    )
    put_in_place(done, directory / entity.name, receipt)
    shutil.rmtree(scratch, ignore_errors=True)
    return receipt


class _Plain:
    """A dump as files of plain lines: itself, or what it holds."""

    def __init__(self, source: DumpSource, path: Path, scratch: Path) -> None:
        self.bad: dict[int, BadLine] = {}
        self.fault: BadLine | None = None
        if path.suffix in _PLAIN:
            self.files = [path]
            with storage(path), path.open("rb") as stream:
                self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            return
        dump = Dump(path, 256 << 20)
        self.files = list(self._written(dump, scratch / "plain"))
        check_facts(source, dump)
        self.sha256, self.fault = dump.sha256, dump.fault

    def _written(self, dump: Dump, directory: Path) -> Iterator[Path]:
        """Write the lines out, those that are no text as empty ones."""
        directory.mkdir()
        for number, chunk in enumerate(dump.chunks()):
            self.bad.update({line.line: line for line in chunk.bad})
            place = directory / f"{number:06d}.jsonl"
            with storage(place), place.open("wb") as stream:
                for batch in chunk.table.to_batches():
                    texts = pc.utf8_rtrim(pc.fill_null(batch.column("text"), ""), "\n")
                    lines = pc.binary_join_element_wise(texts, _NOTHING, _END)
                    stream.write(_bytes(lines))
            yield place


def _bytes(lines: pa.Array) -> memoryview:
    """Give the letters of an array of texts, one behind the other."""
    _, offsets, content = lines.buffers()
    bounds = memoryview(offsets).cast("q")
    return memoryview(content)[bounds[lines.offset] : bounds[lines.offset + len(lines)]]


def _named(plain: _Plain, bad: tuple[BadLine, ...]) -> list[BadLine]:
    """Give all bad lines in order; what was found while writing them out says more."""
    named = [plain.bad.get(line.line, line) for line in bad]
    return [*named, plain.fault] if plain.fault else named


def _published(directory: Path, engine: SparkEngine, progress: Progress) -> Iterator[tuple[str, int]]:
    """Write what Spark wrote with our columns' descriptions, and count each table's rows."""
    for name, place in engine.tables():
        yield name, _rewritten(place, directory / f"{name}.parquet", _NAMES[name].schema)
        progress.advance(1)


def _rewritten(place: Path, target: Path, schema: pa.Schema) -> int:
    """Write the parts that have rows, numbered from 1; a table without rows is one empty file."""
    files = sorted(Path(entry.path) for entry in os.scandir(place) if entry.name.endswith(".parquet"))
    parts = [file for file in map(pq.ParquetFile, files) if file.metadata.num_rows]
    with storage(target):
        target.mkdir()
        for number, part in enumerate(parts or [None], 1):
            with pq.ParquetWriter(target / f"{number:06d}.parquet", schema, compression="zstd") as writer:
                for batch in part.iter_batches(_ROWS) if part else ():
                    writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
    return sum(part.metadata.num_rows for part in parts)
