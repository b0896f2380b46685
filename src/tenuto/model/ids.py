"""Public ids: the same input has the same id in every build and on every machine."""

import hashlib
import re
from enum import StrEnum
from typing import NewType

__all__ = [
    "ArtistId",
    "IdKind",
    "PackageId",
    "RecordingId",
    "ReleaseId",
    "Sha256",
    "TrackId",
    "id_kind",
    "public_id",
]

ArtistId = NewType("ArtistId", str)
ReleaseId = NewType("ReleaseId", str)
RecordingId = NewType("RecordingId", str)
TrackId = NewType("TrackId", str)
PackageId = NewType("PackageId", str)
Sha256 = NewType("Sha256", str)
"""A SHA-256 digest in lower-case hexadecimal, 64 characters."""

_DIGITS = 20  # 80 bits: under 10⁻⁷ chance of one collision among 256 million ids
_SHAPE = re.compile(r"(ar|la|re|rc|rg|tr|wo)-[0-9a-f]{20}")

_PLACE = re.compile(r"re-[0-9a-f]{20}/[1-9][0-9]{0,5}-[1-9][0-9]{0,5}")


class IdKind(StrEnum):
    """What a public id names; the value is its prefix."""

    ARTIST = "ar"
    RELEASE = "re"
    RECORDING = "rc"
    TRACK = "tr"
    RELEASE_GROUP = "rg"
    LABEL = "la"
    WORK = "wo"


def public_id(kind: IdKind, *key: str) -> str:
    """Derive `kind-` and 20 hexadecimal digits from the SHA-256 of the key's parts (UTF-8, joined by U+001F)."""
    text = "\x1f".join((kind.value, *key))
    return f"{kind.value}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"


def id_kind(text: str) -> IdKind | None:
    """Tell what a public id names, or None where the text is no public id.

    A track is named by its own id, or by its place on a release, both from 1: `RELEASE/MEDIUM-PLACE`.
    """
    if _PLACE.fullmatch(text):
        return IdKind.TRACK
    return IdKind(text[:2]) if _SHAPE.fullmatch(text) else None
