"""Progress as a person sees it, on a real pseudo-terminal, and what is left of it where there is none."""

import fcntl
import json
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time

import pytest

COPIES = 30
ATTACH = """
import os, sys
terminal = os.open(sys.argv[1], os.O_RDWR)  # the session has none yet, so this becomes the one that Ctrl-C comes from
for number in (int(one) for one in sys.argv[2].split(",")):
    os.dup2(terminal, number)
os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
"""
AT_A_CALL = """
import os, signal, sys
wanted = sys.argv.pop(1)
def watch(frame, event, _):
    if event == "call" and frame.f_code.co_name == wanted:
        sys.setprofile(None)
        os.kill(os.getpid(), signal.SIGINT)
sys.setprofile(watch)
from tenuto.cli import main
main()
"""


class Terminal:
    """A window of 120 columns with one command running in it."""

    def __init__(self, *words, streams="0,1,2", program=("-m", "tenuto")):
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
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


@pytest.fixture(scope="session")
def many(filled, tmp_path_factory):
    """Give a folder with the twelve pieces thirty times, so that reading takes a moment."""
    folder = tmp_path_factory.mktemp("many", numbered=False)
    for number in range(COPIES):
        shutil.copytree(filled.parent / "pieces", folder / f"{number:02d}", ignore=shutil.ignore_patterns("broken*"))
    return folder


@pytest.fixture
def archive(tenuto, tmp_path):
    tenuto("init", "archive")
    return tmp_path / "archive"


def plain(text):
    """Leave out what moves the cursor and colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def cursor_is_back(text):
    """Tell whether what hid the cursor also showed it again."""
    return text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l") > -1


def test_a_person_sees_a_bar(archive, many):
    """Amount, rate and remaining time while it works; one line with the time it took is left."""
    with Terminal("--archive", archive, "harvest", "folder", many) as terminal:
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    total = 12 * COPIES
    amounts = [int(amount) for amount in re.findall(rf"Reading many [━╸╺ ]+ (\d+)/{total}", shown)]
    assert amounts == sorted(amounts)
    assert len(set(amounts)) > 2
    assert amounts[-1] == total
    assert re.search(rf"[1-9]\d*/{total} +[\d,]+/s 0:\d\d:\d\d", shown)
    assert len(re.findall(r"✓ Reading many \d+\.\d s", shown)) == 1
    assert (exit_code, "Next: `tenuto build`" in shown, cursor_is_back(terminal.seen)) == (0, True, True)


def test_ctrl_c_in_the_middle_is_a_sentence(archive, many, tenuto):
    """The whole session gets it, parsers too: 130, one sentence, the cursor back, and the next run goes on."""
    with Terminal("--archive", archive, "harvest", "folder", many) as terminal:
        terminal.look(rf"[1-9]\d*/{12 * COPIES}")
        terminal.press(b"\x03")
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    assert (exit_code, cursor_is_back(terminal.seen)) == (130, True)
    assert shown.count("Interrupted. What was finished is kept; the same command goes on from there.") == 1
    assert not re.search(r"Traceback|Error|Exception|✓", shown)
    assert tenuto("--archive", archive, "harvest", "folder", many).exit == 0


@pytest.mark.parametrize("call", ["push_render_hook", "show_cursor", "pop_render_hook", "restore_cursor"])
def test_ctrl_c_while_a_bar_comes_or_goes(archive, filled, call):
    """A display half put up or half taken down is finished first; then the command ends as ever."""
    program = ("-c", AT_A_CALL, call)
    with Terminal("--archive", archive, "harvest", "folder", filled.parent / "pieces", program=program) as terminal:
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    assert (exit_code, shown.count("Interrupted."), cursor_is_back(terminal.seen)) == (130, 1, True)
    assert not re.search(r"Traceback|Error|mistake", shown)


def test_ctrl_c_ends_seeding(filled):
    """It is how seeding ends, so the report is given and the exit code is 0."""
    with Terminal("--archive", filled, "seed", "--listen", "127.0.0.1:0") as terminal:
        terminal.look("Ctrl-C ends it")
        terminal.press(b"\x03")
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    assert (exit_code, shown.count("Serving 2 torrents on port"), "Served 2 torrents, sent 0 B." in shown) == (
        0,
        1,
        True,
    )
    assert "\x1b[?25l" not in terminal.seen or cursor_is_back(terminal.seen)


def test_with_json_a_terminal_shows_nothing(archive, filled):
    """Bars are for people; the document is all there is, though standard error is a terminal."""
    with Terminal(
        "--archive", archive, "harvest", "folder", filled.parent / "pieces", "--json", streams="2"
    ) as terminal:
        exit_code, out = terminal.end()
    assert (exit_code, terminal.seen, json.loads(out)[0]["considered"]) == (0, "", 13)


def test_with_a_pipe_the_bar_stays_on_the_terminal(archive, many):
    """`tenuto … > file` shows the bar and writes the table."""
    with Terminal("--archive", archive, "harvest", "folder", many, streams="2") as terminal:
        exit_code, out = terminal.end()
    assert (exit_code, "\x1b" in out, "━" in out, "collection" in out) == (0, False, False, True)
    assert "━" in terminal.seen


def test_without_a_terminal_a_stage_is_a_line(tenuto, archive, filled):
    """In a log each stage leaves one line with the time it took."""
    harvested = tenuto("--archive", archive, "harvest", "folder", filled.parent / "pieces")
    built = tenuto("--archive", archive, "build")
    for err, stages in ((harvested.err, 1), (built.err, 4)):
        lines = err.splitlines()
        assert len(lines) == stages
        assert all(re.fullmatch(r"  ✓ [\w ]+ \d+\.\d s", line) for line in lines), lines
