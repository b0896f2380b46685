"""A dump to Parquet: in parts that survive a crash, then one sorted file a table.

    records/SOURCE/ENTITY/TABLE.parquet      what the newest dump of the entity says, in the order of the keys
    records/SOURCE/ENTITY/receipt.json       written last: which dump, how many rows, what was bad, what drifted
    records/SOURCE/ENTITY/.parts-KEY/        what is done of a dump that is being read

A run that was killed goes on behind the last part that was finished.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tenuto.durable import TEMPORARY, publish, storage, sync_filesystem, write_file, writing
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.model.source import DumpEntity, DumpSource
from tenuto.records.dump_engine import DumpEngine
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine, Chunk, Dump
from tenuto.records.spill import connect
from tenuto.records.tables import Table

__all__ = ["DumpReceipt", "import_dump", "imported"]

_MEMORY = "2GB"
_PART = "part.json"
_RECEIPT = "receipt.json"
_NAMES = {table.name: table for table in DUMP_TABLES}
_MOST_BAD = 1_000  # bad lines that are named one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one part of a dump gave."""

    first: int
    lines: int
    documents: int
    bad: tuple[BadLine, ...] = ()
    drift: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpReceipt:
    """What an imported dump gave."""

    entity: str
    file: str
    """Name of the dump's file."""
    sha256: str
    size: int
    """Bytes of the file."""
    lines: int
    documents: int
    rows: tuple[tuple[str, int], ...]
    """Table and rows, doubles left out."""
    bad: tuple[BadLine, ...] = ()
    """The first thousand lines that could not be read."""
    bad_lines: int = 0
    """How many lines could not be read."""
    drift: tuple[tuple[str, int], ...] = ()
    """Places in documents that no mapping reads or ignores, and how many documents have them."""


def imported(directory: Path) -> DumpReceipt | None:
    """Give the receipt of an entity's tables; None where none were finished."""
    path = directory / _RECEIPT
    with storage(path):
        return from_json(DumpReceipt, path.read_bytes()) if path.exists() else None


def import_dump(directory: Path, source: DumpSource, path: Path, progress: Progress) -> DumpReceipt:
    """Read a dump file of `source` into `directory/ENTITY`, going on where a killed run ended.

    Raises SourceError where the file is none of the source's dumps or holds no document, StorageError; finished parts
    are kept. Bad lines and drift are told in the receipt.
    """
    entity, dump = _entity(source, path), Dump(path)
    directory /= entity.name
    parts = directory / f".parts-{_key(path)}"
    with storage(parts):
        parts.mkdir(parents=True, exist_ok=True)
    progress.start(f"Reading {path.name}", dump.size, "bytes")
    done = list(_read(parts, source, entity, dump, progress))
    progress.finish()
    progress.start(f"Sorting {source.name} {entity.name}", len(DUMP_TABLES), "tables")
    rows = tuple(_sorted(directory, parts, progress, summed=entity.personal))
    progress.finish()
    receipt = _receipt(entity, path, dump, done, rows)
    write_file(directory / _RECEIPT, to_json(receipt).encode())
    shutil.rmtree(parts, ignore_errors=True)
    return receipt


def _entity(source: DumpSource, path: Path) -> DumpEntity:
    entity = source.entity_of(path.name)
    if entity is None:
        names = ", ".join(f"{one.name}.tar.xz" for one in source.entities)
        hint = f"A dump is told by its name: {names}; also .jsonl, .jsonl.gz, .jsonl.xz, .jsonl.zst."
        raise SourceError(f"{path.name} is no dump of {source.name}", hint=hint, code="dump-unknown")
    return entity


def _key(path: Path) -> str:
    """Name a dump before it was read whole: by name, size and time."""
    facts = path.stat()
    return hashlib.sha256(repr((path.name, facts.st_size, facts.st_mtime_ns)).encode()).hexdigest()[:16]


def _read(parts: Path, source: DumpSource, entity: DumpEntity, dump: Dump, progress: Progress) -> Iterator[_Part]:
    engine, told = DumpEngine(source, entity, parts), 0
    try:
        for number, chunk in enumerate(dump.chunks(), 1):
            place = parts / f"{number:06d}"
            yield _known(place) or _part(place, engine, chunk)
            progress.advance(dump.read - told)
            told = dump.read
    finally:
        engine.close()


