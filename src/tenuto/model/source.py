"""A source: what a catalogue permits, and how its observations are read."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from tenuto.model.capture import CaptureHead, Observation
from tenuto.model.music import TrackRecord

__all__ = ["Source", "Terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what footing a source is collected."""

    summary: str
    """One sentence: why collecting is allowed."""
    audio: str
    """One sentence: when audio may be kept."""
    metadata_licence: str
    """SPDX id of the metadata's own licence, or a sentence where it has none."""
    limits: str
    """One sentence: pace, size, kinds."""
    evidence: tuple[str, ...]
    """Which statements count as licence evidence."""
    url: str = ""
    """Where the terms stand."""


class Source(ABC):
    """One catalogue: pure reading, no input or output."""

    name: ClassVar[str]
    home: ClassVar[str]
    terms: ClassVar[Terms]

    @abstractmethod
    def read(self, head: CaptureHead, observation: Observation) -> TrackRecord:
        """Read one observation into the record shape; never raises on content, flags it instead."""
