import hashlib
import shutil
import subprocess
import sys

import pytest

from tenuto.harvest.apt import AptClient

BARE = """
import sys, mutagen
for path in sys.argv[1:]:
    file = mutagen.File(path)
    file.pop("license", 0), file.pop("copyright", 0), file.save()
"""
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

    def publish(self):
        """Write the archive's index and give the list of sources that names this archive alone."""
        packages = "\n".join(self._stanzas.values()).encode()
        (self.root / "Packages").write_bytes(packages)
        digest = hashlib.sha256(packages).hexdigest()
        head = "Origin: us\nSuite: ours\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n"
        (self.root / "Release").write_text(f"{head}SHA256:\n {digest} {len(packages)} Packages\n", "utf-8")
        sources = self.root / "ours.list"
        sources.write_text(f"deb [trusted=yes] file:{self.root} ./\n", "utf-8")
        return sources

    def client(self, state):
        """Publish the index and give the real client, asking this archive alone."""
        shutil.rmtree(state, ignore_errors=True)
        return AptClient(state, self.publish())


@pytest.fixture(scope="session")
def make_shop():
    """Make package archives of pieces, from whose tags their licences are taken."""

    def make(root, pieces):
        subprocess.run([sys.executable, "-c", BARE, *sorted(pieces.rglob("*.*"))], check=True)
        return Shop(root, pieces)

    return make
