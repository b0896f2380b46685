"""Names that people can read and every file system can hold (Windows, macOS, Linux), unique without regard to case."""

import re
import unicodedata

__all__ = ["MAX_BYTES", "Folder", "folded", "portable_name"]

MAX_BYTES = 120
"""Longest part of a path, in UTF-8."""
_ILLEGAL = re.compile(r'[<>:"/\\|?*%]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(?=[ .]|$)", re.IGNORECASE
)
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})


def folded(name: str) -> str:
    """Fold a name as the least careful file system would: two names may share a folder only if this differs."""
    decomposed = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", decomposed).rstrip(" .")


def portable_name(text: str, suffix: str = "", *, otherwise: str = "untitled") -> str:
    """Make one part of a path from any text and a suffix of plain ASCII: NFC, at most 120 bytes, never empty."""
    stem = _cut(_cleaned(text), MAX_BYTES - len(suffix)) or otherwise
    if _RESERVED.match(stem + suffix):
        stem = _cut(f"_{stem}", MAX_BYTES - len(suffix))
    return stem + suffix


def _cleaned(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    spaced = "".join(_visible(character) for character in text)
    plain = _ILLEGAL.sub("_", _INVISIBLE.sub("", spaced))
    return unicodedata.normalize("NFC", " ".join(plain.split())).lstrip(" .-~").rstrip(" .")


def _visible(character: str) -> str:
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    if category in _SPACES:
        return " "
    return "" if category in _DROPPED else character


def _cut(name: str, limit: int) -> str:
    return name.encode()[:limit].decode(errors="ignore").strip(" .")


class Folder:
    """One folder's names, so that each new one differs from the others without regard to case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def claim(self, text: str, suffix: str = "", *, otherwise: str = "untitled") -> str:
        """Give `text` a portable name that is free here, ` (2)` and so on before the suffix where it is not."""
        name = portable_name(text, suffix, otherwise=otherwise)
        key = folded(name)
        number = self._next.get(key, 2)
        while folded(name) in self._taken:
            name = portable_name(
                _cut(_cleaned(text), MAX_BYTES - 12 - len(suffix)) or otherwise, f" ({number}){suffix}"
            )
            number += 1
        self._next[key] = number
        self._taken.add(folded(name))
        return name
