"""What a name promises (audio, archive, document), and which names are refused inside archives."""

import re
from pathlib import PurePosixPath

from tenuto.model.audio import Failure
from tenuto.model.rights_texts import is_reuse_table, is_rights_text, labelled, reuse_root

__all__ = ["audio_suffix", "is_archive", "is_document", "is_listed", "unsafe"]

_AUDIO = frozenset({".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".wav", ".aif", ".aiff"})
_ARCHIVES = frozenset({".zip", ".pk3"})
_LONGEST_PATH = 4096
_LONGEST_NAME = 255


def audio_suffix(path: str) -> str | None:
    """Give the lower-case audio suffix of a name, with its dot, or None where the name promises no audio."""
    suffix = PurePosixPath(path).suffix.lower()
    return suffix if suffix in _AUDIO else None


def is_archive(path: str) -> bool:
    """Tell whether a name promises a zip archive."""
    return PurePosixPath(path).suffix.lower() in _ARCHIVES


def is_document(path: str) -> bool:
    """Tell whether a name promises a text about rights, be it one that can be read or a PDF."""
    if labelled(path) is not None or reuse_root(path) is not None or is_reuse_table(path) or is_listed(path):
        return True
    return is_rights_text(path) and audio_suffix(path) is None and not is_archive(path)


def is_listed(path: str) -> bool:
    """Tell whether a document counts by its name alone: the texts under `LICENSES/`."""
    return path.startswith("LICENSES/")


def unsafe(name: str) -> Failure | None:
    """Say why a member's name is refused, or None; a backslash counts as a separator, as it would elsewhere."""
    if "\0" in name:
        return Failure(code="unsafe-name", reason="the member's name holds a NUL byte")
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return Failure(code="unsafe-path", reason="the member's path is absolute")
    if not all(parts) or {".", ".."} & set(parts):
        return Failure(code="unsafe-path", reason="the member's path has an empty, `.` or `..` part")
    return _too_long(name, parts)


def _too_long(name: str, parts: list[str]) -> Failure | None:
    sizes = [len(part.encode("utf-8", "surrogateescape")) for part in (name, *parts)]
    if sizes[0] > _LONGEST_PATH or max(sizes[1:]) > _LONGEST_NAME:
        return Failure(code="path-too-long", reason=f"the member's path is {sizes[0]} bytes long")
    return None
