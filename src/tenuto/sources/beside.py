"""Texts beside the music: REUSE `.license` files and declarations, and LICENSE files of the nearest folder."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache

from tenuto.model.capture import CaptureHead, Document
from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.sources.dep5 import exact_claim, parse, unreadable
from tenuto.sources.globs import reuse_glob
from tenuto.sources.text import clean_line, clean_path, clean_text, unread_part

__all__ = ["licence_files", "reuse", "unread_document"]

_Index = dict[str, Document]

_IDENTIFIER = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n]+)")
_HOLDER = re.compile(r"SPDX-(?:File|Snippet)CopyrightText:[ \t]*([^\n]+)")
_SPDX_TAG = re.compile(r"SPDX-(?:License-Identifier|(?:File|Snippet)CopyrightText|FileContributor|FileType):[^\n]*")
_WORD = re.compile(r"\w")
_LICENCE_NAME = re.compile(r"(licen[cs]es?|copying|unlicen[cs]e|copyright)\b", re.IGNORECASE)
_DEP5 = ".reuse/dep5"
_TABLE = "REUSE.toml"


def reuse(head: CaptureHead, path: str) -> tuple[Evidence, ...]:
    """Give what REUSE says of a file: its own `.license`, else the nearest REUSE.toml, else `.reuse/dep5`."""
    documents = _indexed(head.documents)
    for name in (path, *_archives(path)):
        if f"{name}.license" in documents:
            return (_own(head, documents[f"{name}.license"]),)
    return _annotated(head, documents, path) or _dep5(head, documents, path)


def licence_files(head: CaptureHead, path: str) -> tuple[Evidence, ...]:
    """Give the licence texts of the nearest folder that has any: DEFAULT for those of a parent folder."""
    texts = _by_folder(head.documents)
    for distance, folder in enumerate(_folders(path)):
        if folder in texts:
            confidence = Confidence.EXACT if distance == 0 else Confidence.DEFAULT
            return tuple(_beside(head, document, confidence) for document in texts[folder])
    return ()


@lru_cache(maxsize=8)
def _indexed(documents: tuple[Document, ...]) -> _Index:
    return {document.path: document for document in documents}


@lru_cache(maxsize=8)
def _by_folder(documents: tuple[Document, ...]) -> dict[str, tuple[Document, ...]]:
    found: dict[str, tuple[Document, ...]] = {}
    for document in documents:
        folder, _, name = document.path.rpartition("/")
        speaks = document.text.strip() or document.unread
        if _LICENCE_NAME.match(name) and not name.lower().endswith(".license") and speaks:
            found[folder] = (*found.get(folder, ()), document)
    return found


def _folders(path: str) -> Iterator[str]:
    """Yield the folders above a file, nearest first, the collection's root as the empty text."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _archives(path: str) -> Iterator[str]:
    while "!/" in path:
        path = path.rpartition("!/")[0]
        yield path


def _own(head: CaptureHead, document: Document) -> Evidence:
    text = _text(document.text)
    return Evidence(
        kind=EvidenceKind.REUSE,
        statement=_identifiers(text) or text,
        where=clean_path(document.path),
        capture=head.id,
        holder="; ".join(clean_line(found) for found in _HOLDER.findall(text)) or None,
        unread=document.unread or unread_part(document.text),
    )


def _identifiers(text: str) -> str:
    """Give the SPDX expression of a text that holds nothing else than SPDX tags; else the text speaks for itself."""
    if _WORD.search(_SPDX_TAG.sub("", text)):
        return ""
    return _joined([" ".join(found.split()) for found in _IDENTIFIER.findall(text)])


def _joined(identifiers: list[str]) -> str:
    """Join several SPDX expressions, all of which hold."""
    distinct = list(dict.fromkeys(identifiers))
    return " AND ".join(f"({each})" for each in distinct) if len(distinct) > 1 else "".join(distinct)


def _beside(head: CaptureHead, document: Document, confidence: Confidence) -> Evidence:
    name = document.path.rpartition("/")[2].lower()
    return Evidence(
        kind=EvidenceKind.LICENCE_FILE,
        statement=_text(document.text),
        where=clean_path(document.path),
        capture=head.id,
        confidence=confidence,
        licence_field=not name.startswith("copyright"),
        unread=document.unread or unread_part(document.text),
    )


@lru_cache(maxsize=32)  # one text speaks of every file beside it
def _text(raw: str) -> str:
    return clean_text(raw)


def unread_document(head: CaptureHead, path: str, kind: EvidenceKind, why: str) -> Evidence:
    """Say that a document may speak of a file, and was not read."""
    return Evidence(kind=kind, statement="", where=clean_path(path), capture=head.id, unread=why)


def _annotated(head: CaptureHead, documents: _Index, path: str) -> tuple[Evidence, ...]:
    for folder in _folders(path):
        place = f"{folder}/{_TABLE}".lstrip("/")
        notes, unread = _notes(documents[place]) if place in documents else ((), "")
        inside = path.removeprefix(f"{folder}/") if folder else path
        found = [note for note in notes if _covers(note, inside)]
        if unread:
            return (unread_document(head, place, EvidenceKind.REUSE, unread),)
        if found:
            return _noted(head, place, found[-1])
    return ()


@lru_cache(maxsize=32)
def _notes(document: Document) -> tuple[tuple[dict[str, object], ...], str]:
    """Read the annotations of a REUSE.toml, and say why where they cannot be read."""
    if document.unread:
        return (), document.unread
    try:
        table = tomllib.loads(document.text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return (), "it is no valid TOML"
    notes = table.get("annotations", [])
    if not isinstance(notes, list) or not all(isinstance(note, dict) and _texts(note.get("path")) for note in notes):
        return (), "an annotation names no path"
    return tuple(notes), ""


def _covers(note: dict[str, object], path: str) -> bool:
    return any(reuse_glob(pattern).matches(path) for pattern in _texts(note.get("path")))


def _texts(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _noted(head: CaptureHead, place: str, note: dict[str, object]) -> tuple[Evidence, ...]:
    stated = note.get("SPDX-License-Identifier")
    expressions = _texts(stated)
    statement = clean_text(_joined([" ".join(text.split()) for text in expressions]))
    holders = "; ".join(clean_line(text) for text in _texts(note.get("SPDX-FileCopyrightText")))
    where = f"{clean_path(place)} ({', '.join(_texts(note.get('path')))})"
    found = Evidence(
        kind=EvidenceKind.REUSE,
        statement=statement,
        where=clean_line(where),
        capture=head.id,
        holder=holders or None,
        unread="" if statement else "its annotation names no licence",
    )
    return (found,)


def _dep5(head: CaptureHead, documents: _Index, path: str) -> tuple[Evidence, ...]:
    document = documents.get(_DEP5)
    if document is None:
        return ()
    paragraphs = None if document.unread else parse(document.text)
    if not paragraphs:
        why = document.unread or unreadable(paragraphs)
        return (unread_document(head, _DEP5, EvidenceKind.REUSE, why),)
    claim = exact_claim(paragraphs, path)
    if claim is None:
        return ()
    found = Evidence(
        kind=EvidenceKind.REUSE,
        statement=claim.paragraph.licence,
        where=clean_line(f"{_DEP5}, paragraph {claim.paragraph.number} (Files: {claim.glob.text})"),
        capture=head.id,
        confidence=claim.confidence,
        holder=claim.paragraph.holder or None,
        unread=claim.paragraph.unread,
    )
    return (found,)
