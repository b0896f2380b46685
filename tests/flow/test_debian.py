"""Debian packages through flow, from a real local archive asked by the real client."""

import shutil

import pytest

from tenuto.catalogue.ask import why
from tenuto.catalogue.search import search
from tenuto.flow.archive import open_archive
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_debian
from tenuto.harvest.apt import available
from tenuto.model.errors import FetchError, IntegrityError
from tenuto.model.progress import Silent

pytestmark = pytest.mark.skipif(not available(), reason="apt-get, apt-cache and dpkg-deb are not on this machine")


@pytest.fixture
def shop(tmp_path, pieces, make_shop):
    return make_shop(tmp_path / "shop", pieces)


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


def test_what_a_kill_at_the_very_end_left_is_removed(archive, shop, take):
    """A package that was taken whole is not kept beside the store, though it is passed over."""
    deb = shop.add("our-songs")
    take("our-songs")
    left = archive.layout.work / "debian" / "our-songs"
    (left / "tree").mkdir(parents=True)
    shutil.copy(deb, left)
    take("our-songs")
    assert not left.exists()


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
