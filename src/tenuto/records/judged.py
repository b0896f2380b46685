"""What the records stage is given, and the receipt it gives back."""

from collections.abc import Iterable
from dataclasses import dataclass

from tenuto.model.capture import CaptureHead
from tenuto.model.music import TrackRecord
from tenuto.model.package import Attribution, BagReceipt, TorrentReceipt
from tenuto.model.rights import Licence, Verdict
from tenuto.model.source import Source

__all__ = ["Context", "Judged", "Judgement", "Provenance", "Receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One track with all that was decided about it."""

    track: TrackRecord
    verdict: Verdict
    attribution: Attribution | None = None
    """What must travel with the file; needed where the verdict is open, since only such files are shared."""
    held: bool = False
    """Whether the store holds the audio's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on things of which a dump says the same; without any, on all others."""

    verdict: Verdict
    outcome: tuple[str, str]
    """Code and sentence: why its audio cannot be had."""
    source: str = ""
    subjects: tuple[tuple[str, str], ...] = (("", ""),)
    """Prefix of the public id of each thing, and its id within the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one table's rows of one source are from."""

    source: str
    place: str
    """Table of the catalogue."""
    capture: str | None
    """Id of the dump's capture; None where each observation names its own."""
    licence: str
    """Licence of the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the records refer to; each iterable is read once, one noun at a time."""

    sources: Iterable[Source] = ()
    captures: Iterable[CaptureHead] = ()
    licences: Iterable[Licence] = ()
    """At least those whose ids verdicts and attributions name."""
    bags: Iterable[BagReceipt] = ()
    torrents: Iterable[TorrentReceipt] = ()
    provenance: Iterable[Provenance] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Tells that a directory's tables are all there: it is written last and removed first."""

    rows: tuple[tuple[str, int], ...]
    """Table name and number of rows, sorted by name."""
    bytes: int
    """Size of all tables."""
