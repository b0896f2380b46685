"""What was met before, part after part: of what stands twice in a dump the first is kept.

An id is remembered as 64 bits of it: among 100 million ids the odds that any two are taken for one are 1 in 3,700.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from tenuto.model.errors import SourceError

__all__ = ["Hashes", "Seen"]

Hashes = npt.NDArray[np.uint64]
_NOTHING: Hashes = np.zeros(0, dtype=np.uint64)


class Seen:
    """Ids by table; parts that are read at once ask in their order."""

    def __init__(self) -> None:
        self._tables: dict[str, tuple[Hashes, Hashes]] = {}
        self._turn = 1
        self._broken = False
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Wait until all parts before `number` have asked; raises SourceError where one of them failed."""
        with self._changed:
            self._changed.wait_for(lambda: self._broken or self._turn == number)
            if self._broken:
                raise SourceError("a part before this one failed", code="dump-part")
        done = False
        try:
            yield
            done = True
        finally:
            with self._changed:
                self._turn += done
                self._broken |= not done
                self._changed.notify_all()

    def fresh(self, name: str, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Tell which ids are met for the first time in a table, and remember them; only in one's turn."""
        first = np.zeros(len(hashes), dtype=np.bool_)
        different, places = np.unique(hashes, return_index=True)
        old, young = self._tables.get(name, (_NOTHING, _NOTHING))
        new = ~(_within(different, old) | _within(different, young))
        first[places[new]] = True
        self._remember(name, old, _merged(young, different[new]))
        return first

    def remember(self, ids: Mapping[str, Hashes]) -> None:
        """Take in ids of a part that was finished before; only in its turn."""
        for name, hashes in ids.items():
            self.fresh(name, hashes)

    def _remember(self, name: str, old: Hashes, young: Hashes) -> None:
        """Add to the smaller of two sorted sets, so that the large one is seldom copied."""
        if len(young) * 8 > len(old):
            old, young = _merged(old, young), _NOTHING
        self._tables[name] = old, young


def _within(values: Hashes, found: Hashes) -> npt.NDArray[np.bool_]:
    if not len(found):
        return np.zeros(len(values), dtype=np.bool_)
    places = np.minimum(np.searchsorted(found, values), len(found) - 1)
    return np.asarray(found[places] == values)


def _merged(one: Hashes, other: Hashes) -> Hashes:
    """Join two sorted sets that have nothing in common."""
    return np.insert(one, np.searchsorted(one, other), other)
