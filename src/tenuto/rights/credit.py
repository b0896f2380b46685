"""Whom to credit, by what a record and its evidence say."""

from tenuto.model.music import Credit, Role, TrackRecord
from tenuto.rights.statement import copyright_notice
from tenuto.rights.understanding import names_somebody

__all__ = ["NOBODY", "creator_of", "notice_of", "somebody_to_credit"]

NOBODY = frozenset({"", "unknown", "unknown artist", "[unknown]", "no-copyright", "none", "n/a", "various artists"})
"""Names, in lower case, that credit nobody."""


def somebody_to_credit(record: TrackRecord) -> bool:
    """Tell whether an artist, a holder or a copyright notice is known."""
    return bool(creator_of(record) or notice_of(record))


def creator_of(record: TrackRecord) -> str:
    """Write the performers as credited, else everybody credited, else the copyright holder; empty where unknown."""
    named = [credit for credit in record.credits if not _is_nobody(credit.name)]
    performers = [credit for credit in named if credit.role is Role.PERFORMER]
    return _written(performers or named) or next(iter(_holders(record)), "")


def notice_of(record: TrackRecord) -> str:
    """Write the copyright notice: the record's own, else the holders beside the evidence, else one in a statement."""
    own = " ".join((record.copyright_notice or "").split())
    holders = "; ".join(_holders(record))
    in_statements = (copyright_notice(evidence.statement) or "" for evidence in record.evidence)
    return next(filter(names_somebody, (own, holders, *in_statements)), "")


def _holders(record: TrackRecord) -> tuple[str, ...]:
    lines = (" ".join((evidence.holder or "").split()) for evidence in record.evidence)
    return tuple(dict.fromkeys(line for line in lines if not _is_nobody(line) and names_somebody(line)))


def _is_nobody(name: str) -> bool:
    return name.strip().casefold() in NOBODY


def _written(credits_: list[Credit]) -> str:
    text = "".join(credit.name + (credit.join_phrase or ", ") for credit in credits_[:-1])
    return text + (credits_[-1].name if credits_ else "")
