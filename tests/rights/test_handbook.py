"""docs/rights.md says what the tables say."""

from pathlib import Path

import pytest

from tenuto.rights.handbook import SECTIONS
from tenuto.rights.rules import MEANING, Rule, anchor

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"


@pytest.mark.parametrize("name", SECTIONS)
def test_generated_sections_are_current(name):
    """What stands between the markers is what the tables give."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(f"<!-- {name} -->") == 1
    found = text.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- /{name} -->")[0]
    assert SECTIONS[name]() == found


def test_every_rule_has_a_meaning_and_an_anchor():
    """Each code is explained in one sentence, and its anchor is in the page once."""
    text = PAGE.read_text(encoding="utf-8")
    assert set(MEANING) == set(Rule)
    for rule in Rule:
        assert text.count(f'<a id="{anchor(rule)}">') == 1
        assert MEANING[rule].endswith(".")


def test_the_page_is_short_enough():
    """A page of the handbook has under 500 lines."""
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) < 500
