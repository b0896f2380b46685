"""Debian packages through flow, from a real local archive asked by the real client."""

import hashlib
import shutil
import subprocess
import sys

import pytest

from tenuto.catalogue.ask import why
from tenuto.catalogue.search import search
from tenuto.flow.archive import open_archive
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_debian
from tenuto.harvest.apt import AptClient, available
from tenuto.model.errors import FetchError, IntegrityError
from tenuto.model.progress import Silent

pytestmark = pytest.mark.skipif(not available(), reason="apt-get, apt-cache and dpkg-deb are not on this machine")

CONTROL = (
    "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: us <us@example.org>\nDescription: songs\n"
)
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2020 The Programmers
License: GPL-2+

Files: music/*
Copyright: 2021 The Ensemble
License: CC-BY-4.0

Files: music/*Canon*
Copyright: 2021 Somebody Else
License: CC-BY-SA-3.0
"""


class Shop:
    """A package archive on disk, made with Debian's own tools."""

    def __init__(self, root, pieces):
        self.root, self._pieces, self._stanzas = root, pieces, {}
        (root / "pool").mkdir(parents=True)

    def add(self, name, version="1.0"):
        """Build a package of the twelve pieces without tags of their own, and list it."""
        tree = self.root / f"tree-{name}-{version}"
        shutil.copytree(self._pieces, tree / "usr" / "share" / "games" / name / "music")
        (tree / "usr/share/doc" / name).mkdir(parents=True)
        (tree / "usr/share/doc" / name / "copyright").write_text(COPYRIGHT, "utf-8")
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN/control").write_text(CONTROL.format(name=name, version=version), "utf-8")
        deb = self.root / "pool" / f"{name}.deb"
        command = ["dpkg-deb", "--root-owner-group", "-Znone", "-b", str(tree), str(deb)]
        subprocess.run(command, check=True, capture_output=True)
        content = deb.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        stanza = f"Filename: pool/{name}.deb\nSize: {len(content)}\nSHA256: {digest}\n"
        self._stanzas[name] = CONTROL.format(name=name, version=version) + stanza
        return deb

    def client(self, state):
        """Publish the index and give the real client, asking this archive alone."""
        packages = "\n".join(self._stanzas.values()).encode()
        (self.root / "Packages").write_bytes(packages)
        digest = hashlib.sha256(packages).hexdigest()
        head = "Origin: us\nSuite: ours\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n"
        (self.root / "Release").write_text(f"{head}SHA256:\n {digest} {len(packages)} Packages\n", "utf-8")
        (self.root / "ours.list").write_text(f"deb [trusted=yes] file:{self.root} ./\n", "utf-8")
        shutil.rmtree(state, ignore_errors=True)
        return AptClient(state, self.root / "ours.list")


@pytest.fixture
def shop(tmp_path, pieces):
    strip = "import sys, mutagen; f = mutagen.File(sys.argv[1]); f.pop('license', 0); f.pop('copyright', 0); f.save()"
    for path in sorted(pieces.rglob("*.*")):
        subprocess.run([sys.executable, "-c", strip, str(path)], check=True)
    return Shop(tmp_path / "shop", pieces)


@pytest.fixture
def take(archive, shop):
    def take(*names, **how):
        return harvest_debian(archive, names, Silent(), client=shop.client(archive.layout.work / "apt"), **how)

    return take


def events(archive, event):
    return [entry.what for entry in archive.ledger.entries() if entry.what.event == event]


def test_a_package_goes_into_the_catalogue(archive, shop, take):
    """Twelve tracks are kept; the last matching paragraph speaks for each, and why shows where and how surely."""
    shop.add("our-songs")
    (tally,) = take("our-songs")
    assert (tally.considered, tally.kept) == (12, 12)
    with archive.locked():
        build(archive, Silent())
    path = archive.layout.catalogue
    licences = {}
    for words in ("canon", "ode joy"):
        (said,) = why(path, search(path, words)[0].id)
        licences[words] = {e.statement for e in said.evidence if e.kind == "dep5"}
        assert {e.confidence for e in said.evidence if e.kind == "dep5"} == {"tail"}
    assert licences == {"canon": {"CC-BY-SA-3.0"}, "ode joy": {"CC-BY-4.0"}}
    assert [event.subject for event in events(archive, "harvested")] == ["debian:our-songs=1.0"]
    assert not (archive.layout.work / "debian").exists() or not any((archive.layout.work / "debian").rglob("*.deb"))


def test_a_version_is_read_once(archive, shop, take):
    """The same version is passed over, read again on demand, and a new version is noticed."""
    shop.add("our-songs")
    take("our-songs")
    assert take("our-songs")[0].considered == 0
    (tally,) = take("our-songs", again=True)
    assert (tally.considered, tally.known, tally.kept) == (12, 0, 12)
    shop.add("our-songs", "2.0")
    assert take("our-songs")[0].considered == 12
    assert len(events(archive, "harvested")) == 3


def test_an_opened_policy_reads_a_known_package_again(archive, shop, take):
    """What a former policy left out is fetched once the policy opens it."""
    toml = archive.layout.root / "tenuto.toml"
    before = toml.read_text("utf-8")
    toml.write_text(before.replace("[rights]", '[rights]\nclosed_licences = ["CC-BY-4.0"]'), "utf-8")
    closed = open_archive(archive.layout.root, archive.clock)
    shop.add("our-songs")
    client = shop.client(archive.layout.work / "apt")
    (first,) = harvest_debian(closed, ["our-songs"], Silent(), client=client)
    assert first.kept < 12
    toml.write_text(before, "utf-8")
    (second,) = take("our-songs")
    assert first.kept + second.kept == 12


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-100], lambda content: b"x" + content[1:]], ids=["cut", "altered"]
)
def test_a_package_that_is_not_as_promised_is_refused(archive, shop, take, damage):
    """Nothing of it is taken in, and the ledger keeps why."""
    deb = shop.add("our-songs")
    deb.write_bytes(damage(deb.read_bytes()))
    with pytest.raises((IntegrityError, FetchError)):
        take("our-songs")
    assert not archive.layout.captures.exists()
    assert [event.subject for event in events(archive, "failed")] == ["debian:our-songs"]


def test_one_bad_package_does_not_stop_the_others(archive, shop, take):
    """A package that does not exist is told; the next one is taken."""
    shop.add("our-songs")
    bad, good = take("no-such-songs", "our-songs")
    assert isinstance(bad.failure, FetchError)
    assert good.kept == 12
    assert len(events(archive, "failed")) == 1
