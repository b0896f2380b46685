"""How `tenuto why` tells a verdict: the rule that decided, those that objected, what would change it, the evidence."""

import re

from tenuto.catalogue.nouns import EvidenceLine, FindingLine, Why
from tenuto.cli.output import Output
from tenuto.rights.rules import Rule, anchor

__all__ = ["NEXT_STEPS", "is_content", "show_why"]

_COLOURS = {"open": "green", "review": "yellow"}
_CONTENT = re.compile(r"\d+ of \d+ statements speak of rights\.")
_UNOPENED = "No open licence is agreed on."
_CONTENT_WORDS = frozenset(
    {
        "Nothing shows a copy made from a streaming service.",
        "Nothing about the audio failed.",
        "No statement reserves all rights.",
        "Every statement about a licence is read and understood.",
        "No two statements disagree.",
        "No licence lacks its version.",
        "No licence named is closed.",
        "No licence named needs a person's eye.",
        "No licence named forbids this use.",
        "The operator closes no licence named.",
        "No licence rests on an unsure match.",
        "Every word beside a licence is understood.",
        "Nobody goes without the credit a licence demands.",
        _UNOPENED,
    }
)
"""What the rules say where they have no objection; the catalogue keeps their sentences alone."""

_DECLARE = "if the folder is yours to share, say so under [[declarations]] in tenuto.toml"
NEXT_STEPS = {
    Rule.EMPTY: "This should not happen; report it.",
    Rule.DOOR: "Nothing does. Take the music from where its makers offer it themselves.",
    Rule.AUDIO: "Put a whole file in its place, and harvest again.",
    Rule.NONE: (
        "Put a licence that its makers gave it where it is looked for: in the file's LICENSE tag, in a LICENSE file "
        f"beside it, in a REUSE .license file; {_DECLARE}. Then harvest again."
    ),
    Rule.CLOSED: "Only the holder's word: an open licence in place of the reservation, where that stands now.",
    Rule.UNKNOWN: (
        "Have the statement name its licence by SPDX id or address, or put a readable text in place of one that was "
        "not read. Then harvest again."
    ),
    Rule.CONFLICT: "Find out which statement holds and have the other corrected at its place. Then harvest again.",
    Rule.VERSION: "Have the version stated (CC-BY-4.0, not CC-BY), in a tag or a LICENSE file. Then harvest again.",
    Rule.GATE_CLOSED: "Only another licence from the holder: this one does not let the whole work be shared.",
    Rule.GATE_REVIEW: (
        "Find the evidence, for the recording and the composition, and have an open licence or CC0 stated in a tag "
        f"or a LICENSE file; {_DECLARE}. Then harvest again."
    ),
    Rule.COMMERCIAL: "Set rights.commercial = false in tenuto.toml, if you neither take payment nor show adverts.",
    Rule.OPERATOR: "Take the licence out of rights.closed_licences in tenuto.toml, and harvest again.",
    Rule.MATCH: "A statement about this very file: a licence tag or a REUSE .license file. Then harvest again.",
    Rule.WORDS: (
        "Have the licence stated by itself, as an SPDX id or address, in a LICENSE tag or a REUSE .license file, "
        "without the words named here. Then harvest again."
    ),
    Rule.CREDIT: "Have somebody named to credit: an artist tag, or a copyright notice beside the licence.",
    Rule.OPEN: "To close it, name its licence in rights.closed_licences, or raise rights.minimum_confidence.",
}
"""What would change a verdict that the rule decided."""


def is_content(finding: FindingLine) -> bool:
    """Tell whether a finding has no objection and opens nothing."""
    return finding.reason in _CONTENT_WORDS or _CONTENT.fullmatch(finding.reason) is not None


def show_why(out: Output, one: Why) -> None:
    """Write the grounds of one verdict for people."""
    out.paragraph(one.title, style="bold")
    out.facts([("id", one.id), (one.source, one.path or "a dump of it")])
    out.paragraph(f"{one.decision} ({one.code}): {one.reason}", style=f"bold {_COLOURS.get(one.decision, 'red')}")
    if one.absent and one.absent != one.reason:
        out.facts([("absent", one.absent)], "  ")
    decided = next((x for x in one.findings if (x.code, x.reason) == (one.code, one.reason)), None)
    others = [x for x in one.findings if x is not decided and not is_content(x)]
    _show_rule(out, one, decided or FindingLine(code=one.code, reason=one.reason, evidence=None))
    for other in others:
        out.line("")
        against = other.code != Rule.OPEN
        out.paragraph(f"{'also against it' if against else 'for it'} ({other.code}): {other.reason}", style="bold")
        _show_rule(out, one, other, step=against and other.code != one.code)
    _show_content(out, [x for x in one.findings if is_content(x)], others=bool(others))
    _show_evidence(out, one)
    if one.same_bytes:
        out.table("\nThe same bytes", ("id!", "title", "artist"), [(x.id, x.title, x.artist) for x in one.same_bytes])
    out.line("")


def _show_rule(out: Output, one: Why, finding: FindingLine, *, step: bool = True) -> None:
    """Write what a finding rests on, where its rule is explained, and what would change it."""
    known = finding.code in {rule.value for rule in Rule}
    facts = (
        ("rests on", "" if finding.evidence is None else f"evidence {finding.evidence + 1} below"),
        ("rule", f"docs/rights.md#{anchor(Rule(finding.code))}" if known else ""),
        ("to change it", _step(one, finding) if known and step else ""),
    )
    out.facts([fact for fact in facts if fact[1]], "  ")


def _step(one: Why, finding: FindingLine) -> str:
    step = NEXT_STEPS[Rule(finding.code)]
    sure = "" if finding.evidence is None else one.evidence[finding.evidence].confidence
    if finding.code == Rule.MATCH and finding.reason.endswith(f"the match is {sure}.") and sure != "ambiguous":
        return f'{step} Or accept such matches: rights.minimum_confidence = "{sure}" in tenuto.toml, and harvest again.'
    return step


def _show_content(out: Output, content: list[FindingLine], *, others: bool) -> None:
    """Name the rules that had no objection in one paragraph."""
    codes = [x.code for x in content if x.reason != _UNOPENED]
    said = f"{len(codes)} {'more' if others else 'other'} {'rule' if len(codes) == 1 else 'rules'}"
    out.line("")
    if codes:
        out.paragraph(f"{said} had nothing against it: {', '.join(codes)}")
    if len(codes) < len(content):
        out.paragraph(f"and none opens it ({Rule.OPEN}): {_UNOPENED}")


def _show_evidence(out: Output, one: Why) -> None:
    for licence in one.licences:
        out.line("")
        out.facts([("licence", f"{licence.id}: {licence.name} {licence.url}".rstrip())])
    for number, piece in enumerate(one.evidence, 1):
        out.line("")
        out.paragraph(f"evidence {number}", style="bold")
        out.facts([fact for fact in _evidence_facts(piece) if fact[1]], "  ")


def _evidence_facts(piece: EvidenceLine) -> tuple[tuple[str, str], ...]:
    return (
        ("says", piece.statement),
        ("not read", piece.unread or ""),
        ("in", piece.where),
        ("kind", piece.kind),
        ("how sure", piece.confidence),
        ("holder", piece.holder or ""),
        (
            "captured",
            f"{piece.captured_at} as {piece.capture} of {piece.origin}" if piece.capture else "with a dump of it",
        ),
    )
