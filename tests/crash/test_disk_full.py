"""A disk that is full, for real: a small tmpfs in a mount namespace of its own."""

import os
import shutil
import subprocess
import sys

import pytest

from tenuto.demo.render import render_all
from tenuto.model.progress import Silent

MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
SCRIPT = """
import shutil, subprocess, sys
from pathlib import Path
music, small, script = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]

def tenuto(*words):
    return subprocess.run([sys.executable, "-m", "tenuto", "--archive", str(small / "archive"), *words],
                          capture_output=True, text=True)

subprocess.run([sys.executable, "-m", "tenuto", "init", str(small / "archive")], check=True, capture_output=True)
ballast = small / "ballast"
for stage in (["harvest", "folder", str(music)], ["build"], ["pack"], ["torrents"]):
    free = shutil.disk_usage(small).free
    ballast.write_bytes(b"x" * max(0, free - 40_000))
    full = tenuto(*stage)
    print(full.returncode, full.stderr.count("Traceback"), "No space left" in full.stderr, repr(full.stderr[-200:]))
    ballast.unlink()
    again = tenuto(*stage)
    print(again.returncode, repr(again.stderr[-200:]))
verified = tenuto("verify")
print(verified.returncode, verified.stdout)
"""


def namespaces_work():
    if shutil.which("unshare") is None:
        return False
    probe = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    return probe.returncode == 0


@pytest.mark.skipif("CI" not in os.environ and not namespaces_work(), reason="no mount namespaces here")
def test_a_full_disk_loses_nothing(tmp_path):
    """Each stage ends with exit code 5 and a hint when the disk is full, and completes when there is room again."""
    music, small = tmp_path / "music", tmp_path / "small"
    render_all(music, Silent())
    small.mkdir()
    command = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", "40m", small, sys.executable, "-c", SCRIPT, music, small]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    lines = done.stdout.splitlines()
    assert len(lines) >= 9, done.stderr
    for full, again in zip(lines[0:8:2], lines[1:8:2], strict=True):
        assert full.startswith("5 0 True"), full
        assert again.startswith("0"), again
    assert lines[8].startswith("0 "), "\n".join(lines[8:])
