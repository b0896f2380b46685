"""Seeding: a libtorrent session that serves finished bags, and nothing else.

What it will not do: serve metainfo that is not on the allow-list (T8), call private addresses for a stranger's metainfo
(T7), write into a bag, or send a piece before libtorrent has hashed it in this session: no resume data is kept or read.
"""

import ipaddress
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import libtorrent

from tenuto.model.addresses import Endpoint, is_loopback, parse_listen
from tenuto.model.errors import TorrentError, UsageError
from tenuto.torrents.addresses import PRIVATE_RANGES, address_fault
from tenuto.torrents.reading import Metainfo, read_metainfo
from tenuto.torrents.verify import misfits

__all__ = ["Dropped", "SeedOptions", "SeedStats", "Seeder"]

_LISTEN = 5.0  # seconds until every interface listens
_KINDS = ("tcp", "udp")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedOptions:
    """How a session talks to the world."""

    listen: str = "0.0.0.0:6881"
    """As model.addresses.parse_listen reads it; port 0 takes a free one."""
    dht: bool = True
    lsd: bool = False
    upnp: bool = False
    """Whether to ask the router to open a port (UPnP and NAT-PMP)."""
    upload_limit: int = 0
    """Bytes per second; 0 is no limit."""
    allow_local: bool = False
    """Whether trackers, web seeds and peers may have private addresses."""

    @property
    def loopback(self) -> bool:
        """Whether the session is for this machine alone; then it asks nobody for peers."""
        return is_loopback(parse_listen(self.listen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A tracker or web seed that is not called."""

    infohash: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedStats:
    """What a session does at one moment."""

    torrents: int
    complete: int
    """Torrents of which no piece was found wrong."""
    peers: int
    uploaded: int
    """Content bytes sent since the session began."""
    rate: int
    """Content bytes per second now."""


class Seeder:
    """A session; a context manager that ends it."""

    def __init__(self, options: SeedOptions, allowed: Iterable[str]) -> None:
        self._options = options
        self._allowed = frozenset(allowed)
        self._handles: dict[str, Any] = {}
        self.dropped: list[Dropped] = []
        self._session = libtorrent.session(cast("Any", _settings(options)))
        if not options.allow_local:
            self._session.set_ip_filter(_public_only())
        self.port = self._listening()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def add(self, metainfo: bytes, bag: Path) -> str:
        """Serve a bag's directory and return its infohash (v2 where there is one).

        Raises TorrentError where the metainfo is bad or not allowed, or where files are missing, links or of other
        sizes. A piece whose bytes differ is found when it is first asked for, and is never sent.
        """
        told = read_metainfo(metainfo)
        infohash = told.infohash_v2 or told.infohash_v1
        if infohash not in self._allowed:
            raise TorrentError(
                f"{told.name}: {infohash} is not among the torrents to be seeded",
                hint="Seed only torrents of your own archive or of a release you follow.",
                code="not-allowed",
            )
        _check_content(told, bag)
        if infohash not in self._handles:
            self._handles[infohash] = self._session.add_torrent(self._parameters(told, metainfo, bag))
        return infohash

    def connect(self, host: str, port: int) -> None:
        """Offer every torrent to a peer whose address is known."""
        for handle in self._handles.values():
            handle.connect_peer((host, port))

    def stats(self) -> SeedStats:
        """Say what the session does now."""
        states = [handle.status() for handle in self._handles.values()]
        return SeedStats(
            torrents=len(states),
            complete=sum(bool(state.is_seeding) for state in states),
            peers=sum(state.num_peers for state in states),
            uploaded=sum(state.total_payload_upload for state in states),
            rate=sum(state.upload_payload_rate for state in states),
        )

    def wait(self, seconds: float) -> SeedStats:
        """Let the session work until something happens, for at most so many seconds."""
        self._session.wait_for_alert(int(seconds * 1000))
        self._session.pop_alerts()
        return self.stats()

    def stop(self) -> None:
        """End the session; bags and torrents stay as they are."""
        for handle in self._handles.values():
            self._session.remove_torrent(handle)
        self._handles.clear()
        self._session.pause()

    def _listening(self) -> int:
        """Wait until every interface listens and give the first one's port; raises UsageError where one does not."""
        wanted = parse_listen(self._options.listen)
        waiting, ports, end = [(one, kind) for one in wanted for kind in _KINDS], [], time.monotonic() + _LISTEN
        while waiting and time.monotonic() < end:
            self._session.wait_for_alert(100)
            for alert in self._session.pop_alerts():
                if isinstance(alert, libtorrent.listen_failed_alert):
                    raise _cannot_listen(_told(alert), alert.error.message())
                if isinstance(alert, libtorrent.listen_succeeded_alert):
                    waiting = [(one, kind) for one, kind in waiting if not _serves(alert, one, kind)]
                    ports.append(int(alert.port))
        if waiting:
            raise _cannot_listen(str(waiting[0][0]), "no answer from the network")
        return ports[0]

    def _parameters(self, told: Metainfo, metainfo: bytes, bag: Path) -> Any:  # noqa: ANN401 - a foreign type
        try:
            parameters = libtorrent.load_torrent_buffer(metainfo)
        except RuntimeError as error:
            raise TorrentError(f"{told.name}: libtorrent refuses the metainfo: {error}", code="refused") from error
        flags = libtorrent.torrent_flags
        parameters.save_path = str(bag.parent)
        parameters.flags = flags.seed_mode | flags.upload_mode | flags.apply_ip_filter | self._quiet_flags()
        tiers = [
            (tier, url) for tier, urls in enumerate(told.trackers) for url in self._callable(told, urls, "tracker")
        ]
        parameters.trackers = [url for _, url in tiers]
        parameters.tracker_tiers = [tier for tier, _ in tiers]
        parameters.url_seeds = self._callable(told, told.web_seeds, "web seed")
        return parameters

    def _quiet_flags(self) -> int:
        flags = libtorrent.torrent_flags
        return flags.disable_dht | flags.disable_lsd | flags.disable_pex if self._options.loopback else 0

    def _callable(self, told: Metainfo, urls: Iterable[str], kind: str) -> list[str]:
        kept = []
        for url in urls:
            fault = self._address_fault(url, kind)
            if fault is None:
                kept.append(url)
            else:
                self.dropped.append(Dropped(infohash=told.infohash_v2 or told.infohash_v1, url=url, reason=fault))
        return kept

    def _address_fault(self, url: str, kind: str) -> str | None:
        fault = address_fault(url, kind, allow_local=self._options.allow_local)
        if fault is None and self._options.loopback and address_fault(url, kind, allow_local=False) is None:
            return "the session is for this machine alone"
        return fault


def _check_content(told: Metainfo, bag: Path) -> None:
    if told.single or bag.name != told.name:
        raise TorrentError(f"{bag} is not the folder {told.name!r} of the metainfo", code="other-content")
    bad = misfits(told, bag)
    if bad:
        raise TorrentError(f"{bag / bad[0]} is missing, no regular file, or of another size", code="other-content")


def _settings(options: SeedOptions) -> dict[str, object]:
    away = not options.loopback
    categories = libtorrent.alert_category
    return {
        "alert_mask": categories.status | categories.error,
        "listen_interfaces": ",".join(str(one) for one in parse_listen(options.listen)),
        "max_retry_port_bind": 0,  # a port in use is an error, and no other port is taken in its place
        "listen_system_port_fallback": False,
        "enable_dht": options.dht and away,
        "enable_lsd": options.lsd and away,
        "enable_upnp": options.upnp and away,
        "enable_natpmp": options.upnp and away,
        "upload_rate_limit": options.upload_limit,
        "enable_outgoing_utp": away,  # on loopback TCP connects at once, where uTP waits for clients that lack it
        "ssrf_mitigation": not options.allow_local,
        "allow_multiple_connections_per_ip": options.loopback,
        "stop_tracker_timeout": 1,
        "user_agent": "Tenuto",
    }


def _public_only() -> Any:  # noqa: ANN401 - a foreign type
    """Refuse private addresses, also those a tracker's or web seed's name resolves to."""
    addresses = libtorrent.ip_filter()
    for first, last in PRIVATE_RANGES:
        addresses.add_rule(first, last, 1)
    return addresses


def _told(alert: Any) -> str:  # noqa: ANN401 - a foreign type
    return str(Endpoint(ipaddress.ip_address(alert.address), int(alert.port)))


def _serves(alert: Any, wanted: Endpoint, kind: str) -> bool:  # noqa: ANN401 - a foreign type
    """Tell whether a listening socket is the one wanted, or one of those that 0.0.0.0 or :: stands for."""
    heard = ipaddress.ip_address(alert.address)
    same = heard == wanted.address or (wanted.address.is_unspecified and heard.version == wanted.address.version)
    return same and str(alert.socket_type) == kind


def _cannot_listen(where: str, reason: str) -> UsageError:
    hint = "Choose another address or port with --listen; port 0 takes a free one."
    return UsageError(f"cannot listen on {where}: {reason}", hint=hint, code="cannot-listen")
