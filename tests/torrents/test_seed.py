"""seed: a real session on loopback serves what is allowed and right, and nothing else."""

import socket

import libtorrent
import pytest

from tenuto.model.errors import TorrentError, UsageError
from tenuto.torrents.metainfo import TorrentOptions, make_torrent
from tenuto.torrents.reading import read_metainfo
from tenuto.torrents.seed import Seeder, SeedOptions

LOOPBACK = SeedOptions(listen="127.0.0.1:0", allow_local=True)


class Leech:
    """Another session that downloads one torrent by v1 and v2."""

    def __init__(self, metainfo, into):
        self.session = libtorrent.session(
            {
                "listen_interfaces": "127.0.0.1:0",
                "alert_mask": libtorrent.alert_category.all,
                "enable_dht": False,
                "enable_lsd": False,
                "enable_upnp": False,
                "enable_natpmp": False,
                "allow_multiple_connections_per_ip": True,
            }
        )
        parameters = libtorrent.load_torrent_buffer(metainfo)
        parameters.save_path = str(into)
        parameters.trackers = []
        self.failed = 0
        self.handle = self.session.add_torrent(parameters)

    def pull(self, seeder, rounds):
        """Let a seeder call, until everything is here or so many rounds have passed."""
        for _ in range(rounds):
            if self.handle.status().is_seeding:
                return True
            seeder.connect("127.0.0.1", self.session.listen_port())
            self.session.wait_for_alert(100)
            self.failed += sum(isinstance(alert, libtorrent.hash_failed_alert) for alert in self.session.pop_alerts())
        return bool(self.handle.status().is_seeding)


@pytest.fixture
def torrent(make_receipt, files):
    """Make the small bag's torrent."""
    return make_torrent(make_receipt(files))


def test_a_stranger_downloads_every_byte(bag, torrent, tmp_path):
    """The hybrid is served, and arrives byte for byte."""
    with Seeder(LOOPBACK, [torrent.infohash_v2]) as seeder:
        assert torrent.infohash_v2 == seeder.add(torrent.metainfo, bag)
        leech = Leech(torrent.metainfo, tmp_path / "got")
        assert leech.pull(seeder, 200)
        stats = seeder.stats()
        assert (stats.torrents, stats.complete) == (1, 1)
        assert stats.uploaded >= sum(path.stat().st_size for path in bag.rglob("*") if path.is_file())
        del leech
    for path in bag.rglob("*"):
        assert path.is_dir() or path.read_bytes() == (tmp_path / "got" / path.relative_to(bag.parent)).read_bytes()


def test_t9_a_corrupt_piece_is_never_sent(bag, torrent, tmp_path):
    """One byte changed: the other pieces arrive, that one does not, and no peer ever finds a bad piece."""
    path = bag / "data" / "Ada B" / "Next" / "01 Drei.ogg"
    content = bytearray(path.read_bytes())
    content[150_000] ^= 1
    path.write_bytes(content)
    place = next(place for place in torrent.placements if place.path.endswith("Drei.ogg"))
    bad = (place.offset + 150_000) // 16384
    with Seeder(LOOPBACK, [torrent.infohash_v2]) as seeder:
        seeder.add(torrent.metainfo, bag)
        leech = Leech(torrent.metainfo, tmp_path / "got")
        assert not leech.pull(seeder, 40)
        pieces = leech.handle.status().pieces
        assert not pieces[bad]
        assert leech.failed == 0
        assert seeder.stats().complete == 0
        del leech
    assert bytes(content) == path.read_bytes()


def test_t8_what_is_not_on_the_list_is_not_seeded(bag, torrent):
    """Valid metainfo of whole content, but nobody released it."""
    with Seeder(LOOPBACK, ["0" * 64, torrent.infohash_v1]) as seeder:
        with pytest.raises(TorrentError) as caught:
            seeder.add(torrent.metainfo, bag)
        assert caught.value.code == "not-allowed"
        assert seeder.stats().torrents == 0


@pytest.mark.parametrize("change", ["missing", "longer", "link", "renamed"])
def test_content_that_does_not_fit_is_not_even_opened(bag, torrent, change):
    """Missing, of another size, a link out, or in a folder of another name."""
    path = bag / "bagit.txt"
    if change == "missing":
        path.unlink()
    elif change == "longer":
        path.write_bytes(path.read_bytes() + b"\n")
    elif change == "link":
        path.rename(bag.parent / "elsewhere")
        path.symlink_to(bag.parent / "elsewhere")
    else:
        bag = bag.rename(bag.with_name("other"))
    with Seeder(LOOPBACK, [torrent.infohash_v2]) as seeder, pytest.raises(TorrentError) as caught:
        seeder.add(torrent.metainfo, bag)
    assert caught.value.code == "other-content"


