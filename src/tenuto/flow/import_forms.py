"""What a dump is imported by: the source of a name, or the mapping of a table, which is kept beside the records."""

from collections.abc import Sequence
from pathlib import Path

from tenuto.durable import write_file
from tenuto.ledger.chain import Event
from tenuto.model.errors import ConfigError, NotFoundError, UsageError
from tenuto.model.source import DumpSource
from tenuto.opening import open_file
from tenuto.records.dump_receipt import DumpReceipt
from tenuto.sources import all_sources, dump_source
from tenuto.sources.table import mapped
from tenuto.sources.table_mapping import parse_mapping

__all__ = ["is_personal", "is_unkept", "keep_mapping", "mapped_sources", "source_named"]

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
