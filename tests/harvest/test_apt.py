import dataclasses
import hashlib
import shutil
import subprocess

import pytest

from tenuto.harvest.apt import AptClient, available, verify
from tenuto.harvest.deb import unpack
from tenuto.harvest.stanza import read_version
from tenuto.model.errors import FetchError, IntegrityError
from tenuto.model.progress import Silent

CONTROL = """\
Package: {name}
Version: {version}
Architecture: all
Maintainer: us <us@example.org>
Section: sound
Homepage: https://example.org/{name}
Description: music of our own
"""

needs_apt = pytest.mark.skipif(not available(), reason="apt-get, apt-cache and dpkg-deb are not on this machine")


class Counting(Silent):
    """A listener that adds up."""

    def __init__(self):
        self.total = 0
        self.done = 0
        self.open = 0

    def start(self, stage, total, unit):  # noqa: ARG002 - Progress has them
        """Add to what is to come."""
        self.total += total
        self.open += 1

    def advance(self, amount):
        """Add to what is done."""
        self.done += amount

    def finish(self):
        """Close what was begun last."""
        self.open -= 1


class Repository:
    """A package archive on the disk, made with Debian's own tools, for the real client to ask."""

    def __init__(self, root):
        self.root = root
        self.stanzas = []

    def add(self, name, version="1.0-1"):
        """Build a package and list it."""
        tree = self.root / f"tree-{name}"
        for path, text in (("DEBIAN/control", CONTROL.format(name=name, version=version)), ("usr/a.ogg", "OggS" * 9)):
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text, "utf-8")
        deb = self.root / "pool" / f"{name}.deb"
        deb.parent.mkdir(exist_ok=True)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, deb], check=True, capture_output=True)
        content = deb.read_bytes()
        stanza = CONTROL.format(name=name, version=version) + f"Filename: pool/{name}.deb\nSize: {len(content)}\n"
        self.stanzas.append(stanza + f"SHA256: {hashlib.sha256(content).hexdigest()}\n")
        return deb

    def publish(self):
        """Write the index and give a source that is trusted without a signature."""
        packages = "\n".join(self.stanzas).encode()
        (self.root / "Packages").write_bytes(packages)
        digest = hashlib.sha256(packages).hexdigest()
        head = "Origin: us\nSuite: ours\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n"
        (self.root / "Release").write_text(f"{head}SHA256:\n {digest} {len(packages)} Packages\n", "utf-8")
        return self.source("[trusted=yes]")

    def source(self, options):
        """Write a source list of this archive alone."""
        path = self.root / "ours.list"
        path.write_text(f"deb {options} file:{self.root} ./\n", "utf-8")
        return path


@pytest.fixture
def repository(tmp_path):
    """Give an empty archive."""
    root = tmp_path / "repository"
    root.mkdir()
    return Repository(root)


@pytest.fixture
def client(tmp_path, repository):
    """Give the real client, asking that archive alone, at a time we set."""

    def make(clock=lambda: 1_000_000.0):
        return AptClient(tmp_path / "a state", repository.publish(), clock)

    return make


@needs_apt
def test_a_package_is_found_fetched_and_verified(tmp_path, repository, client):
    """The index describes the package, the bytes agree, and a second download does no work."""
    deb = repository.add("our-music", "1:2.0~rc1-1")
    apt, heard = client(), Counting()
    version = apt.resolve("our-music")
    assert (
        version.name,
        version.version,
        version.architecture,
        version.section,
        version.source,
        version.homepage,
    ) == ("our-music", "1:2.0~rc1-1", "all", "sound", "our-music", "https://example.org/our-music")
    path = apt.download(version, tmp_path / "debs", heard)
    assert path.name == "our-music_1%3a2.0~rc1-1_all.deb"
    assert deb.read_bytes() == path.read_bytes()
    assert (path.stat().st_size, path.stat().st_size, 0) == (heard.total, heard.done, heard.open)
    assert [path] == list((tmp_path / "debs").iterdir())
    assert [file.path for file in unpack(path, tmp_path / "out").files] == ["usr/a.ogg"]
    deb.unlink()
    assert path == apt.download(version, tmp_path / "debs", Silent())


@needs_apt
@pytest.mark.parametrize("damage", [lambda raw: raw[:-9], lambda raw: raw[:-9] + b"x" * 9], ids=["cut", "altered"])
def test_a_package_that_is_not_the_promised_one_is_refused(tmp_path, repository, client, damage):
    """A cut or altered .deb is an IntegrityError, and nothing of it stays."""
    deb = repository.add("our-music")
    apt = client()
    version = apt.resolve("our-music")
    deb.write_bytes(damage(deb.read_bytes()))
    with pytest.raises(IntegrityError, match="our-music"):
        apt.download(version, tmp_path / "debs", Silent())
    assert list((tmp_path / "debs").iterdir()) == []


@needs_apt
def test_a_damaged_copy_of_ours_is_fetched_again(tmp_path, repository, client):
    """What lies there from before is verified too."""
    repository.add("our-music")
    apt = client()
    version = apt.resolve("our-music")
    path = apt.download(version, tmp_path / "debs", Silent())
    good = path.read_bytes()
    path.write_bytes(good[:-1] + b"!")
    assert good == apt.download(version, tmp_path / "debs", Silent()).read_bytes()


