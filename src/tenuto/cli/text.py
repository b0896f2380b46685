"""Foreign text made safe to show on a terminal."""

import unicodedata

__all__ = ["clock_time", "plain", "size", "span"]

_LONGEST = 400
_MARKS = 8  # combining marks in a row that any living script needs, with room
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_ISOLATE, _POP = "\u2068", "\u2069"


def plain(text: str) -> str:
    """Give foreign text without control characters, direction overrides and towers of marks, cut at 400 characters."""
    shown = "".join(_visible(text[: _LONGEST * 4]))
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return f"{_ISOLATE}{shown}{_POP}" if any(unicodedata.bidirectional(c) in {"R", "AL"} for c in shown) else shown


def _visible(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for sign in text:
        category = unicodedata.category(sign)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if sign in _BIDI or marks > _MARKS:
            continue
        kept.append("�" if category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} else sign)
    return kept


def size(count: int) -> str:
    """Write a number of bytes for people: `3.2 MiB`."""
    amount = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:  # noqa: PLR2004 - the step between units
            return f"{count} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


def clock_time(milliseconds: int | None) -> str:
    """Write a duration as minutes and seconds: `3:07`; empty where unknown."""
    if milliseconds is None:
        return ""
    seconds = round(milliseconds / 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


def span(seconds: float) -> str:
    """Write a wall time for people: `0.4 s`, `2 min 05 s`."""
    if seconds < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
