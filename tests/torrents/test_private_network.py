"""seed, T7: a public-looking name or address that leads to a private one, in a network of the test's own.

In that network every address there is answers, so that a packet to a private one would arrive and be seen.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tenuto.torrents.addresses import address_fault
from tenuto.torrents.metainfo import TorrentOptions, make_torrent

SCRIPT = Path(__file__).with_name("walled_network.py")
OURS = {"8.8.4.4", "2606:4700::1"}
PUBLIC = {
    "tracker.example.org": "9.9.9.1",
    "six.example.org": "2606:4700::9",
    "datagrams.example.org": "9.9.9.2",
    "both.example.org": "9.9.9.3",
    "hop.example.org": "9.9.9.4",
    "hopped.example.org": "9.9.9.5",
    "seed.example.org": "9.9.9.6",
    "seedhop.example.org": "9.9.9.7",
    "seedhopped.example.org": "9.9.9.8",
}
PUBLIC_PEER = "9.9.9.9"
CALLED = {*PUBLIC.values(), PUBLIC_PEER}
PRIVATE = [
    "0.0.0.0",  # noqa: S104 - a name's address, no socket
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2001::a00:1",
    "2002:7f00:1::",
    "fd00::1",
    "fe80::5",
    "fec0::1",
    "ff02::1",
]
PRIVATE_PEERS = ["10.7.7.7", "127.0.0.7", "198.18.7.7"]
REDIRECTED = ["http://10.0.0.1", "http://[::1]", "http://localhost", "http://2130706433", "http://a5.example.org"]
ENTER = """
mount --bind "$1/hosts" /etc/hosts && mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf &&
ip link set lo up && ip addr add 8.8.4.4/32 dev lo && ip addr add 2606:4700::1/128 dev lo &&
ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo && shift && exec "$@"
"""
NAMES = {f"a{number}.example.org": address for number, address in enumerate(PRIVATE)}


@pytest.fixture(scope="module", autouse=True)
def namespace():
    """Skip where no network of our own can be made, and fail on CI."""
    try:
        probe = subprocess.run(["unshare", "-rnm", "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
        missing = probe.stderr.decode() if probe.returncode else ""
    except FileNotFoundError as error:
        missing = str(error)
    if missing and os.environ.get("CI"):
        pytest.fail(f"no network namespace: {missing}")
    if missing:
        pytest.skip(f"no network namespace: {missing}")


def redirects(public):
    """Give where a public server sends callers: `public` first, then private places, also by a second public hop."""
    places = (f"http://{public}", *REDIRECTED, *(f"http://{name}" for name in NAMES), "http://hop.example.org/to/1")
    return [f"{place}/announce" for place in places]


def trackers():
    yield from (f"http://{host}/announce" for host in ("tracker.example.org", "both.example.org", *NAMES))
    yield "http://six.example.org/announce"
    yield from (f"udp://{host}:6969/announce" for host in ("datagrams.example.org", *NAMES))
    yield from (f"http://hop.example.org/to/{number}/announce" for number, _ in enumerate(redirects("")))


def web_seeds():
    yield from (f"http://{host}/" for host in ("seed.example.org", *NAMES))
    yield from (f"http://seedhop.example.org/to/{number}/" for number, _ in enumerate(redirects("")))


@pytest.fixture(scope="module")
def torrents(tmp_path_factory, make_receipt, write_files):
    """Make a torrent of its own for each address, and content that is wrong where a web seed is to be asked."""
    root = tmp_path_factory.mktemp("walled")
    told = [(url, TorrentOptions(trackers=((url,),))) for url in trackers()]
    told += [(url, TorrentOptions(web_seeds=(url,))) for url in web_seeds()]
    plan = []
    for number, (url, options) in enumerate(told):
        assert address_fault(url, "tracker", allow_local=False) is None
        name, content = f"bag-{number}", random.Random(number).randbytes(40_000)  # noqa: S311 - reproducible
        made = make_torrent(make_receipt({"data/a": content}, name=name), options)
        path = root / f"{name}.torrent"
        path.write_bytes(made.metainfo)
        kept = content if options.trackers else bytes(40_000)
        bag = write_files(root / "bags", {"data/a": kept}, name)
        one = {"metainfo": str(path), "bag": str(bag), "infohash": made.infohash_v2}
        plan.append({**one, "as_download": not options.trackers})
    return plan


def talk(folder, torrents, *, allow_local, wait_for):
    """Run a session in a network of its own; gives the addresses that were called."""
    lines = [f"{address} {name}" for name, address in (PUBLIC | NAMES).items()]
    lines += ["127.0.0.1 localhost", "10.0.0.1 both.example.org"]
    (folder / "hosts").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "nsswitch.conf").write_text("hosts: files\n", "utf-8")
    plan = {
        "listen": "8.8.4.4:6881,[2606:4700::1]:6881",
        "allow_local": allow_local,
        "wait_for": sorted(wait_for),
        "redirects": {f"{kind}.example.org": redirects(f"{kind}ped.example.org") for kind in ("hop", "seedhop")},
        "peers": [PUBLIC_PEER, *PRIVATE_PEERS],
        "torrents": torrents,
    }
    command = ["unshare", "-rnm", "sh", "-c", ENTER, "sh", folder, sys.executable, SCRIPT]
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["dropped"], said["missed"]) == (0, 0)
    return {address for address, _, _ in said["called"]} - OURS


def test_t7_no_name_and_no_redirect_leads_to_a_private_address(tmp_path, torrents):
    """HTTP and UDP trackers, web seeds and told peers: the public ones are called, and not a packet goes elsewhere."""
    called = talk(tmp_path, torrents, allow_local=False, wait_for=CALLED)
    assert called == CALLED


def test_t7_the_same_calls_arrive_where_local_addresses_are_allowed(tmp_path, torrents):
    """The instrument works: with the operator's switch every private address that can be called is seen called."""
    reached = set(PRIVATE) - {"0.0.0.0", "::ffff:127.0.0.1"}  # noqa: S104 - both arrive at 127.0.0.1
    expected = {*reached, *PRIVATE_PEERS, *CALLED} - {PUBLIC["both.example.org"]}  # the one asked first is the private
    assert expected - talk(tmp_path, torrents, allow_local=True, wait_for=expected) == set()


def test_web_seeds_are_not_called_for_what_is_seeded(tmp_path, torrents):
    """A seeder never downloads, so it asks no web seed even where its own content is wrong."""
    seeded = [{**one, "as_download": False} for one in torrents if one["as_download"]]
    assert talk(tmp_path, seeded, allow_local=False, wait_for=()) == set()
