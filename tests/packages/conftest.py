"""A store in a temporary folder, and items and plans made from bytes."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tenuto.model.ids import Sha256, TrackId
from tenuto.model.package import Attribution, PackItem
from tenuto.packages.bag import BagOptions, write_bag
from tenuto.packages.plan import plan_bags


@dataclass
class Archive:
    """A store and a packages folder."""

    root: Path
    items: list = field(default_factory=list)

    @property
    def packages(self):
        """Where bags go."""
        return self.root / "packages"

    def source(self, digest):
        """Find a stored file."""
        return self.root / "store" / digest

    def keep(self, content, **names):
        """Store bytes and file them under a new track id."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.source(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.items.append(item(len(self.items), digest, len(content), **names))
        return self.items[-1]

    def write(self, **options):
        """Pack everything kept into one bag."""
        (plan,) = plan_bags(self.items, archive="demo")
        return write_bag(plan, self.source, self.packages, bag_options(**options))


def bag_options(**changes):
    """Give the options of a test bag."""
    told = {"organisation": "Test", "contact": "keeper@example.org", "date": "2024-02-29"}
    return BagOptions(**{**told, **changes})


def item(number, digest="0" * 64, size=1, /, **names):
    """Make an item; keywords replace its names, `licences` its licence ids."""
    licences = names.pop("licences", ("CC-BY-4.0",))
    told = {"artist": "Ada", "release": "First", "disc": None, "number": number + 1, "title": f"Piece {number}"}
    return PackItem(
        track_id=TrackId(f"tr-{number:020x}"),
        sha256=Sha256(digest),
        size=size,
        extension=".flac",
        attribution=Attribution(
            creator="Ada",
            title=f"Piece {number}",
            copyright_notice="2024 Ada",
            licences=licences,
            licence_urls=tuple(f"https://example.org/{name}" for name in licences),
            source_url="https://example.org/piece",
        ),
        **{**told, **names},
    )


@pytest.fixture
def archive(tmp_path):
    """Make an empty archive."""
    return Archive(tmp_path)


@pytest.fixture
def packed(archive):
    """Make an archive with one bag of four files."""
    for number, size in enumerate((1, 16384, 70000, 200000)):
        archive.keep(bytes([number]) * size)
    archive.write()
    return archive


@pytest.fixture
def make_item():
    """Make items without a store."""
    return item


@pytest.fixture
def options():
    """Make bag options."""
    return bag_options
