"""Run in a network namespace where every address is this machine's: seed there, answer all calls, note each packet.

Reads a plan (JSON) from standard input and writes to standard output what was called: `[address, port, protocol]`.
"""

import ipaddress
import json
import socket
import socketserver
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import libtorrent

from tenuto.torrents.reading import read_metainfo
from tenuto.torrents.seed import Seeder, SeedOptions

_EVERY_PROTOCOL, _PACKET, _STATISTICS, _IGNORE_OUTGOING = 3, 263, 6, 23  # linux/if_ether.h, linux/if_packet.h
_PROTOCOLS = {6: "tcp", 17: "udp"}
_LONGEST, _AFTER = 30.0, 3.0  # seconds


class Packets:
    """Every TCP and UDP packet on the loopback device, by where it goes."""

    def __init__(self):
        self.seen = set()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERY_PROTOCOL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self._socket.setsockopt(_PACKET, _IGNORE_OUTGOING, 1)
        self._socket.bind(("lo", 0))
        threading.Thread(target=self._watch, daemon=True).start()

    def addresses(self):
        return {address for address, _, _ in tuple(self.seen)}

    def missed(self):
        """Count the packets that came too fast to be seen."""
        return struct.unpack("II", self._socket.getsockopt(_PACKET, _STATISTICS, 8))[1]

    def _watch(self):
        while True:
            packet = self._socket.recv(256)
            six = packet[0] >> 4 == 6
            protocol, length = (packet[6], 40) if six else (packet[9], (packet[0] & 15) * 4)
            if protocol in _PROTOCOLS:
                address = ipaddress.ip_address(packet[24:40] if six else packet[16:20])
                (port,) = struct.unpack_from(">H", packet, length + 2)
                self.seen.add((str(address), port, _PROTOCOLS[protocol]))


class Server(socketserver.ThreadingTCPServer):
    """An HTTP server at every address: `/to/N/…` redirects to the N-th place its host has in the plan."""

    address_family = socket.AF_INET6
    allow_reuse_address = daemon_threads = True
    request_queue_size = 512
    redirects, peers = None, b""


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = self.path.split("/")
        body = b"d8:intervali1800e5:peers%d:%se" % (len(self.server.peers), self.server.peers)
        if parts[1] == "to":
            self.send_response(302)
            self.send_header("Location", self.server.redirects[self.headers["Host"]][int(parts[2])])
            body = b""
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def add(seeder, path, bag, *, as_download):
    """Serve a bag; `as_download`: as if it were incomplete, which alone makes a session call web seeds."""
    metainfo = path.read_bytes()
    if not as_download:
        seeder.add(metainfo, bag)
        return
    parameters = seeder._parameters(read_metainfo(metainfo), metainfo, bag)
    parameters.flags &= ~(libtorrent.torrent_flags.seed_mode | libtorrent.torrent_flags.upload_mode)
    seeder._session.add_torrent(parameters)


def main():
    plan = json.load(sys.stdin)
    packets = Packets()
    server = Server(("::", 80), Answer)
    server.redirects = plan["redirects"]
    server.peers = b"".join(ipaddress.ip_address(address).packed + b"\x1a\xe1" for address in plan["peers"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = SeedOptions(listen=plan["listen"], dht=False, allow_local=plan["allow_local"])
    with Seeder(options, [one["infohash"] for one in plan["torrents"]]) as seeder:
        for one in plan["torrents"]:
            add(seeder, Path(one["metainfo"]), Path(one["bag"]), as_download=one["as_download"])
        end = time.monotonic() + _LONGEST
        while not packets.addresses() >= set(plan["wait_for"]) and time.monotonic() < end:
            seeder.wait(0.1)
        end = min(end, time.monotonic() + _AFTER)
        while time.monotonic() < end:
            seeder.wait(0.1)
        said = {"called": sorted(packets.seen), "missed": packets.missed(), "dropped": len(seeder.dropped)}
        print(json.dumps(said))  # noqa: T201


if __name__ == "__main__":
    main()
