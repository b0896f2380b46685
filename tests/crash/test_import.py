"""An import killed at 30 random points, and on a disk that is full: a rerun gives the undisturbed bytes."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tenuto.flow.archive import init_archive

KILLS = int(os.environ.get("TENUTO_KILLS", "30"))
BUILD_KILLS = int(os.environ.get("TENUTO_KILLS", "20"))  # more of them by hand
SEED = 20261124
FIXTURE = Path(__file__).parents[1] / "sources" / "fixtures" / "musicbrainz" / "release.jsonl"
MOUNT = 'mount -t tmpfs -o size=40m tmpfs "$1" && shift && exec "$@"'
SCRIPT = """
import shutil, subprocess, sys
from pathlib import Path
dump, small = Path(sys.argv[1]), Path(sys.argv[2])

def tenuto(*words):
    command = [sys.executable, "-m", "tenuto", "--archive", str(small / "archive"), *words]
    return subprocess.run(command, capture_output=True, text=True)

subprocess.run([sys.executable, "-m", "tenuto", "init", str(small / "archive")], check=True, capture_output=True)
ballast = small / "ballast"
ballast.write_bytes(b"x" * (shutil.disk_usage(small).free - 40_000))
full = tenuto("import", "musicbrainz", str(dump))
print(full.returncode, full.stderr.count("Traceback"), "No space left" in full.stderr, repr(full.stderr[-300:]))
ballast.unlink()
for words in (["import", "musicbrainz", str(dump)], ["verify"]):
    again = tenuto(*words)
    print(again.returncode, repr(again.stderr[-200:]))
"""


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    """Write a dump of some eight parts: the fixture's releases again and again, each with ids of its own."""
    path = tmp_path_factory.mktemp("dump") / "release.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for number in range(120):
            for line in FIXTURE.read_text("utf-8").splitlines():
                document = json.loads(line)
                document["id"] = f"{document['id']}-{number}"
                for medium in document.get("media") or ():
                    for track in (*(medium.get("tracks") or ()), *(medium.get("data-tracks") or ())):
                        track["id"] = f"{track['id']}-{number}"
                        if track.get("recording"):
                            track["recording"]["id"] += f"-{number % 70}"
                stream.write(json.dumps(document) + "\n")
    return path


@pytest.mark.slow
def test_a_killed_import_goes_on_where_it_was(stages, archives, dump, tmp_path):
    """After each kill the rerun's archive is that of an import that nothing disturbed, byte for byte."""
    before = tmp_path / "before" / "archive"
    init_archive(before, name="crash")
    finished = archives.copy(before, tmp_path / "finished" / "archive")
    took = stages.finish("import", finished, dump)
    expected = archives.contents(finished)
    assert sum("tracks.parquet/" in name for name in expected) >= 4
    moments, killed, trials = random.Random(SEED), 0, 0  # noqa: S311 - moments to kill at, no secret
    while killed < KILLS:
        trials += 1
        assert trials <= 3 * KILLS, "too many kills came after the end"
        root = archives.copy(before, tmp_path / f"{trials}" / "archive")
        status, _ = stages.run("import", root, dump, moments.uniform(0, took))
        killed += status == signal.SIGKILL
        rows = archives.acknowledged(root)
        stages.finish("import", root, dump)
        assert archives.acknowledged(root)[: len(rows)] == rows
        assert archives.contents(root) == expected
        shutil.rmtree(root.parent)


def test_a_killed_import_keeps_its_parts(stages, archives, dump, tmp_path):
    """Parts that were finished before the kill are not made again."""
    root = tmp_path / "archive"
    init_archive(root, name="crash")
    finished = archives.copy(root, tmp_path / "finished" / "archive")
    took = stages.finish("import", finished, dump)
    stages.run("import", root, dump, took * 0.7)
    parts = {path: path.stat().st_ino for path in root.rglob("[0-9]*/tracks.parquet")}
    stages.finish("import", root, dump)
    kept = {path.stat().st_ino for path in root.rglob("tracks.parquet/*.parquet")}
    assert set(parts.values()) <= kept


def namespaces_work():
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif("CI" not in os.environ and not namespaces_work(), reason="no mount namespaces here")
def test_a_full_disk_ends_an_import_with_a_reason(dump, tmp_path):
    """Exit code 5 and a hint; when there is room again the import completes."""
    small = tmp_path / "small"
    small.mkdir()
    command = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", small, sys.executable, "-c", SCRIPT, dump, small]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    full, again, verified = done.stdout.splitlines()
    assert full.startswith("5 0 True"), full
    assert again.startswith("0"), again
    assert verified.startswith("0"), verified


@pytest.fixture(scope="module")
def imported(stages, archives, tmp_path_factory):
    """Make an archive whose catalogue is of an older dump than its records, and the one that a build makes of it."""
    folder = tmp_path_factory.mktemp("imported")
    before = folder / "before" / "archive"
    init_archive(before, name="crash")
    older = folder / "release.jsonl"
    older.write_text("".join(FIXTURE.read_text("utf-8").splitlines(keepends=True)[::2]), "utf-8")
    for stage, dump in (("import", older), ("build", older), ("import", FIXTURE)):
        stages.finish(stage, before, dump)
    finished = archives.copy(before, folder / "finished" / "archive")
    return before, finished, stages.finish("build", finished, FIXTURE)


@pytest.mark.slow
def test_a_killed_build_of_a_dump_leaves_the_old_catalogue(stages, archives, imported, tmp_path):
    """After each kill there is the old catalogue or the new one, whole; after the rerun all is as if undisturbed."""
    before, finished, took = imported
    expected = archives.contents(finished)
    moments, killed, trials = random.Random(f"{SEED}-build"), 0, 0  # noqa: S311 - moments to kill at, no secret
    while killed < BUILD_KILLS:
        trials += 1
        assert trials <= 3 * BUILD_KILLS, "too many kills came after the end"
        root = archives.copy(before, tmp_path / f"{trials}" / "archive")
        status, _ = stages.run("build", root, FIXTURE, moments.uniform(0, took))
        killed += status == signal.SIGKILL
        assert list(root.glob("catalogue/*_clean.sqlite3"))
        archives.look(root)
        stages.finish("build", root, FIXTURE)
        assert archives.contents(root) == expected
        shutil.rmtree(root.parent)
