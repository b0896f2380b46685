"""Catalogues and collections: one module each, found by being in this folder."""

import importlib
import pkgutil
from functools import cache
from inspect import isabstract

from tenuto.model.errors import NotFoundError
from tenuto.model.source import DumpSource, ObservedSource, Source

__all__ = ["all_sources", "dump_source", "observed_source", "source"]


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


def observed_source(name: str) -> ObservedSource:
    """Give the source of that name that is read observation by observation; raises NotFoundError."""
    found = source(name)
    if not isinstance(found, ObservedSource):
        raise NotFoundError(f"{name} is published as dumps", hint="`tenuto import` takes them in.")
    return found


def dump_source(name: str) -> DumpSource:
    """Give the source of that name that is published as dumps; raises NotFoundError."""
    found = source(name)
    if not isinstance(found, DumpSource):
        names = ", ".join(one.name for one in all_sources() if isinstance(one, DumpSource))
        raise NotFoundError(f"{name} is not published as dumps", hint=f"Sources with dumps: {names}.")
    return found


def _is_source(kind: object, module: str) -> bool:
    return isinstance(kind, type) and issubclass(kind, Source) and kind.__module__ == module and not isabstract(kind)
