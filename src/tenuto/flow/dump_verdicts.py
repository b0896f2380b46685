"""Verdicts over what dumps state of rights: each distinct combination of statements, title and credit judged once."""

from collections.abc import Iterator
from pathlib import Path

from tenuto.model.music import Credit, TrackRecord
from tenuto.model.rights import Confidence, Evidence, EvidenceKind, Verdict
from tenuto.records.table_claims import Claim, Stated, claims
from tenuto.rights import judge
from tenuto.rights.case import RightsOptions
from tenuto.rights.credit import NOBODY

__all__ = ["dump_verdicts", "record_of"]

Things = tuple[tuple[str, str], ...]
_DEFAULTS = RightsOptions()


def dump_verdicts(folder: Path, options: RightsOptions = _DEFAULTS) -> Iterator[tuple[Things, Verdict]]:
    """Give kind and id of all things that a source's tables (`records/SOURCE`) hold evidence for, with their verdict.

    A recording is judged by what is stated of it and of the releases it is on. Raises StorageError.
    """
    for claim in claims(folder, NOBODY):
        yield claim.subjects, judge(record_of(claim, folder.name), options)


def record_of(claim: Claim, source: str) -> TrackRecord:
    """Give a claim the shape that is judged; it stands for all its things, and names none of them."""
    return TrackRecord(
        source=source,
        collection=source,
        key=source,
        path="",
        capture=source,
        title=claim.title,
        credits=tuple(Credit(name=name, join_phrase=phrase) for name, phrase in claim.credit),
        source_url=claim.host or None,
        evidence=tuple(_evidence(stated, source) for stated in claim.stated),
    )


def _evidence(stated: Stated, source: str) -> Evidence:
    return Evidence(
        kind=EvidenceKind.TAG,
        statement=stated.statement,
        where=stated.place if stated.own else f"{stated.place} of its release",
        capture=source,
        confidence=Confidence.EXACT if stated.own else Confidence.DEFAULT,
        holder=stated.holder,
        licence_field=stated.licence_field,
    )
