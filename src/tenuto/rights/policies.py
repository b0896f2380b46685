"""The policies: each asks one question of a case and says what it found."""

from abc import ABC, abstractmethod
from typing import ClassVar

from tenuto.model.fingerprint import STREAMING_FLAG
from tenuto.model.rights import Decision, Finding, Gate
from tenuto.rights.case import Case, Reading, RightsOptions, unversioned
from tenuto.rights.credit import somebody_to_credit
from tenuto.rights.licences import is_unversioned, licence
from tenuto.rights.rules import MEANING, Rule
from tenuto.rights.statement import StatementKind

__all__ = [
    "STANDARD",
    "AllOf",
    "Audio",
    "Credited",
    "Door",
    "GateOf",
    "NoConflict",
    "NotClosed",
    "NotUnknown",
    "Opens",
    "Policy",
    "RightsOptions",
    "SomeEvidence",
    "SureMatch",
    "Versioned",
    "WithinUse",
]


class Policy(ABC):
    """One question asked of a case."""

    @abstractmethod
    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Give what was found, in order; a finding without a decision has no objection."""


class AllOf(Policy):
    """Several policies asked in order, until one refuses; without a policy, or without a decision, it refuses."""

    def __init__(self, *policies: Policy) -> None:
        self._policies = policies

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Give every policy's findings."""
        findings: list[Finding] = []
        for policy in self._policies:
            findings += policy.judge(case)
            if any(finding.decision is Decision.REFUSED for finding in findings):
                return tuple(findings)
        if all(finding.decision is None for finding in findings):
            findings.append(_finding(Rule.EMPTY, MEANING[Rule.EMPTY], Decision.REFUSED))
        return tuple(findings)


def _finding(rule: Rule, reason: str, decision: Decision | None = None, reading: Reading | None = None) -> Finding:
    index = None if reading is None else reading.index
    return Finding(code=rule.value, reason=reason, evidence=index, decision=decision)


def _quoted(reading: Reading) -> str:
    if reading.evidence.unread:
        return f"{reading.evidence.where} was not read: {reading.evidence.unread}."
    return f"{reading.evidence.where}: {reading.statement.reason}"


class Door(Policy):
    """Copies made from a streaming service stay out."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Refuse a record that a source flagged as such a copy."""
        marks = [flag for flag in case.record.flags if flag.code == STREAMING_FLAG]
        if marks:
            return tuple(_finding(Rule.DOOR, mark.detail, Decision.REFUSED) for mark in marks)
        return (_finding(Rule.DOOR, "Nothing shows a copy made from a streaming service."),)


class Audio(Policy):
    """Audio that is no good stays out."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Refuse a record whose audio could not be read."""
        failure = case.record.failure
        if failure is not None:
            return (_finding(Rule.AUDIO, f"The audio is unusable: {failure.reason}", Decision.REFUSED),)
        return (_finding(Rule.AUDIO, "Nothing about the audio failed."),)


class SomeEvidence(Policy):
    """Silence permits nothing."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Keep only the metadata where no statement speaks of a licence."""
        silent = len(case.of_kind(StatementKind.SILENT))
        if silent == len(case.readings):
            reason = (
                f"No licence is stated; {silent} statements say nothing of one." if silent else "Nothing is stated."
            )
            return (_finding(Rule.NONE, reason, Decision.METADATA_ONLY),)
        return (
            _finding(Rule.NONE, f"{len(case.readings) - silent} of {len(case.readings)} statements speak of rights."),
        )


class _Objection(Policy):
    """Statements of one kind that stand against whatever a licence grants."""

    rule: ClassVar[Rule]
    kind: ClassVar[StatementKind]
    otherwise: ClassVar[str]

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Ask for review where another statement grants something, else keep only the metadata."""
        granting = bool(case.granting or case.of_kind(StatementKind.CONFLICT))
        decision = Decision.REVIEW if granting else Decision.METADATA_ONLY
        found = case.of_kind(self.kind)
        if not found:
            return (_finding(self.rule, self.otherwise),)
        return tuple(_finding(self.rule, _quoted(reading), decision, reading) for reading in found)


class NotClosed(_Objection):
    """No statement reserves all rights."""

    rule = Rule.CLOSED
    kind = StatementKind.CLOSED
    otherwise = "No statement reserves all rights."


class NotUnknown(_Objection):
    """Every statement about a licence is understood."""

    rule = Rule.UNKNOWN
    kind = StatementKind.UNKNOWN
    otherwise = "Every statement about a licence is read and understood."


class NoConflict(Policy):
    """Statements agree, each within itself and all with one another."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Ask for review where they do not."""
        within = case.of_kind(StatementKind.CONFLICT)
        findings = [_finding(Rule.CONFLICT, _quoted(reading), Decision.REVIEW, reading) for reading in within]
        if case.granting and not case.agreed:
            findings.append(_finding(Rule.CONFLICT, _disagreement(case), Decision.REVIEW))
            findings += [_finding(Rule.CONFLICT, _quoted(one), Decision.REVIEW, one) for one in case.granting]
        return tuple(findings) or (_finding(Rule.CONFLICT, "No two statements disagree."),)


