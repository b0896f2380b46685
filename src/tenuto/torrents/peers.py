"""Other people's BitTorrent clients, run on loopback to see whether a stranger can download what we seed."""

import contextlib
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import TorrentError
from tenuto.torrents.reading import read_metainfo
from tenuto.torrents.transmission import Transmission

__all__ = [
    "available_peers",
    "download_with_aria2",
    "download_with_transmission",
    "looks",
    "running",
    "understands",
    "without_pads",
]

_LOOPBACK = "127.0.0.1"
_ASK = 20.0  # seconds a client may take to say something about itself
_HYBRID_SINCE = 4  # Transmission's first version whose parser reads a v2 file tree
_VERSION = re.compile(r"transmission-daemon (\d+)")
_STEP = 0.25  # seconds between two looks


def available_peers() -> tuple[str, ...]:
    """Name the clients installed here: `rtorrent`, `aria2c`, `transmission-daemon`."""
    return tuple(name for name in ("rtorrent", "aria2c", "transmission-daemon") if shutil.which(name))


def understands(client: str, torrent: Path) -> bool:
    """Ask an installed client whether it reads a torrent as we do.

    Older clients do not read BEP 52's empty dictionary keys: aria2 1.36 leaves them out and so computes a wrong
    infohash for every hybrid torrent, Transmission 3 refuses the file. They are served by metainfo of version 1.
    """
    if client == "aria2c":
        told = read_metainfo(torrent.read_bytes())
        said = _said(["aria2c", "--no-conf=true", "--show-files=true", f"--torrent-file={torrent}"])
        return bool(told.infohash_v1) and f"Info Hash: {told.infohash_v1}" in said
    if client == "rtorrent":  # every version reads the first half of a hybrid, and none the second
        return bool(read_metainfo(torrent.read_bytes()).infohash_v1)
    version = _VERSION.search(_said([client, "--version"]))
    return not read_metainfo(torrent.read_bytes()).infohash_v2 or (
        version is not None and int(version[1]) >= _HYBRID_SINCE
    )


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_ASK, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


def download_with_aria2(
    torrent: Path, into: Path, port: int, connect: Callable[[], None], timeout: float = 60.0
) -> Path:
    """Have aria2 download a torrent on loopback and return the folder it made; `connect` makes our seeder call it.

    Raises TorrentError where it does not finish within `timeout` seconds; the process ends in any case.
    """
    told = read_metainfo(torrent.read_bytes())
    with running(_aria2_command(torrent, into, port)) as process:
        for _ in looks(process, timeout):
            if _accepts(port):
                connect()
        if process.poll() != 0:
            raise TorrentError(f"aria2 did not finish {told.name}", code="peer-failed")
    return without_pads(into / told.name)


def _aria2_command(torrent: Path, into: Path, port: int) -> list[str]:
    return [
        "aria2c",
        "--no-conf=true",
        "--quiet=true",
        f"--dir={into}",
        f"--listen-port={port}",
        f"--interface={_LOOPBACK}",
        "--disable-ipv6=true",
        "--enable-dht=false",
        "--bt-enable-lpd=false",
        "--enable-peer-exchange=false",
        "--bt-exclude-tracker=*",
        "--seed-time=0",
        "--file-allocation=none",
        "--follow-torrent=false",
        f"--torrent-file={torrent}",
    ]


def download_with_transmission(
    torrent: Path, into: Path, port: int, connect: Callable[[], None], timeout: float = 60.0
) -> Path:
    """Have Transmission download a torrent on loopback and return the folder it made, as download_with_aria2 does.

    Ask `understands` first: an older Transmission must be given the v1 metainfo of the same bag.
    """
    content = torrent.read_bytes()
    told = read_metainfo(content)
    with Transmission.configured(into, port) as client, running(client.command()) as process:
        added = done = False
        for _ in looks(process, timeout):
            added = added or client.add(content)
            done = added and client.complete(told.name)
            if done:
                break
            connect()
        if not done:
            raise TorrentError(f"Transmission did not finish {told.name}", code="peer-failed")
        client.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout)
    return without_pads(into / told.name)


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a client; whatever happens it is ended, by its own id."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise TorrentError(
            f"{command[0]} cannot be run: {error.strerror}", hint=f"Install {command[0]}.", code="no-peer"
        ) from error
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def looks(process: subprocess.Popen[bytes], timeout: float) -> Iterator[int]:
    """Count the looks that may be taken while a process runs, a quarter of a second apart."""
    for step in range(int(timeout / _STEP)):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STEP)
            return
        yield step


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection((_LOOPBACK, port), timeout=_STEP):
            return True
    except OSError:
        return False


def without_pads(folder: Path) -> Path:
    """Remove the padding files that a client which does not know BEP 47 leaves in the folder."""
    with storage(folder):
        if (folder / ".pad").is_dir():
            shutil.rmtree(folder / ".pad")
    return folder
