"""One case: a record, its evidence as read, and what the statements together allow."""

from dataclasses import dataclass
from functools import cached_property

from tenuto.model.music import TrackRecord
from tenuto.model.rights import Confidence, Evidence, Gate
from tenuto.rights.expressions import Choices
from tenuto.rights.licences import is_unversioned, licence
from tenuto.rights.mention import meet
from tenuto.rights.statement import Statement, StatementKind, read_statement

__all__ = ["Case", "Reading", "RightsOptions", "agree", "unversioned"]

_SUREST_FIRST = (
    Confidence.EXACT,
    Confidence.TAIL,
    Confidence.DEFAULT,
    Confidence.PARTIAL,
    Confidence.AMBIGUOUS,
)
_GATES = (Gate.OPEN, Gate.REVIEW, Gate.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsOptions:
    """What an operator chooses."""

    commercial: bool = False
    """Whether payment is taken or adverts are shown."""
    minimum_confidence: Confidence = Confidence.DEFAULT
    """The least sure match that still opens: exact, tail, default or partial; an ambiguous one never does."""
    closed_licences: frozenset[str] = frozenset()
    """Ids or families of licences that are never shared here."""

    def is_sure(self, confidence: Confidence) -> bool:
        """Tell whether a match is sure enough; what may be about another thing never is."""
        return confidence is not Confidence.AMBIGUOUS and _SUREST_FIRST.index(confidence) <= _SUREST_FIRST.index(
            self.minimum_confidence
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One piece of evidence, read."""

    index: int
    evidence: Evidence
    statement: Statement


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the policies judge."""

    record: TrackRecord
    options: RightsOptions

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every piece of evidence, read, in order."""
        return tuple(_reading(index, evidence) for index, evidence in enumerate(self.record.evidence))

    def of_kind(self, kind: StatementKind) -> tuple[Reading, ...]:
        """List the readings of one kind."""
        return tuple(reading for reading in self.readings if reading.statement.kind is kind)

    @cached_property
    def granting(self) -> tuple[Reading, ...]:
        """The readings that name licences."""
        return self.of_kind(StatementKind.LICENCES)

    @cached_property
    def agreed(self) -> Choices:
        """What all statements that name licences agree on; empty where none does, or where they disagree."""
        agreed = self.granting[0].statement.choices if self.granting else ()
        for reading in self.granting[1:]:
            agreed = agree(agreed, reading.statement.choices)
        return agreed

    @cached_property
    def chosen(self) -> Choices:
        """The agreed alternatives that let most be done here: the receiver may choose among them."""
        best = min(map(self._rank, self.agreed), default=0)
        return tuple(choice for choice in self.agreed if self._rank(choice) == best)

    def _rank(self, choice: tuple[str, ...]) -> int:
        return max(_GATES.index(self.gate(id_)) for id_ in choice)

    def gate(self, id_: str) -> Gate:
        """Give what a licence lets this operator do."""
        return Gate.CLOSED if self.is_closed_here(id_) or self.is_unpaid_only(id_) else licence(id_).gate

    def is_closed_here(self, id_: str) -> bool:
        """Tell whether the operator closes a licence."""
        return bool({id_, licence(id_).family} & self.options.closed_licences)

    def is_unpaid_only(self, id_: str) -> bool:
        """Tell whether a licence forbids what a commercial operator does."""
        return self.options.commercial and not licence(id_).commercial

    def agrees_with(self, stated: Choices) -> bool:
        """Tell whether a statement, by itself, grants what was chosen or more."""
        return set(self.chosen) <= set(agree(self.chosen, stated))

    @property
    def licences(self) -> tuple[str, ...]:
        """Ids of the chosen licences, each once."""
        return tuple(dict.fromkeys(id_ for choice in self.chosen for id_ in choice))


def _reading(index: int, evidence: Evidence) -> Reading:
    """Read a piece of evidence; whatever one says that was not read, or not whole, is unknown."""
    if evidence.unread:
        unread = Statement(kind=StatementKind.UNKNOWN, reason=f"It was not read: {evidence.unread}.")
        return Reading(index=index, evidence=evidence, statement=unread)
    statement = read_statement(evidence.statement, licence_field=evidence.licence_field)
    return Reading(index=index, evidence=evidence, statement=statement)


def agree(one: Choices, other: Choices) -> Choices:
    """List the alternatives that both offer, each in its more precise form."""
    met = (_meet_all(left, right) for left in one for right in other)
    return tuple(dict.fromkeys(choice for choice in met if choice))


def _meet_all(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Match the licences of two alternatives one to one; empty where they differ."""
    if len(left) != len(right):
        return ()
    remaining = list(right)
    found: list[str] = []
    for id_ in left:
        partner = next((candidate for candidate in remaining if meet(id_, candidate)), None)
        if partner is None:
            return ()
        remaining.remove(partner)
        found.append(meet(id_, partner) or id_)
    return tuple(found)


def unversioned(choices: Choices) -> tuple[str, ...]:
    """List the families without a version among some alternatives."""
    return tuple(dict.fromkeys(id_ for choice in choices for id_ in choice if is_unversioned(id_)))
