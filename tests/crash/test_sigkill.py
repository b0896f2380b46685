"""SIGKILL at 120 random points: nothing acknowledged is lost, nothing half-written is seen.

Each trial runs one stage in a process of its own, kills it at a random moment, looks at what a reader would see, and
runs the stage again. Then the archive must equal, byte for byte, one that nothing disturbed.
"""

import os
import random
import shutil
import signal

import apsw
import pytest

from tenuto.flow.archive import init_archive, open_archive
from tenuto.flow.harvest import harvest_folders
from tenuto.harvest.apt import available
from tenuto.model.progress import Silent

KILLS = {"harvest": 40, "build": 30, "publish": 30, "debian": 20}
SEED = 20261123
STAGES = ("harvest", "build", "publish")


@pytest.fixture(scope="module")
def undisturbed(stages, music, tmp_path_factory, archives):
    """Build the archive nothing disturbed, with a copy of it before each stage and how long each stage took."""
    root = tmp_path_factory.mktemp("undisturbed") / "archive"
    init_archive(root, name="crash")
    known = shutil.copytree(music / "Tunes Everyone Owns", music.parent / "known")
    harvest_folders(open_archive(root, archives.clock), [known], None, Silent())  # rows that must survive every kill
    before, took = {}, {}
    for stage in STAGES:
        before[stage] = archives.copy(root, root.with_name(f"before-{stage}"))
        took[stage] = stages.finish(stage, root, music)
    return root, before, took


@pytest.fixture(scope="module")
def package(music, make_shop, tmp_path_factory):
    """Make a package archive of one package, and give the list of sources that names it."""
    root = tmp_path_factory.mktemp("packages")
    pieces = shutil.copytree(music, root / "pieces", ignore=shutil.ignore_patterns("broken.flac"))
    shop = make_shop(root / "shop", pieces)
    shop.add("our-songs")
    return shop.publish()


@pytest.fixture
def survive(stages, archives, tmp_path):
    """Kill a stage until it was hit often enough, and see after each kill that nothing is lost."""

    def survive(stage, before, place, finished, took):
        moments = random.Random(f"{SEED}-{stage}")  # noqa: S311 - moments to kill at, no secret
        killed = trials = 0
        expected = archives.contents(finished)
        while killed < KILLS[stage]:
            trials += 1
            assert trials <= 3 * KILLS[stage], "too many kills came after the end"
            root = archives.copy(before, tmp_path / f"{trials}" / "archive")
            kill = os.kill if trials % 2 else os.killpg  # every other time children may outlive their parent
            status, _ = stages.run(stage, root, place, moments.uniform(0, took), kill=kill)
            killed += status == signal.SIGKILL
            rows = archives.look(root)
            stages.finish(stage, root, place)
            assert not [path for path in (root / ".work" / "debian").rglob("*") if path.is_file()]
            assert archives.acknowledged(root)[: len(rows)] == rows
            assert archives.contents(root) == expected
            shutil.rmtree(root.parent)

    return survive


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_at_any_moment_loses_nothing(stage, survive, undisturbed, music):
    """After each kill all that is visible is whole; after the rerun everything equals the undisturbed archive."""
    finished, before, took = undisturbed
    after = before[STAGES[STAGES.index(stage) + 1]] if stage != STAGES[-1] else finished
    survive(stage, before[stage], music, after, took[stage])


@pytest.mark.slow
@pytest.mark.skipif(not available(), reason="apt-get, apt-cache and dpkg-deb are not on this machine")
def test_a_debian_harvest_killed_at_any_moment_loses_nothing(survive, stages, archives, package, tmp_path):
    """The same while a package is looked up, fetched, unpacked and read, from a real local package archive."""
    root = tmp_path / "undisturbed" / "archive"
    init_archive(root, name="crash")
    before = archives.copy(root, tmp_path / "before" / "archive")
    took = stages.finish("debian", root, package)
    survive("debian", before, package, root, took)


def test_an_open_catalogue_stays_readable_during_a_build(stages, undisturbed, archives, music, tmp_path):
    """A reader that has the old file open goes on reading it while the new one is put in place."""
    finished, _, _ = undisturbed
    root = archives.copy(finished, tmp_path / "archive")
    reader = apsw.Connection(
        f"file:{root}/catalogue/crash_clean.sqlite3?mode=ro", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    )
    count = reader.execute("select count(*) from tracks").fetchall()
    (root / "catalogue" / "crash_clean.build.json").unlink()
    stages.finish("build", root, music)
    assert reader.execute("select count(*) from tracks").fetchall() == count
    reader.close()
