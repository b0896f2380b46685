"""Digests of one file of a bag by whatever algorithms its manifests use, in one read."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import IntegrityError
from tenuto.packages.bag_tree import open_beneath

__all__ = ["digests_of"]

_BLOCK = 1 << 20


def digests_of(bag: Path, path: str, algorithms: Mapping[str, str]) -> dict[str, str]:
    """Hash a file from one open descriptor: name → hexadecimal; raises IntegrityError where it changes meanwhile."""
    with storage(bag / path), os.fdopen(open_beneath(bag, path), "rb", buffering=0) as stream:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise IntegrityError(f"{path} is no regular file", code="not-a-file")
        states = {name: hashlib.new(algorithm, usedforsecurity=False) for name, algorithm in algorithms.items()}
        while block := stream.read(_BLOCK):
            for state in states.values():
                state.update(block)
        after = os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise IntegrityError(f"{path} changed while it was read", code="changed-while-read")
    return {name: state.hexdigest() for name, state in states.items()}
