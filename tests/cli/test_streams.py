"""Where the output goes may be full, gone or closed, and the person may be in a hurry."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
TENUTO = [sys.executable, "-m", "tenuto"]


def told(*words, script='exec "$@"', **environment):
    """Run the command line under a shell that redirects it."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "bash", *TENUTO, *(str(word) for word in words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )


COMMANDS = [("stats",), ("search", "elise", "--json"), ("build", "--again"), ("source", "list", "--json"), ("--help",)]


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_disk_is_told(filled, words):
    """What a command says cannot be written: a sentence, a hint and exit code 5."""
    done = told("--archive", filled, *words, script='exec "$@" > /dev/full')
    assert (done.returncode, done.stderr.count("Error: standard output: No space left on device\nHint: ")) == (5, 1)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_closed_pipe_ends_quietly(filled, words):
    """`tenuto … | head -0` says nothing of it; the exit code is the shell's for a closed pipe."""
    done = told("--archive", filled, *words, script='"$@" 2> >(grep -v ✓ >&2) | head -0; exit ${PIPESTATUS[0]}')
    assert (done.returncode, done.stderr) == (141, "")


def test_an_error_survives_lost_streams(tmp_path):
    """The exit code is that of the error, whatever cannot be written."""
    for script in (
        '"$@" > /dev/full',
        '"$@" 2> /dev/full',
        '"$@" | head -0',
        '"$@" 2>&-',
        '"$@" >&-',
        '"$@" <&- >&- 2>&-',
    ):
        done = told("--archive", tmp_path, "stats", "--json", script=script)
        assert done.returncode == 2, script
        assert "Traceback" not in done.stderr


def test_closed_descriptors_are_not_given_to_the_archives_files(filled):
    """With all three closed a command works and writes nothing of its own into a file."""
    done = told("--archive", filled, "build", "--again", script='"$@" <&- >&- 2>&-')
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert told("--archive", filled, "verify").returncode == 0


def test_a_narrow_encoding_loses_signs_but_not_the_answer(filled):
    """On a terminal that has no ü and no ✓ they are replaced."""
    done = told("--archive", filled, "search", "elise", PYTHONIOENCODING="ascii:strict", COLUMNS="200")
    assert (done.returncode, "F?r Elise" in done.stdout) == (0, True)
    done = told("--archive", filled, "build", "--again", PYTHONIOENCODING="ascii:strict")
    assert (done.returncode, "? Loading" in done.stderr) == (0, True)


INTERRUPTED = """
import os, signal, sys
wanted = sys.argv.pop(1)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)
from tenuto.cli import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["rich.console", "typer", "tenuto.cli.run", "tenuto.flow.build", "pyarrow", "ibis"],
)
def test_ctrl_c_while_loading_is_quiet(filled, module):
    """Whatever is being imported when it comes: exit code 130 and one sentence."""
    words = ["--archive", str(filled), "build", "--again"]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 130
    assert "Interrupted. What was finished is kept" in done.stderr
    assert not {"Traceback", "Error", "Exception"} & set(done.stderr.replace(":", " ").split())


def test_a_mistake_of_ours_is_a_document_too():
    """With --json a bug is told on standard output like any other error."""
    broken = "import tenuto.cli.app as app, tenuto.cli as cli; app._clock = None; cli.main()"
    command = [sys.executable, "-c", broken, "stats", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert json.loads(done.stdout)["error"]["exit"] == 70
