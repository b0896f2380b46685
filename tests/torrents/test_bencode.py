"""bencode: one spelling for each value, and hostile input costs nothing."""

import time
import tracemalloc

import libtorrent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.errors import TorrentError
from tenuto.torrents.bencode import MAX_DEPTH, decode

REFUSED = {
    "nothing": (b"", "bencode-token"),
    "deep lists": (b"l" * 100_000 + b"e" * 100_000, "bencode-depth"),
    "deep dictionaries": (b"d0:" * 100_000, "bencode-depth"),
    "10 GB in a few bytes": (b"d1:a10000000000:x", "bencode-length"),
    "a length beyond 64 bits": (b"99999999999999999999:x", "bencode-length"),
    "a length of a million digits": (b"9" * 1_000_000, "bencode-token"),
    "a string cut short": (b"5:abcd", "bencode-length"),
    "trailing bytes": (b"i1ei2e", "bencode-trailing"),
    "a trailing line break": (b"de\n", "bencode-trailing"),
    "keys out of order": (b"d1:bi1e1:ai2ee", "bencode-keys"),
    "a key twice": (b"d1:ai1e1:ai2ee", "bencode-keys"),
    "a key that is a number": (b"di1ei2ee", "bencode-keys"),
    "a key that is a list": (b"dlei2ee", "bencode-keys"),
    "a key without a value": (b"d1:ae", "bencode-token"),
    "a key, and the end of input": (b"d1:a", "bencode-token"),
    "minus zero": (b"i-0e", "bencode-int"),
    "a leading zero": (b"i03e", "bencode-int"),
    "a plus sign": (b"i+3e", "bencode-int"),
    "no digits": (b"ie", "bencode-int"),
    "a space": (b"i 3e", "bencode-int"),
    "an integer without end": (b"i3", "bencode-int"),
    "an integer of a million digits": (b"i" + b"9" * 1_000_000 + b"e", "bencode-int"),
    "2 to the 63rd": (b"i9223372036854775808e", "bencode-int"),
    "a length with a leading zero": (b"05:hello", "bencode-token"),
    "a negative length": (b"-1:a", "bencode-token"),
    "a list without end": (b"li1e", "bencode-token"),
    "an end alone": (b"e", "bencode-token"),
    "too many values": (b"l" + b"le" * 1_000_000 + b"e", "bencode-values"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_canonical_is_refused(content, code):
    """Each fault has its code."""
    with pytest.raises(TorrentError) as caught:
        decode(content)
    assert code == caught.value.code


def test_nothing_is_allocated_on_a_lengths_word():
    """A string of 10 GB that is not there costs no memory and no time."""
    tracemalloc.start()
    started = time.perf_counter()
    for content in (b"9999999999:x", b"l" * 100_000):
        with pytest.raises(TorrentError):
            decode(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000
    assert time.perf_counter() - started < 0.5


def test_nesting_is_allowed_to_a_depth():
    """Just so deep is fine."""
    assert decode(b"l" * MAX_DEPTH + b"e" * MAX_DEPTH)[0]


VALUES = st.recursive(
    st.integers(-(1 << 63), (1 << 63) - 1) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.binary(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_every_value_survives(value):
    """What libtorrent encodes, we decode."""
    assert value == decode(libtorrent.bencode(value))


@given(VALUES, st.integers(0, 400), st.binary(max_size=2))
def test_what_is_accepted_has_one_spelling(value, at, noise):
    """Mutated input either raises TorrentError or encodes back to itself."""
    content = libtorrent.bencode(value)
    mutated = content[: at % (len(content) + 1)] + noise + content[at % (len(content) + 1) + len(noise) :]
    try:
        read = decode(mutated)
    except TorrentError:
        return
    assert mutated == libtorrent.bencode(read)
