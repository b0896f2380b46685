"""Numbers no music has: they become null, and a flag says so."""

from collections.abc import Iterator

from tenuto.model.music import Flag, TrackRecord

__all__ = ["LIMITS", "bounded", "out_of_bounds"]

LIMITS = {
    "number": 100_000,
    "disc": 100_000,
    "duration_ms": 30 * 24 * 3_600_000,
    "sample_rate": 20_000_000,
    "channels": 1_024,
    "bit_rate": 10_000_000_000,
}
"""The largest value each number may have; the smallest is 0."""


def bounded(name: str, value: object) -> int | None:
    """Pass a whole number from 0 to the limit of its name; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LIMITS[name] else None


def out_of_bounds(track: TrackRecord) -> Iterator[Flag]:
    """Flag every number of a track that `bounded` makes null."""
    for name, limit in LIMITS.items():
        holder = track if name in {"number", "disc"} else track.audio
        value = getattr(holder, name, None)
        if value is not None and bounded(name, value) is None:
            yield Flag(code=f"{name.replace('_', '-')}-out-of-range", detail=f"not a whole number from 0 to {limit}")
