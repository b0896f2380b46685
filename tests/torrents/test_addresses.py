"""addresses: T7, which trackers and web seeds a stranger's metainfo may make us call."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.torrents.addresses import PRIVATE_RANGES, address_fault

PUBLIC = [
    "http://tracker.example.org/announce",
    "https://tracker.example.org:443/announce",
    "http://93.184.216.34/announce",
    "http://[2606:2800:220:1:248:1893:25c8:1946]/announce",
]
REFUSED = [
    "file:///etc/passwd",
    "ftp://example.org/x",
    "javascript:alert(1)",
    "//example.org/x",
    "announce",
    "",
    "http:///x",
    "http://localhost/x",
    "http://LOCALHOST./x",
    "http://a.localhost/x",
    "http://router/x",
    "http://printer.local/x",
    "http://db.internal/x",
    "http://127.0.0.1/x",
    "http://127.1/x",
    "http://2130706433/x",
    "http://0x7f000001/x",
    "http://0x7f.0.0.1/x",
    "http://0177.0.0.1/x",
    "http://0.0.0.0/x",
    "http://10.1.2.3/x",
    "http://100.64.0.1/x",
    "http://169.254.169.254/latest/meta-data",
    "http://172.16.0.1/x",
    "http://192.168.1.1/x",
    "http://224.0.0.1/x",
    "http://255.255.255.255/x",
    "http://[::1]/x",
    "http://[::]/x",
    "http://[::ffff:127.0.0.1]/x",
    "http://[::ffff:93.184.216.34]/x",
    "http://[64:ff9b::7f00:1]/x",
    "http://[2002:7f00:1::]/x",
    "http://[fe80::1]/x",
    "http://[fd00::1]/x",
    "http://[ff02::1]/x",
    "http://user:secret@example.org/x",
    "http://example.org\\@127.0.0.1/x",
    "http://exa mple.org/x",
    "http://example.org:99999/x",
    "http://[::1/x",
    "http://ⓔxample.org/x",
    "http://example.org/\r\nX: y",
]


@pytest.mark.parametrize("url", PUBLIC)
@pytest.mark.parametrize("kind", ["tracker", "web seed"])
def test_public_addresses_are_called(url, kind):
    """What names a public host is no fault."""
    assert address_fault(url, kind, allow_local=False) is None


@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("kind", ["tracker", "web seed"])
def test_other_addresses_are_not(url, kind):
    """However it is spelled, with a reason."""
    assert address_fault(url, kind, allow_local=False)


@given(st.ip_addresses())
def test_what_is_refused_as_an_address_is_filtered_too(address):
    """A name that resolves to an address which may not be written out is stopped by the session's filter."""
    host = f"[{address}]" if address.version == 6 else f"{address}"
    ranges = [(ipaddress.ip_address(first), ipaddress.ip_address(last)) for first, last in PRIVATE_RANGES]
    filtered = any(first <= address <= last for first, last in ranges if first.version == address.version)
    assert filtered or address_fault(f"http://{host}/x", "tracker", allow_local=False) is None


def test_udp_is_for_trackers():
    """A web seed is fetched by HTTP."""
    assert address_fault("udp://tracker.example.org:1337/announce", "tracker", allow_local=False) is None
    assert address_fault("udp://tracker.example.org:1337/announce", "web seed", allow_local=False)


def test_local_addresses_are_called_where_the_operator_says_so():
    """The switch opens hosts, never other schemes."""
    assert address_fault("http://127.0.0.1:6969/announce", "tracker", allow_local=True) is None
    assert address_fault("file:///etc/passwd", "web seed", allow_local=True)
