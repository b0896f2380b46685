"""The Parquet edition: a folder for each table, sorted by key, cut into files and row groups for reads by range.

    parquet/recordings/000000.parquet     keys 0 to 4,194,303: the most listened to first
    parquet/ids/recordings.parquet        public id and key, sorted by id: finds a row's key in one row group
    parquet/manifest.json                 the catalogue's SHA-256, and each file's

A row group has 32,768 rows and a page index, so that a reader of a key takes the footer and a few pages.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenuto.catalogue.docs import Description
from tenuto.catalogue.editions.manifest import FileEntry, digest
from tenuto.catalogue.editions.rows import TableShape, batches, counts, shapes, stored
from tenuto.durable import TEMPORARY, exchange, storage
from tenuto.model.document import to_json
from tenuto.model.errors import StorageError, UsageError
from tenuto.model.progress import Progress

__all__ = ["MANIFEST", "PARTITION", "ParquetReport", "write_parquet"]

MANIFEST = "manifest.json"
PARTITION = 1 << 22
"""Keys in one file: 100 to 200 MB of recordings or tracks."""
_ROW_GROUP = 1 << 15
_IDS = pa.schema([pa.field("id", pa.string(), nullable=False), pa.field("key", pa.int64(), nullable=False)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetReport:
    """What the Parquet edition holds; its manifest says the same."""

    catalogue_sha256: str
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that go into one file."""

    path: str
    rows: Iterator[pa.RecordBatch]


def write_parquet(
    catalogue: Path, target: Path, progress: Progress, partition: int = PARTITION, row_group: int = _ROW_GROUP
) -> ParquetReport:
    """Write the edition into the folder `target`, whole or not at all; an older edition there gives way.

    Raises UsageError where `target` holds anything but an edition, CatalogueError where the catalogue is none.
    """
    _check_target(target)
    before, rows = digest(catalogue), counts(catalogue)
    building = target.with_name(f"{TEMPORARY}{target.name}")
    with storage(building):
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
    progress.start("Writing Parquet", sum(rows.values()), "rows")
    try:
        files = tuple(_files(catalogue, building, progress, (partition, row_group)))
        report = ParquetReport(catalogue_sha256=before, files=files)
        with storage(building):
            (building / MANIFEST).write_text(to_json(report) + "\n", "utf-8")
        exchange(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        progress.finish()
    return report


def _check_target(target: Path) -> None:
    with storage(target):
        if target.exists() and not (target / MANIFEST).is_file() and (not target.is_dir() or any(target.iterdir())):
            raise UsageError(f"{target} holds something else", hint="Name a folder that is new, empty or an edition.")


def _files(catalogue: Path, folder: Path, progress: Progress, sizes: tuple[int, int]) -> Iterator[FileEntry]:
    found = shapes(catalogue)
    for table in stored():
        shape = found[table.table]
        schema = _described(shape, table)
        with batches(catalogue, _query(shape), schema, shape.first) as rows:
            for path, part in _parted(shape, rows, sizes[0]):
                yield _write(folder, _Part(path, _told(part, progress)), schema, shape.key, sizes[1])
    (folder / "ids").mkdir()
    for name, shape in found.items():
        if "id" in shape.schema.names:
            query = f'SELECT id, "{shape.key[0]}" FROM "{name}" WHERE id IS NOT NULL ORDER BY id'
            with batches(catalogue, query, _IDS, ("''", "0")) as rows:
                yield _write(folder, _Part(f"ids/{name}.parquet", rows), _IDS, ("id",), sizes[1] // 2)


def _told(rows: Iterator[pa.RecordBatch], progress: Progress) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        yield batch
        progress.advance(batch.num_rows)


def _query(shape: TableShape) -> str:
    order = ", ".join(f'"{name}"' for name in shape.key) or "rowid"
    return f'SELECT * FROM "{shape.name}" ORDER BY {order}'


def _described(shape: TableShape, table: Description) -> pa.Schema:
    """Put descriptions where readers look for them: the table's in the file's metadata, a column's in the field's."""
    said: Mapping[str, str] = {column.name: column.description for column in table.columns}
    fields = [field.with_metadata({"description": said[field.name]}) for field in shape.schema]
    return pa.schema(fields, metadata={"description": table.description})


def _parted(
    shape: TableShape, rows: Iterator[pa.RecordBatch], partition: int
) -> Iterator[tuple[str, Iterator[pa.RecordBatch]]]:
    """Cut rows into files: by ranges of a first key that is an integer, else by their number."""
    first = shape.key[0] if shape.key and pa.types.is_integer(shape.schema.field(shape.key[0]).type) else ""
    empty = True
    for number, group in groupby(_cut(rows, first, partition), key=lambda one: one[0]):
        empty = False
        yield f"{shape.name}/{number:06d}.parquet", (batch for _, batch in group)
    if empty:
        yield f"{shape.name}/000000.parquet", iter(())


def _cut(rows: Iterator[pa.RecordBatch], first: str, partition: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Cut sorted batches where a file ends, and tell the number of each piece's file."""
    before = 0
    for batch in rows:
        places = batch.column(first) if first else pa.array(range(before, before + batch.num_rows))
        runs, start = pc.run_end_encode(pc.divide(places, partition)), 0
        for number, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield number, batch.slice(start, end - start)
            start = end
        before += batch.num_rows


def _write(folder: Path, part: _Part, schema: pa.Schema, key: tuple[str, ...], row_group: int) -> FileEntry:
    path = folder / part.path
    sorting = pq.SortingColumn.from_ordering(schema, [(name, "ascending") for name in key]) if key else None
    with storage(path):
        path.parent.mkdir(exist_ok=True)
        count = 0
        with pq.ParquetWriter(
            path, schema, compression="zstd", write_page_index=True, write_page_checksum=True, sorting_columns=sorting
        ) as writer:
            for table in _gathered(part.rows, schema, row_group):
                writer.write_table(table, row_group_size=row_group)
                count += table.num_rows
        size = path.stat().st_size
    if pq.read_metadata(path).num_rows != count:
        raise StorageError(f"{path} did not keep all of its rows")
    return FileEntry(path=part.path, rows=count, bytes=size, sha256=digest(path))


def _gathered(rows: Iterator[pa.RecordBatch], schema: pa.Schema, row_group: int) -> Iterator[pa.Table]:
    """Give tables of exactly `row_group` rows, the last one fewer: batches begin anywhere, row groups must not."""
    held: list[pa.RecordBatch] = []
    for batch in rows:
        held.append(batch)
        while sum(one.num_rows for one in held) >= row_group:
            table = pa.Table.from_batches(held, schema=schema)
            yield table.slice(0, row_group)
            held = table.slice(row_group).to_batches()
    if held:
        yield pa.Table.from_batches(held, schema=schema)
