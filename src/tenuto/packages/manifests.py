"""Reading manifests strictly (RFC 8493, 2.1.3): bytes in, entries and named problems out; nothing is touched."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenuto.packages.names import folded
from tenuto.packages.tags import decode_path

__all__ = ["ALGORITHMS", "TRUSTED", "Manifest", "Problem", "clashes", "path_fault", "read_manifest"]

TRUSTED = frozenset({"sha256", "sha384", "sha512", "sha3256", "sha3512"})
"""Algorithms whose manifest alone proves a file, as BagIt spells them."""
ALGORITHMS = {
    "md5": "md5",
    "sha1": "sha1",
    "sha224": "sha224",
    "sha256": "sha256",
    "sha384": "sha384",
    "sha512": "sha512",
    "sha3256": "sha3_256",
    "sha3512": "sha3_512",
}
"""BagIt's spelling → hashlib's."""
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\S.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_PART = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that makes a bag invalid."""

    code: str
    path: str
    """The file inside the bag it is about; empty for the bag as a whole."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One manifest file's entries: path → digest in lower-case hexadecimal."""

    file: str
    algorithm: str
    entries: dict[str, str]
    problems: tuple[Problem, ...]


def read_manifest(file: str, algorithm: str, content: bytes, *, payload: bool) -> Manifest:
    """Read a manifest; a line that cannot be trusted becomes a problem and no entry."""
    entries: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(_lines(file, content, problems), 1):
        fault = _read_line(line, algorithm, entries, payload=payload)
        if fault is not None:
            problems.append(Problem(code=fault[0], path=file, reason=f"line {number}: {fault[1]}"))
    return Manifest(file=file, algorithm=algorithm, entries=entries, problems=tuple(problems))


def _lines(file: str, content: bytes, problems: list[Problem]) -> list[str]:
    if content.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(code="bom", path=file, reason="it begins with a byte order mark"))
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        problems.append(Problem(code="encoding", path=file, reason=f"it is no UTF-8: {error.reason}"))
        return []
    lines = re.split(r"\r\n|\r|\n", text)
    return lines[:-1] if lines[-1] == "" else lines


def _read_line(line: str, algorithm: str, entries: dict[str, str], *, payload: bool) -> tuple[str, str] | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return "manifest-line", f"{line[:100]!r} is no digest and path"
    try:
        path = decode_path(match[2])
    except ValueError as error:
        return "manifest-path", str(error)
    fault = path_fault(path) or _place_fault(path, payload=payload)
    if fault is not None:
        return "manifest-path", f"{path[:300]!r} {fault}"
    if len(match[1]) != 2 * hashlib.new(ALGORITHMS[algorithm], usedforsecurity=False).digest_size:
        return "manifest-digest", f"the digest of {path!r} is no {algorithm}"
    if path in entries:
        return "manifest-twice", f"{path!r} is listed twice"
    entries[path] = match[1].lower()
    return None


def _place_fault(path: str, *, payload: bool) -> str | None:
    if path.startswith("data/") != payload:
        return "is not under data/" if payload else "is under data/"
    return None


def path_fault(path: str) -> str | None:
    """Say why a path cannot be trusted to stay inside a bag and to be one file everywhere, or None."""
    if path.startswith(("/", "~", "*")) or _DRIVE.match(path):
        return "is not relative to the bag"
    if "\\" in path:
        return "has a backslash"
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in path):
        return "has a control character"
    parts = path.split("/")
    if not {"", ".", ".."}.isdisjoint(parts):
        return "has an empty, . or .. part"
    if max(len(part.encode()) for part in parts) > _MAX_PART:
        return "has a part of more than 255 bytes"
    return None


def clashes(paths: Iterable[str]) -> Iterator[Problem]:
    """Name paths that some file system holds to be one: equal after NFC and case folding."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        first = seen.setdefault("/".join(folded(part) for part in path.split("/")), path)
        if first != path:
            yield Problem(code="same-name", path=path, reason=f"it is {first!r} after NFC and case folding")
