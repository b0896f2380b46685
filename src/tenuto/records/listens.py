"""Listens to counts, summed over chunks of a file and over files; whoever listened is in nothing that is written.

records/SOURCE/listens/popularity.parquet/000001.parquet   the sum of all files
records/SOURCE/listens/files/SHA256/                       counts of one file, by parts: a file counts once
records/SOURCE/listens/receipt.json                        of the file read last; its rows are those of the sum
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tenuto.durable import publish, storage, write_file, writing
from tenuto.model.document import to_json
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.model.source import DumpSource
from tenuto.records.dump_import import import_dump
from tenuto.records.dump_receipt import DumpReceipt
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.spill import connect

__all__ = ["import_listens"]

_POPULARITY = next(table for table in DUMP_TABLES if table.name == "popularity")
_SUM = """
SELECT subject, id, scheme, sum(listens)::BIGINT AS listens, NULL::BIGINT AS listeners
FROM read_parquet([{files}]) GROUP BY ALL ORDER BY subject, id, scheme
"""


def import_listens(directory: Path, source: DumpSource, path: Path, progress: Progress) -> DumpReceipt:
    """Count the listens of a file and add them to those of other files; a file counts once, whatever its name.

    Raises SourceError where the file holds no listens, StorageError.
    """
    folder = directory / "listens"
    reading = folder / ".reading"
    try:
        receipt = import_dump(reading, source, path, progress)
    except SourceError as error:
        if error.code in {"dump-parse", "dump-map"}:  # the engine may quote what it could not parse, and with it a name
            raise SourceError(f"{path.name} holds listens that cannot be parsed", code=error.code) from None
        raise
    target = folder / "files" / receipt.sha256
    with storage(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target / "receipt.json").exists():  # the same bytes give the same counts
            publish(reading / receipt.entity, target)
        shutil.rmtree(reading, ignore_errors=True)
    receipt = replace(receipt, rows=(("popularity", _sum(folder)),))
    write_file(folder / "receipt.json", to_json(receipt).encode())
    return receipt


def _sum(folder: Path) -> int:
    """Write the sum of all files' counts, and count its rows."""
    paths = sorted((folder / "files").glob("*/popularity.parquet/*.parquet"))
    files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    target, count = folder / "popularity.parquet" / "000001.parquet", 0
    with storage(target):
        target.parent.mkdir(exist_ok=True)
    engine = connect(folder)
    try:
        rows = engine.sql(_SUM.format(files=files)).to_arrow_reader(100_000)
        with writing(target) as stream, pq.ParquetWriter(stream, _POPULARITY.schema, compression="zstd") as writer:
            for batch in rows:
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=_POPULARITY.schema))
                count += batch.num_rows
    finally:
        engine.close()
    return count
