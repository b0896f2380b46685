"""The demo's other side: clients that are not ours download what we seed, and bagit.py judges what arrived."""

import hashlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tenuto.durable import write_file
from tenuto.flow.archive import Archive
from tenuto.flow.receipts import read_bags
from tenuto.flow.seeding import serving
from tenuto.model.errors import TorrentError
from tenuto.model.package import BagReceipt
from tenuto.model.progress import Progress
from tenuto.torrents.peers import available_peers, download_with_aria2, understands
from tenuto.torrents.rtorrent import download_with_rtorrent
from tenuto.torrents.seed import Seeder

__all__ = ["BagOutcome", "exchange"]

_SECONDS = 120.0  # for one download on loopback
_OURS = "a second libtorrent process"
_Download = Callable[[Path, Path, int, Callable[[], None], float], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class BagOutcome:
    """One bag, and what a stranger's tools made of it."""

    name: str
    files: int
    bytes: int
    clients: tuple[str, ...]
    """Who downloaded it whole, bagit.py agreeing about every byte."""


def exchange(archive: Archive, progress: Progress) -> tuple[BagOutcome, ...]:
    """Have other clients download every bag not downloaded before; raises TorrentError where a byte differs."""
    bags = read_bags(archive)
    todo = [bag for bag in bags if not _verified_by(archive, bag)]
    if todo:
        seeder, _, withheld = serving(archive, "127.0.0.1:0")
        with seeder:
            if withheld:
                raise TorrentError(f"{withheld[0][0]} is withheld: {withheld[0][1]}")
            for bag in todo:
                _download_all(archive, seeder, bag, progress)
    return tuple(_outcome(archive, bag) for bag in bags)


def _download_all(archive: Archive, seeder: Seeder, bag: BagReceipt, progress: Progress) -> None:
    names = []
    for name, download, torrent in _clients(archive, bag):
        into = (_downloads(archive) / name.replace(" ", "-")).absolute()
        shutil.rmtree(into / bag.name, ignore_errors=True)
        into.mkdir(parents=True, exist_ok=True)
        kind = _kind(name, torrent)
        progress.start(f"{name} downloads {bag.name} ({kind})", None, "files")
        port = _free_port()
        got = download(torrent.absolute(), into, port, partial(seeder.connect, "127.0.0.1", port), _SECONDS)
        progress.finish()
        progress.start("bagit.py verifies what arrived", None, "files")
        _check_with_bagit(got)
        progress.finish()
        names.append(f"{name} ({kind})")
    write_file(_marker(archive, bag), "\n".join([_digest(archive, bag), *names]).encode())


def _kind(client: str, torrent: Path) -> str:
    """Say what of the metainfo a client reads; neither aria2 nor rtorrent knows BitTorrent v2."""
    if torrent.stem.endswith(".v1"):
        return "v1"
    return "hybrid" if client == _OURS else "hybrid, by its v1 part"


def _downloads(archive: Archive) -> Path:
    return archive.layout.root / "downloads"


def _marker(archive: Archive, bag: BagReceipt) -> Path:
    return _downloads(archive) / f"{bag.name}.verified"


def _digest(archive: Archive, bag: BagReceipt) -> str:
    return hashlib.sha256(archive.layout.metainfo(bag.name)[0].read_bytes()).hexdigest()


def _verified_by(archive: Archive, bag: BagReceipt) -> tuple[str, ...]:
    """Name the clients that downloaded this very torrent and whose download is still there."""
    marker = _marker(archive, bag)
    if not marker.is_file():
        return ()
    digest, *names = marker.read_text("utf-8").splitlines()
    folders = [_downloads(archive) / name.rpartition(" (")[0].replace(" ", "-") / bag.name for name in names]
    there = digest == _digest(archive, bag) and all(folder.is_dir() for folder in folders)
    return tuple(names) if there else ()


def _clients(archive: Archive, bag: BagReceipt) -> list[tuple[str, _Download, Path]]:
    """Choose who downloads what: a client that cannot read hybrid metainfo gets the v1 companion."""
    hybrid, companion = archive.layout.metainfo(bag.name)
    here = available_peers()
    chosen: list[tuple[str, _Download, Path]] = []
    if "aria2c" in here:
        chosen.append(("aria2", download_with_aria2, hybrid if understands("aria2c", hybrid) else companion))
    if all(torrent != hybrid for _, _, torrent in chosen):
        rtorrent = ("rtorrent", download_with_rtorrent, hybrid)
        chosen.append(rtorrent if "rtorrent" in here else (_OURS, _with_libtorrent, hybrid))
    return chosen


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _with_libtorrent(torrent: Path, into: Path, port: int, connect: Callable[[], None], timeout: float) -> Path:
    command = [sys.executable, "-m", "tenuto.demo.leech", str(torrent), str(into), str(port), str(timeout)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            connect()
            _wait(process, 0.25)
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0:
        raise TorrentError(f"the second process did not get all of {torrent.stem}", code="peer-failed")
    return into / torrent.stem


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _check_with_bagit(bag: Path) -> None:
    command = [sys.executable, "-m", "bagit", "--validate", "--quiet", "--processes", "2", str(bag)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode != 0:
        raise TorrentError(f"bagit.py finds {bag.name} invalid: {result.stderr.strip()[-300:]}", code="bagit")


def _outcome(archive: Archive, bag: BagReceipt) -> BagOutcome:
    return BagOutcome(
        name=bag.name,
        files=len(bag.files),
        bytes=sum(file.digest.size for file in bag.files),
        clients=_verified_by(archive, bag),
    )
