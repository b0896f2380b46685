"""Intake under attack: what is kept is what was judged, whatever happens to the paths meanwhile."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile

import mutagen
import pytest

from tenuto.audio.store import Store
from tenuto.catalogue.ask import open_items
from tenuto.flow.acknowledged import captures
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_folders
from tenuto.model.document import to_json
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
    seen = [seen for capture in captures(archive) for seen in capture.observations]
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


def test_what_a_crash_left_unacknowledged_is_taken_again(archive, pieces, album):
    """A capture that the ledger does not name yet is removed by the next harvest, and its files are read again."""
    before = archive.ledger.head()
    rows = (archive.layout.ledger / "ledger.jsonl", archive.layout.ledger / "head.json")
    harvest_folders(archive, [pieces], None, Silent())
    rows[1].write_text(to_json(before))
    assert list(captures(archive)) == []
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert (tally.known, tally.kept) == (0, len(album))
    assert [capture.head.id for capture in captures(archive)] == ["folder/pieces/000001"]


SCARCE = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from tenuto.flow.archive import open_archive
from tenuto.flow.harvest import harvest_folders
from tenuto.model.errors import StorageError
from tenuto.model.progress import Silent
archive = open_archive(Path(sys.argv[1]), lambda: datetime(2026, 1, 2, tzinfo=UTC))
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
try:
    (tally,) = harvest_folders(archive, [Path(sys.argv[2])], None, Silent())
    print(tally.kept, dict(tally.outcomes))
except StorageError as error:
    print("refused", error)
"""


@pytest.mark.parametrize(("limit", "said"), [(110, "200 {('open', 'R-OPEN'): 200}"), (40, "refused")])
def test_a_machine_short_of_descriptors_is_no_fault_of_the_music(archive, album, tmp_path, limit, said):
    """Few files are open at once; where even those are too many, the harvest stops, and nothing is called unusable."""
    many = tmp_path / "many"
    many.mkdir()
    for number in range(200):
        shutil.copy(album[0], many / f"{number}{album[0].suffix}")
    command = [sys.executable, "-c", SCARCE, str(archive.layout.root), str(many), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert said in done.stdout, done.stderr
    assert not [entry.what for entry in archive.ledger.entries() if entry.what.event == "refused"]


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
