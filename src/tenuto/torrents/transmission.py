"""A Transmission daemon of our own: its settings, and the few remote calls a download takes."""

import base64
import contextlib
import http.client
import json
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

__all__ = ["Transmission"]

_LOOPBACK = "127.0.0.1"
_TIMEOUT = 5.0
_CONFLICT = 409
_OK = 200


class Transmission:
    """One daemon, known by its folder and its remote-call port on loopback."""

    def __init__(self, folder: Path, rpc_port: int) -> None:
        self._folder = folder
        self._port = rpc_port
        self._session = ""

    @classmethod
    @contextlib.contextmanager
    def configured(cls, into: Path, peer_port: int) -> Iterator[Self]:
        """Write settings for a daemon that talks on loopback only and downloads to `into`."""
        with tempfile.TemporaryDirectory(prefix="tenuto-transmission-") as name:
            folder, rpc_port = Path(name), _free_port()
            settings = json.dumps(_settings(into, peer_port, rpc_port))
            (folder / "settings.json").write_text(settings, encoding="utf-8")
            yield cls(folder, rpc_port)

    def command(self) -> list[str]:
        """Say how the daemon is run, in the foreground."""
        return ["transmission-daemon", "--foreground", "--config-dir", str(self._folder)]

    def add(self, metainfo: bytes) -> bool:
        """Hand over a torrent; False while the daemon does not answer or will not take it."""
        answer = self._call("torrent-add", {"metainfo": base64.b64encode(metainfo).decode()})
        return answer.get("result") == "success"

    def complete(self, name: str) -> bool:
        """Tell whether the torrent of that name is downloaded and verified."""
        answer = self._call("torrent-get", {"fields": ["name", "percentDone", "leftUntilDone"]})
        torrents = answer.get("arguments", {}).get("torrents", [])
        return any(
            torrent["name"] == name and torrent["percentDone"] == 1 and torrent["leftUntilDone"] == 0
            for torrent in torrents
        )

    def close(self) -> None:
        """Ask the daemon to write everything and end."""
        self._call("session-close", {})

    def _call(self, method: str, arguments: dict[str, object]) -> dict[str, Any]:
        body = json.dumps({"method": method, "arguments": arguments})
        for _ in range(2):  # the first answer may only hand out a session id
            status, answer = self._post(body)
            if status == _OK:
                return answer
        return {}

    def _post(self, body: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection(_LOOPBACK, self._port, timeout=_TIMEOUT)
        try:
            connection.request("POST", "/transmission/rpc", body, {"X-Transmission-Session-Id": self._session})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status == _CONFLICT:
                self._session = answer.getheader("X-Transmission-Session-Id", "")
            return answer.status, json.loads(content) if answer.status == _OK else {}
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _settings(into: Path, peer_port: int, rpc_port: int) -> dict[str, object]:
    return {
        "bind-address-ipv4": _LOOPBACK,
        "bind-address-ipv6": "::1",
        "cache-size-mb": 4,
        "dht-enabled": False,
        "download-dir": str(into),
        "incomplete-dir-enabled": False,
        "lpd-enabled": False,
        "peer-port": peer_port,
        "peer-port-random-on-start": False,
        "pex-enabled": False,
        "port-forwarding-enabled": False,
        "rename-partial-files": False,
        "rpc-bind-address": _LOOPBACK,
        "rpc-host-whitelist-enabled": False,
        "rpc-port": rpc_port,
        "rpc-whitelist": _LOOPBACK,
        "start-added-torrents": True,
        "utp-enabled": False,
    }
