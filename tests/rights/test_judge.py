"""Verdicts: a case for every rule, the order of strictness, and attribution."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.audio import Failure
from tenuto.model.fingerprint import STREAMING_FLAG
from tenuto.model.music import Credit, Flag, Role
from tenuto.model.rights import Confidence, Decision, Evidence, EvidenceKind
from tenuto.rights import RightsOptions, attribution, judge
from tenuto.rights.policies import STANDARD, AllOf, Door, Opens
from tenuto.rights.rules import Rule

BY = "http://creativecommons.org/licenses/by/3.0/"
OPEN, REVIEW, METADATA, REFUSED = Decision.OPEN, Decision.REVIEW, Decision.METADATA_ONLY, Decision.REFUSED
COMMERCIAL = RightsOptions(commercial=True)

# rule, decision, statements, other facts, options
CASES = [
    (Rule.DOOR, REFUSED, [BY], {"flags": (Flag(code=STREAMING_FLAG, detail="It names a track."),)}, RightsOptions()),
    (Rule.AUDIO, REFUSED, [BY], {"failure": Failure(code="audio-broken", reason="cut short")}, RightsOptions()),
    (Rule.NONE, METADATA, [], {}, RightsOptions()),
    (Rule.NONE, METADATA, ["© 2012 Ann Example"], {}, RightsOptions()),
    (Rule.CLOSED, METADATA, ["All rights reserved"], {}, RightsOptions()),
    (Rule.CLOSED, METADATA, ["free download"], {}, RightsOptions()),
    (Rule.CLOSED, REVIEW, ["CC BY 3.0", "All rights reserved"], {}, RightsOptions()),
    (Rule.UNKNOWN, METADATA, ["Drascula-License"], {}, RightsOptions()),
    (Rule.UNKNOWN, METADATA, ["http://freemusicarchive.org/FMA_License"], {}, RightsOptions()),
    (Rule.UNKNOWN, METADATA, ["http://creativecommons.org.evil.example/licenses/by/3.0/"], {}, RightsOptions()),
    (Rule.UNKNOWN, REVIEW, ["CC BY 3.0", "Drascula-License"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["CC BY-NC 3.0", "CC BY 3.0"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["CC BY 3.0", "CC BY-SA 3.0"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["CC BY 3.0", "CC BY 4.0"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["CC BY 3.0", ("CC BY-NC 3.0", "partial")], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["GPL-2", "GPL-3+"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["GPL-2 or CC0", "MIT"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["CC BY 3.0 " + BY.replace("by", "by-nc")], {}, RightsOptions()),
    (Rule.VERSION, REVIEW, ["CC BY-SA"], {}, RightsOptions()),
    (Rule.VERSION, REVIEW, ["GPL; Ann (C)2004"], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["GPL", "GPL and MIT"], {}, RightsOptions()),
    (Rule.GATE_CLOSED, METADATA, ["http://creativecommons.org/licenses/sampling/1.0/"], {}, RightsOptions()),
    (Rule.GATE_CLOSED, METADATA, ["http://creativecommons.org/licenses/devnations/2.0/"], {}, RightsOptions()),
    (Rule.GATE_CLOSED, METADATA, ["In Copyright"], {}, RightsOptions()),
    (Rule.GATE_CLOSED, METADATA, ["http://rightsstatements.org/vocab/NoC-US/1.0/"], {}, RightsOptions()),
    (Rule.GATE_REVIEW, REVIEW, ["public-domain"], {}, RightsOptions()),
    (Rule.GATE_REVIEW, REVIEW, ["sampling+ 1.0"], {}, RightsOptions()),
    (Rule.GATE_REVIEW, REVIEW, ["http://creativecommons.org/publicdomain/mark/1.0/"], {}, RightsOptions()),
    (Rule.GATE_REVIEW, REVIEW, ["MIT and public-domain"], {}, RightsOptions()),
    (Rule.COMMERCIAL, METADATA, ["CC BY-NC 3.0"], {}, COMMERCIAL),
    (Rule.OPERATOR, METADATA, ["GFDL-1.3"], {}, RightsOptions(closed_licences=frozenset({"GFDL"}))),
    (Rule.OPERATOR, METADATA, ["CC BY 3.0"], {}, RightsOptions(closed_licences=frozenset({"CC-BY-3.0"}))),
    (Rule.MATCH, REVIEW, [("CC BY 3.0", "partial")], {}, RightsOptions()),
    (Rule.MATCH, REVIEW, [("CC BY 3.0", "ambiguous")], {}, RightsOptions()),
    (Rule.MATCH, REVIEW, ["GPL", ("GPL-2+", "ambiguous")], {}, RightsOptions()),
    (Rule.MATCH, REVIEW, [("CC BY 3.0", "ambiguous")], {}, RightsOptions(minimum_confidence=Confidence.AMBIGUOUS)),
    (Rule.CONFLICT, REVIEW, ["CC BY 3.0", ("CC BY-NC 3.0", "ambiguous")], {}, RightsOptions()),
    (Rule.CLOSED, REVIEW, ["CC BY 3.0", ("All rights reserved", "ambiguous")], {}, RightsOptions()),
    (Rule.CONFLICT, REVIEW, ["CC BY 3.0", ("Cover art: CC BY 3.0", "ambiguous")], {}, RightsOptions()),
    (Rule.MATCH, REVIEW, [("CC BY 3.0", "tail")], {}, RightsOptions(minimum_confidence=Confidence.EXACT)),
    (Rule.CREDIT, REVIEW, ["CC BY 3.0"], {"copyright_notice": None}, RightsOptions()),
    (
        Rule.CREDIT,
        REVIEW,
        ["MIT"],
        {"copyright_notice": "", "credits": (Credit(name="Unknown Artist"),)},
        RightsOptions(),
    ),
    (Rule.OPEN, OPEN, [BY], {}, RightsOptions()),
    (Rule.OPEN, OPEN, ["CC0"], {"copyright_notice": None}, RightsOptions()),
    (Rule.OPEN, OPEN, ["CC BY 3.0"], {"copyright_notice": None, "credits": (Credit(name="Ann"),)}, RightsOptions()),
    (Rule.OPEN, OPEN, ["© 2014 Ann. CC BY 3.0"], {"copyright_notice": None}, RightsOptions()),
    (Rule.OPEN, OPEN, ["CC BY-NC-ND 2.5"], {}, RightsOptions()),
    (Rule.OPEN, OPEN, ["CC BY 3.0"], {}, COMMERCIAL),
    (Rule.OPEN, OPEN, ["GPL", "GPL-2+"], {}, RightsOptions()),
    (Rule.OPEN, OPEN, ["CC BY-SA", "CC BY-SA 3.0"], {}, RightsOptions()),
    (Rule.OPEN, OPEN, [("GPL-2+", "tail"), "© 2004 Ann"], {}, RightsOptions()),
    (Rule.OPEN, OPEN, [("GPL-3+", "default")], {}, RightsOptions()),
    (Rule.OPEN, OPEN, ["GPL-2+ or CC-BY-SA-2.0", "CC-BY-SA-2.0"], {}, RightsOptions()),
    (Rule.OPEN, OPEN, [("CC BY 3.0", "partial")], {}, RightsOptions(minimum_confidence=Confidence.PARTIAL)),
    (Rule.OPEN, OPEN, ["CC BY 3.0", ("CC BY 3.0", "ambiguous")], {}, RightsOptions()),
    (Rule.OPEN, OPEN, ["CC BY-NC 3.0 or CC BY-SA 3.0"], {}, COMMERCIAL),
]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_cases(record, case):
    """Each case has the verdict, and the rule it is due to."""
    rule, decision, statements, facts, options = case
    verdict = judge(record(*statements, **facts), options)
    assert (verdict.decision, verdict.code) == (decision, rule.value)
    assert verdict.reason


UNREAD = [
    ([], METADATA),
    (["© 2012 Ann"], METADATA),
    (["All rights reserved"], METADATA),
    (["CC BY 3.0"], REVIEW),
    ([("CC BY 3.0", "default"), "CC BY 3.0"], REVIEW),
]


@pytest.mark.parametrize(("statements", "decision"), UNREAD)
@pytest.mark.parametrize("kept", ["", "CC BY 3.0"])
def test_a_text_that_was_not_read_is_unknown(record, evidence, statements, decision, kept):
    """Alone it leaves the metadata, beside a licence it calls for review; what was kept of it grants nothing."""
    beside = record(*statements).evidence
    unread = evidence(kept, where="a/LICENSE", unread="more than 262144 bytes of text")
    for pieces in ((*beside, unread), (unread, *beside)):
        verdict = judge(record(evidence=pieces))
        assert verdict.decision is decision
        (said,) = [found.reason for found in verdict.findings if found.code == "R-UNKNOWN"]
        assert said == "a/LICENSE was not read: more than 262144 bytes of text."


def test_every_rule_has_a_case():
    """No rule is without a case that it decides; the empty policy has its own test."""
    assert {rule for rule, *_ in CASES} | {Rule.EMPTY} == set(Rule)


@pytest.mark.parametrize("policy", [AllOf(), AllOf(AllOf()), Door(), AllOf(Door())])
def test_a_policy_without_a_word_refuses(record, policy):
    """No rule, or none that decides, is a refusal under its own code, however open the licence."""
    verdict = judge(record(BY), policy=policy)
    assert (verdict.decision, verdict.code) == (REFUSED, Rule.EMPTY.value)


def test_a_policy_of_one_rule(record):
    """Policies compose: one rule alone decides alone."""
    assert judge(record(BY), policy=AllOf(Opens())).decision is OPEN


def test_findings_stand_in_the_order_of_the_rules(record):
    """Every rule speaks, in order, and a finding about evidence names it."""
    verdict = judge(record("© 2012 Ann", BY))
    codes = [finding.code for finding in verdict.findings]
    assert codes == [rule.value for rule in Rule if rule is not Rule.EMPTY]
    assert verdict.findings[-1].evidence == 1
    assert verdict.reason == "tag LICENSE of a.ogg: It names CC-BY-3.0."


def test_a_conflict_names_what_each_statement_says(record):
    """The reason gives every licence and place, and a finding stands for each piece of evidence."""
    verdict = judge(record("CC BY 3.0", "CC BY-SA 3.0", "CC BY 3.0"))
    assert verdict.reason == (
        "Statements disagree: CC-BY-3.0 (tag LICENSE of a.ogg), CC-BY-SA-3.0 (tag LICENSE of a.ogg)."
    )
    found = [finding.evidence for finding in verdict.findings if finding.code == "R-CONFLICT"]
    assert found == [None, 0, 1, 2]


def test_a_sure_statement_that_an_unsure_one_makes_precise(record):
    """The reason names what the sure one leaves open, and how unsure the other is."""
    verdict = judge(record("GPL", ("GPL-2+", "ambiguous")))
    said = [finding.reason for finding in verdict.findings if finding.code == "R-MATCH"]
    assert said == [
        "tag LICENSE of a.ogg: it does not name GPL-2.0-or-later by itself.",
        "tag LICENSE of a.ogg: the match is ambiguous.",
    ]


def test_a_refusal_ends_the_questions(record):
    """After the door nothing is asked."""
    verdict = judge(record(BY, flags=(Flag(code=STREAMING_FLAG, detail="It names a track."),)))
    assert [finding.code for finding in verdict.findings] == ["R-DOOR"]
    assert verdict.reason == "It names a track."


def test_other_flags_do_not_refuse(record):
    """A bad date is no reason to refuse."""
    assert judge(record(BY, flags=(Flag(code="bad-date", detail="31 Feb"),))).decision is OPEN


LICENCES = [
    (["GPL", "GPL-2+"], ("GPL-2.0-or-later",)),
    (["GPL-2+", "GPL-2"], ("GPL-2.0-only",)),
    (["GPL-2+ or CC0"], ("GPL-2.0-or-later", "CC0-1.0")),
    (["GPL-2+ or public-domain"], ("GPL-2.0-or-later",)),
    (["GPL-2+ and CC0"], ("GPL-2.0-or-later", "CC0-1.0")),
    (["GPL-2+ or CC0", "CC0"], ("CC0-1.0",)),
    (["CC BY 3.0", "CC BY-NC 3.0"], ()),
    ([], ()),
]


@pytest.mark.parametrize(("statements", "expected"), LICENCES)
def test_licences_are_those_all_statements_agree_on(record, statements, expected):
    """The verdict rests on the most precise form that every statement has."""
    assert expected == judge(record(*statements)).licences


def test_the_order_of_evidence_does_not_matter(record):
    """Turned round, evidence gives the same decision, code and licences."""
    for rule, decision, statements, facts, options in CASES:
        turned = judge(record(*reversed(statements), **facts), options)
        assert (turned.decision, turned.code) == (decision, rule.value)


def test_more_evidence_never_opens_what_closed_or_refused(record):
    """An open statement beside any other turns nothing but silence into open, unless the two agree."""
    for rule, decision, statements, facts, options in CASES:
        before = judge(record(*statements, **facts), options)
        after = judge(record(*statements, BY, **facts), options)
        opened = decision is not OPEN and after.decision is OPEN
        agrees = "CC-BY-3.0" in before.licences or rule is Rule.NONE
        assert not opened or agrees, statements


STATEMENTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["CC BY 3.0", "GPL", "GPL-2+", BY, "All rights reserved", "public-domain", "CC0 or MIT", "CC BY-NC 4.0"]
    ),
)


@given(st.lists(st.tuples(STATEMENTS, st.sampled_from(Confidence), st.booleans()), max_size=5), st.booleans())
def test_any_evidence_is_judged(record, pieces, commercial):
    """No evidence makes the judge fail, and nothing opens without an agreed licence."""
    found = tuple(
        Evidence(kind=EvidenceKind.TAG, statement=text, where="w", capture="c", confidence=sure, licence_field=field)
        for text, sure, field in pieces
    )
    verdict = judge(record(evidence=found), RightsOptions(commercial=commercial))
    assert verdict.findings
    assert verdict.decision is not OPEN or verdict.licences


def test_attribution_is_complete(record, evidence):
    """Creator, title, notice, licences with addresses, and source travel with the file."""
    made = record(
        BY,
        credits=(
            Credit(name="Ann", join_phrase=" feat. "),
            Credit(name="Bob"),
            Credit(name="Carl", role=Role.COMPOSER),
        ),
        source_url="https://ann.example/a",
    )
    found = attribution(made, judge(made))
    assert (found.creator, found.title, found.copyright_notice) == ("Ann feat. Bob", "A", "© 2012 Ann Example")
    assert (found.licences, found.licence_urls) == (("CC-BY-3.0",), ("https://creativecommons.org/licenses/by/3.0/",))
    assert found.source_url == "https://ann.example/a"


CREDITED = [
    ({"credits": (Credit(name="Carl", role=Role.COMPOSER),)}, "Carl", "© 2012 Ann Example"),
    ({"credits": (Credit(name="Ann"), Credit(name="Bob"))}, "Ann, Bob", "© 2012 Ann Example"),
    ({}, "", "© 2012 Ann Example"),
    ({"copyright_notice": None}, "", ""),
]


@pytest.mark.parametrize(("facts", "creator", "notice"), CREDITED)
def test_whom_to_credit(record, facts, creator, notice):
    """Performers first, then anybody credited, then nobody."""
    made = record(BY, **facts)
    found = attribution(made, judge(made))
    assert (found.creator, found.copyright_notice) == (creator, notice)


def test_a_holder_beside_the_evidence_is_credited(record, evidence):
    """Where no artist is known, the copyright holder of the stanza is."""
    made = record(evidence=(evidence("CC BY 3.0", holder="2009,  Ann\nExample"),), copyright_notice=None)
    found = attribution(made, judge(made))
    assert (found.creator, found.copyright_notice) == ("2009, Ann Example", "2009, Ann Example")


def test_the_standard_policy_is_what_judge_asks(record):
    """Leaving the policy out is the standard policy."""
    assert judge(record(BY)) == judge(record(BY), policy=STANDARD)
