"""The rules by code, each with what it means; docs/rights.md lists them from here."""

from enum import StrEnum

__all__ = ["MEANING", "Rule", "anchor"]


class Rule(StrEnum):
    """Code of a rule, in the order the rules are asked."""

    EMPTY = "R-EMPTY"
    DOOR = "R-DOOR"
    AUDIO = "R-AUDIO"
    NONE = "R-NONE"
    CLOSED = "R-CLOSED"
    UNKNOWN = "R-UNKNOWN"
    CONFLICT = "R-CONFLICT"
    VERSION = "R-VERSION"
    GATE_CLOSED = "R-GATE-CLOSED"
    GATE_REVIEW = "R-GATE-REVIEW"
    COMMERCIAL = "R-COMMERCIAL"
    OPERATOR = "R-OPERATOR"
    MATCH = "R-MATCH"
    CREDIT = "R-CREDIT"
    OPEN = "R-OPEN"


MEANING = {
    Rule.EMPTY: "A policy without a rule, or whose rules all keep silent, refuses.",
    Rule.DOOR: "A copy made from a streaming service is refused, whatever else is said of it.",
    Rule.AUDIO: "Audio that is broken, unreadable or protected is refused.",
    Rule.NONE: "Without a statement about a licence only the metadata is kept.",
    Rule.CLOSED: "A statement that reserves all rights leaves the metadata; beside a licence it calls for review.",
    Rule.UNKNOWN: (
        "A statement that names no known licence, or that was not read, leaves the metadata; "
        "beside a licence it calls for review."
    ),
    Rule.CONFLICT: "Statements that disagree call for review; the kinder one never wins.",
    Rule.VERSION: "A licence whose version nobody states calls for review.",
    Rule.GATE_CLOSED: "A licence that does not let the whole work be shared leaves the metadata.",
    Rule.GATE_REVIEW: "A licence or mark that may hold, but grants nothing by itself, calls for review.",
    Rule.COMMERCIAL: "A non-commercial licence is closed to an operator who takes payment or shows adverts.",
    Rule.OPERATOR: "A licence that the operator closes leaves the metadata.",
    Rule.MATCH: "A statement that may be about another file calls for review.",
    Rule.CREDIT: "A licence that demands attribution, without anybody to credit, calls for review.",
    Rule.OPEN: "An open licence, on evidence that nothing contradicts, opens.",
}
"""What each rule means, in one sentence."""


def anchor(rule: Rule) -> str:
    """Give the rule's anchor in docs/rights.md."""
    return rule.value.lower()
