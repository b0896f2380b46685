"""Evidence for what was not read, or was read and not understood: it may say anything, so it is not silence."""

from tenuto.model.capture import CaptureHead
from tenuto.model.rights import Evidence, EvidenceKind
from tenuto.sources.text import clean_path

__all__ = ["unread_document"]


def unread_document(head: CaptureHead, path: str, kind: EvidenceKind, why: str) -> Evidence:
    """Say that a document may speak of a file, and was not read."""
    return Evidence(kind=kind, statement="", where=clean_path(path), capture=head.id, unread=why)
