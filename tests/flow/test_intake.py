"""Intake under attack: what is kept is what was judged, whatever happens to the paths meanwhile."""

import hashlib
import os
import shutil
import zipfile

import mutagen
import pytest

from tenuto.audio.store import Store
from tenuto.catalogue.ask import open_items
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_folders
from tenuto.harvest.captures import read_captures
from tenuto.model.progress import Silent


class Meddler(Silent):
    """Listens to the progress, and does something at the first file that is done."""

    def __init__(self, deed):
        self._deed = deed

    def advance(self, amount):
        if amount and self._deed is not None:
            deed, self._deed = self._deed, None
            deed()


@pytest.fixture
def album(pieces):
    """Give the paths of the free pieces in the order in which they are taken in."""
    return sorted(path for path in pieces.rglob("*") if path.is_file())


@pytest.fixture
def secret(album, tmp_path):
    """Make a copy of the last piece that reserves all rights."""
    path = tmp_path / f"secret{album[-1].suffix}"
    shutil.copy(album[-1], path)
    tags = mutagen.File(path)
    tags["license"] = tags["copyright"] = "All rights reserved"
    tags.save()
    return path


def kept(archive):
    return {digest for digest, _ in Store(archive.layout.store).verify()}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_swapped_after_it_was_judged_is_not_kept(archive, pieces, album, secret):
    """Another file renamed over it in the middle of a batch, with the same time, is judged by itself next time."""
    swapped = digest(secret)
    facts = album[-1].stat()
    os.utime(secret, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    harvest_folders(archive, [pieces], None, Meddler(lambda: secret.rename(album[-1])))
    assert swapped not in kept(archive)
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert (tally.known, tally.kept) == (len(album) - 1, 0)
    assert swapped not in kept(archive)


def test_a_file_changed_in_place_after_it_was_judged_is_not_kept(archive, pieces, album, secret):
    """Written over in the middle of a batch, its time set back: it is recorded as unstable and read again next time."""
    facts, content = album[-1].stat(), secret.read_bytes()

    def overwrite():
        album[-1].write_bytes(content)
        os.utime(album[-1], ns=(facts.st_atime_ns, facts.st_mtime_ns))

    (tally,) = harvest_folders(archive, [pieces], None, Meddler(overwrite))
    assert tally.kept == len(album) - 1
    seen = [seen for capture in read_captures(archive.layout.captures) for seen in capture.observations]
    assert [one.failure.code for one in seen if one.failure] == ["file-unstable"]
    assert hashlib.sha256(content).hexdigest() not in kept(archive)
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert (tally.known, tally.kept) == (len(album) - 1, 0)


def test_a_folder_swapped_for_a_link_leads_nowhere(archive, pieces, album, tmp_path):
    """A directory that becomes a link while its files wait brings nothing from outside in, and the harvest goes on."""
    outside = tmp_path / "outside"
    shutil.copytree(pieces, outside)
    inner = album[-1].parent
    assert inner != pieces
    for path in outside.rglob("*.*"):
        path.write_bytes(path.read_bytes() + b"\0")  # so that what lies outside has other digests

    def swap():
        inner.rename(tmp_path / "moved")
        inner.symlink_to(outside / inner.relative_to(pieces))

    harvest_folders(archive, [pieces], None, Meddler(swap))
    assert kept(archive).isdisjoint({digest(path) for path in outside.rglob("*.*")})
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert tally.kept == 0
    assert kept(archive).isdisjoint({digest(path) for path in outside.rglob("*.*")})


def test_clashing_names_neither_flip_nor_stop_the_build(archive, pieces, album):
    """Members of one name, and a folder named like an archive's inside: the second harvest has nothing to do."""
    with zipfile.ZipFile(pieces / "a.pk3", "w") as bag:
        bag.write(album[0], "x.flac")
        for path in album[1:3]:
            with pytest.warns(UserWarning, match="Duplicate"):
                bag.write(path, "x.flac")
        bag.write(album[0], "y.flac")
    (pieces / "b.pk3!").mkdir()
    shutil.copy(album[1], pieces / "b.pk3!" / album[1].name)
    with zipfile.ZipFile(pieces / "b.pk3", "w") as bag:
        bag.write(album[2], album[1].name)
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert tally.kept == len(album) + 2
    assert {code: n for (_, code), n in tally.outcomes.items()} == {"R-OPEN": len(album) + 2, "R-AUDIO": 2}
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert tally.known == tally.considered
    with archive.locked():
        build(archive, Silent())
    assert len(list(open_items(archive.layout.catalogue))) == len(album) + 2


def test_a_rotten_file_in_the_store_is_mended_by_reading_its_source_again(archive, pieces, album):
    """Rot is found by verify; harvesting again puts a good copy in its place."""
    harvest_folders(archive, [pieces], None, Silent())
    store = Store(archive.layout.store)
    rotten = store.path(digest(album[0]))
    rotten.chmod(0o644)
    with rotten.open("r+b") as stream:
        stream.write(b"rot")
    assert [failure.code for _, failure in store.verify() if failure] == ["store-corrupt"]
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert tally.kept == 0
    (tally,) = harvest_folders(archive, [pieces], None, Silent(), again=True)
    assert tally.kept == len(album)
    assert not any(failure for _, failure in store.verify())
