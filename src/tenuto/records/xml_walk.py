"""Walks one XML element by its shape, for those whose tags cannot be counted on the bytes."""

from collections.abc import Mapping
from xml.parsers import expat

from tenuto.model.source import Shape

__all__ = ["walked"]


def walked(content: bytes, shape: Shape) -> list[str]:
    """Walk one element, and give its places that are not known."""
    found: list[str] = []
    stack: list[tuple[str, Shape]] = [("", shape)]

    def start(name: str, attributes: dict[str, str]) -> None:
        place, parts = stack[-1]
        own = "" if parts == "-" else f"{place}/{name}" if place else name  # of what is passed over, no place is told
        part = _inner(parts, name)
        if part is None:
            found.append(own.partition("/")[2] or own)
        elif part != "-":
            strange = [one for one in attributes if _inner(part, f"@{one}") is None]
            found.extend(f"{own.partition('/')[2]}/@{one}".lstrip("/") for one in strange)
        stack.append((own, part or "-"))

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.Parse(content, True)
    return found


def _inner(shape: Shape, name: str) -> "Shape | None":
    if shape == "-":
        return "-"
    parts = shape[0] if isinstance(shape, list) else shape
    if isinstance(parts, Mapping) and "*" in parts:
        return _inner(parts["*"], name)
    return parts.get(name) if isinstance(parts, Mapping) else None
