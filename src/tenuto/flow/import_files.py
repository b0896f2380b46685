"""Which reader a dump file needs: documents in chunks, a table read whole, an archive of tables, listens to count."""

import shutil
from pathlib import Path

from tenuto.durable import TEMPORARY, storage
from tenuto.model.progress import Progress
from tenuto.model.source import DumpEntity, DumpSource
from tenuto.records.dump_import import import_dump
from tenuto.records.dump_receipt import DumpReceipt, check_archive
from tenuto.records.listens import import_listens
from tenuto.records.table_archive import unpack_tables
from tenuto.records.table_import import import_table

__all__ = ["import_file"]


def import_file(directory: Path, source: DumpSource, path: Path, progress: Progress) -> tuple[list[DumpReceipt], str]:
    """Read one dump file into `directory` (`records/SOURCE`), and give what each of its tables gave and its digest.

    Raises SourceError where the file is none of the source's dumps, StorageError.
    """
    entity = source.entity_of(path.name)
    if entity is None and ".tar" in path.name and any(one.tabular for one in source.entities):
        return _import_archive(directory, source, path, progress)
    receipt = _import_one(directory, source, entity, path, progress)
    return [receipt], receipt.sha256


def _import_one(
    directory: Path, source: DumpSource, entity: DumpEntity | None, path: Path, progress: Progress
) -> DumpReceipt:
    if entity is not None and entity.tabular:
        return import_table(directory, source, path, progress)
    read = import_listens if entity is not None and entity.personal else import_dump
    return read(directory, source, path, progress)


def _import_archive(
    directory: Path, source: DumpSource, path: Path, progress: Progress
) -> tuple[list[DumpReceipt], str]:
    """Unpack the tables of an archive beside the records, read each, and remove them again."""
    scratch = directory / f"{TEMPORARY}unpacked"
    tables = [entity.name for entity in source.entities if entity.tabular]
    try:
        files, sha256, fault = unpack_tables(path, scratch, {f"{name}.csv" for name in tables}, progress)
        if fault:
            check_archive(path.name, (directory / name for name in tables))
        faults = [*[""] * (len(files) - 1), fault]
        pairs = zip(files, faults, strict=True)
        return [import_table(directory, source, one, progress, said) for one, said in pairs], sha256
    finally:
        with storage(scratch):
            shutil.rmtree(scratch, ignore_errors=True)
