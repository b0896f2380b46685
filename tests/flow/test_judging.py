"""The rights policy as tenuto.toml sets it."""

import pytest

from tenuto.flow.judging import rights_options
from tenuto.model.config import parse_config
from tenuto.model.errors import ConfigError
from tenuto.model.rights import Confidence
from tenuto.rights import RightsOptions

SMALLEST = '[archive]\nname = "a"\n[rights]\n'


def options(line):
    return rights_options(parse_config(SMALLEST + line))


def test_the_defaults_are_the_policys_own():
    """An archive that sets nothing is judged as docs/rights.md says."""
    assert options("") == RightsOptions()


@pytest.mark.parametrize("name", ["exact", "tail", "default", "partial"])
def test_the_least_sure_match_that_opens_can_be_set(name):
    """Stricter or looser, by the name that `tenuto why` shows."""
    assert options(f'minimum_confidence = "{name}"').minimum_confidence is Confidence(name)


@pytest.mark.parametrize("name", ["ambiguous", "Exact", "sure", ""])
def test_any_other_word_is_a_mistake(name):
    """An ambiguous match never opens, so it cannot be asked for; the hint names what can."""
    with pytest.raises(ConfigError, match=r"rights\.minimum_confidence") as caught:
        options(f'minimum_confidence = "{name}"')
    assert "exact, tail, default or partial" in caught.value.hint


def test_every_setting_arrives():
    """Commercial use and closed licences are passed on; a licence nobody knows is a mistake with its neighbour."""
    found = options('commercial = true\nclosed_licences = ["GFDL"]')
    assert (found.commercial, found.closed_licences) == (True, frozenset({"GFDL"}))
    with pytest.raises(ConfigError) as caught:
        options('closed_licences = ["CC-BY-4"]')
    assert "CC-BY-4.0" in caught.value.hint
