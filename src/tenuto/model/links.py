"""The part of tenuto.toml about links between records."""

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["LinkThresholds", "LinksConfig", "no_probabilities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkThresholds:
    """From which probability links of one kind count, and from which a person is asked; None: the model's own."""

    accept: float | None = None
    review: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksConfig:
    """How records of dumps are linked (docs/linking.md)."""

    build: bool = True
    """Whether `tenuto build` links what several sources have."""
    artist: LinkThresholds = LinkThresholds()
    release: LinkThresholds = LinkThresholds()
    recording: LinkThresholds = LinkThresholds()


def no_probabilities(links: LinksConfig) -> Iterator[tuple[str, float]]:
    """Give the keys of thresholds that are no probability above 0, each with what it is."""
    for kind, chosen in (("artist", links.artist), ("release", links.release), ("recording", links.recording)):
        for key, number in (("accept", chosen.accept), ("review", chosen.review)):
            if number is not None and not 0 < number <= 1:
                yield f"links.{kind}.{key}", number
