import sys

import pytest

from tenuto.harvest.child import run
from tenuto.model.errors import FetchError


def test_a_child_is_heard_line_by_line():
    """Output, complaints and the exit code come back; the language is plain."""
    program = "import os, sys; print('a'); print(os.environ['LC_ALL']); print('no', file=sys.stderr); sys.exit(3)"
    heard = []
    finished = run([sys.executable, "-c", program], seconds=20, listen=heard.append)
    assert (finished.code, finished.lines, finished.complaints) == (3, ("a", "C"), "no\n")
    assert heard == ["a", "C"]


def test_a_child_that_takes_too_long_is_ended():
    """Nothing waits for ever."""
    with pytest.raises(FetchError, match="took more than"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)


def test_a_missing_program_is_named():
    """What this machine lacks is said."""
    with pytest.raises(FetchError, match="has no no-such-program"):
        run(["no-such-program"], seconds=1)


def test_arguments_reach_no_shell(tmp_path):
    """A4: an argument is one argument, whatever it holds."""
    trick = f"$(touch {tmp_path}/x); `id`\n-rf"
    finished = run([sys.executable, "-c", "import sys; print(ascii(sys.argv[1]))", trick], seconds=20)
    assert (ascii(trick),) == finished.lines
    assert list(tmp_path.iterdir()) == []
