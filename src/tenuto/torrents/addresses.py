"""Which tracker and web seed addresses a seeder may call: public ones, by their spelling (T7).

Names that only resolve to a private address are stopped by the session's address filter.
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from tenuto.model.addresses import url_fault

__all__ = ["PRIVATE_RANGES", "address_fault", "host_fault"]

PRIVATE_RANGES = (
    ("0.0.0.0", "0.255.255.255"),  # noqa: S104 - a range, no socket
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "255.255.255.255"),
    ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),  # of IPv6 only 2000::/3 is public, and there not
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),  # protocol assignments, Teredo among them
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),  # IPv4 in disguise (6to4)
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
)
"""First and last address of what is no single host's on the public network."""
_LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home.arpa", "localdomain")
_NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*", re.IGNORECASE)


def address_fault(url: str, kind: str, *, allow_local: bool) -> str | None:
    """Say why a `tracker` or `web seed` URL is not called, or None where it may be."""
    fault = url_fault(url, kind)
    if fault is not None or allow_local:
        return fault
    return host_fault((urlsplit(url).hostname or "").rstrip("."))


def host_fault(host: str) -> str | None:
    """Say why a host is not called, or None where its spelling is that of a public one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _name_fault(host)
    return None if address.is_global and not _wraps_private(address) else f"{host} is no public address"


def _wraps_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an IPv6 address is one of IPv4 in disguise (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_multicast
    inner: Iterable[object] = (address.ipv4_mapped, address.sixtofour, address.teredo)
    return address.is_multicast or any(inner) or address in ipaddress.IPv6Network("64:ff9b::/96")


def _name_fault(host: str) -> str | None:
    if not host or "." not in host:
        return f"{host or 'an empty name'} is a name of the local network"
    if _NUMBERS.fullmatch(host):
        return f"{host} is an address in disguise"
    if any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
        return f"{host} is a name of the local network"
    return None
