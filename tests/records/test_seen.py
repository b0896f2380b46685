"""What was met before: the first of each id is new, whatever the order parts finish in."""

import threading

import numpy as np
import pytest

from tenuto.model.errors import SourceError
from tenuto.records.seen import Seen


def test_an_id_is_new_once():
    """Within a part and among parts only the first counts; tables do not know each other."""
    seen, generator = Seen(), np.random.default_rng(3)
    known = set()
    for _ in range(40):
        hashes = generator.integers(0, 5_000, 700, dtype=np.uint64)
        expected = []
        for one in hashes.tolist():
            expected.append(one not in known)
            known.add(one)
        assert seen.fresh("tracks", hashes).tolist() == expected
    assert seen.fresh("recordings", np.array([1, 1, 2], dtype=np.uint64)).tolist() == [True, False, True]


def test_parts_ask_in_their_order():
    """A part that is early waits for the one before it."""
    seen, order = Seen(), []

    def ask(number):
        with seen.turn(number):
            order.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in (3, 2, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert order == [1, 2, 3]


def test_a_part_behind_a_failed_one_fails_too():
    """Nobody waits for a part that will never come."""
    seen = Seen()
    with pytest.raises(ZeroDivisionError), seen.turn(1):
        raise ZeroDivisionError
    with pytest.raises(SourceError, match="before this one failed"), seen.turn(2):
        pass
