"""Found files, opened one by one as the parsers take them: what is probed, judged and kept is one descriptor."""

import errno
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from tenuto.audio.pool import ProbePool
from tenuto.durable import storage
from tenuto.harvest.found import FoundFile
from tenuto.model.audio import Failure, Probe
from tenuto.model.errors import UnsafeInputError
from tenuto.opening import OpenFile

__all__ = ["probed_files"]

_ABOUT_THE_FILE = frozenset({errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ENXIO, errno.ENODEV})
_Waiting: TypeAlias = deque[tuple[FoundFile, OpenFile | Failure]]


def probed_files(
    pool: ProbePool, batch: Sequence[FoundFile]
) -> Iterator[tuple[FoundFile, OpenFile | None, Probe | Failure]]:
    """Give each file of a batch, open if it could be opened, with what it is; few are open at once."""
    waiting: _Waiting = deque()
    probes = pool.probe(_opening(batch, waiting))
    early: list[Probe | Failure] = []  # an answer that came before files that could not be opened were given
    try:
        for _ in batch:
            if not waiting:
                early.extend(islice(probes, 1))
            found, file = waiting.popleft()
            if isinstance(file, Failure):
                yield found, None, file
            else:
                with file:
                    yield found, file, early.pop() if early else next(probes)
    finally:
        for _, file in waiting:
            if isinstance(file, OpenFile):
                file.close()


def _opening(batch: Sequence[FoundFile], waiting: _Waiting) -> Iterator[OpenFile]:
    """Open files one by one as they are asked for, note each in `waiting`, and give those that could be opened."""
    for found in batch:
        file = _opened(found)
        waiting.append((found, file))
        if isinstance(file, OpenFile):
            yield file


def _opened(found: FoundFile) -> OpenFile | Failure:
    """Open a file; one that is gone, a link by now, or closed to us is a stored fact.

    Raises StorageError where the machine, and not the file, stands in the way: descriptors, memory, a broken disk.
    """
    with storage(found.root / found.inside):
        try:
            return found.open()
        except UnsafeInputError as error:
            return Failure(code=error.code, reason=str(error))
        except OSError as error:
            if error.errno not in _ABOUT_THE_FILE:
                raise
            return Failure(code="unreadable", reason=f"it cannot be opened: {error.strerror}")
