"""Paths in metainfo: which are refused, and which are one file on a careless file system."""

import re
import unicodedata
from collections.abc import Iterable

from tenuto.model.errors import TorrentError

__all__ = ["check_apart", "checked_part", "refusal"]

_MAX_PART = 255
_MAX_PARTS = 32
_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\.|$)", re.IGNORECASE)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refusal(code: str, what: str) -> TorrentError:
    """Make the error that refuses metainfo."""
    return TorrentError(f"metainfo: {what}", hint="Do not use this torrent.", code=code)


def checked_part(raw: object) -> str:
    """Give one part of a path as text; raises TorrentError where it could reach outside or deceive (T1)."""
    if not isinstance(raw, bytes):
        raise refusal("path-type", "a part of a path is no string")
    if len(raw) > _MAX_PART:
        raise refusal("path-long", "a part of a path has more than 255 bytes")
    try:
        part = raw.decode()
    except UnicodeDecodeError as error:
        raise refusal("path-encoding", f"{raw[:60]!r} is no UTF-8") from error
    fault = _fault(part)
    if fault is not None:
        raise refusal(*fault)
    return part


def _fault(part: str) -> tuple[str, str] | None:
    if part.strip(" ") in {"", ".", ".."}:
        return "path-parts", f"{part!r} as a part of a path"
    if "/" in part or "\\" in part or _DRIVE.match(part):
        return "path-separator", f"{part!r} holds a separator or a drive"
    if _RESERVED.match(part):
        return "path-reserved", f"{part!r} is a device's name"
    if not _BIDI.isdisjoint(part):
        return "path-bidi", f"{part!a} changes the direction of writing"
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in part):
        return "path-control", f"{part!r} holds a control character"
    return None


def _folded(part: str) -> str:
    decomposed = unicodedata.normalize("NFD", part).casefold()
    return unicodedata.normalize("NFC", decomposed).rstrip(" .")


def check_apart(paths: Iterable[tuple[str, ...]]) -> None:
    """Refuse files that are one after NFC and case folding, and a file that is also a folder, in linear time (T3)."""
    files: set[tuple[str, ...]] = set()
    folders: set[tuple[str, ...]] = set()
    for path in paths:
        if len(path) > _MAX_PARTS:
            raise refusal("path-deep", f"a path of {len(path)} parts")
        key = tuple(_folded(part) for part in path)
        if key in files:
            raise refusal("path-duplicate", f"{'/'.join(path)!r} stands there twice")
        files.add(key)
        folders.update(key[:depth] for depth in range(1, len(key)))
    if not files.isdisjoint(folders):
        raise refusal("path-duplicate", "a file has the name of a folder")
