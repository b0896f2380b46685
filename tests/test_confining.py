"""A confined process: what it is refused, and what it may still do."""

import json
import os
import platform
import subprocess
import sys

import pytest

from tenuto.confining import Bounds, command

KNOWN = platform.machine() in {"x86_64", "aarch64"}
ATTEMPTS = """
import json, os, resource, signal, socket, sys, threading
from pathlib import Path

def main(arguments):
    inside, outside, handed = arguments
    attempts = {
        "socket": socket.socket,
        "socketpair": socket.socketpair,
        "program": lambda: os.execv("/bin/true", ["true"]),
        "process": os.fork,
        "signal": lambda: os.kill(os.getppid(), 0),
        "limits of another": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU),
        "reading": lambda: Path(outside).read_text(),
        "listing": lambda: os.listdir(Path(outside).parent),
        "environment of another": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "writing": lambda: Path(outside).write_text("x"),
        "removing": lambda: os.unlink(outside),
        "writing what may be read": lambda: Path(handed).write_text("x"),
        "memory": lambda: bytearray(1 << 30),
    }
    allowed = {
        "reading what was handed": lambda: Path(handed).read_text(),
        "writing below its folder": lambda: (Path(inside) / "new").write_text("x"),
        "renaming there": lambda: (Path(inside) / "new").rename(Path(inside) / "newer"),
        "a thread": lambda: (one := threading.Thread(target=len, args=("",))).start() or one.join(),
        "importing": lambda: __import__("duckdb").sql("select 1").fetchall(),
    }
    said = {}
    for name, attempt in {**attempts, **allowed}.items():
        try:
            attempt()
        except (OSError, MemoryError) as error:
            said[name] = type(error).__name__
    print(json.dumps(said))
"""
ALWAYS = {"memory": "MemoryError"}
REACHING = (
    *("socket", "socketpair", "program", "process", "signal", "limits of another", "reading", "listing"),
    *("environment of another", "writing", "removing", "writing what may be read"),
)


def run(bounds, folder, program, *arguments):
    """Run a program of ours within bounds, as a module that is found in a folder."""
    (folder / "attempts.py").write_text(program, "utf-8")
    words = command(bounds, "attempts", arguments)
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); from tenuto.confining import main; main(sys.argv[1:])"
    words[2:4] = ["-c", start]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(not KNOWN, reason="calls are filtered on x86-64 and arm64 only")
def test_a_confined_process_reaches_nothing_but_its_folder(tmp_path):
    """No network, no program, no process, no file but those handed over and those below its folder; memory is bound."""
    for name in ("inside", "outside", "handed", "code"):
        (tmp_path / name).mkdir()
    outside, handed = tmp_path / "outside" / "file", tmp_path / "handed" / "file"
    outside.write_text("secret", "utf-8")
    handed.write_text("input", "utf-8")
    inside = str(tmp_path / "inside")
    bounds = Bounds(memory=512 << 20, seconds=60, parent=os.getpid(), reads=(str(handed.parent),), writes=(inside,))
    done = run(bounds, tmp_path / "code", ATTEMPTS, inside, str(outside), str(handed))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {**dict.fromkeys(REACHING, "PermissionError"), **ALWAYS}
    assert outside.read_text("utf-8") == "secret"


def test_a_process_ends_when_its_time_is_used(tmp_path):
    """The kernel ends what computes for longer than it may, and what no longer has the parent it was started by."""
    endless = "def main(arguments):\n    while True:\n        pass\n"
    bounds = Bounds(memory=512 << 20, seconds=1, parent=os.getpid())
    assert run(bounds, tmp_path, endless).returncode < 0
    orphan = Bounds(memory=512 << 20, seconds=60, parent=1 << 30)
    assert run(orphan, tmp_path, endless).returncode == 1
    assert sys.executable in command(bounds, "attempts", [])
