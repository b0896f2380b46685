"""Words as the search index holds them: what people leave out, mistype or write in several ways becomes one spelling.

The same tables and patterns fold the indexed text (as SQL, in search_text.py) and the words asked for (here), so
both give the same words. Case, accents and vowel points go; `AC/DC` and `don't` become words both joined and apart;
scripts that put no spaces between words become pairs of characters.
"""

import re
import unicodedata

__all__ = [
    "FOREIGN_SEPARATORS",
    "INNER",
    "JOINERS",
    "LEET",
    "LONGEST",
    "PAIRS",
    "SEPARATORS",
    "SIZE",
    "SPELLED_OUT",
    "UNSPACED",
    "WHOLE",
    "folded",
    "in_pairs",
    "indexed",
    "joined",
    "marked",
    "size",
    "split",
    "whole",
]

_ASCII = "".join(map(chr, range(0x21, 0x41))) + "".join(map(chr, range(0x5B, 0x7F)))
_FULL_WIDTH = "".join(chr(ord(character) + 0xFEE0) for character in _ASCII)
_HALF_WIDTH = "".join(map(chr, range(0xFF66, 0xFF9E)))
_KANA = "".join(unicodedata.normalize("NFKC", character) for character in _HALF_WIDTH)
_APOSTROPHES = "\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u2032\u00b4`\uff40"
_STROKED, _PLAIN = "øłđħŧŋıſς", "oldhtnisσ"  # noqa: RUF001 - the Greek letter is meant
_SEMITIC = "ٱةىکیھہ" + "".join(map(chr, (*range(0x660, 0x66A), *range(0x6F0, 0x6FA)))) + "ךםןףץ"
_SEMITIC_PLAIN = "اهيكيهه" + "0123456789" * 2 + "כמנפצ"
_INVISIBLE = (
    "\u00ad\u0640\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    "\uff9e\uff9f\u02be\u02bf"
)

PAIRS: tuple[tuple[str, str], ...] = (
    (_APOSTROPHES + _STROKED, "'" * len(_APOSTROPHES) + _PLAIN),
    (
        _FULL_WIDTH.replace("\uff40", "") + _HALF_WIDTH + _SEMITIC + _INVISIBLE,
        _ASCII.replace("`", "") + _KANA + _SEMITIC_PLAIN,
    ),
)
"""Tables, the common one first, of lower-case characters and those that replace them place by place.

Characters beyond the end of a table's second string are dropped.
"""

