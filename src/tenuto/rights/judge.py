"""The verdict on a record, and what must be said of whoever made it."""

from tenuto.model.music import TrackRecord
from tenuto.model.package import Attribution
from tenuto.model.rights import Decision, Finding, Verdict
from tenuto.rights.case import Case, RightsOptions
from tenuto.rights.credit import creator_of, notice_of
from tenuto.rights.licences import licence
from tenuto.rights.policies import STANDARD, AllOf, Policy

__all__ = ["attribution", "judge"]

_STRICTEST_FIRST = (Decision.REFUSED, Decision.METADATA_ONLY, Decision.REVIEW, Decision.OPEN)
_DEFAULTS = RightsOptions()


def judge(record: TrackRecord, options: RightsOptions = _DEFAULTS, policy: Policy = STANDARD) -> Verdict:
    """Judge what may be done with a record's audio; never raises on content, and without a reason to open it does not.

    1. Every piece of evidence is read by itself (statement.py).
    2. The policy's rules are asked in order; each says what it found, and a refusal ends the questions (policies.py).
    3. The strictest decision wins, and among equals the first rule that made it.
    4. The licences are those that all statements agree on, in their most precise form.
    """
    case = Case(record=record, options=options)  # 1
    findings = AllOf(policy).judge(case)  # 2
    deciding = _strictest(findings)  # 3
    return Verdict(
        decision=deciding.decision or Decision.REFUSED,
        code=deciding.code,
        reason=deciding.reason,
        licences=case.licences,  # 4
        findings=findings,
    )


def _strictest(findings: tuple[Finding, ...]) -> Finding:
    """Find the first finding with the strictest decision; AllOf gives at least one."""
    return next(finding for decision in _STRICTEST_FIRST for finding in findings if finding.decision is decision)


def attribution(record: TrackRecord, verdict: Verdict) -> Attribution:
    """Write what travels with a file; what is unknown is empty, and `licence_urls` go with `licences` one to one."""
    return Attribution(
        creator=creator_of(record),
        title=record.title,
        copyright_notice=notice_of(record),
        licences=verdict.licences,
        licence_urls=tuple(licence(id_).url for id_ in verdict.licences),
        source_url=record.source_url or "",
    )
