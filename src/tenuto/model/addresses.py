"""Addresses that people write: where to listen, whom to connect to, which trackers and web seeds to name.

Read strictly and in this one place, so that what is checked is what is used.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tenuto.model.errors import UsageError

__all__ = ["Endpoint", "is_loopback", "parse_listen", "parse_peer", "url_fault"]

_ENDPOINT = re.compile(r"(?:([0-9.]+)|\[([0-9A-Fa-f:.]+)\]):([0-9]{1,5})")
_HIGHEST_PORT = 65535
_LONGEST_URL = 2048
_SCHEMES = {"tracker": ("http", "https", "udp"), "web seed": ("http", "https")}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An IP address and a port."""

    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    port: int

    def __str__(self) -> str:
        """Write it as it is read: `127.0.0.1:6881`, `[::1]:6881`."""
        host = str(self.address)
        return f"{f'[{host}]' if ':' in host else host}:{self.port}"


def parse_listen(text: str) -> tuple[Endpoint, ...]:
    """Read `IP:port` or `[IPv6]:port`, comma-separated where there are more; port 0 stands for a free one.

    Raises UsageError for anything else, names of hosts and of network cards among it.
    """
    found = tuple(_endpoint(part.strip(" ")) for part in text.split(","))
    if None in found:
        hint = "Write IP:PORT or [IPv6]:PORT, for example 0.0.0.0:6881 or 127.0.0.1:0,[::1]:0."
        raise UsageError(f"{text!r} is no address to listen on", hint=hint)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def parse_peer(text: str) -> Endpoint:
    """Read a peer's `IP:port` or `[IPv6]:port`; raises UsageError for anything else, names of hosts among it."""
    found = _endpoint(text)
    if found is None or found.port == 0 or found.address.is_unspecified or found.address.is_multicast:
        hint = "Write IP:PORT or [IPv6]:PORT, for example 127.0.0.1:51413; `getent hosts NAME` finds a name's address."
        raise UsageError(f"{text!r} is no peer", hint=hint)
    return found


def is_loopback(endpoints: Iterable[Endpoint]) -> bool:
    """Tell whether every one of them is on this machine's loopback, so that nobody else can reach it."""
    return all(one.address.is_loopback for one in endpoints)


def _endpoint(text: str) -> Endpoint | None:
    match = _ENDPOINT.fullmatch(text)
    if match is None or int(match[3]) > _HIGHEST_PORT:
        return None
    try:
        address = ipaddress.IPv4Address(match[1]) if match[1] else ipaddress.IPv6Address(match[2])
    except ValueError:
        return None
    return Endpoint(address, int(match[3]))


def url_fault(url: str, kind: str) -> str | None:
    """Say what is wrong with the spelling of a `tracker` or `web seed` URL, or None."""
    if len(url) > _LONGEST_URL or not _printable(url):
        return "it is too long or has odd characters"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is no URL"
    if parts.scheme not in _SCHEMES[kind]:
        return f"{parts.scheme or 'no'} scheme is not allowed"
    if parts.username is not None or parts.password is not None:
        return "it carries a user name or a password"
    return None if host else "it names no host"


def _printable(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url and "\\" not in url
