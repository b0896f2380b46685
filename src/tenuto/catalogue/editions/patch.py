"""The patch as a file: a ZIP archive of a manifest and Parquet tables, or of the whole new build where rows do not do.

manifest.json            which file it turns into which
maps/TABLE.parquet       runs of keys: old, new, how many rows
rows/TABLE.parquet       rows of the new build that no old row gives
gone/TABLE.parquet       keys of carried rows that the new build lacks
whole.zst                instead of all these: the new build, compressed
"""

import contextlib
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenuto.durable import storage, writing
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import IntegrityError, NotFoundError, SourceError

__all__ = ["FORMAT", "WHOLE_FILE", "PatchHead", "pack", "read_head", "unpack"]

FORMAT = "tenuto-patch-1"
WHOLE_FILE = "whole.zst"
_MANIFEST = "manifest.json"
_LARGEST = 1 << 16
_MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchHead:
    """What a patch is: which bytes it turns into which, and the SQLite that wrote them."""

    format: str
    archive: str
    old_sha256: str
    new_sha256: str
    new_bytes: int
    sqlite: str
    whole: bool
    """Whether it carries the new build whole, since its rows alone do not give the same bytes."""


def pack(folder: Path, head: PatchHead, target: Path) -> None:
    """Write the files below `folder` and the head into one patch, whole or not at all."""
    with writing(target) as stream, zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo(_MANIFEST, _MOMENT), to_json(head))
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(str(path.relative_to(folder)), _MOMENT)
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)


def read_head(path: Path) -> PatchHead:
    """Read what a patch is; raises IntegrityError where it is none, NotFoundError where there is no file."""
    with _opened(path) as archive:
        if archive.getinfo(_MANIFEST).file_size > _LARGEST:
            raise _unfit(path, "its manifest is too large")
        head = from_json(PatchHead, archive.read(_MANIFEST))
    if head.format != FORMAT:
        raise _unfit(path, f"its format is {head.format!a:.40}")
    return head


def unpack(path: Path, folder: Path, names: frozenset[str]) -> frozenset[str]:
    """Write those of the patch's files that are among `names` into `folder`, and tell which there were."""
    found = set()
    with _opened(path) as archive:
        for entry in archive.infolist():
            if entry.filename in names:
                target = folder / entry.filename
                with storage(target):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(entry) as source, target.open("wb") as sink:
                        shutil.copyfileobj(source, sink, 1 << 20)
                found.add(entry.filename)
    return frozenset(found)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    if not path.is_file():
        raise NotFoundError(f"there is no patch {path}", hint="`tenuto editions diff` makes one.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, SourceError) as error:
        if isinstance(error, IntegrityError):
            raise
        raise _unfit(path, str(error)) from error


def _unfit(path: Path, reason: str) -> IntegrityError:
    return IntegrityError(f"{path} is no patch: {reason}", hint="Fetch the patch again.", code="patch-unfit")
