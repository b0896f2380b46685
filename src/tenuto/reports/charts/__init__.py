"""The charts of the report, in the order of their modules' names: a new chart is one more entry, or one more module."""

import importlib
import pkgutil
from functools import cache

from tenuto.reports.chart import Chart

__all__ = ["all_charts"]


@cache
def all_charts() -> tuple[Chart, ...]:
    """Give every chart that a module of this folder lists in `CHARTS`."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(chart for module in modules for chart in module.CHARTS)
