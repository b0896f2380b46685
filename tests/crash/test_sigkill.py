"""SIGKILL at 100 random points of harvest, build and pack: nothing acknowledged is lost, nothing half-written is seen.

Each trial runs one stage in a process of its own, kills its whole process group at a random moment, looks at what a
reader would see, and runs the stage again. Then the archive must equal, byte for byte, one that nothing disturbed.
"""

import contextlib
import hashlib
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import apsw
import bagit
import pytest

from tenuto.catalogue.checks import check_catalogue
from tenuto.demo.render import render_all
from tenuto.durable import TEMPORARY
from tenuto.flow.archive import init_archive, open_archive
from tenuto.flow.harvest import harvest_folders
from tenuto.harvest.captures import read_captures
from tenuto.model.progress import Silent
from tenuto.torrents.reading import read_metainfo

KILLS = {"harvest": 40, "build": 30, "pack": 30}
SEED = 20261123
STAGES = ("harvest", "build", "pack")
SERVER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
import tenuto.audio.pool, tenuto.catalogue.build
from tenuto.flow import archive as archives, build, harvest, intake, publish
from tenuto.model.progress import Silent

intake._BATCH = 3  # so that a harvest has several batches to lose

def run(stage, root, music):
    archive = archives.open_archive(Path(root), lambda: datetime(2026, 1, 2, tzinfo=UTC))
    if stage == "harvest":
        harvest.harvest_folders(archive, [Path(music)], None, Silent())
    elif stage == "build":
        with archive.locked():
            build.build(archive, Silent())
    else:
        publish.pack(archive, Silent())
        publish.make_torrents(archive, Silent())

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            run(*line.split())
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Stages:
    """Runs stages, each in a new process group; imports are done once, so that kills hit the work itself."""

    def __init__(self, music):
        command = [sys.executable, "-c", SERVER]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._music = music

    def run(self, stage, root, seconds=None):
        """Run a stage, killed after `seconds` if given; gives its wait status and how long it took."""
        self._server.stdin.write(f"{stage} {root} {self._music}\n".encode())
        self._server.stdin.flush()
        child = int(self._server.stdout.readline())
        begun = time.monotonic()
        if seconds is not None:
            select.select([self._server.stdout], [], [], seconds)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        status = int(self._server.stdout.readline())
        return status, time.monotonic() - begun

    def finish(self, stage, root):
        """Run a stage to its end and give how long it took."""
        status, took = self.run(stage, root)
        assert status == 0
        return took

    def close(self):
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()


def stopped():
    return datetime(2026, 1, 2, tzinfo=UTC)


def acknowledged(root):
    """Give the rows the ledger's head names; raises where the chain is broken."""
    archive = open_archive(root, stopped)
    return [entry.what for entry in archive.ledger.entries()]


def look(root):
    """See what a reader sees, whatever was killed: every visible thing is whole."""
    rows = acknowledged(root)
    captures = {capture.head.id for capture in read_captures(root / "captures")}
    for row in rows:
        assert not row.capture or row.capture in captures
        if row.event == "kept":
            stored = root / "store" / row.sha256[:2] / row.sha256[2:4] / row.sha256
            assert hashlib.sha256(stored.read_bytes()).hexdigest() == row.sha256
    for catalogue in root.glob("catalogue/*_clean.sqlite3"):
        check_catalogue(catalogue)
    for bag in root.glob("packages/*"):
        if bag.is_dir() and not bag.name.startswith(TEMPORARY):
            assert bagit.Bag(str(bag)).validate()
    for torrent in root.glob("torrents/*.torrent"):
        read_metainfo(torrent.read_bytes())
    return rows


def contents(root):
    """Give every file's digest by its path; what locks or is scratch space is left out."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".work" not in path.parts and path.name != ".lock"
    }


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crash") / "music"
    render_all(folder, Silent())
    (folder / "broken.flac").write_bytes(b"fLaC" + b"\0" * 50)
    silent = next(folder.rglob("*Canon*"))
    shutil.copy(silent, folder / "copy.opus")
    return folder


@pytest.fixture(scope="module")
def stages(music):
    stages = Stages(music)
    yield stages
    stages.close()


@pytest.fixture(scope="module")
def undisturbed(stages, music, tmp_path_factory):
    """Build the archive nothing disturbed, with a copy of it before each stage and how long each stage took."""
    root = tmp_path_factory.mktemp("undisturbed") / "archive"
    init_archive(root, name="crash")
    known = music.parent / "known"
    shutil.copytree(music / "Tunes Everyone Owns", known)
    harvest_folders(open_archive(root, stopped), [known], None, Silent())  # rows that must survive every kill
    before, took = {}, {}
    for stage in STAGES:
        before[stage] = root.with_name(f"before-{stage}")
        subprocess.run(["cp", "-a", str(root), str(before[stage])], check=True)
        took[stage] = stages.finish(stage, root)
    return root, before, took


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_at_any_moment_loses_nothing(stage, stages, undisturbed, tmp_path):
    """After each kill all that is visible is whole; after the rerun everything equals the undisturbed archive."""
    finished, before, took = undisturbed
    expected = contents(before[STAGES[STAGES.index(stage) + 1]] if stage != STAGES[-1] else finished)
    moments = random.Random(f"{SEED}-{stage}")  # noqa: S311 - moments to kill at, no secret
    killed = trials = 0
    while killed < KILLS[stage]:
        trials += 1
        assert trials <= 3 * KILLS[stage], "too many kills came after the end"
        root = tmp_path / f"{trials}" / "archive"
        root.parent.mkdir()
        subprocess.run(["cp", "-a", str(before[stage]), str(root)], check=True)
        status, _ = stages.run(stage, root, moments.uniform(0, took[stage]))
        killed += status == signal.SIGKILL
        rows = look(root)
        stages.finish(stage, root)
        assert acknowledged(root)[: len(rows)] == rows
        assert contents(root) == expected
        shutil.rmtree(root.parent)


def test_an_open_catalogue_stays_readable_during_a_build(stages, undisturbed, tmp_path):
    """A reader that has the old file open goes on reading it while the new one is put in place."""
    finished, _, _ = undisturbed
    root = tmp_path / "archive"
    subprocess.run(["cp", "-a", str(finished), str(root)], check=True)
    reader = apsw.Connection(
        f"file:{root}/catalogue/crash_clean.sqlite3?mode=ro", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    )
    count = reader.execute("select count(*) from tracks").fetchall()
    (root / "catalogue" / "crash_clean.build.json").unlink()
    stages.finish("build", root)
    assert reader.execute("select count(*) from tracks").fetchall() == count
    reader.close()
