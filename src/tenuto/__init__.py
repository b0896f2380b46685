"""Tenuto: a lawful music preservation archive."""

from importlib.metadata import version

__version__ = version("tenuto")

__all__ = ["__version__"]
