"""seeding: who may be listened to and called, from the command's words and from tenuto.toml."""

import pytest

from tenuto.flow.archive import open_archive
from tenuto.flow.build import build
from tenuto.flow.seeding import SeedRequest, _options, seed
from tenuto.model.errors import ConfigError, UsageError
from tenuto.model.progress import Silent


@pytest.mark.parametrize(
    ("listen", "allowed"),
    [
        ("127.0.0.1:0", True),
        ("127.0.0.1:0,[::1]:0", True),
        ("127.0.0.1:0,0.0.0.0:0", False),
        ("[::1]:0,192.0.2.7:0", False),
        (None, False),
    ],
)
def test_private_addresses_are_called_by_loopback_sessions_alone(archive, listen, allowed):
    """The address filter is off only where every interface is this machine's own (T7)."""
    assert _options(archive, listen).allow_local is allowed


@pytest.mark.parametrize("listen", ["localhost:0", "127.evil:0", "", "127.0.0.1"])
def test_a_bad_place_to_listen_is_refused(archive, listen):
    """Given with --listen it ends the command, and nothing waits."""
    build(archive, Silent())
    with pytest.raises(UsageError, match="no address to listen on"):
        seed(archive, SeedRequest(seconds=0, listen=listen), Silent())


def test_a_bad_place_to_listen_in_the_configuration_is_refused_when_it_is_read(archive):
    """The key is named."""
    toml = archive.layout.root / "tenuto.toml"
    toml.write_text(toml.read_text("utf-8").replace("0.0.0.0:6881", "example.org:6881"), "utf-8")
    with pytest.raises(ConfigError, match=r"seed\.listen"):
        open_archive(archive.layout.root, archive.clock)


@pytest.mark.parametrize("peer", ["example.org:6881", "127.0.0.1", "[::1]:0", "", "1.2.3.4:5:6"])
def test_a_peer_is_an_address(archive, peer):
    """A name is not looked up; the hint says what to write."""
    with pytest.raises(UsageError, match="no peer") as caught:
        seed(archive, SeedRequest(seconds=0, listen="127.0.0.1:0", peers=(peer,)), Silent())
    assert "IP:PORT" in caught.value.hint


@pytest.mark.parametrize("peer", ["127.0.0.1:51413", "10.0.0.1:1", "[fd00::1]:1", "[::ffff:10.0.0.1]:1"])
def test_a_private_peer_of_a_public_session_is_refused(archive, peer):
    """The session's address filter would stop it without a word, so the command says it."""
    with pytest.raises(UsageError, match="is not called"):
        seed(archive, SeedRequest(seconds=0, listen="0.0.0.0:0", peers=(peer,)), Silent())
