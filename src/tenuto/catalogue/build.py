"""One build: shape, load, index, check, publish; readers see the old file or the new one."""

from dataclasses import dataclass
from pathlib import Path

from tenuto.model.progress import Progress

__all__ = ["BuildReport", "CatalogueInputs", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueInputs:
    """Where the Parquet tables are, and the archive's name."""

    name: str
    records: tuple[Path, ...]
    """One directory for each source, as `records.write.write_records` leaves it."""
    context: Path
    """The directory `records.write.write_context` leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made, and how long each step took."""

    rows: tuple[tuple[str, int], ...]
    """Table and number of rows, in the schema's order."""
    bytes: int
    seconds: tuple[tuple[str, float], ...]
    """Step and wall time."""


def build(inputs: CatalogueInputs, target: Path, progress: Progress) -> BuildReport:
    """Build the catalogue at `target`; raises CatalogueError where a check fails, and the old file stays."""
    raise NotImplementedError
