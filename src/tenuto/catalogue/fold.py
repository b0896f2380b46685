"""Letters that people leave out when they search, where SQLite's own folding of case and accents falls short.

The same two tables fold the indexed text (as SQL, in shape.py) and the words asked for (`folded`).
"""

import unicodedata

__all__ = ["PAIRS", "SPELLED_OUT", "folded"]

_FULL_WIDTH = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
_ASCII = "".join(map(chr, range(0x21, 0x7F))) + " "
_STROKED, _PLAIN = "ØøŁłĐđĦħŦŧŊŋİıſς", "oollddhhttnniisσ"  # noqa: RUF001 - the Greek letter is meant
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"

PAIRS: tuple[str, str] = (_FULL_WIDTH + _STROKED + _INVISIBLE, _ASCII + _PLAIN)
"""Characters, and those that replace them place by place; characters beyond the second's end are dropped."""

SPELLED_OUT: tuple[tuple[str, str], ...] = (
    ("ß", "ss"),
    ("ẞ", "ss"),
    ("æ", "ae"),
    ("Æ", "ae"),
    ("œ", "oe"),
    ("Œ", "oe"),
    ("þ", "th"),
    ("Þ", "th"),
    ("ð", "d"),
    ("Ð", "d"),
    ("ﬀ", "ff"),
    ("ﬁ", "fi"),
    ("ﬂ", "fl"),
)
"""Letters that become another spelling."""

_TABLE = str.maketrans(
    {character: PAIRS[1][place] if place < len(PAIRS[1]) else None for place, character in enumerate(PAIRS[0])}
    | dict(SPELLED_OUT)
)


def folded(text: str) -> str:
    """Fold text as the index is folded; accents and the case of other letters are left to SQLite."""
    return unicodedata.normalize("NFC", text).translate(_TABLE)
