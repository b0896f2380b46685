"""Questions to a finished catalogue; it needs SQLite alone, so that a small process may ask."""

from collections.abc import Iterator
from pathlib import Path

from tenuto.catalogue.nouns import Page, Stats, Why
from tenuto.model.package import PackItem

__all__ = ["open_items", "show", "stats", "why"]


def show(path: Path, public_id: str) -> Page:
    """Show the track, recording, release or artist of that id; raises NotFoundError."""
    raise NotImplementedError


def why(path: Path, subject: str) -> tuple[Why, ...]:
    """Explain the verdicts on a track id, a recording id, or a file's path; raises NotFoundError."""
    raise NotImplementedError


def stats(path: Path) -> Stats:
    """Count what the catalogue holds."""
    raise NotImplementedError


def open_items(path: Path) -> Iterator[PackItem]:
    """Yield what may be shared (verdict open, audio held), one item for each track, by artist, release, disc, number and id."""
    raise NotImplementedError
