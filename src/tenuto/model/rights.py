"""Rights as data: licences, the evidence for them, and verdicts."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Confidence", "Decision", "Evidence", "EvidenceKind", "Finding", "Gate", "Licence", "Verdict"]


class Gate(StrEnum):
    """What a licence alone lets an archive do with audio."""

    OPEN = "open"
    REVIEW = "review"
    CLOSED = "closed"


class Decision(StrEnum):
    """What may be done with one file."""

    OPEN = "open"
    REVIEW = "review"
    METADATA_ONLY = "metadata-only"
    REFUSED = "refused"


class EvidenceKind(StrEnum):
    """Where a licence statement was found."""

    TAG = "tag"
    REUSE = "reuse"
    LICENCE_FILE = "licence-file"
    DECLARATION = "declaration"
    DEP5 = "dep5"
    COPYRIGHT_FILE = "copyright-file"


class Confidence(StrEnum):
    """How surely a statement is about this very file."""

    EXACT = "exact"
    TAIL = "tail"
    PARTIAL = "partial"
    DEFAULT = "default"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One canonical licence and what it permits (docs/rights.md has the table)."""

    id: str
    """SPDX identifier where SPDX has one, else the same pattern (`CC-BY-2.5-IT`)."""
    name: str
    url: str
    family: str
    """The id without version and port: `CC-BY-SA`, `GPL`."""
    version: str | None = None
    jurisdiction: str | None = None
    gate: Gate
    commercial: bool
    adapt: bool
    attribution: bool
    text_required: bool
    """Whether copies must carry the full text (a link does for Creative Commons)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One statement about rights, verbatim, with where it was found."""

    kind: EvidenceKind
    statement: str
    where: str
    """Place inside the capture: `tag LICENSE of a/b.ogg`, `debian/copyright paragraph 3`."""
    capture: str
    """Id of the capture that holds the place."""
    confidence: Confidence = Confidence.EXACT
    holder: str | None = None
    """Copyright holder or notice that stands beside the statement."""
    licence_field: bool = True
    """Whether the place exists to state a licence (a LICENSE tag), or may merely mention one (a COPYRIGHT tag)."""
    unread: str = ""
    """Why the statement was not read, or not whole, a phrase; empty where it was. Whatever it says is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule made of one case."""

    code: str
    """Rule code, an anchor in docs/rights.md: `R-OPEN`."""
    reason: str
    evidence: int | None = None
    """Index of the piece of evidence it speaks of, where it speaks of one."""
    decision: Decision | None = None
    """What the rule decides; None where it has no objection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What may be done with a file, why, and on what evidence."""

    decision: Decision
    code: str
    reason: str
    licences: tuple[str, ...] = ()
    """Ids of the licences it rests on; more than one where all apply, or where the receiver may choose."""
    findings: tuple[Finding, ...] = ()
    """Every rule's word, in the order the rules were asked."""
