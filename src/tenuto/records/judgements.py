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
        "One row for each verdict, under the first thing of a dump that was judged so; and one for all others.",
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
        "One row for each verdict: why the audio cannot be had.",
        3,
        *_THING,
        "code text Reason code.",
        "reason text Reason, a sentence.",
    ),
    table(
        "alike",
        "One row for each further thing: which was judged so first.",
        3,
        *_THING,
        "as_subject text Prefix of the public id of the first.",
        "as_id text Its id within the source.",
    ),
)


def judgement_rows(judgement: Judgement) -> Iterator[tuple[str, Row]]:
    """Yield each row of a judgement with its table's name."""
    first, verdict = judgement.subjects[0], judgement.verdict
    key = (judgement.source, *first)
    yield "verdicts", (*key, verdict.decision.value, verdict.code, verdict.reason)
    yield "outcomes", (*key, *judgement.outcome)
    for position, licence in enumerate(verdict.licences):
        yield "verdict_licences", (*key, position, licence)
    for position, finding in enumerate(verdict.findings):
        yield "findings", (*key, position, finding.code, finding.reason, finding.evidence)
    for other in judgement.subjects[1:]:
        yield "alike", (judgement.source, *other, *first)
