"""One copy per byte: payload files that are no longer the store's own are made so again."""

import os
from collections.abc import Callable
from pathlib import Path

from tenuto.durable import TEMPORARY, storage
from tenuto.model.ids import Sha256
from tenuto.model.package import BagFile, BagReceipt
from tenuto.opening import open_folder

__all__ = ["relink"]


def relink(bag: Path, receipt: BagReceipt, source: Callable[[Sha256], Path], whole: Callable[[Sha256], bool]) -> int:
    """Link payload files of `bag` to the store's files, where those are others on the same file system; count them.

    A store file that was replaced, because a disk had changed it, leaves bags with the rotten one: this mends them.
    Only a store file that is `whole`, read to its end, takes another's place. Raises UnsafeInputError where a folder of
    the bag is a link, for what lies behind it is not the bag's, and StorageError.
    """
    payload = [file for file in receipt.files if file.track_ids]
    return sum(_mended(bag, file, source(file.digest.sha256), whole) for file in payload)


def _mended(bag: Path, file: BagFile, kept: Path, whole: Callable[[Sha256], bool]) -> bool:
    folder, _, name = file.path.rpartition("/")
    with storage(bag / file.path):
        try:
            inside = open_folder(bag, folder)
        except FileNotFoundError:
            return False
        try:
            if not _is_apart(kept, name, inside) or not whole(file.digest.sha256):
                return False
            _replace(kept, bag.parent, name, inside)
        finally:
            os.close(inside)
    return True


def _is_apart(kept: Path, name: str, folder: int) -> bool:
    try:
        one, other = kept.lstat(), os.lstat(name, dir_fd=folder)
    except OSError:
        return False
    return one.st_dev == other.st_dev and one.st_ino != other.st_ino


def _replace(kept: Path, root: Path, name: str, folder: int) -> None:
    """Put a link to the kept file in the place of `name`: the old file or the new one, at any instant.

    What a crash leaves lies among the bags, where the next command sweeps it, and in no bag.
    """
    temporary = root / f"{TEMPORARY}{os.getpid()}-relink"
    temporary.unlink(missing_ok=True)
    os.link(kept, temporary, follow_symlinks=False)
    os.rename(temporary, name, dst_dir_fd=folder)
    os.fsync(folder)
