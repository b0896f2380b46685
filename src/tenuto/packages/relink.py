"""One copy per byte: payload files that are no longer the store's own are made so again."""

import os
from collections.abc import Callable
from pathlib import Path

from tenuto.durable import TEMPORARY, publish, storage
from tenuto.model.ids import Sha256
from tenuto.model.package import BagFile, BagReceipt

__all__ = ["relink"]


def relink(bag: Path, receipt: BagReceipt, source: Callable[[Sha256], Path], whole: Callable[[Sha256], bool]) -> int:
    """Link payload files of `bag` to the store's files, where those are others on the same file system; count them.

    A store file that was replaced, because a disk had changed it, leaves bags with the rotten one: this mends them.
    Only a store file that is `whole`, read to its end, takes another's place.
    """
    mended = 0
    for file in receipt.files:
        kept = source(file.digest.sha256)
        if file.track_ids and _is_apart(kept, bag / file.path) and whole(file.digest.sha256):
            _replace(kept, bag, file)
            mended += 1
    return mended


def _is_apart(kept: Path, packed: Path) -> bool:
    try:
        one, other = kept.lstat(), packed.lstat()
    except OSError:
        return False
    return one.st_dev == other.st_dev and one.st_ino != other.st_ino


def _replace(kept: Path, bag: Path, file: BagFile) -> None:
    target = bag / file.path
    temporary = bag.parent / f"{TEMPORARY}{os.getpid()}-relink"
    with storage(target):
        temporary.unlink(missing_ok=True)
        os.link(kept, temporary, follow_symlinks=False)
        publish(temporary, target)
