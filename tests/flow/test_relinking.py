import pytest

from tenuto.flow.relinking import adjusted, read_probabilities, thresholds
from tenuto.linking.model import KINDS, Thresholds, model
from tenuto.model.config import parse_config
from tenuto.model.errors import ConfigError, UsageError
from tenuto.model.links import LinksConfig


def links(text=""):
    return parse_config(f'[archive]\nname = "a"\n{text}').links


def test_thresholds_are_the_models_unless_they_are_set():
    """A kind that sets one of the two keeps the model's other; other kinds keep both."""
    own = {kind: model(kind).thresholds for kind in KINDS}
    assert thresholds(links()) == own
    set_one = thresholds(links("[links.recording]\naccept = 0.8\n"))
    assert set_one == own | {"recording": Thresholds(accept=0.8, review=own["recording"].review)}


def test_thresholds_that_do_not_fit_are_named():
    """One that is set below the model's other one is refused with the kind and both figures."""
    with pytest.raises(ConfigError, match=r"links\.artist: thresholds accept 0\.1 and review 0\.2"):
        thresholds(links("[links.artist]\naccept = 0.1\n"))


def test_options_go_before_the_file():
    """A threshold of the command line replaces that of tenuto.toml, and leaves the others."""
    chosen = adjusted(links("[links.recording]\naccept = 0.8\nreview = 0.3\n"), {"recording": 0.9}, {})
    assert thresholds(chosen)["recording"] == Thresholds(accept=0.9, review=0.3)


def test_probabilities_are_read():
    """Each kind has one; of two of a kind the last counts."""
    assert read_probabilities(["artist=0.25", "recording=.5", "artist=1"]) == {"artist": 1.0, "recording": 0.5}
    assert adjusted(LinksConfig(), {}, {}) == LinksConfig()


@pytest.mark.parametrize(
    "text", ["", "0.8", "label=0.8", "artist=", "artist=x", "artist=0", "artist=1.1", "artist=nan"]
)
def test_what_is_no_probability_is_refused(text):
    """It is named, and the hint says how to write one."""
    with pytest.raises(UsageError, match="gives no kind a probability") as caught:
        read_probabilities([text])
    assert "recording=0.8" in caught.value.hint
