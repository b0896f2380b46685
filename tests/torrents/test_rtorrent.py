"""rtorrent: a client with a BitTorrent library of its own downloads the hybrid, and bagit.py finds the bag valid."""

import os
import random
import socket

import bagit
import pytest

from tenuto.model.errors import TorrentError
from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent
from tenuto.torrents.peers import available_peers, understands
from tenuto.torrents.rtorrent import download_with_rtorrent
from tenuto.torrents.seed import Seeder, SeedOptions


@pytest.fixture
def free_port():
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def _rtorrent():
    """Skip naming the program where it is missing, and fail on CI."""
    if "rtorrent" in available_peers():
        return
    if os.environ.get("CI"):
        pytest.fail("rtorrent is not installed")
    pytest.skip("rtorrent is not installed")


@pytest.fixture
def tracker():
    """Listen where the metainfo says a tracker is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def content_of(folder):
    """Read path → bytes, the way fixtures write them."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("_rtorrent")
@pytest.mark.parametrize("versions", [Versions.HYBRID, Versions.V1])
def test_rtorrent_downloads_the_bag(versions, bag, tmp_path, make_receipt, free_port):
    """Every byte arrives, also into a folder whose name rtorrent's own option language would take apart."""
    made = make_torrent(make_receipt(content_of(bag)), TorrentOptions(versions=versions))
    path = tmp_path / "bag.torrent"
    path.write_bytes(made.metainfo)
    assert understands("rtorrent", path)
    into = tmp_path / 'down, "loads" = $x; (y) \\z'
    into.mkdir()
    with Seeder(SeedOptions(listen="127.0.0.1:0", allow_local=True), [made.infohash_v2 or made.infohash_v1]) as seeder:
        seeder.add(made.metainfo, bag)
        got = download_with_rtorrent(path, into, free_port, lambda: seeder.connect("127.0.0.1", free_port))
    assert into / "bag" == got
    assert content_of(bag) == content_of(got)
    assert bagit.Bag(str(got)).validate(processes=1)


@pytest.mark.usefixtures("_rtorrent")
def test_a_download_that_gets_nothing_ends_in_time_and_calls_no_tracker(
    tmp_path, make_receipt, files, free_port, tracker
):
    """The peer is ours alone: the torrent's trackers are not asked where nobody seeds."""
    port = tracker.getsockname()[1]
    options = TorrentOptions(trackers=((f"http://127.0.0.1:{port}/announce",),))
    path = tmp_path / "bag.torrent"
    path.write_bytes(make_torrent(make_receipt(files), options).metainfo)
    offers = []
    with pytest.raises(TorrentError) as caught:
        download_with_rtorrent(path, tmp_path, free_port, lambda: offers.append(free_port), timeout=4.0)
    assert caught.value.code == "peer-failed"
    assert offers  # it had started
    with pytest.raises(BlockingIOError):
        tracker.accept()


@pytest.mark.usefixtures("_rtorrent")
def test_large_metainfo_is_taken(tmp_path, make_receipt, free_port):
    """A call may be half a mebibyte by default; our limit follows the file."""
    files = {f"data/{number:05}": random.Random(number).randbytes(64) for number in range(4000)}  # noqa: S311
    metainfo = make_torrent(make_receipt(files)).metainfo
    assert len(metainfo) > 1 << 19
    path = tmp_path / "bag.torrent"
    path.write_bytes(metainfo)
    offers = []
    with pytest.raises(TorrentError):
        download_with_rtorrent(path, tmp_path, free_port, lambda: offers.append(free_port), timeout=4.0)
    assert offers


def test_metainfo_without_a_first_version_is_refused(tmp_path, make_receipt, files, free_port):
    """Nothing is run, for rtorrent knows nothing of BEP 52."""
    path = tmp_path / "bag.torrent"
    path.write_bytes(make_torrent(make_receipt(files), TorrentOptions(versions=Versions.V2)).metainfo)
    assert not understands("rtorrent", path)
    with pytest.raises(TorrentError) as caught:
        download_with_rtorrent(path, tmp_path, free_port, lambda: None)
    assert caught.value.code == "not-understood"


def test_an_rtorrent_that_is_missing_is_named(tmp_path, make_receipt, files, free_port, monkeypatch):
    """The hint says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "bag.torrent"
    path.write_bytes(make_torrent(make_receipt(files)).metainfo)
    with pytest.raises(TorrentError) as caught:
        download_with_rtorrent(path, tmp_path, free_port, lambda: None)
    assert caught.value.code == "no-peer"
    assert "Install rtorrent" in caught.value.hint
