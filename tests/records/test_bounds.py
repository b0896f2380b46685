"""Numbers no music has (M7)."""

import math

import pytest

from tenuto.records.bounds import LIMITS, bounded, out_of_bounds


@pytest.mark.parametrize("name", LIMITS)
def test_the_ends_of_each_range(name):
    """0 and the limit pass; what is beyond, and what is no whole number, does not."""
    assert [0, LIMITS[name]] == [bounded(name, 0), bounded(name, LIMITS[name])]
    for value in (-1, LIMITS[name] + 1, 1 << 70, math.nan, 1e308, True, "7", None):
        assert bounded(name, value) is None


def test_a_number_that_is_dropped_is_flagged(judged, audio):
    """Null with a reason, for the track's own numbers and for its file's."""
    track = judged(number=-1, disc=2, audio=audio(duration_ms=1 << 70, bit_rate=-5)).track
    assert [flag.code for flag in out_of_bounds(track)] == [
        "number-out-of-range",
        "duration-ms-out-of-range",
        "bit-rate-out-of-range",
    ]
    assert list(out_of_bounds(judged(audio=None).track)) == []