def _known(place: Path) -> _Part | None:
    path = place / _PART
    with storage(path):
        return from_json(_Part, path.read_bytes()) if path.exists() else None


def _part(place: Path, engine: DumpEngine, chunk: Chunk) -> _Part:
    building = place.with_name(f"{TEMPORARY}{place.name}")
    with storage(building):
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
    parsed = engine.parse(chunk)
    for name, rows in engine.tables():
        _write(building / f"{name}.parquet", rows, "lz4")
    part = _Part(
        first=chunk.first,
        lines=chunk.lines,
        documents=parsed.documents,
        bad=parsed.bad,
        drift=tuple(sorted(parsed.drift.items())),
    )
    (building / _PART).write_text(to_json(part), "ascii")
    sync_filesystem(building)
    publish(building, place)
    return part


def _write(path: Path, rows: pa.RecordBatchReader, compression: str) -> None:
    with storage(path), pq.ParquetWriter(path, rows.schema, compression=compression) as writer:
        for batch in rows:
            writer.write_batch(batch)


def _sorted(directory: Path, parts: Path, progress: Progress, *, summed: bool) -> Iterator[tuple[str, int]]:
    """Write each table in the order of its key, the first or the sum of what stands twice, and count its rows."""
    engine = connect(parts, _MEMORY)
    try:
        for table in DUMP_TABLES:
            files = sorted(parts.glob(f"[0-9]*/{table.name}.parquet"))
            target = directory / f"{table.name}.parquet"
            if files:
                reader = engine.sql((_summing if summed else _sorting)(table, files)).to_arrow_reader(100_000)
                yield table.name, _publish(target, table, reader)
            else:
                target.unlink(missing_ok=True)
            progress.advance(1)
    finally:
        engine.close()


def _sorting(table: Table, files: Sequence[Path]) -> str:
    keys = ", ".join(f'"{name}"' for name in table.schema.names[: table.key])
    columns = ", ".join(f'"{name}"' for name in table.schema.names)
    places = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    needed = " AND ".join(f'"{field.name}" IS NOT NULL' for field in table.schema if not field.nullable)
    first = f"row_number() OVER (PARTITION BY {keys} ORDER BY filename, {columns}) = 1"
    found = f"FROM read_parquet([{places}], filename = true) WHERE {needed}"
    return f"SELECT {columns} {found} QUALIFY {first} ORDER BY {keys}"


def _summing(table: Table, files: Sequence[Path]) -> str:
    """Add up the counts of a key in all parts; of listeners nothing is known (decision 16)."""
    keys = ", ".join(f'"{name}"' for name in table.schema.names[: table.key])
    places = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    counts = "sum(listens)::BIGINT AS listens, NULL::BIGINT AS listeners"
    found = f"FROM read_parquet([{places}]) GROUP BY {keys}"
    return f"SELECT {keys}, {counts} {found} ORDER BY {keys}"


def _publish(target: Path, table: Table, rows: pa.RecordBatchReader) -> int:
    count = 0
    with writing(target) as stream, pq.ParquetWriter(stream, table.schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=table.schema))
            count += batch.num_rows
    return count


def _receipt(
    entity: DumpEntity, path: Path, dump: Dump, parts: Sequence[_Part], rows: tuple[tuple[str, int], ...]
) -> DumpReceipt:
    bad = [line for part in parts for line in part.bad] + ([dump.fault] if dump.fault else [])
    drift: Counter[str] = Counter()
    for part in parts:
        drift.update(dict(part.drift))
    return DumpReceipt(
        entity=entity.name,
        file=path.name,
        sha256=dump.sha256,
        size=dump.size,
        lines=sum(part.lines for part in parts),
        documents=sum(part.documents for part in parts),
        rows=rows,
        bad=tuple(bad[:_MOST_BAD]),
        bad_lines=len(bad),
        drift=tuple(sorted(drift.items())),
    )
