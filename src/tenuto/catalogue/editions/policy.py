"""The policy of a small edition: how large it may be, which tables stay empty, which columns are null."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files as resources
from pathlib import Path

from tenuto.catalogue.editions.rows import TableShape
from tenuto.durable import storage
from tenuto.model.config import byte_size
from tenuto.model.document import from_plain
from tenuto.model.errors import ConfigError, NotFoundError

__all__ = ["Policy", "check_policy", "read_policy"]

_LARGEST = 1 << 20
_HINT = "docs/editions.md shows a whole policy."


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a small edition keeps."""

    share: float = 0.1
    """Largest size, as a share of the whole catalogue's."""
    floor: str = "1 MiB"
    """A size that is never too large: empty tables and indexes take room too."""
    without_tables: tuple[str, ...] = ()
    without_columns: tuple[str, ...] = ()
    """Each as `table.column`."""

    def limit(self, whole: int) -> int:
        """Give the largest size in bytes of an edition of a catalogue of `whole` bytes."""
        return max(int(whole * self.share), byte_size(self.floor))


def read_policy(path: Path | None) -> Policy:
    """Read a policy from a TOML file, or the one that is shipped; raises ConfigError naming what is wrong."""
    place = str(path or "the shipped policy")
    try:
        plain = tomllib.loads(_text(path))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(f"{place}: {error}", _HINT) from error
    known = {field.name: field.default for field in fields(Policy)}
    for key, value in plain.items():
        if key not in known:
            raise _wrong(f"{place}: unknown key {key!a:.60}", f"Known here: {', '.join(known)}.")
        try:
            plain[key] = float(value) if key == "share" and type(value) is int else value
            from_plain(Policy, {key: plain[key]})
        except (TypeError, ValueError) as error:
            raise _wrong(f"{place}: {key} cannot be {value!r:.80}", _HINT) from error
    return from_plain(Policy, plain)


def _text(path: Path | None) -> str:
    if path is None:
        return resources("tenuto.catalogue.editions").joinpath("small.toml").read_text("utf-8")
    if not path.is_file():
        raise NotFoundError(f"there is no policy {path}", hint="Name a TOML file; docs/editions.md shows one.")
    with storage(path), path.open("rb") as stream:
        return stream.read(_LARGEST).decode("utf-8")


def check_policy(policy: Policy, shapes: Mapping[str, TableShape]) -> None:
    """See that a policy can be kept; raises ConfigError naming the table or column that is unknown or needed."""
    if not 0 < policy.share <= 1:
        raise _wrong(f"share is {policy.share}", "Write a number above 0 and at most 1.")
    byte_size(policy.floor)
    for name in policy.without_tables:
        if name not in shapes or name in {"meta", "_docs", "recordings", "tracks"}:
            raise _wrong(f"without_tables names {name!a:.60}", "Name a table of docs/tables.md that can be empty.")
    for name in policy.without_columns:
        table, _, column = name.partition(".")
        if table not in shapes or column not in shapes[table].schema.names:
            raise _wrong(f"without_columns names {name!a:.80}", "Name columns as `table.column`.")
        if not shapes[table].schema.field(column).nullable:
            raise _wrong(f"{name} cannot be null", "Only columns that may be null can be left out.")
    for shape in shapes.values():
        _check_references(shape, policy)


def _check_references(shape: TableShape, policy: Policy) -> None:
    for column, table in shape.references:
        gone = table in policy.without_tables and shape.name not in policy.without_tables
        if gone and not shape.schema.field(column).nullable:
            raise _wrong(f"{table} is left out, but {shape.name} needs it", f"Leave out {shape.name} as well.")


def _wrong(message: str, hint: str) -> ConfigError:
    return ConfigError(message, hint=hint, code="policy")
