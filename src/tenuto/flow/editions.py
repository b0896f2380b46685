"""`tenuto editions`: the archive's catalogue in other shapes, and patches from build to build."""

from pathlib import Path

from tenuto.catalogue.editions.apply import apply_patch
from tenuto.catalogue.editions.diff import DiffReport, write_diff
from tenuto.catalogue.editions.parquet import ParquetReport, write_parquet
from tenuto.catalogue.editions.patch import PatchHead
from tenuto.catalogue.editions.policy import read_policy
from tenuto.catalogue.editions.small import SmallReport, write_small
from tenuto.flow.archive import Archive
from tenuto.model.errors import UsageError
from tenuto.model.progress import Progress

__all__ = ["apply", "diff", "parquet", "places", "small"]


def places(archive: Archive) -> tuple[Path, Path, Path]:
    """Name where editions lie unless told: the Parquet folder, the small file, the patch."""
    folder, name = archive.layout.root / "editions", archive.layout.name
    return folder / "parquet", folder / f"{name}_small.sqlite3", folder / f"{name}.patch"


def parquet(archive: Archive, target: Path, progress: Progress) -> ParquetReport:
    """Write the Parquet edition; the archive is held meanwhile, so that no build takes the catalogue away."""
    with archive.locked():
        return write_parquet(archive.layout.catalogue, target, progress)


def small(archive: Archive, target: Path, policy: Path | None, progress: Progress) -> SmallReport:
    """Write the small edition by a policy, or by the one that is shipped."""
    read = read_policy(policy)
    _check_apart(archive, target)
    with archive.locked():
        return write_small(archive.layout.catalogue, target, read, progress)


def diff(archive: Archive, old: Path, target: Path, progress: Progress) -> DiffReport:
    """Write the patch that turns an older catalogue into the archive's."""
    _check_apart(archive, target)
    if _same(old, target):
        raise UsageError(f"{target} is the old catalogue", hint="Name another file for the patch.")
    with archive.locked():
        return write_diff(old, archive.layout.catalogue, target, progress)


def apply(patch: Path, old: Path, target: Path, progress: Progress) -> PatchHead:
    """Turn an older catalogue into a newer one, in place or beside it; needs no archive."""
    if _same(patch, target):
        raise UsageError(f"{target} is the patch", hint="Name another file for the catalogue.")
    return apply_patch(patch, old, target, progress)


def _check_apart(archive: Archive, target: Path) -> None:
    if _same(archive.layout.catalogue, target):
        raise UsageError(f"{target} is the archive's catalogue", hint="Name another file.")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
