"""Room for work beside a file that is to appear whole or not at all."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tenuto.durable import TEMPORARY, storage

__all__ = ["scratch"]


@contextlib.contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """Make an empty folder beside `target`, and remove it in the end."""
    folder = target.with_name(f"{TEMPORARY}{os.getpid()}-work-{target.name}"[:250])
    with storage(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
