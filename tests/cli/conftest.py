import fcntl
import json
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from types import SimpleNamespace

import pytest

from tenuto.demo.render import render_all
from tenuto.model.progress import Silent

ATTACH = """
import os, sys
terminal = os.open(sys.argv[1], os.O_RDWR)  # the session has none yet, so this becomes the one that Ctrl-C comes from
for number in (int(one) for one in sys.argv[2].split(",")):
    os.dup2(terminal, number)
os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
"""


class Terminal:
    """A window, 120 columns wide unless told, with one command running in it."""

    def __init__(self, *words, streams="0,1,2", program=("-m", "tenuto"), columns=120):
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        command = [sys.executable, "-c", ATTACH, os.ttyname(slave), streams, *program, *(str(word) for word in words)]
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1"}
        for name in ("COLUMNS", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CI"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True, env=environment
        )
        os.close(slave)
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.process.kill()
        self.process.communicate()
        os.close(self.master)

    def look(self, pattern=None, seconds=60.0):
        """Watch until the pattern appears, or without one until the command ends; give all that was seen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (pattern and re.search(pattern, self.seen)):
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if not ready:
                continue
            try:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:  # nobody has the other side open: not yet, or not any more
                if self.process.poll() is not None:
                    break
                time.sleep(0.01)
        return self.seen

    def press(self, keys):
        """Type."""
        os.write(self.master, keys)

    def end(self):
        """Wait for the end and give the exit code and what came on a standard output that is no terminal."""
        self.look()
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out.decode()


@pytest.fixture
def open_terminal():
    """Give windows to run a command in."""
    return Terminal


@pytest.fixture
def tenuto(tmp_path):
    """Give a function that runs the command line as a person would, in a process of its own."""

    def run(*words, cwd=tmp_path, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "tenuto", *(str(word) for word in words)],
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, "COLUMNS": "80", "SOURCE_DATE_EPOCH": "1767323045", **environment},
            check=False,
            timeout=120,
        )
        document = json.loads(done.stdout) if "--json" in words else None
        return SimpleNamespace(exit=done.returncode, out=done.stdout, err=done.stderr, json=document)

    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """Give an archive of the twelve pieces, built, packed and made into torrents; tests only read it."""
    root = tmp_path_factory.mktemp("filled")
    render_all(root / "pieces", Silent())
    (root / "pieces" / "broken.flac").write_bytes(b"fLaC")
    archive = str(root / "archive")
    for words in (
        ["init", archive, "--name", "filled"],
        ["--archive", archive, "harvest", "folder", str(root / "pieces")],
        ["--archive", archive, "build"],
        ["--archive", archive, "pack"],
        ["--archive", archive, "torrents"],
    ):
        subprocess.run([sys.executable, "-m", "tenuto", *words], check=True, capture_output=True)
    return root / "archive"
