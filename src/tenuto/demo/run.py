"""The demo: what the README promises, step by step, each step doing only what is not done yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tenuto.catalogue import ask, nouns
from tenuto.catalogue.search import search
from tenuto.demo.exchange import BagOutcome, exchange
from tenuto.demo.render import render_all
from tenuto.flow.archive import CONFIG_NAME, Archive, init_archive, open_archive
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_debian, harvest_folders
from tenuto.flow.publish import make_torrents, pack
from tenuto.harvest.apt import available
from tenuto.model.progress import Progress

__all__ = ["DemoReport", "DemoRequest", "demo"]

_WORDS, _OFFLINE_WORDS = "savino palace", "ode joy"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRequest:
    """What the demo is to work on."""

    directory: Path
    packages: tuple[str, ...]
    offline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """The summary at the end."""

    catalogue: str
    tracks: int
    kept: nouns.Count
    """What the store holds."""
    counts: tuple[nouns.Count, ...]
    """By decision, and what is absent by the rule it is due to."""
    bags: tuple[BagOutcome, ...]
    words: str
    hits: tuple[nouns.Hit, ...]
    why: str
    """A track whose verdict is worth reading."""


def demo(request: DemoRequest, clock: Callable[[], datetime], progress: Progress) -> DemoReport:
    """Go the whole way once; raises TorrentError where the second client does not get every byte."""
    offline = request.offline or not available()
    if offline and not request.offline:
        progress.note("There is no Debian package client here, so twelve pieces rendered on this machine take the way.")
    if not (request.directory / CONFIG_NAME).is_file():
        init_archive(request.directory, name="demo", operator="Tenuto demo", contact="nobody in particular")
    archive = open_archive(request.directory, clock)
    if offline:
        folder = request.directory / "pieces"
        render_all(folder, progress)
        harvest_folders(archive, [folder], "pieces", progress)
    else:
        harvest_debian(archive, request.packages, progress)
    with archive.locked():
        build(archive, progress)
    pack(archive, progress)
    make_torrents(archive, _Placing(progress))
    outcomes = exchange(archive, progress)
    return _summary(archive, outcomes, _OFFLINE_WORDS if offline else _WORDS)


class _Placing:
    """Progress of the build that writes where each track lies in its torrent, told apart from the first build."""

    def __init__(self, progress: Progress) -> None:
        """Tell `progress`."""
        self._progress = progress
        self.advance, self.note, self.finish = progress.advance, progress.note, progress.finish

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage under a name of its own."""
        self._progress.start(f"Placing torrents: {stage[:1].lower()}{stage[1:]}", total, unit)


def _summary(archive: Archive, bags: tuple[BagOutcome, ...], words: str) -> DemoReport:
    path = archive.layout.catalogue
    stats = ask.stats(path)
    hits = search(path, words, 5)
    return DemoReport(
        catalogue=str(path),
        tracks=sum(count.tracks for count in stats.counts if count.topic == "decision"),
        kept=next(count for count in stats.counts if (count.topic, count.label) == ("total", "held")),
        counts=tuple(count for count in stats.counts if count.topic in {"decision", "reason"}),
        bags=bags,
        words=words,
        hits=hits,
        why=hits[0].id if hits else "",
    )
