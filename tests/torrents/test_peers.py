"""peers: strangers' clients download what we seed, and bagit.py finds it valid."""

import os
import socket

import bagit
import pytest

from tenuto.model.errors import TorrentError
from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent
from tenuto.torrents.peers import available_peers, download_with_aria2, download_with_transmission, understands
from tenuto.torrents.seed import Seeder, SeedOptions

DOWNLOADS = {"aria2c": download_with_aria2, "transmission-daemon": download_with_transmission}


def free_port():
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def needs(client):
    """Skip naming the program where it is missing, and fail on CI."""
    if client in available_peers():
        return
    if os.environ.get("CI"):
        pytest.fail(f"{client} is not installed")
    pytest.skip(f"{client} is not installed")


@pytest.mark.parametrize("client", ["aria2c", pytest.param("transmission-daemon", marks=pytest.mark.slow)])
def test_a_strangers_client_downloads_the_bag(client, bag, tmp_path, make_receipt, files):
    """By the hybrid where the client reads it, else by the v1 metainfo of the same pieces; every byte arrives."""
    needs(client)
    torrents = {}
    for versions in (Versions.HYBRID, Versions.V1):
        made = make_torrent(make_receipt(files), TorrentOptions(versions=versions))
        torrents[versions] = (tmp_path / f"{versions}.torrent", made)
        torrents[versions][0].write_bytes(made.metainfo)
    assert understands(client, torrents[Versions.V1][0])
    chosen = Versions.HYBRID if understands(client, torrents[Versions.HYBRID][0]) else Versions.V1
    path, made = torrents[chosen]
    port = free_port()
    into = tmp_path / "downloads"
    into.mkdir()
    with Seeder(SeedOptions(listen="127.0.0.1:0", allow_local=True), [made.infohash_v2 or made.infohash_v1]) as seeder:
        seeder.add(made.metainfo, bag)
        got = DOWNLOADS[client](path, into, port, lambda: seeder.connect("127.0.0.1", port))
    assert into / "bag" == got
    assert files == {path.relative_to(got).as_posix(): path.read_bytes() for path in got.rglob("*") if path.is_file()}
    assert bagit.Bag(str(got)).validate(processes=1)


def test_a_download_that_gets_nothing_ends_in_time(tmp_path, make_receipt, files):
    """Nobody seeds: the client is ended and the failure says so."""
    needs("aria2c")
    path = tmp_path / "bag.torrent"
    path.write_bytes(make_torrent(make_receipt(files), TorrentOptions(versions=Versions.V1)).metainfo)
    with pytest.raises(TorrentError) as caught:
        download_with_aria2(path, tmp_path, free_port(), lambda: None, timeout=1.0)
    assert caught.value.code == "peer-failed"


def test_a_client_that_is_missing_is_named(tmp_path, make_receipt, files, monkeypatch):
    """The hint says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "bag.torrent"
    path.write_bytes(make_torrent(make_receipt(files)).metainfo)
    assert available_peers() == ()
    assert not understands("aria2c", path)
    for download in DOWNLOADS.values():
        with pytest.raises(TorrentError) as caught:
            download(path, tmp_path, free_port(), lambda: None)
        assert caught.value.code == "no-peer"
        assert "Install" in caught.value.hint
