"""An rtorrent of our own, without a screen: its options, and the few XML-RPC calls over SCGI a download takes."""

import contextlib
import socket
import tempfile
import xmlrpc.client
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from xml.parsers.expat import ExpatError

from tenuto.model.errors import TorrentError
from tenuto.torrents.peers import looks, running, without_pads
from tenuto.torrents.reading import Metainfo, read_metainfo

__all__ = ["download_with_rtorrent"]

_LOOPBACK = "127.0.0.1"
_TIMEOUT = 5.0
_CHUNK = 65_536
_MEBIBYTE = 1 << 20


def download_with_rtorrent(
    torrent: Path, into: Path, port: int, connect: Callable[[], None], timeout: float = 60.0
) -> Path:
    """Have rtorrent download a torrent on loopback and return the folder it made; `connect` makes our seeder call it.

    rtorrent reads hybrid metainfo by its version 1 half. Raises TorrentError where there is no such half, or where it
    does not finish within `timeout` seconds; the process ends in any case.
    """
    content = torrent.read_bytes()
    told = read_metainfo(content)
    if not told.infohash_v1:
        raise TorrentError(f"rtorrent reads no metainfo of version 2 alone: {told.name}", code="not-understood")
    with _Client.configured(into, port, len(content)) as client, running(client.command) as process:
        for _ in looks(process, timeout):
            if client.complete(told):
                break
            if client.started(told, content):
                connect()
        else:
            raise TorrentError(f"rtorrent did not finish {told.name}", code="peer-failed")
    return without_pads(into / told.name)


class _Client:
    """One rtorrent, known by its command line and its SCGI socket."""

    def __init__(self, command: list[str], where: Path) -> None:
        self.command = command
        self._where = where
        self._loaded = self._started = False

    @classmethod
    @contextlib.contextmanager
    def configured(cls, into: Path, port: int, size: int) -> Iterator[Self]:
        """Make a session folder for a client that takes metainfo of `size` bytes and downloads to `into`."""
        with tempfile.TemporaryDirectory(prefix="tenuto-rtorrent-") as name:
            folder = Path(name)
            options = _options(into, folder, port, size).items()
            command = ["rtorrent", "-n", *(part for key, value in options for part in ("-O", f"{key}={value}"))]
            yield cls(command, folder / "scgi")

    def started(self, told: Metainfo, content: bytes) -> bool:
        """Hand the torrent over, and start it without its trackers once rtorrent knows it; False until then."""
        if not self._loaded:
            self._loaded = self._call("load.raw", "", xmlrpc.client.Binary(content)) is not None
        elif not self._started and self._call("t.multicall", told.infohash_v1, "", "t.disable=") is not None:
            self._started = self._call("d.start", told.infohash_v1) is not None
        return self._started

    def complete(self, told: Metainfo) -> bool:
        """Tell whether every piece has arrived and was hashed."""
        return self._started and self._call("d.complete", told.infohash_v1) == 1

    def _call(self, method: str, *arguments: object) -> object:
        """Ask once; None where rtorrent does not answer or refuses."""
        body = xmlrpc.client.dumps(arguments, method).encode()  # type: ignore[arg-type]
        try:
            answer = self._exchange(_request(body))
            return xmlrpc.client.loads(answer.partition(b"\r\n\r\n")[2])[0][0]
        except (OSError, xmlrpc.client.Error, ExpatError):
            return None

    def _exchange(self, request: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_TIMEOUT)
            connection.connect(str(self._where))
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(_CHUNK), b""))


def _request(body: bytes) -> bytes:
    """Wrap a body as SCGI: its headers in a netstring, the length first."""
    headers = b"CONTENT_LENGTH\0%d\0SCGI\x001\0" % len(body)
    return b"%d:%s,%s" % (len(headers), headers, body)


def _options(into: Path, session: Path, port: int, size: int) -> dict[str, str]:
    return {
        "system.daemon.set": "true",
        "session.path.set": _quoted(session),
        "directory.default.set": _quoted(into.absolute()),
        "network.bind_address.set": _LOOPBACK,
        "network.port_range.set": f"{port}-{port}",
        "network.port_random.set": "no",
        "network.xmlrpc.size_limit.set": str(2 * size + _MEBIBYTE),  # as base64, with room
        "network.scgi.open_local": _quoted(session / "scgi"),
        "dht.mode.set": "off",  # not `disable`: rtorrent then refuses a torrent that names no tracker
        "protocol.pex.set": "no",
        "protocol.encryption.set": "allow_incoming,try_outgoing",
        "trackers.use_udp.set": "no",
        "pieces.hash.on_completion.set": "no",  # each piece was hashed as it came
    }


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
