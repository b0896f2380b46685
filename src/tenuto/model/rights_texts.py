"""Which names promise a text about rights, and of which files it may speak: one notion for finding and for reading."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

__all__ = [
    "folders_above",
    "holders_of",
    "is_no_text",
    "is_reuse_table",
    "is_rights_field",
    "is_rights_text",
    "labelled",
    "may_speak_of",
    "reuse_root",
]

_NAME = re.compile(
    r"(licen[cs]es?|copying|copyright|unlicen[cs]e)([-_. ].{0,60})?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_CODE = frozenset({".py", ".c", ".h", ".js"})
_NO_TEXT = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".bz2", ".xz", ".doc", ".docx", ".odt"})
_GZIP = b"\x1f\x8b"  # by its bytes, for a package's texts are unpacked under the names they have
_FIELD = re.compile(r"licen|lizen|copyright|rights|terms|legal|permission", re.IGNORECASE)
_MARKS = re.compile(r"[\W_]+")
_LABEL = ".license"
_DEP5 = ".reuse/dep5"


def is_rights_text(path: str) -> bool:
    """Tell whether a name is that of a licence or copyright text: `LICENSE`, `COPYING_audio.txt`, `licence.pdf`."""
    name = PurePosixPath(path)
    return bool(_NAME.fullmatch(name.name)) and name.suffix.lower() not in {*_CODE, _LABEL}


def is_no_text(path: str, content: bytes) -> bool:
    """Tell whether a rights text is no plain text, as `LICENSE.pdf` by its name and gzip by its bytes."""
    by_name = is_rights_text(path) and PurePosixPath(path).suffix.lower() in _NO_TEXT
    return by_name or content.startswith(_GZIP)


def is_rights_field(name: str) -> bool:
    """Tell whether a tag's name says that it is about rights: `Licence note`, `TERMS`, `Copyright_Holder`."""
    return _FIELD.search(_MARKS.sub("", name)) is not None


def is_reuse_table(path: str) -> bool:
    """Tell whether a name is REUSE.toml, in whatever case: some disks do not keep it."""
    return path.rpartition("/")[2].lower() == "reuse.toml"


def labelled(path: str) -> str | None:
    """Give the file that a REUSE `.license` file is about, None for another name."""
    return path[: -len(_LABEL)] if path.lower().endswith(_LABEL) else None


def reuse_root(path: str) -> str | None:
    """Give the folder whose files a `.reuse/dep5` is about, None for another name."""
    root = path.removesuffix(_DEP5)
    return root.rstrip("/") if root != path and (not root or root.endswith("/")) else None


def folders_above(path: str) -> Iterator[str]:
    """Yield the folders above a file, nearest first, the collection's root as the empty text."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def holders_of(path: str) -> Iterator[str]:
    """Yield a path, then that of each archive that it lies in, the innermost first."""
    yield path
    while "!/" in path:
        path = path.rpartition("!/")[0]
        yield path


def may_speak_of(document: str, path: str) -> bool:
    """Tell whether a document may speak of a file: the file's own, its archive's, or one of a folder above."""
    own, root = labelled(document), reuse_root(document)
    if own is not None:
        return own in holders_of(path)
    return (document.rpartition("/")[0] if root is None else root) in folders_above(path)
