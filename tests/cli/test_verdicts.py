"""`tenuto why` sets the rule that decided apart from those that objected and those that did not."""

import re
from pathlib import Path

import pytest

from tenuto.catalogue.nouns import EvidenceLine, FindingLine, Why
from tenuto.cli.output import Output
from tenuto.cli.verdicts import NEXT_STEPS, is_content, show_why
from tenuto.model.audio import Failure
from tenuto.model.fingerprint import STREAMING_FLAG
from tenuto.model.music import Flag, TrackRecord
from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.rights import RightsOptions, judge
from tenuto.rights.rules import Rule, anchor

RIGHTS = Path(__file__).parents[2] / "docs" / "rights.md"
STRICT = RightsOptions(commercial=True, closed_licences=frozenset({"CC-BY-SA-4.0"}))
CASES = {
    "R-DOOR": (("CC0-1.0",), {"flags": (Flag(code=STREAMING_FLAG, detail="It names a track."),)}),
    "R-AUDIO": (("CC0-1.0",), {"failure": Failure(code="audio-broken", reason="cut short")}),
    "R-NONE": ((), {}),
    "R-CLOSED": (("CC-BY-4.0", "All rights reserved"), {}),
    "R-UNKNOWN": (("Drascula-License", "Other-License"), {}),
    "R-CONFLICT": (("CC-BY-4.0", "CC-BY-3.0"), {}),
    "R-VERSION": (("CC-BY",), {}),
    "R-GATE-CLOSED": (("In Copyright",), {}),
    "R-GATE-REVIEW": (("public-domain",), {}),
    "R-COMMERCIAL": (("CC-BY-NC-4.0",), {}),
    "R-OPERATOR": (("CC-BY-SA-4.0",), {}),
    "R-MATCH": (("~CC-BY-4.0",), {"copyright_notice": None}),
    "R-CREDIT": (("CC-BY-4.0",), {"copyright_notice": None}),
    "R-OPEN": (("CC-BY-4.0",), {}),
}


def judged(code):
    """Judge a record that the rule decides; a statement that begins with ~ is an unsure match."""
    statements, facts = CASES[code]
    evidence = tuple(
        Evidence(
            kind=EvidenceKind.TAG,
            statement=said.lstrip("~"),
            where=f"tag {number}",
            capture="c",
            confidence=Confidence.PARTIAL if said.startswith("~") else Confidence.EXACT,
        )
        for number, said in enumerate(statements)
    )
    fixed = {"source": "folder", "collection": "c", "key": "c/a.ogg", "path": "a.ogg", "capture": "c", "title": "A"}
    record = TrackRecord(**fixed, evidence=evidence, **({"copyright_notice": "© 2012 Ann"} | facts))
    return judge(record, STRICT), evidence


def grounds(verdict, evidence):
    """Give the grounds of a verdict as the catalogue would."""
    lines = tuple(
        EvidenceLine(
            kind="tag",
            statement=one.statement,
            where=one.where,
            confidence=one.confidence.value,
            holder=None,
            licence_field=True,
            unread=None,
            capture="folder/c/000001",
            collection="c",
            origin="c",
            captured_at="2026-01-02T03:04:05Z",
        )
        for one in evidence
    )
    findings = tuple(FindingLine(code=x.code, reason=x.reason, evidence=x.evidence) for x in verdict.findings)
    return Why(
        id="tr-0",
        title="A",
        source="folder",
        path="a.ogg",
        absent=None,
        licences=(),
        decision=verdict.decision.value,
        code=verdict.code,
        reason=verdict.reason,
        findings=findings,
        evidence=lines,
        file=None,
        same_bytes=(),
    )


@pytest.mark.parametrize("code", CASES)
def test_objections_are_told_from_consent(code):
    """The catalogue keeps sentences, not decisions; who consents is read from them as the rules meant it."""
    verdict, _ = judged(code)
    assert verdict.code == code
    for finding in verdict.findings:
        line = FindingLine(code=finding.code, reason=finding.reason, evidence=finding.evidence)
        assert is_content(line) is (finding.decision is None), finding


@pytest.mark.parametrize("code", CASES)
def test_the_deciding_rule_stands_first(capsys, code):
    """Then where it is explained and what would change it; every rule that was asked is named."""
    verdict, evidence = judged(code)
    show_why(Output(as_json=False), grounds(verdict, evidence))
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert lines[3] == f"{verdict.decision} ({code}): {verdict.reason}"
    block = said.split("\n\n")[0]
    assert f"\n  rule          docs/rights.md#{anchor(Rule(code))}\n  to change it  {NEXT_STEPS[Rule(code)]}" in block
    against = [x for x in verdict.findings if x.decision and x.code != "R-OPEN" and x.reason != verdict.reason]
    assert [line for line in lines if line.startswith("also against it")] == [
        f"also against it ({x.code}): {x.reason}" for x in against
    ]
    content = [x.code for x in verdict.findings if x.decision is None and x.code != "R-OPEN"]
    (counted,) = re.findall(r"(\d+) (?:more|other) rules? had nothing against it: (.*)", said) or [("0", "")]
    assert (int(counted[0]), counted[1]) == (len(content), ", ".join(content))
    assert {x.code for x in verdict.findings} <= set(re.findall(r"R-[A-Z-]+", said))


def test_an_unsure_match_can_be_accepted(capsys):
    """The step names the very line for tenuto.toml."""
    show_why(Output(as_json=False), grounds(*judged("R-MATCH")))
    said = capsys.readouterr().out
    assert 'rights.minimum_confidence = "partial" in tenuto.toml' in said
    assert "also against it (R-CREDIT)" in said
    assert "\nevidence 1\n  says      CC-BY-4.0\n  in        tag 0\n" in said


def test_every_rule_has_a_step_and_an_anchor():
    """What is pointed at is there."""
    assert set(NEXT_STEPS) == set(Rule)
    page = RIGHTS.read_text("utf-8")
    assert all(f'<a id="{anchor(rule)}"></a>' in page for rule in Rule)


def test_the_deciding_rule_is_bold_in_a_window(open_terminal, filled):
    """The eye falls on it."""
    with open_terminal("--archive", filled, "why", "broken.flac", columns=80) as window:
        window.end()
    assert re.search(r"\x1b\[1;31mrefused \(R-AUDIO\): ", window.seen)
