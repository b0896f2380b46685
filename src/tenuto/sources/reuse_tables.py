"""REUSE.toml tables (REUSE specification 3.3): which annotations hold for a file, by their precedence."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from tenuto.model.capture import CaptureHead, Document
from tenuto.model.rights import Evidence, EvidenceKind
from tenuto.model.rights_texts import folders_above, is_reuse_table
from tenuto.sources.globs import reuse_glob
from tenuto.sources.reserving import takes_back
from tenuto.sources.text import clean_line, clean_path, clean_text
from tenuto.sources.unread import unread_document

__all__ = ["annotated", "identified", "joined"]

_CLOSEST, _AGGREGATE, _OVERRIDE = "closest", "aggregate", "override"
_PRECEDENCES = (_CLOSEST, _AGGREGATE, _OVERRIDE)
_LICENCE, _HOLDER = "SPDX-License-Identifier", "SPDX-FileCopyrightText"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """One annotation of a table."""

    paths: tuple[str, ...]
    precedence: str
    statement: str
    holder: str
    unread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one table says of a file, and how that stands to other tables; a table not read has no precedence."""

    folder: str
    precedence: str
    evidence: Evidence


def annotated(head: CaptureHead, path: str) -> tuple[Evidence, ...]:
    """Give what the tables of the folders above a file say of it, nearest first.

    The outermost `override` hides the tables below it; every `aggregate` adds; of those that are `closest` the nearest
    counts. A table that cannot be read may have said any of this, and is evidence too.
    """
    tables = _tables(head.documents)
    said: list[_Said] = []
    for folder in reversed(list(folders_above(path))):
        for document in tables.get(folder, ()):
            said += _said(head, document, path.removeprefix(f"{folder}/") if folder else path)
        if any(each.precedence == _OVERRIDE for each in said):
            break
    nearest = next((each.folder for each in reversed(said) if each.precedence in {_CLOSEST, _OVERRIDE}), "")
    hidden = [each for each in said if each.precedence == _CLOSEST and each.folder != nearest]
    return tuple(each.evidence for each in reversed(said) if each not in hidden)


def joined(identifiers: list[str]) -> str:
    """Join several SPDX expressions, all of which hold."""
    distinct = list(dict.fromkeys(identifiers))
    return " AND ".join(f"({each})" for each in distinct) if len(distinct) > 1 else "".join(distinct)


@lru_cache(maxsize=8)
def _tables(documents: tuple[Document, ...]) -> dict[str, tuple[Document, ...]]:
    found: dict[str, tuple[Document, ...]] = {}
    for document in documents:
        if is_reuse_table(document.path):
            folder = document.path.rpartition("/")[0]
            found[folder] = (*found.get(folder, ()), document)
    return found


def identified(expression: str) -> str:
    """Spell an SPDX expression as a REUSE line, so that it may stand among words."""
    return f"SPDX-License-Identifier: {expression}"


def _said(head: CaptureHead, document: Document, inside: str) -> list[_Said]:
    """Give what a table says of the file at a path below its folder: the last annotation that covers it."""
    folder = document.path.rpartition("/")[0]
    notes, unread = _notes(document)
    if unread:
        evidence = unread_document(head, document.path, EvidenceKind.REUSE, unread)
        return [_Said(folder=folder, precedence="", evidence=evidence)]
    covering = [note for note in notes if any(reuse_glob(pattern).matches(inside) for pattern in note.paths)]
    return [
        _Said(folder=folder, precedence=note.precedence, evidence=_noted(head, document.path, note))
        for note in covering[-1:]
    ]


def _noted(head: CaptureHead, place: str, note: _Note) -> Evidence:
    return Evidence(
        kind=EvidenceKind.REUSE,
        statement=note.statement,
        where=clean_line(f"{clean_path(place)} ({', '.join(note.paths)})"),
        capture=head.id,
        holder=note.holder or None,
        unread=note.unread,
    )


@lru_cache(maxsize=32)
def _notes(document: Document) -> tuple[tuple[_Note, ...], str]:
    """Read the annotations of a table, and say why where they cannot be read."""
    if document.unread:
        return (), document.unread
    try:
        table = tomllib.loads(document.text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return (), "it is no valid TOML"
    notes = table.get("annotations", [])
    if not isinstance(notes, list) or not all(isinstance(note, dict) and _texts(note.get("path")) for note in notes):
        return (), "an annotation names no path"
    if any(note.get("precedence", _CLOSEST) not in _PRECEDENCES for note in notes):
        return (), "an annotation has a precedence that is not known"
    return tuple(_note(note) for note in notes), ""


def _note(note: dict[str, object]) -> _Note:
    licence, holder = (_texts(note.get(name)) for name in (_LICENCE, _HOLDER))
    statement = clean_text(joined([" ".join(text.split()) for text in licence]))
    holders = "; ".join(clean_line(text) for text in holder)
    odd = any(name in note and not _texts(note[name]) for name in (_LICENCE, _HOLDER))
    unread = "its annotation holds what is no text" if odd else ""
    return _Note(
        paths=tuple(_texts(note["path"])),
        precedence=str(note.get("precedence", _CLOSEST)),
        statement="\n".join((identified(statement), holders)) if statement and takes_back(holders) else statement,
        holder=holders,
        unread=unread or ("" if statement else "its annotation names no licence"),
    )


def _texts(value: object) -> list[str]:
    """Give a text or a list of texts as a list; empty where anything else stands there."""
    texts = value if isinstance(value, list) else [value]
    return [text for text in texts if isinstance(text, str)] if all(isinstance(text, str) for text in texts) else []
