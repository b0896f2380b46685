"""What every crash test needs: stages that can be killed, and two looks at what they left."""

import contextlib
import hashlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from tenuto.catalogue.checks import check_catalogue
from tenuto.demo.render import render_all
from tenuto.durable import TEMPORARY
from tenuto.flow.archive import open_archive
from tenuto.harvest.captures import capture_files, read_capture
from tenuto.model.progress import Silent
from tenuto.torrents.reading import read_metainfo

SERVER = """
import contextlib, ctypes, os, sys, traceback
from datetime import UTC, datetime
from pathlib import Path
import tenuto.audio.pool, tenuto.catalogue.build
from tenuto.cli.run import BUG, _explain
from tenuto.flow import archive as archives, build, harvest, import_process, importing, intake, publish
from tenuto.harvest.apt import AptClient
from tenuto.model.errors import TenutoError
from tenuto.model.progress import Silent

intake._BATCH = 3  # so that a harvest has several batches to lose
COMMAND = import_process.command

def small_chunks(*task):  # so that an import has several parts to lose
    words = COMMAND(*task)
    return words[:2] + ["-c", CHUNKED] + words[4:]

CHUNKED = '''
import sys
from tenuto.confining import _confine, Bounds
from tenuto.model.document import from_json
_confine(from_json(Bounds, sys.argv[1]))
from tenuto.flow import import_child
from tenuto.records import dump_import, lines
dump_import._CHUNK, lines._BLOCK = 150_000, 50_000
import_child.main(sys.argv[3:])
'''
import_process.command = small_chunks
NOWHERE = 9999  # a descriptor nobody has
SPENT = {
    "fsync": lambda: os.fsync(NOWHERE),
    "fdatasync": lambda: os.fdatasync(NOWHERE),
    "syncfs": lambda: ctypes.CDLL(None).syncfs(NOWHERE),
    "ftruncate": lambda: os.ftruncate(NOWHERE, 0),
    "write": lambda: os.write(NOWHERE, b""),
    "pwrite64": lambda: os.pwrite(NOWHERE, b"", 0),
    "rename": lambda: os.rename("", ""),
    "renameat": lambda: os.rename("", ""),
    "linkat": lambda: os.link("", "", follow_symlinks=False),
}

def run(stage, root, place):
    archive = archives.open_archive(Path(root), lambda: datetime(2026, 1, 2, tzinfo=UTC))
    if stage == "harvest":
        harvest.harvest_folders(archive, [Path(place)], None, Silent())
    elif stage == "debian":
        client = AptClient(archive.layout.work / "apt", Path(place))
        harvest.harvest_debian(archive, ["our-songs"], Silent(), client=client)
    elif stage == "import":
        importing.import_dumps(archive, "musicbrainz", [Path(place)], Silent())
    elif stage == "build":
        with archive.locked():
            build.build(archive, Silent())
    if stage in ("pack", "publish"):
        publish.pack(archive, Silent())
    if stage in ("torrents", "publish"):
        publish.make_torrents(archive, Silent())

def finish(stage, root, place, call="", count=0):
    os.dup2(os.open(root + ".said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    for _ in range(int(count)):
        with contextlib.suppress(OSError):
            SPENT[call]()
    try:
        run(stage, root, place)
    except TenutoError as error:
        return _explain(error)
    except BaseException:
        traceback.print_exc()
        return BUG
    return 0

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        status = finish(*line.split())
        sys.stderr.flush()
        os._exit(status)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Stages:
    """Runs stages, each in a new process group; imports are done once, so that kills hit the work itself."""

    def __init__(self, *tracer):
        command = [*tracer, sys.executable, "-c", SERVER]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.child = 0

    def run(self, words, root, place, seconds=None, *, kill=os.killpg):
        """Run a stage, killed after `seconds` if given (`kill`: its group or itself alone); gives status and time.

        `words` are the stage's name, and perhaps a system call and how often it is made in vain before.
        """
        stage, *spent = words.split()
        self._server.stdin.write(" ".join(map(str, (stage, root, place, *spent))).encode() + b"\n")
        self._server.stdin.flush()
        self.child = int(self._server.stdout.readline())
        begun = time.monotonic()
        if seconds is not None:
            select.select([self._server.stdout], [], [], seconds)
            with contextlib.suppress(ProcessLookupError):
                kill(self.child, signal.SIGKILL)
        status = int(self._server.stdout.readline())
        return status, time.monotonic() - begun

    def finish(self, stage, root, place):
        """Run a stage to its end and give how long it took."""
        status, took = self.run(stage, root, place)
        assert status == 0, Path(f"{root}.said").read_text("utf-8")
        return took

    def close(self):
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()


@pytest.fixture(scope="session")
def stages():
    stages = Stages()
    yield stages
    stages.close()


@pytest.fixture(scope="session")
def traced_stages():
    """Make stages that run under a tracer; all are ended with the tests."""
    with contextlib.ExitStack() as running:

        def start(*tracer):
            stages = Stages(*tracer)
            running.callback(stages.close)
            return stages

        yield start


class Archives:
    """Looks at archives from outside, as a reader does, and copies them."""

    def __init__(self, clock):
        self.clock = clock

    def copy(self, root, to):
        """Copy an archive with all its links and times."""
        to.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(root), str(to)], check=True)
        return to

    def acknowledged(self, root):
        """Give the rows the ledger's head names; raises where the chain is broken."""
        return [entry.what for entry in open_archive(root, self.clock).ledger.entries()]

    def look(self, root):
        """See what a reader sees, whatever happened: every visible thing is whole; gives the ledger's rows."""
        rows = self.acknowledged(root)
        captures = {file.id for file in capture_files(root / "captures") if read_capture(file.path)}
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

    def said(self, root):
        """Give what the last stage on an archive said to the person."""
        return Path(f"{root}.said").read_text("utf-8")

    def contents(self, root):
        """Give every file's digest by its path; what locks or is scratch space is left out."""
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(root.rglob("*"))
            if path.is_file() and ".work" not in path.parts and path.name != ".lock"
        }


@pytest.fixture(scope="session")
def archives():
    return Archives(lambda: datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture(scope="session")
def music(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crash") / "music"
    render_all(folder, Silent())
    (folder / "broken.flac").write_bytes(b"fLaC" + b"\0" * 50)
    silent = next(folder.rglob("*Canon*"))
    shutil.copy(silent, folder / "copy.opus")
    return folder
