"""The structure of a document as Spark writes it, read into the form that DuckDB gives."""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["structure"]

_TOKEN = re.compile(r"`((?:[^`]|``)*)`|([A-Za-z_]\w*)|([<>,:])|\(\d+,\d+\)")


def structure(text: str) -> Any:  # noqa: ANN401 - a JSON structure
    """Read the structure that Spark writes of a document (`OBJECT<a: ARRAY<BIGINT>>`) as DuckDB gives it."""
    tokens = iter([(m[1] or "", m[2] or "", m[3] or "") for m in _TOKEN.finditer(text) if m.lastindex])
    return _part(next(tokens)[1], tokens)


def _part(kind: str, tokens: Iterator[tuple[str, str, str]]) -> Any:  # noqa: ANN401 - a JSON structure
    if kind == "ARRAY":
        next(tokens)
        inner = _part(next(tokens)[1], tokens)
        next(tokens)
        return [inner]
    if kind == "OBJECT":
        return _object(tokens)
    return {"VOID": "NULL", "VARIANT": "JSON"}.get(kind, kind)


def _object(tokens: Iterator[tuple[str, str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    next(tokens)
    for quoted, plain, sign in tokens:
        if sign == ">":
            break
        if sign != ",":
            next(tokens)
            found[plain or quoted.replace("``", "`")] = _part(next(tokens)[1], tokens)
    return found
