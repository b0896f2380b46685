"""Schema drift: every unknown place is named, and nothing that is known."""

import json

import pytest

from tenuto.records.drift import Drift

SHAPE = {"id": "text", "title": "text", "left": "-", "media": [{"name": "text", "tags": "-"}], "area": {"code": "text"}}


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        ({"id": "VARCHAR", "title": "NULL", "media": "NULL", "area": "NULL"}, ()),
        ({"id": "UBIGINT", "left": {"any": ["VARCHAR"]}, "media": [{"name": "NULL", "tags": "NULL"}]}, ()),
        ({"id": "VARCHAR", "colour": "VARCHAR"}, ("colour",)),
        ({"media": [{"name": "VARCHAR", "new": ["VARCHAR"], "newer": {}}]}, ("media[].new", "media[].newer")),
        ({"area": {"code": {"deep": "VARCHAR"}}}, ("area.code (of another shape)",)),
        ({"media": "VARCHAR"}, ("media (of another shape)",)),
        ({"area": "BOOLEAN", "media": ["NULL"]}, ("area (of another shape)",)),
    ],
)
def test_places_that_the_shape_lacks_are_named(structure, expected):
    """Null may stand for anything; a scalar for a list, or a list for a scalar, is another shape."""
    assert Drift(SHAPE).strangers(json.dumps(structure, separators=(",", ":"))) == expected


def test_a_structure_without_bottom_is_named_not_walked():
    """M8: depth 10^5 ends in a name."""
    deep = '{"id":' + "[" * 100_000 + '"NULL"' + "]" * 100_000 + "}"
    assert Drift(SHAPE).strangers(deep) == ("(nested too deep)",)