def _disagreement(case: Case) -> str:
    """Name what the statements say, each different one once."""
    said = {one.statement.choices: one for one in case.granting}
    named = (f"{' or '.join(one.statement.licences)} ({one.evidence.where})" for one in said.values())
    return f"Statements disagree: {', '.join(named)}."


class Versioned(Policy):
    """A licence is known with its version."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Ask for review where only a family is named."""
        vague = unversioned(case.chosen)
        if vague:
            return (_finding(Rule.VERSION, f"No statement says which version of {', '.join(vague)}.", Decision.REVIEW),)
        return (_finding(Rule.VERSION, "No licence lacks its version."),)


class GateOf(Policy):
    """What the licences themselves let an archive do."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Close or ask for review by the licence table."""
        named = [licence(id_) for id_ in case.licences]
        closed = ", ".join(item.id for item in named if item.gate is Gate.CLOSED)
        review = ", ".join(item.id for item in named if item.gate is Gate.REVIEW and not is_unversioned(item.id))
        return (
            _finding(Rule.GATE_CLOSED, f"{closed} does not let the whole work be shared.", Decision.METADATA_ONLY)
            if closed
            else _finding(Rule.GATE_CLOSED, "No licence named is closed."),
            _finding(Rule.GATE_REVIEW, f"{review} needs a person's eye.", Decision.REVIEW)
            if review
            else _finding(Rule.GATE_REVIEW, "No licence named needs a person's eye."),
        )


class WithinUse(Policy):
    """The operator's own use and choice."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Close non-commercial licences to commercial operators, and whatever the operator closes."""
        unpaid = ", ".join(filter(case.is_unpaid_only, case.licences))
        closed = ", ".join(filter(case.is_closed_here, case.licences))
        return (
            _finding(Rule.COMMERCIAL, f"{unpaid} forbids commercial use, which this is.", Decision.METADATA_ONLY)
            if unpaid
            else _finding(Rule.COMMERCIAL, "No licence named forbids this use."),
            _finding(Rule.OPERATOR, f"The operator closes {closed}.", Decision.METADATA_ONLY)
            if closed
            else _finding(Rule.OPERATOR, "The operator closes no licence named."),
        )


class SureMatch(Policy):
    """A statement is surely about this very file."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Ask for review where none that carries the licence is sure enough."""
        if not case.chosen or any(_carries(case, reading) for reading in case.granting):
            return (_finding(Rule.MATCH, "No licence rests on an unsure match."),)
        return tuple(
            _finding(
                Rule.MATCH,
                f"{reading.evidence.where}: {_unsure(case, reading)}.",
                Decision.REVIEW,
                reading,
            )
            for reading in case.granting
        )


def _unsure(case: Case, reading: Reading) -> str:
    if case.options.is_sure(reading.evidence.confidence):
        return f"it does not name {', '.join(case.licences)} by itself"
    return f"the match is {reading.evidence.confidence.value}"


def _carries(case: Case, reading: Reading) -> bool:
    """Tell whether one sure statement grants all that was chosen, without help from an unsure one."""
    stated = reading.statement.choices
    whole = set(case.chosen) <= set(stated)
    wider = not unversioned(stated) and case.agrees_with(stated)
    return case.options.is_sure(reading.evidence.confidence) and (whole or wider)


class Credited(Policy):
    """Whoever must be credited is known."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Ask for review where a licence demands attribution and nobody is named."""
        demanding = ", ".join(id_ for id_ in case.licences if licence(id_).attribution)
        if demanding and not somebody_to_credit(case.record):
            reason = f"{demanding} demands attribution, and neither an artist nor a holder is known."
            return (_finding(Rule.CREDIT, reason, Decision.REVIEW),)
        return (_finding(Rule.CREDIT, "Nobody goes without the credit a licence demands."),)


class Opens(Policy):
    """What opens: licences that let the whole work be shared."""

    def judge(self, case: Case) -> tuple[Finding, ...]:
        """Open what rests on open licences alone."""
        if not case.licences or any(case.gate(id_) is not Gate.OPEN for id_ in case.licences):
            return (_finding(Rule.OPEN, "No open licence is agreed on."),)
        reading = next(
            (one for one in case.granting if set(case.chosen) <= set(one.statement.choices)), case.granting[0]
        )
        return (_finding(Rule.OPEN, _quoted(reading), Decision.OPEN, reading),)


STANDARD: Policy = AllOf(
    Door(),
    Audio(),
    SomeEvidence(),
    NotClosed(),
    NotUnknown(),
    NoConflict(),
    Versioned(),
    GateOf(),
    WithinUse(),
    SureMatch(),
    Credited(),
    Opens(),
)
"""What every record is asked, in order."""
