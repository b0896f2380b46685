"""Schema drift: places in documents that no mapping reads or ignores.

Every document is looked at. The engine gives each different structure of a chunk once; with its scalars made alike few
are left that were not met before, and only those are walked.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tenuto.model.source import Shape

__all__ = ["STRUCTURES", "Drift"]

_SCALARS = tuple(f'"{kind}"' for kind in ("VARCHAR", "UBIGINT", "BIGINT", "DOUBLE", "BOOLEAN", "NULL"))
_DEEPEST = 1 << 20  # characters of a structure that are looked through
_KNOWN = 20_000  # structures that are remembered

STRUCTURES = """
SELECT json_structure(text)::VARCHAR, count(*) FROM lines
WHERE starts_with(text, '{') OR starts_with(ltrim(text), '{') GROUP BY 1
"""
"""Different structures and how many documents have each."""


class Drift:
    """Knows one shape, and names what it does not have."""

    def __init__(self, shape: Mapping[str, Shape]) -> None:
        self._shape = dict(shape)
        names = "|".join(sorted({re.escape(name) for name in _containers(self._shape)}))
        self._odd = re.compile(f'"(?:{names})":"[A-MO-Z]') if names else None  # a scalar, not null, may be out of place
        self._walked = lru_cache(_KNOWN)(self._walk)

    def strangers(self, structure: str) -> Sequence[str]:
        """Name the places of one structure that the shape does not have."""
        if self._odd is None or self._odd.search(structure) is None:
            for scalar in _SCALARS:
                structure = structure.replace(scalar, '""')
        return self._walked(structure)

    def _walk(self, structure: str) -> Sequence[str]:
        try:
            found = json.loads(structure) if len(structure) <= _DEEPEST else None
        except RecursionError:
            found = None
        if found is None:
            return ("(nested too deep)",)
        return tuple(sorted(set(_found(found, self._shape, ""))))


def _containers(shape: Shape) -> Iterator[str]:
    """Name the parts that are no scalars, wherever they stand."""
    if isinstance(shape, list):
        yield from _containers(shape[0])
    elif isinstance(shape, dict):
        for name, part in shape.items():
            if not isinstance(part, str):
                yield name
            yield from _containers(part)


def _found(found: Any, known: Shape, place: str) -> Iterator[str]:  # noqa: ANN401 - a JSON structure
    if isinstance(found, list) and isinstance(known, list):
        yield from _found(found[0], known[0], f"{place}[]")
    elif isinstance(found, Mapping) and isinstance(known, dict):
        for name, part in found.items():
            inner = f"{place}.{name}".lstrip(".")
            if name in known:
                yield from _found(part, known[name], inner)
            elif "*" not in known:
                yield inner
    elif (isinstance(found, list | Mapping) and known == "text") or (
        isinstance(known, list | dict) and isinstance(found, str) and found not in {"", "NULL", "JSON"}
    ):
        yield f"{place} (of another shape)"
