"""When an archive's links are found anew, and from which probability on they count."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tenuto.linking.model import KINDS, Thresholds, model
from tenuto.model.errors import ConfigError, UsageError
from tenuto.model.links import LinksConfig, LinkThresholds

__all__ = ["adjusted", "read_probabilities", "thresholds"]

_FIT = (
    "Of one kind, review is at most accept; docs/linking.md has the defaults, tenuto.toml's [links.KIND] may set them."
)


def thresholds(config: LinksConfig) -> dict[str, Thresholds]:
    """Give the thresholds of every kind, the model's own where none are set.

    Raises ConfigError where set and own ones do not fit together.
    """
    return {kind: _thresholds(kind, getattr(config, kind)) for kind in KINDS}


def adjusted(config: LinksConfig, accept: Mapping[str, float], review: Mapping[str, float]) -> LinksConfig:
    """Give the configuration with other thresholds for some kinds."""
    own = {kind: getattr(config, kind) for kind in KINDS}
    chosen = {
        kind: LinkThresholds(accept=accept.get(kind, own[kind].accept), review=review.get(kind, own[kind].review))
        for kind in KINDS
    }
    return replace(config, **chosen)


def read_probabilities(texts: Iterable[str]) -> dict[str, float]:
    """Read `recording=0.8` and its like: a probability for each kind; raises UsageError, the last of a kind counts."""
    return dict(_probability(text) for text in texts)


def _probability(text: str) -> tuple[str, float]:
    kind, _, number = text.partition("=")
    try:
        found = float(number)
    except ValueError:
        found = -1.0
    if kind not in KINDS or not 0 < found <= 1:
        raise UsageError(
            f"{text!a:.80} gives no kind a probability",
            hint=f"Write {', '.join(KINDS[:-1])} or {KINDS[-1]}, = and a number above 0, at most 1: recording=0.8.",
        )
    return kind, found


def _thresholds(kind: str, chosen: LinkThresholds) -> Thresholds:
    own = model(kind).thresholds
    accept = own.accept if chosen.accept is None else chosen.accept
    review = own.review if chosen.review is None else chosen.review
    try:
        return Thresholds(accept=accept, review=review)
    except ConfigError as error:
        raise ConfigError(f"links.{kind}: {error}", hint=_FIT) from error
