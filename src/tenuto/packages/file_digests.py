"""Digests of one file of a bag by whatever algorithms its manifests use, in one read."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from tenuto.durable import storage
from tenuto.opening import open_beneath

__all__ = ["digests_of"]

_BLOCK = 1 << 20


def digests_of(bag: Path, path: str, algorithms: Mapping[str, str]) -> dict[str, str]:
    """Hash a file from one open descriptor: name → hexadecimal.

    Raises IntegrityError where it changes meanwhile, UnsafeInputError where it is no file or lies behind a link.
    """
    with storage(bag / path), open_beneath(bag, path) as file, file.stream() as stream:
        states = {name: hashlib.new(algorithm, usedforsecurity=False) for name, algorithm in algorithms.items()}
        while block := stream.read(_BLOCK):
            for state in states.values():
                state.update(block)
        file.check_unchanged()
    return {name: state.hexdigest() for name, state in states.items()}
