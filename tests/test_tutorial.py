"""The tutorial's commands, run in order as they stand."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import mutagen
import pytest

from tenuto.demo.render import render_all
from tenuto.model.progress import Silent

VARIES = re.compile(  # what another machine's encoder, clock or speed may change, and nothing else
    r"\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|(?<=urn:btmh:1220)[0-9a-f]{64}"
    r"|\b\d+\.\d (?=[KMG]iB)|\b\d+\.\d s$|\b[\d,]+ (?=bytes\b|pieces\b)"
)
OMITTED = "…"
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


def comparable(lines):
    """Give lines that are not blank, with what may vary masked and blanks in a row made one."""
    return [VARIES.sub("*", " ".join(line.split())) for line in lines if line.strip()]


def is_shown(shown, printed):
    """Tell whether the page shows all that is printed, line for line; a lone `…` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == OMITTED else f"{re.escape(line)}\n" for line in comparable(shown))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in comparable(printed))) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "b\na", False),
        ("a\nb", "a\nb\nc", False),
        ("a\nc", "a\nb\nc", False),
        ("a\n…\nc", "a\nb\nb\nc", True),
        ("a\n…", "b\na", False),
        ("a…", "a b", False),
        ("✓ bag: 11 files, 5,000 bytes", "✓ bag: 11 files, 4,999 bytes", True),
        ("✓ bag: 11 files, 5,000 bytes", "✓ bag: 12 files, 5,000 bytes", False),
        ("✓ torrent x: 51 pieces", "✓ torrent y: 51 pieces", False),
        ("  v1 " + "a" * 40, "  v1 " + "b" * 40, True),
        ("  v1 " + "a" * 40, "  v2 " + "b" * 40, False),
        ("songs  13  2.4 MiB", "songs  13  12.4 MiB", True),
        ("songs  13  2.4 MiB", "songs  14  2.4 MiB", False),
    ],
)
def test_a_page_that_is_not_real_is_noticed(shown, printed, same):
    """The comparison below can fail."""
    assert is_shown(shown.split("\n"), printed.split("\n")) is same


def test_the_tutorial_works(tmp_path):
    """Every command succeeds, and the page shows what it prints, line for line."""
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
        )
        assert done.returncode == 0, (words, done.stderr)
        printed = done.stdout.replace(f"{tmp_path}/", "").split("\n")
        assert is_shown(shown, printed), (words, comparable(shown), comparable(printed))
        ran += 1
    assert ran >= 9
