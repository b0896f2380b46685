"""Texts beside the music: REUSE `.license` files and declarations, and LICENSE files of the nearest folder."""

import re
from functools import lru_cache

from tenuto.model.capture import CaptureHead, Document
from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.model.rights_texts import folders_above, holders_of, is_rights_text, labelled, reuse_root
from tenuto.sources.dep5 import exact_claim, parse, unreadable
from tenuto.sources.dep5_doubts import doubts, statement
from tenuto.sources.reserving import takes_back
from tenuto.sources.reuse_tables import annotated, joined
from tenuto.sources.text import clean_line, clean_path, clean_text, unread_part
from tenuto.sources.unread import unread_document

__all__ = ["licence_files", "reuse"]

_IDENTIFIER = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n]+)")
_HOLDER = re.compile(r"SPDX-(?:File|Snippet)CopyrightText:[ \t]*([^\n]+)")
_SPDX_TAG = re.compile(r"SPDX-(?:License-Identifier|(?:File|Snippet)CopyrightText|FileContributor|FileType):[^\n]*")
_WORD = re.compile(r"\w")


def reuse(head: CaptureHead, path: str) -> tuple[Evidence, ...]:
    """Give what REUSE says of a file: its own `.license`, else REUSE.toml, nearest first, else `.reuse/dep5`."""
    labels = _labels(head.documents)
    for name in holders_of(path):
        if name in labels:
            return tuple(_own(head, document) for document in labels[name])
    return annotated(head, path) or _dep5(head, path)


def licence_files(head: CaptureHead, path: str) -> tuple[Evidence, ...]:
    """Give the licence texts of the nearest folder that has any: DEFAULT for those of a parent folder."""
    texts = _by_folder(head.documents)
    for distance, folder in enumerate(folders_above(path)):
        if folder in texts:
            confidence = Confidence.EXACT if distance == 0 else Confidence.DEFAULT
            return tuple(_beside(head, document, confidence) for document in texts[folder])
    return ()


@lru_cache(maxsize=8)
def _labels(documents: tuple[Document, ...]) -> dict[str, tuple[Document, ...]]:
    """Sort `.license` files by the file they are about: several where a disk tells cases apart."""
    found: dict[str, tuple[Document, ...]] = {}
    for document in documents:
        name = labelled(document.path)
        if name is not None:
            found[name] = (*found.get(name, ()), document)
    return found


@lru_cache(maxsize=8)
def _by_folder(documents: tuple[Document, ...]) -> dict[str, tuple[Document, ...]]:
    found: dict[str, tuple[Document, ...]] = {}
    for document in documents:
        folder = document.path.rpartition("/")[0]
        speaks = document.text.strip() or document.unread
        if is_rights_text(document.path) and speaks:
            found[folder] = (*found.get(folder, ()), document)
    return found


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
    beside = [found for found in _SPDX_TAG.findall(text) if not found.startswith("SPDX-License-Identifier")]
    if _WORD.search(_SPDX_TAG.sub("", text)) or takes_back("\n".join(beside)):
        return ""
    return joined([" ".join(found.split()) for found in _IDENTIFIER.findall(text)])


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


def _dep5(head: CaptureHead, path: str) -> tuple[Evidence, ...]:
    """Give what the nearest `.reuse/dep5` says: the collection's own, or that of an archive or folder in it."""
    roots = {reuse_root(document.path): document for document in head.documents}
    for folder in folders_above(path):
        if folder in roots:
            return _in_dep5(head, roots[folder], path.removeprefix(f"{folder}/") if folder else path)
    return ()


def _in_dep5(head: CaptureHead, document: Document, path: str) -> tuple[Evidence, ...]:
    paragraphs = None if document.unread else parse(document.text)
    if not paragraphs:
        why = document.unread or unreadable(paragraphs)
        return (unread_document(head, document.path, EvidenceKind.REUSE, why),)
    claim = exact_claim(paragraphs, path)
    beside = doubts(head, document.path, document.text, path, [] if claim is None else [claim])
    if claim is None:
        return beside
    found = Evidence(
        kind=EvidenceKind.REUSE,
        statement=statement(document.text, claim),
        where=clean_line(f"{document.path}, paragraph {claim.paragraph.number} (Files: {claim.glob.text})"),
        capture=head.id,
        confidence=claim.confidence,
        holder=claim.paragraph.holder or None,
        unread=claim.paragraph.unread,
    )
    return (found, *beside)
