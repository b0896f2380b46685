"""Full-text search that no input can break."""

from pathlib import Path

from tenuto.catalogue.nouns import Hit

__all__ = ["search"]


def search(path: Path, words: str, limit: int = 20, offset: int = 0) -> tuple[Hit, ...]:
    """Find tracks that hold every word, best first; any text is a valid question, and the last word may be unfinished."""
    raise NotImplementedError
