"""Which reader a dump file needs: documents in chunks, a table read whole, an archive of tables, listens to count."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from tenuto.durable import storage, write_file
from tenuto.ledger.chain import Event
from tenuto.model.errors import ConfigError, NotFoundError, UsageError
from tenuto.model.progress import Progress
from tenuto.model.source import DumpEntity, DumpSource
from tenuto.opening import open_file
from tenuto.records.dump_import import import_dump
from tenuto.records.dump_receipt import DumpReceipt
from tenuto.records.listens import import_listens
from tenuto.records.table_archive import unpack_tables
from tenuto.records.table_import import import_table, note_fault
from tenuto.sources import all_sources, dump_source
from tenuto.sources.table import mapped
from tenuto.sources.table_mapping import parse_mapping

__all__ = ["Reader", "import_file", "is_personal", "is_unkept", "keep_mapping", "mapped_sources", "source_named"]

Reader: TypeAlias = Callable[[Path, DumpSource, Path, Progress], DumpReceipt]
"""Reads a dump of JSON documents: on DuckDB, or on Spark."""
_MAPPING = "mapping.toml"
_LARGEST_MAPPING = 1 << 20  # bytes


def source_named(name: str) -> DumpSource:
    """Give the source of that name, or the one that the mapping at that path describes.

    Raises NotFoundError where there is none, ConfigError where the mapping is wrong or takes another source's name.
    """
    if not name.endswith(".toml"):
        found = dump_source(name)
        if not found.entities:
            hint = "Write what its columns are into a mapping, then `tenuto import my-table.toml FILE`."
            raise UsageError(f"{name} needs a mapping", hint=hint)
        return found
    path = Path(name)
    if not path.is_file():
        raise NotFoundError(f"{name} is no file", hint="Name a mapping; docs/sources.md has one that works.")
    found = mapped(parse_mapping(_text(path), path.name))
    if found.name in {one.name for one in all_sources()}:
        raise ConfigError(f"{path.name}: {found.name} is a source already", hint="Give the table a name of its own.")
    return found


def import_file(
    directory: Path, source: DumpSource, path: Path, progress: Progress, read: Reader = import_dump
) -> tuple[list[DumpReceipt], str]:
    """Read one dump file into `directory` (`records/SOURCE`), and give what each of its tables gave and its digest.

    `read` reads documents in JSON; all else is read on DuckDB.

    Raises SourceError where the file is none of the source's dumps, StorageError.
    """
    entity = source.entity_of(path.name)
    if entity is None and ".tar" in path.name and any(one.tabular for one in source.entities):
        return _import_archive(directory, source, path, progress)
    if entity is not None and entity.format == "json" and not (entity.tabular or entity.personal):
        receipt = read(directory, source, path, progress)
    else:
        receipt = _import_one(directory, source, entity, path, progress)
    return [receipt], receipt.sha256


def keep_mapping(records: Path, source: DumpSource, name: str) -> None:
    """Keep the mapping at the path `name` beside the records of its source, for every build to come."""
    if name.endswith(".toml"):
        write_file(records / source.name / _MAPPING, _text(Path(name)).encode())


def mapped_sources(records: Path) -> tuple[DumpSource, ...]:
    """Give the sources that mappings described whose tables were imported; raises ConfigError where one is damaged."""
    paths = sorted(records.glob(f"[!._]*/{_MAPPING}"))
    return tuple(mapped(parse_mapping(_text(path), f"{path.parent.name}/{path.name}")) for path in paths)


def is_personal(source: DumpSource, receipts: Sequence[DumpReceipt]) -> bool:
    """Tell whether what was read tells of persons."""
    names = {entity.name for entity in source.entities if entity.personal}
    return any(receipt.entity in names for receipt in receipts)


def is_unkept(event: Event) -> bool:
    """Tell whether an import's dump is no capture because it tells of persons: it is named by its digest."""
    return event.sha256 is not None and event.subject.endswith(f"/{event.sha256}")


def _import_one(
    directory: Path, source: DumpSource, entity: DumpEntity | None, path: Path, progress: Progress
) -> DumpReceipt:
    if entity is not None and entity.tabular:
        return import_table(directory, source, entity, path, progress)
    read = import_listens if entity is not None and entity.personal else import_dump
    return read(directory, source, path, progress)


def _import_archive(
    directory: Path, source: DumpSource, path: Path, progress: Progress
) -> tuple[list[DumpReceipt], str]:
    """Unpack the tables of an archive beside the records, read each, and remove them again."""
    scratch = directory / ".unpacked"
    names = {f"{entity.name}.csv" for entity in source.entities if entity.tabular}
    try:
        files, sha256, fault = unpack_tables(path, scratch, names, progress)
        receipts = [_import_one(directory, source, source.entity_of(one.name), one, progress) for one in files]
        if fault:
            receipts[-1] = note_fault(directory, receipts[-1], fault)
        return receipts, sha256
    finally:
        with storage(scratch):
            shutil.rmtree(scratch, ignore_errors=True)


def _text(path: Path) -> str:
    with open_file(path) as file, file.stream() as stream:
        content = stream.read(_LARGEST_MAPPING + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name} is no UTF-8", hint="Save the mapping as UTF-8.") from error
    if len(content) > _LARGEST_MAPPING:
        raise ConfigError(f"{path.name} is over 1 MiB", hint="A mapping is a small file; is this the table?")
    return text
