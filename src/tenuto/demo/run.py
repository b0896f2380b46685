"""The demo: what the README promises, step by step, each step doing only what is not done yet."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tenuto.catalogue import ask, nouns
from tenuto.catalogue.search import search
from tenuto.demo.render import render_all
from tenuto.durable import write_file
from tenuto.flow.archive import CONFIG_NAME, Archive, init_archive, open_archive
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_debian, harvest_folders
from tenuto.flow.publish import make_torrents, pack
from tenuto.flow.receipts import read_bags
from tenuto.flow.seeding import serving
from tenuto.harvest.apt import available
from tenuto.model.errors import TorrentError
from tenuto.model.package import BagReceipt
from tenuto.model.progress import Progress
from tenuto.torrents.peers import available_peers, download_with_aria2
from tenuto.torrents.seed import Seeder

__all__ = ["BagOutcome", "DemoReport", "DemoRequest", "demo"]

_SECONDS = 120.0  # for one download on loopback
_WORDS, _OFFLINE_WORDS = "savino palace", "ode joy"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRequest:
    """What the demo is to work on."""

    directory: Path
    packages: tuple[str, ...]
    offline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BagOutcome:
    """One bag, and what a stranger's tools made of it."""

    name: str
    files: int
    bytes: int
    client: str
    agreed: bool
    """Whether bagit.py found the download valid, byte for byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """The summary at the end."""

    catalogue: str
    tracks: int
    counts: tuple[nouns.Count, ...]
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
    make_torrents(archive, progress)
    outcomes = _exchange(archive, progress)
    return _summary(archive, outcomes, _OFFLINE_WORDS if offline else _WORDS)


def _exchange(archive: Archive, progress: Progress) -> tuple[BagOutcome, ...]:
    """Have a second client download every bag it has not downloaded and verified before."""
    bags = read_bags(archive.layout)
    todo = [bag for bag in bags if not _done(archive, bag).is_file()]
    if todo:
        seeder, _, withheld = serving(archive, "127.0.0.1:0")
        with seeder:
            if withheld:
                raise TorrentError(f"{withheld[0][0]} is withheld: {withheld[0][1]}")
            for bag in todo:
                _download(archive, seeder, bag, progress)
    return tuple(_outcome(archive, bag) for bag in bags)


def _done(archive: Archive, bag: BagReceipt) -> Path:
    return archive.layout.root / "downloads" / f"{bag.name}.verified"


def _download(archive: Archive, seeder: Seeder, bag: BagReceipt, progress: Progress) -> None:
    into = archive.layout.root / "downloads"
    torrent = (archive.layout.torrents / f"{bag.name}.torrent").absolute()
    shutil.rmtree(into / bag.name, ignore_errors=True)
    into.mkdir(exist_ok=True)
    port = _free_port()
    client = "aria2" if "aria2c" in available_peers() else "a second libtorrent process"
    progress.start(f"Downloading {bag.name} with {client}", None, "files")
    if client == "aria2":
        got = download_with_aria2(torrent, into, port, lambda: seeder.connect("127.0.0.1", port), _SECONDS)
    else:
        got = _download_with_libtorrent(torrent, into, seeder, port)
    progress.finish()
    progress.start(f"Verifying {bag.name} with bagit.py", None, "files")
    _check_with_bagit(got)
    progress.finish()
    write_file(_done(archive, bag), client.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _download_with_libtorrent(torrent: Path, into: Path, seeder: Seeder, port: int) -> Path:
    command = [sys.executable, "-m", "tenuto.demo.leech", str(torrent), str(into), str(port), str(int(_SECONDS))]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            seeder.connect("127.0.0.1", port)
            seeder.wait(0.25)
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0:
        raise TorrentError(f"the second process did not get all of {torrent.stem}", code="peer-failed")
    return into / torrent.stem


def _check_with_bagit(bag: Path) -> None:
    command = [sys.executable, "-m", "bagit", "--validate", "--quiet", "--processes", "2", str(bag)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode != 0:
        raise TorrentError(f"bagit.py finds {bag.name} invalid: {result.stderr.strip()[-300:]}", code="bagit")


def _outcome(archive: Archive, bag: BagReceipt) -> BagOutcome:
    done = _done(archive, bag)
    return BagOutcome(
        name=bag.name,
        files=len(bag.files),
        bytes=sum(file.digest.size for file in bag.files),
        client=done.read_text("utf-8") if done.is_file() else "nobody",
        agreed=done.is_file(),
    )


def _summary(archive: Archive, bags: tuple[BagOutcome, ...], words: str) -> DemoReport:
    path = archive.layout.catalogue
    stats = ask.stats(path)
    hits = search(path, words, 5)
    return DemoReport(
        catalogue=str(path),
        tracks=sum(count.tracks for count in stats.counts if count.topic == "decision"),
        counts=tuple(count for count in stats.counts if count.topic in {"decision", "reason"}),
        bags=bags,
        words=words,
        hits=hits,
        why=hits[0].id if hits else "",
    )
