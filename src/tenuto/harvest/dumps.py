"""Dump files as captures: kept as they were published, under a number and the digest of their bytes."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tenuto.durable import TEMPORARY, publish, storage
from tenuto.model.errors import IntegrityError
from tenuto.model.ids import Sha256
from tenuto.opening import open_file

__all__ = ["dump_files", "keep_dump"]

_NAME = re.compile(r"([0-9]{6})-([0-9a-f]{64})\.([A-Za-z0-9._-]{1,120})")


def keep_dump(root: Path, place: str, path: Path, sha256: Sha256) -> Path:
    """Keep the dump at `path` as the next capture of `place` (`source/entity`), linked where the file system can.

    One with this digest that is kept already is given instead. Raises IntegrityError where a copy does not have the
    digest that was read, StorageError where the disk refuses.
    """
    folder, numbers = root / place, [0]
    for number, digest, found in dump_files(folder):
        if digest == sha256:
            return found
        numbers.append(number)
    target = folder / f"{max(numbers) + 1:06d}-{sha256}.{path.name}"
    temporary = folder / f"{TEMPORARY}{os.getpid()}-dump"
    with storage(target):
        folder.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        try:
            os.link(path, temporary)
        except OSError:
            _copy(path, temporary, sha256)
        publish(temporary, target)
    return target


def _copy(path: Path, temporary: Path, sha256: Sha256) -> None:
    shutil.copyfile(path, temporary)
    with open_file(temporary) as file:
        os.fsync(file.descriptor)
        if file.digest() != sha256:
            raise IntegrityError(
                f"{path} changed while it was read", hint="Run the command again.", code="dump-changed"
            )


def dump_files(folder: Path) -> Iterator[tuple[int, str, Path]]:
    """Give the dumps kept in a folder: number, digest, place."""
    for path in sorted(folder.glob("[0-9]*")):
        match = _NAME.fullmatch(path.name)
        if match is not None and not path.name.endswith(f"{match[2]}.jsonl.gz"):
            yield int(match[1]), match[2], path