SPELLED_OUT: tuple[tuple[str, str], ...] = (
    ("ß", "ss"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("þ", "th"),
    ("ð", "d"),
    ("ﬀ", "ff"),
    ("ﬁ", "fi"),
    ("ﬂ", "fl"),
)
"""Letters that become another spelling."""

_PUNCTUATION = (
    *((0xAB, 0xB1), (0xB4, 0xB4), (0xB6, 0xB8), (0xBB, 0xBB), (0xBF, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7)),
    *((0x2C2, 0x2C5), (0x2D2, 0x2DF), (0x37E, 0x37E), (0x387, 0x387), (0x55A, 0x55F), (0x589, 0x58A)),
    *((0x5BE, 0x5BE), (0x5C0, 0x5C0), (0x5C3, 0x5C3), (0x5F3, 0x5F4), (0x60C, 0x60D), (0x61B, 0x61F)),
    *((0x66A, 0x66D), (0x6D4, 0x6D4), (0x964, 0x965), (0x1680, 0x1680), (0x2000, 0x206F), (0x2E00, 0x2E5F)),
    *((0x3000, 0x3004), (0x3008, 0x3020), (0x3030, 0x3030), (0x303D, 0x303F), (0x30A0, 0x30A0), (0x30FB, 0x30FB)),
    *((0xE000, 0xE000), (0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF5F, 0xFF65), (0xFFF0, 0xFFFF)),
)

_WITHOUT_SPACES = (
    *((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029)),
    *((0x3031, 0x3035), (0x3040, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x3105, 0x312F), (0x31A0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0x20000, 0x3FFFD)),
)


def _ranges(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_BETWEEN = r"\x00-\x2f\x3a-\x60\x7b-\xa9" + _ranges(_PUNCTUATION)

SEPARATORS = f"[{_BETWEEN}]+"
"""What stands between words; emoji and other signs are words, since titles are made of them."""

FOREIGN_SEPARATORS = f"[\x80-\xa9{_ranges(_PUNCTUATION)}]+"
"""Those that SQLite's tokenizer for ASCII takes for parts of words."""

JOINERS = r"['./\\_*!@&+-]"
"""Signs inside a word: the word is found with them left out, and by its parts."""

INNER = rf"[^{_BETWEEN}]['./\\_*!@&+$-]+[^{_BETWEEN}]|\$[^{_BETWEEN}]"
"""A word that holds such signs."""

LEET: tuple[tuple[str, str], ...] = (
    (rf"([^{_BETWEEN}])!([^{_BETWEEN}])", r"\1i\2"),
    (rf"([^{_BETWEEN}])@([^{_BETWEEN}])", r"\1a\2"),
    (r"\$", "s"),
)
"""Signs that stand for a letter inside a word, as in P!nk and A$AP."""

UNSPACED = f"[{_ranges(_WITHOUT_SPACES)}]"
"""Characters of scripts that put no spaces between words, and of Korean, whose words are compounds."""

WHOLE = "\ue000"
"""Mark of the one word that stands for a whole name; no folded text holds it."""

SIZE = WHOLE * 2
"""Mark of the one word that counts the words of title and performers."""

LONGEST = 32
"""Most letters of a whole title that count."""

_TABLE = str.maketrans(
    {
        character: after[place] if place < len(after) else None
        for before, after in PAIRS
        for place, character in enumerate(before)
    }
    | dict(SPELLED_OUT)
)
_SEPARATORS, _JOINERS, _INNER = re.compile(SEPARATORS), re.compile(JOINERS), re.compile(INNER)
_LEET = [(re.compile(pattern), letter) for pattern, letter in LEET]
_RUN, _PAIR = re.compile(f"({UNSPACED}+)"), re.compile(f"({UNSPACED}{{2}})")
_HEAD = re.compile(f"({UNSPACED})({UNSPACED}*)")


def folded(text: str) -> str:
    """Fold case, accents, width and spellings; punctuation and spaces stay."""
    low = text.lower()
    if low.isascii():
        return low.replace("`", "'")
    marked = unicodedata.normalize("NFD", low)
    bare = "".join(character for character in marked if unicodedata.category(character)[0] != "M")
    return unicodedata.normalize("NFC", bare).translate(_TABLE)


def split(text: str) -> list[str]:
    """Split folded text into its words, signs inside them taken as spaces."""
    return _SEPARATORS.sub(" ", text).split()


def joined(text: str) -> str:
    """Close the gaps that signs make inside the words of folded text, so that `don't` becomes `dont`."""
    if not _INNER.search(text):
        return text
    for pattern, letter in _LEET:
        text = pattern.sub(letter, text)
    return _JOINERS.sub("", text)


def in_pairs(words: str) -> str:
    """Give each pair of neighbours in runs of characters that stand without spaces, and the run's ends."""
    if words.isascii() or not _RUN.search(words):
        return words
    apart = _RUN.sub(r" \1 ", words)
    return _PAIR.sub(r"\1 ", apart) + " " + _PAIR.sub(r"\1 ", _HEAD.sub(r"\1 \2", apart))


def whole(text: str) -> str:
    """Give the one word that stands for a whole title; empty where the title has no words."""
    key = "".join(split(joined(folded(text))))[:LONGEST]
    return key and WHOLE + key


def indexed(text: str) -> list[str]:
    """Give the words by which the index knows a text, as search_text.py makes them in SQL."""
    plain = folded(text)
    both = plain.replace("&", " and ").replace("+", " and ")
    if _INNER.search(plain):
        both += " " + joined(plain)
    return in_pairs(" ".join(split(both))).split()


def marked(text: str) -> list[str]:
    """Give the words by which the index knows a name, and the one for the whole of it."""
    return [*indexed(text), *filter(None, [whole(text)])]


def size(*texts: str) -> int:
    """Count the words of names as a person would: signs inside a word do not part it."""
    return sum(len(split(joined(folded(text)))) for text in texts)
