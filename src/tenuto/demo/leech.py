"""A second process that downloads one torrent on loopback: `python -m tenuto.demo.leech TORRENT INTO PORT SECONDS`.

It stands in for a stranger's client where none is installed, and shares nothing with the seeding process but the wire.
"""

import sys
import time
from typing import Any, cast

import libtorrent

__all__ = ["download"]


def download(torrent: str, into: str, port: int, seconds: float) -> bool:
    """Wait on 127.0.0.1:`port` for a seeder and download `torrent` into `into`; tells whether it was completed."""
    settings: dict[str, object] = {
        "listen_interfaces": f"127.0.0.1:{port}",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "allow_multiple_connections_per_ip": True,
    }
    session = libtorrent.session(cast("Any", settings))
    parameters = libtorrent.load_torrent_file(torrent)
    parameters.save_path = into
    parameters.trackers = []
    parameters.url_seeds = []
    handle = session.add_torrent(parameters)
    end = time.monotonic() + seconds
    while time.monotonic() < end and not handle.status().is_seeding:
        session.wait_for_alert(100)
        session.pop_alerts()
    return bool(handle.status().is_seeding)


if __name__ == "__main__":
    sys.exit(0 if download(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])) else 1)
