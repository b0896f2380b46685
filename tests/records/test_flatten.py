"""Nouns to rows."""

import pytest

from tenuto.model.audio import Failure
from tenuto.model.rights import Decision
from tenuto.records.flatten import FLATTEN, outcome
from tenuto.records.tables import RECORDS


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, None),
        ({"held": False}, "audio-not-held"),
        ({"attribution": None}, "attribution-missing"),
        ({"audio": None}, "audio-absent"),
        ({"audio": None, "failure": Failure(code="audio-broken", reason="x")}, "audio-broken"),
        ({"failure": Failure(code="audio-broken", reason="x")}, "audio-broken"),
        ({"decision": Decision.REVIEW}, "R-X"),
        ({"decision": Decision.METADATA_ONLY, "held": False}, "R-X"),
        ({"decision": Decision.REFUSED}, "R-X"),
    ],
)
def test_every_absence_has_a_reason(judged, fields, code):
    """Only audio that is open, held and attributable needs no word why it cannot be had."""
    found = outcome(judged(**fields))
    assert code == (found and found[0])


def test_there_is_one_function_for_each_table():
    """Tables and the functions that fill them are the same set, in the same order."""
    assert [table.name for table in RECORDS] == list(FLATTEN)


def test_rows_have_the_columns_of_their_table(judged):
    """Each row is as wide as its table."""
    for table in RECORDS:
        for row in FLATTEN[table.name](judged()):
            assert len(table.schema.names) == len(row)


@pytest.mark.parametrize("decision", [Decision.REVIEW, Decision.METADATA_ONLY, Decision.REFUSED])
def test_only_open_files_carry_an_attribution(judged, decision):
    """What is not shared needs nothing to travel with it."""
    assert list(FLATTEN["attributions"](judged(decision=decision))) == []
    assert list(FLATTEN["attribution_licences"](judged(decision=decision))) == []
