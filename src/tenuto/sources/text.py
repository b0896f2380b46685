"""Raw text to clean text: valid, bounded, and nothing else changed."""

import re
import unicodedata

__all__ = ["LONGEST_LINE", "LONGEST_TEXT", "clean_line", "clean_path", "clean_text", "escaped", "is_cut", "unread_part"]

LONGEST_LINE = 1_000
"""Characters of a title or name that are kept; the capture keeps the rest."""
LONGEST_TEXT = 256 << 10
"""Characters of a licence text that are kept, as many as a document may have bytes."""

_MARKS = 8  # combining marks on one letter: Vietnamese needs 2, pointed Hebrew 4
_INVALID = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_SPACE = re.compile(r"\s+")


def clean_text(raw: str, longest: int = LONGEST_TEXT) -> str:
    """Drop controls and byte order marks, replace what is no character, keep line breaks; bidi marks stay (M4)."""
    text = _INVALID.sub("\ufffd", raw[: 4 * longest]).replace("\r\n", "\n").replace("\r", "\n")
    text = _thinned(_CONTROLS.sub("", text))[:longest]
    return unicodedata.normalize("NFC", text).strip()


def clean_line(raw: str) -> str:
    """Clean a text that is one line: runs of white space become one space."""
    return _SPACE.sub(" ", clean_text(_SPACE.sub(" ", raw[: 4 * LONGEST_LINE]), LONGEST_LINE)).strip()


def clean_path(path: str) -> str:
    """Make a path showable: one line, valid text."""
    return clean_line(path.replace("\n", "\ufffd").replace("\r", "\ufffd"))


def is_cut(raw: str) -> bool:
    """Tell whether cleaning as a line drops text for its length."""
    return len(raw) > LONGEST_LINE or len(_thinned(raw)) < len(raw)


def unread_part(raw: str, longest: int = LONGEST_TEXT) -> str:
    """Say, for Evidence.unread, that cleaning may drop what stands behind so many characters; else empty."""
    return f"more than {longest} characters" if len(raw) > longest else ""


def escaped(path: str) -> str:
    """Spell a path exactly in clean text: `%` and the bytes of whatever cleaning would change become `%XX`."""
    if path == clean_path(path) and "%" not in path:
        return path
    for keep in (_is_plain, _is_plain_ascii):
        text = "".join(c if keep(c) else _bytes(c) for c in path)
        if text == clean_path(text):
            break
    return text


def _is_plain(character: str) -> bool:
    return character != "%" and character.isprintable() and not unicodedata.combining(character)


def _is_plain_ascii(character: str) -> bool:
    return character.isascii() and character.isprintable() and character not in "% "


def _bytes(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))


def _thinned(text: str) -> str:
    """Keep at most eight combining marks in a row."""
    if text.isascii():
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MARKS:
            kept.append(character)
    return "".join(kept)
