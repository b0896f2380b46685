"""A mapping in TOML: which columns of somebody's table are the title, the artist, the licence statement and so on."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tenuto.model.document import from_plain
from tenuto.model.errors import ConfigError
from tenuto.model.source import Shape, Terms

__all__ = ["FIELDS", "Column", "TableMap", "Tables", "parse_mapping"]

_OF_BOTH = ("title", "artist", "date", "genres", "styles", "licence", "holder", "source_url")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "tracks": (*_OF_BOTH, "release", "release_key", "release_artist", "duration", "number", "disc", "isrc"),
    "releases": (*_OF_BOTH, "barcode", "country", "label", "catalogue_number"),
}
"""What a row of each kind may be mapped to."""
UNITS = ("ms", "s", "m:ss")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_OPTIONS = {
    "separator": ("artist", "genres", "styles"),
    "unit": ("duration",),
    "pattern": ("licence", "holder"),
    "mentions": ("licence",),
}
_TERMS = ("summary", "audio", "metadata_licence", "limits")
_LONGEST_PATTERN = 500  # characters
_HINT = "docs/sources.md, section `table`, has a mapping that works."


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where one field of ours is taken from."""

    column: str = ""
    """Name of the table's column."""
    value: str = ""
    """What every row has, where the table has no column for it."""
    default: str = ""
    """What a row has whose field is empty."""
    separator: str = ""
    """What stands between several values in one field."""
    unit: str = ""
    """Of a duration: `ms`, `s` or `m:ss`."""
    pattern: str = ""
    """RE2: only what it matches is the statement; where it matches nothing, the whole field is."""
    mentions: bool = False
    """Whether the column may only mention a licence, and was not made to state one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMap:
    """How one table's rows become records."""

    name: str
    """First word of the file's name."""
    rows: str
    """What a row is: `tracks` or `releases`."""
    key: tuple[str, ...]
    """Columns that together name a row."""
    columns: Mapping[str, Column]
    """Our field, and where it is taken from."""
    ignore: tuple[str, ...] = ()
    """Columns that are known and not read."""
    delimiter: str = ""

    @property
    def shape(self) -> dict[str, Shape]:
        """Columns that are read (`text`) or known and left alone (`-`)."""
        read = (*self.key, *(one.column for one in self.columns.values() if one.column))
        left: dict[str, Shape] = dict.fromkeys(self.ignore, "-")
        return left | dict.fromkeys(read, "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A source of its own: its name, its terms, its tables."""

    name: str
    home: str
    terms: Terms
    tables: tuple[TableMap, ...]


def parse_mapping(text: str, file_name: str) -> Tables:
    """Read the text of a mapping; raises ConfigError naming the file and the place."""
    try:
        plain = tomllib.loads(text)
        return _tables(plain)
    except _Fault as fault:
        raise ConfigError(f"{file_name}: {fault}", hint=fault.hint, code="mapping") from fault
    except RecursionError as error:
        raise ConfigError(f"{file_name}: it is nested too deeply", hint=_HINT, code="mapping") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file_name}: {error}", hint=_HINT, code="mapping") from error


class _Fault(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, message: str, hint: str = _HINT) -> None:
        super().__init__(message)
        self.hint = hint


def _tables(plain: dict[str, Any]) -> Tables:
    _known("", plain, ("name", "home", "terms", "tables"))
    name = _read(str, "name", plain.get("name", ""))
    if not _NAME.fullmatch(name):
        raise _Fault(f"name {name!r:.60} is no name for a source", "Use lower-case letters, digits and hyphens.")
    maps = tuple(_table(one, _dictionary(f"tables.{one}", part)) for one, part in _part(plain, "tables").items())
    if not maps:
        raise _Fault("it maps no table", "Describe each table under [tables.NAME]; NAME begins its file's name.")
    return Tables(name=name, home=_filled(plain, "home", ""), terms=_terms(_part(plain, "terms")), tables=maps)


def _terms(plain: dict[str, Any]) -> Terms:
    """Read the terms: a table whose terms nobody stated is not collected."""
    _known("terms.", plain, (*_TERMS, "url"))
    said = {name: _filled(plain, name, "terms.") for name in _TERMS}
    url = _read(str, "terms.url", plain.get("url", ""))
    return Terms(**said, url=url, evidence=("The columns that its mapping names as `licence`.",))


def _table(name: str, plain: dict[str, Any]) -> TableMap:
    place = f"tables.{name}."
    _known(place, plain, ("rows", "key", "columns", "ignore", "delimiter"))
    rows = _read(str, f"{place}rows", plain.get("rows", "tracks"))
    if rows not in FIELDS:
        raise _Fault(f"{place}rows is {rows!r:.60}", "A row is one of `tracks` or of `releases`.")
    columns = dict(_columns(f"{place}columns.", _part(plain, "columns", place), FIELDS[rows]))
    key = _read(tuple[str, ...], f"{place}key", plain.get("key", ()))
    if not key or "title" not in columns:
        raise _Fault(f"{place[:-1]} lacks its {'title' if key else 'key'}", "Every row needs a key and a title.")
    return TableMap(
        name=name,
        rows=rows,
        key=key,
        columns=columns,
        ignore=_read(tuple[str, ...], f"{place}ignore", plain.get("ignore", ())),
        delimiter=_read(str, f"{place}delimiter", plain.get("delimiter", "")),
    )


def _columns(place: str, plain: dict[str, Any], fields: tuple[str, ...]) -> Iterator[tuple[str, Column]]:
    _known(place, plain, fields)
    for name, said in plain.items():
        found = Column(column=said) if isinstance(said, str) else _read(Column, f"{place}{name}", said)
        if bool(found.column) == bool(found.value):
            raise _Fault(f"{place}{name} names no column", 'Write the column\'s name, or { value = "…" } for all rows.')
        for option, where in _OPTIONS.items():
            if getattr(found, option) and name not in where:
                raise _Fault(f"{place}{name} has a {option}", f"A {option} is for {', '.join(where)}.")
        if name == "duration" and found.unit not in UNITS:
            raise _Fault(f"{place}duration has no unit", f"Its unit is one of {', '.join(UNITS)}.")
        if len(found.pattern) > _LONGEST_PATTERN:
            raise _Fault(f"{place}{name} has a pattern over {_LONGEST_PATTERN} characters")
        yield name, found


def _known(place: str, plain: dict[str, Any], names: tuple[str, ...]) -> None:
    for key in plain:
        if key not in names:
            near = get_close_matches(key, names, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(names)}."
            raise _Fault(f"unknown key `{place}{key}`", hint)


def _part(plain: dict[str, Any], name: str, place: str = "") -> dict[str, Any]:
    return _dictionary(f"{place}{name}", plain.get(name, {}))


def _dictionary(place: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Fault(f"`{place}` is no table")
    return value


def _filled(plain: dict[str, Any], name: str, place: str) -> str:
    text: str = _read(str, f"{place}{name}", plain.get(name, ""))
    if not text.strip():
        raise _Fault(f"{place}{name} is missing", "A table is taken in only with its home, its terms and its licence.")
    return text


def _read(kind: Any, place: str, value: object) -> Any:  # noqa: ANN401 - a type as a field has it
    try:
        return from_plain(kind, value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise _Fault(f"{place} is {value!r:.80}, which does not fit: {error}") from error
