"""Tenuto: a lawful music preservation archive."""

__version__ = "0.1.0"

__all__ = ["__version__"]
