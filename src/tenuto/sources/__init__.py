"""Catalogues and collections: one module each, found by being in this folder."""

import importlib
import pkgutil
from functools import cache

from tenuto.model.errors import NotFoundError
from tenuto.model.source import Source

__all__ = ["all_sources", "source"]


@cache
def all_sources() -> tuple[Source, ...]:
    """Give every source there is, by name: each subclass of Source that a module of this folder defines."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    kinds = [kind for module in modules for kind in vars(module).values() if _is_source(kind, module.__name__)]
    return tuple(kind() for kind in sorted(kinds, key=lambda kind: kind.name))


def source(name: str) -> Source:
    """Give the source of that name; raises NotFoundError."""
    for found in all_sources():
        if found.name == name:
            return found
    names = ", ".join(found.name for found in all_sources())
    raise NotFoundError(f"there is no source {name!r}", hint=f"The sources are: {names}.")


def _is_source(kind: object, module: str) -> bool:
    return isinstance(kind, type) and issubclass(kind, Source) and kind.__module__ == module
