"""Frozen dataclasses to JSON documents and back, so that captures and receipts can be written and read."""

import dataclasses
import json
import types
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tenuto.model.errors import SourceError

__all__ = ["from_json", "from_plain", "to_json", "to_plain"]

T = TypeVar("T")


def to_json(noun: object) -> str:
    """Write a noun as one line of JSON: ASCII only, keys in field order, fields at their defaults left out."""
    return json.dumps(_plain(noun), ensure_ascii=True, separators=(",", ":"))


def from_json(kind: type[T], text: str | bytes) -> T:
    """Read a noun of `kind` back; raises SourceError where the document does not fit."""
    try:
        return from_plain(kind, json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SourceError(f"a stored document is no {kind.__name__}: {error}") from error


def to_plain(noun: object) -> Any:  # noqa: ANN401 - lists, dictionaries and scalars, nested
    """Give a noun as nested dictionaries and lists, every field present, for `--json`."""
    if dataclasses.is_dataclass(noun) and not isinstance(noun, type):
        return {field.name: to_plain(getattr(noun, field.name)) for field in dataclasses.fields(noun)}
    if isinstance(noun, tuple | list):
        return [to_plain(item) for item in noun]
    if isinstance(noun, dict):
        return {name: to_plain(item) for name, item in noun.items()}
    return noun.hex() if isinstance(noun, bytes) else noun


def from_plain(kind: type[T], plain: object) -> T:
    """Make a noun of `kind` from dictionaries and lists; raises TypeError, KeyError or ValueError."""
    value: T = _typed(kind, plain)
    return value


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: _plain(item) for field, item in fields if item != field.default}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, value: Any) -> Any:  # noqa: ANN401 - it walks types themselves
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(get_args(kind), value)
    if origin in {Union, types.UnionType}:
        return None if value is None else _typed(get_args(kind)[0], value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise TypeError(f"{value!r:.80} is no {kind.__name__}")
        hints = _hints(kind)
        return kind(**{name: _typed(hints[name], item) for name, item in value.items()})
    return _scalar(getattr(kind, "__supertype__", kind), value)


def _tuple(kinds: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r:.80} is no list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        return tuple(_typed(kinds[0], item) for item in value)
    return tuple(_typed(kind, item) for kind, item in zip(kinds, value, strict=True))


def _scalar(kind: type, value: Any) -> Any:  # noqa: ANN401 - it walks types themselves
    if kind is bytes:
        return bytes.fromhex(value)
    if issubclass(kind, StrEnum):
        return kind(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
