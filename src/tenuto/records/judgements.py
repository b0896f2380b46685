"""Verdicts on what dumps bring evidence for, as rows."""

from collections.abc import Iterator

from tenuto.records.flatten import Row
from tenuto.records.judged import Judgement

__all__ = ["judgement_rows"]


def judgement_rows(judgement: Judgement) -> Iterator[tuple[str, Row]]:
    """Yield each row of a judgement with its table's name."""
    key, verdict = (judgement.source, judgement.subject, judgement.id), judgement.verdict
    yield "verdicts", (*key, verdict.decision.value, verdict.code, verdict.reason)
    yield "outcomes", (*key, *judgement.outcome)
    for position, licence in enumerate(verdict.licences):
        yield "verdict_licences", (*key, position, licence)
    for position, finding in enumerate(verdict.findings):
        yield "findings", (*key, position, finding.code, finding.reason, finding.evidence)
