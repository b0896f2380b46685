"""The tutorial's commands, run in order as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import mutagen

from tenuto.demo.render import render_all
from tenuto.model.progress import Silent

VARIES = re.compile(r"…|KiB|MiB|bytes|pieces|^v[12] ")  # what another machine's encoder may change
PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"


def commands_with_output():
    """Give each `$` line of the page with the lines shown below it."""
    found = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("    $ "):
            found.append((shlex.split(line[6:]), []))
        elif line.startswith("    ") and found and not line.startswith("    ["):
            found[-1][1].append(line.strip())
        elif line and not line.startswith("    "):
            found.append(([], []))
    return [(words, shown) for words, shown in found if words]


def test_the_tutorial_works(tmp_path):
    """Every command succeeds, and what the page shows of words, counts and ids is what is printed."""
    songs = tmp_path / "songs"
    render_all(songs, Silent())
    silent = mutagen.File(songs / "Songs Without Owners" / "03 Greensleeves.opus")
    for name in ("license", "copyright"):
        silent.pop(name)
    silent.save()
    (songs / "broken.flac").write_text("no audio", "utf-8")
    place = tmp_path
    ran = 0
    for words, shown in commands_with_output():
        if words[0] == "cd":
            place = tmp_path / words[1]
            continue
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "COLUMNS": "200"},
        )
        assert done.returncode == 0, (words, done.stderr)
        printed = " ".join(done.stdout.split())
        for line in shown:
            if not VARIES.search(line):
                assert " ".join(line.split()) in printed, (words, line)
        ran += 1
    assert ran >= 9
