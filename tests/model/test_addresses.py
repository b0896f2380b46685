"""addresses: what people write is read strictly, in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.addresses import parse_listen, parse_peer, url_fault
from tenuto.model.errors import UsageError

NO_ENDPOINTS = [
    "",
    ",",
    "localhost:6881",
    "example.org:6881",
    "eth0:6881",
    "127.evil:0",
    "127.1:0",
    "127.0.0.01:0",
    "127.0.0.1",
    "127.0.0.1:",
    ":6881",
    "*:6881",
    "127.0.0.1:65536",
    "127.0.0.1:-1",
    "127.0.0.1:+1",
    "127.0.0.1:1_0",
    "127.0.0.1:١",
    "127.0.0.1:6881s",
    "127.0.0.1:0 evil",
    "127.0.0.1:0\n",
    "::1:6881",
    "[::1]",
    "[::1]6881",
    "[127.0.0.1]:6881",
    "[fe80::1%eth0]:6881",
    "[::1:6881",
    "2130706433:6881",
    "0x7f.0.0.1:6881",
]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0.0.0.0:6881", ["0.0.0.0:6881"]),
        ("[::]:0", ["[::]:0"]),
        (" 127.0.0.1:0 , [::1]:65535 ", ["127.0.0.1:0", "[::1]:65535"]),
        ("[0:0::1]:7,[::1]:7", ["[::1]:7"]),
    ],
)
def test_where_to_listen_is_read(text, read):
    """Addresses with ports, in one spelling, each once."""
    assert [str(one) for one in parse_listen(text)] == read


@pytest.mark.parametrize("text", [*NO_ENDPOINTS, "127.0.0.1:0,", "127.0.0.1:0,localhost:0", "127.0.0.1:0;[::1]:0"])
def test_anything_else_is_no_place_to_listen(text):
    """Names, rubbish and halves are refused with a hint, wherever they stand in the list."""
    with pytest.raises(UsageError, match="no address to listen on") as caught:
        parse_listen(text)
    assert "IP:PORT" in caught.value.hint


@pytest.mark.parametrize("text", ["127.0.0.1:1", "[2001:db8::1]:65535", "93.184.216.34:51413"])
def test_a_peer_is_read(text):
    """One address with a port."""
    assert str(parse_peer(text)) == text


@pytest.mark.parametrize("text", [*NO_ENDPOINTS, "127.0.0.1:0", "0.0.0.0:1", "[::]:1", "224.0.0.1:1", "1.2.3.4:5,"])
def test_anything_else_is_no_peer(text):
    """A peer has an address and a port one can connect to."""
    with pytest.raises(UsageError, match="no peer") as caught:
        parse_peer(text)
    assert "IP:PORT" in caught.value.hint


@given(st.text(st.sampled_from("0123456789abfx.:[],% \n-"), max_size=40))
def test_no_text_breaks_the_reading(text):
    """What is accepted means the same when it is written and read again; everything else is a UsageError."""
    try:
        read = parse_listen(text)
    except UsageError:
        return
    assert parse_listen(",".join(str(one) for one in read)) == read


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("http://tracker.lan:6969/announce", "tracker", None),
        ("udp://192.168.1.2:1337/announce", "tracker", None),
        ("https://seed.example.org/bags/", "web seed", None),
        ("udp://seed.example.org/", "web seed", "udp scheme"),
        ("file:///etc/passwd", "web seed", "file scheme"),
        ("ftp://example.org/x", "tracker", "ftp scheme"),
        ("javascript:alert(1)", "tracker", "javascript scheme"),
        ("example.org/announce", "tracker", "no scheme"),
        ("", "tracker", "no scheme"),
        ("http:///announce", "tracker", "no host"),
        ("http://me:secret@example.org/", "tracker", "password"),
        ("http://@example.org/", "tracker", "user name"),
        ("http://exa mple.org/", "tracker", "odd characters"),
        ("http://example.org/\x00", "tracker", "odd characters"),
        ("http://example.org\\@127.0.0.1/", "tracker", "odd characters"),
        ("http://bücher.example/", "tracker", "odd characters"),
        ("http://example.org/" + "x" * 3000, "tracker", "too long"),
        ("http://example.org:99999/", "tracker", "no URL"),
        ("http://[::1/", "tracker", "no URL"),
    ],
)
def test_the_spelling_of_a_url(url, kind, said):
    """Schemes and hosts as they should be; private hosts are no matter of spelling (T7)."""
    fault = url_fault(url, kind)
    assert fault is None if said is None else said in fault
