"""Verdicts on what dumps bring evidence for: their tables, and a verdict as rows."""

from collections.abc import Iterator

from tenuto.records.flatten import Row
from tenuto.records.judged import Judgement
from tenuto.records.tables import Table, table

__all__ = ["JUDGED", "judgement_rows"]

_THING = (
    "source text Name of the source; empty for whatever has no evidence.",
    "subject text Prefix of the public id of what was judged.",
    "id text Its id within the source.",
)

JUDGED: tuple[Table, ...] = (
    table(
        "verdicts",
        "One row for each thing of a dump that was judged by its evidence, and one for all others.",
        3,
        *_THING,
        "decision text open, review, metadata-only or refused.",
        "code text Rule that decided.",
        "reason text Its sentence.",
    ),
    table(
        "verdict_licences",
        "One row for each licence a verdict rests on.",
        4,
        *_THING,
        "position int Place in the list, from 0.",
        "licence text Id of the licence.",
    ),
    table(
        "findings",
        "One row for each rule's word.",
        4,
        *_THING,
        "position int Place in the list, from 0.",
        "code text Rule.",
        "reason text Its sentence.",
        "evidence int? Position of the evidence it speaks of.",
    ),
    table(
        "outcomes",
        "One row for each thing: why its audio cannot be had.",
        3,
        *_THING,
        "code text Reason code.",
        "reason text Reason, a sentence.",
    ),
)


def judgement_rows(judgement: Judgement) -> Iterator[tuple[str, Row]]:
    """Yield each row of a judgement with its table's name."""
    key, verdict = (judgement.source, judgement.subject, judgement.id), judgement.verdict
    yield "verdicts", (*key, verdict.decision.value, verdict.code, verdict.reason)
    yield "outcomes", (*key, *judgement.outcome)
    for position, licence in enumerate(verdict.licences):
        yield "verdict_licences", (*key, position, licence)
    for position, finding in enumerate(verdict.findings):
        yield "findings", (*key, position, finding.code, finding.reason, finding.evidence)