@needs_apt
def test_we_verify_ourselves(tmp_path, repository, client):
    """Size and SHA-256 are compared by us, whatever the client says."""
    deb = repository.add("our-music")
    version = client().resolve("our-music")
    verify(deb, version)
    for content, message in ((deb.read_bytes() + b"x", "bytes arrived"), (b"x" * version.size, "SHA-256")):
        deb.write_bytes(content)
        with pytest.raises(IntegrityError, match=message):
            verify(deb, version)


@needs_apt
def test_a_download_is_compared_with_what_was_resolved(tmp_path, repository, client):
    """The client may be content with its index; what counts is the digest that we were given."""
    repository.add("our-music")
    apt = client()
    other = dataclasses.replace(apt.resolve("our-music"), sha256="0" * 64)
    with pytest.raises(IntegrityError, match="SHA-256"):
        apt.download(other, tmp_path / "debs", Silent())
    assert list((tmp_path / "debs").iterdir()) == []


@needs_apt
def test_an_unknown_package_refreshes_once_then_says_so(repository, client):
    """A package that came after the last refresh is found; one that never came is a FetchError with a hint."""
    repository.add("our-music")
    apt = client()
    apt.resolve("our-music")
    repository.add("newer-music")
    later = client()
    assert later.resolve("newer-music").name == "newer-music"
    with pytest.raises(FetchError, match=r"no package source of this machine has our\.music") as caught:
        later.resolve("our.music")
    assert caught.value.hint


@needs_apt
def test_lists_are_refreshed_after_a_day(tmp_path, repository, client):
    """Within a day the lists are as they were; after it they are asked for again."""
    repository.add("our-music", "1.0-1")
    client(lambda: 1_000_000.0).resolve("our-music")
    stamp = tmp_path / "a state" / "refreshed"
    client(lambda: 1_000_000.0 + 86_399).resolve("our-music")
    assert stamp.read_text("ascii") == "1000000\n"
    client(lambda: 1_000_000.0 + 86_400).resolve("our-music")
    assert stamp.read_text("ascii") == "1086400\n"


@needs_apt
def test_a_source_without_a_signature_is_not_believed(tmp_path, repository):
    """An index that nobody signed gives no package."""
    repository.add("our-music")
    repository.publish()
    with pytest.raises(FetchError, match="lists cannot be fetched") as caught:
        AptClient(tmp_path / "state", repository.source(""), lambda: 0.0).resolve("our-music")
    assert "not signed" in caught.value.hint


@needs_apt
def test_a_failing_source_beside_a_good_one_is_passed_over(tmp_path, repository):
    """A third-party source that is gone does not stop the work."""
    repository.add("our-music")
    source = repository.publish()
    source.write_text(source.read_text("utf-8") + f"deb [trusted=yes] file:{tmp_path}/gone ./\n", "utf-8")
    assert AptClient(tmp_path / "state", source, lambda: 0.0).resolve("our-music").name == "our-music"


@pytest.mark.parametrize(
    "name", ["--help", "a;b", "", "a", "A-b", "a b", "a/b", "../a", "a\nb", "-o=x", "g*", "x" * 201]
)
def test_names_that_policy_forbids_never_reach_the_client(tmp_path, name):
    """A4: what is no package name is refused before a child is started, and nothing is written."""
    with pytest.raises(FetchError, match="no package name"):
        AptClient(tmp_path / "state").resolve(name)
    assert list(tmp_path.iterdir()) == []


def stanza(**fields):
    good = {
        "Package": "m",
        "Version": "1",
        "Architecture": "all",
        "Filename": "p/m.deb",
        "Size": "9",
        "SHA256": "a" * 64,
    }
    return [f"{name}: {value}" for name, value in (good | fields).items() if value is not None]


def test_the_stanza_of_the_wanted_package_is_read():
    """Other packages, continuation lines and stanzas without a place are passed over."""
    lines = ["Package: other", "", "Package: m", "Version: 0", "", *stanza(Source="src (2)"), " Size: 7", "\tSHA256: b"]
    version = read_version("m", lines)
    assert (version.version, version.size, version.source, version.homepage) == ("1", 9, "src", "")
    assert read_version("n", lines) is None


@pytest.mark.parametrize(
    "fields", [{"SHA256": None}, {"SHA256": "A" * 64}, {"Size": "-1"}, {"Version": "1/../2"}, {"Architecture": "../x"}]
)
def test_an_index_without_digest_or_with_tricks_is_not_trusted(fields):
    """What goes into a file name or a comparison has the shape that policy gives it."""
    with pytest.raises(IntegrityError, match="the index says"):
        read_version("m", stanza(**fields))


def test_available_looks_for_every_program(monkeypatch):
    """Without the client there is no Debian source."""
    monkeypatch.setattr(shutil, "which", lambda program: None if program == "dpkg-deb" else program)
    assert not available()