def test_t7_private_addresses_are_dropped_and_recorded(bag, make_receipt, files):
    """They are never handed to the session, so no connection is made; public ones are kept in their tiers."""
    made = make_torrent(
        make_receipt(files),
        TorrentOptions(
            trackers=(("http://127.0.0.1:1/announce",), ("http://10.0.0.1/a", "udp://t.example.org:1/a")),
            web_seeds=("file:///etc/", "http://169.254.169.254/latest/", "https://seed.example.org/"),
        ),
    )
    with Seeder(SeedOptions(listen="127.0.0.1:0"), [made.infohash_v2]) as seeder:
        seeder._options = SeedOptions(listen="0.0.0.0:0")  # the rules of a public session, without being one
        parameters = seeder._parameters(read_metainfo(made.metainfo), made.metainfo, bag)
    assert list(parameters.trackers) == ["udp://t.example.org:1/a"]
    assert list(parameters.tracker_tiers) == [1]
    assert list(parameters.url_seeds) == ["https://seed.example.org/"]
    assert [dropped.url for dropped in seeder.dropped] == [
        "http://127.0.0.1:1/announce",
        "http://10.0.0.1/a",
        "file:///etc/",
        "http://169.254.169.254/latest/",
    ]
    assert {made.infohash_v2} == {dropped.infohash for dropped in seeder.dropped}


def test_a_session_on_loopback_asks_nobody_for_peers(bag, make_receipt, files):
    """No DHT, local discovery, port mapping or public tracker, whatever the options say."""
    made = make_torrent(make_receipt(files), TorrentOptions(trackers=(("http://t.example.org/announce",),)))
    options = SeedOptions(listen="127.0.0.1:0,[::1]:0", dht=True, lsd=True, upnp=True, allow_local=True)
    with Seeder(options, [made.infohash_v2]) as seeder:
        seeder.add(made.metainfo, bag)
        told = seeder._session.get_settings()
        assert not any(told[f"enable_{name}"] for name in ("dht", "lsd", "upnp", "natpmp"))
        assert [dropped.url for dropped in seeder.dropped] == ["http://t.example.org/announce"]
    public = SeedOptions()
    assert (public.dht, public.lsd, public.upnp, public.loopback) == (True, False, False, False)


@pytest.mark.parametrize(
    "listen", ["192.0.2.77:6881", "127.0.0.1:0,192.0.2.77:0", "[2001:db8::7]:0", "[::ffff:127.0.0.1]:0"]
)
def test_an_address_that_cannot_be_had_is_an_error(listen):
    """Where one of the interfaces is not ours the session does not begin, and says which one."""
    with pytest.raises(UsageError, match="cannot listen on") as caught:
        Seeder(SeedOptions(listen=listen), [])
    assert caught.value.code == "cannot-listen"


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_in_use_is_an_error(kind):
    """No other port is taken in its place, neither for TCP nor for uTP."""
    with socket.socket(type=kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        with pytest.raises(UsageError, match="in use") as caught:
            Seeder(SeedOptions(listen=f"127.0.0.1:{taken.getsockname()[1]}", allow_local=True), [])
    assert caught.value.code == "cannot-listen"


@pytest.mark.parametrize("listen", ["localhost:0", "127.evil:0", "127.0.0.1", "", "eth0:0", "127.0.0.1:99999"])
def test_a_session_never_waits_for_what_is_no_address(listen):
    """Names and rubbish are refused before a session is made."""
    with pytest.raises(UsageError, match="no address to listen on"):
        Seeder(SeedOptions(listen=listen), [])


@pytest.mark.parametrize(
    ("listen", "loopback"),
    [
        ("127.0.0.1:0", True),
        ("127.1.2.3:0,[::1]:0", True),
        ("127.0.0.1:0,0.0.0.0:0", False),
        ("[::1]:0,[::]:0", False),
        ("0.0.0.0:0", False),
    ],
)
def test_loopback_means_every_interface(listen, loopback):
    """One interface that others reach makes the session a public one."""
    assert SeedOptions(listen=listen).loopback is loopback


def test_nothing_is_left_behind(bag, torrent, files):
    """No resume data, no part files: the bag is as it was."""
    with Seeder(LOOPBACK, [torrent.infohash_v2]) as seeder:
        seeder.add(torrent.metainfo, bag)
        seeder.add(torrent.metainfo, bag)
        assert seeder.wait(0.1).torrents == 1
    assert sorted(files) == sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())
    assert [bag] == list(bag.parent.iterdir())
