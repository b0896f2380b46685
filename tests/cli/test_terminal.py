"""Progress as a person sees it, on a real pseudo-terminal, and what is left of it where there is none."""

import json
import re
import shutil

import pytest

COPIES = 30
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


def test_a_person_sees_a_bar(open_terminal, archive, many):
    """Amount, rate and remaining time while it works; one line with the time it took is left."""
    with open_terminal("--archive", archive, "harvest", "folder", many) as terminal:
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


def test_ctrl_c_in_the_middle_is_a_sentence(open_terminal, archive, many, tenuto):
    """The whole session gets it, parsers too: 130, one sentence, the cursor back, and the next run goes on."""
    with open_terminal("--archive", archive, "harvest", "folder", many) as terminal:
        terminal.look(rf"[1-9]\d*/{12 * COPIES}")
        terminal.press(b"\x03")
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    assert (exit_code, cursor_is_back(terminal.seen)) == (130, True)
    assert shown.count("Interrupted. What was finished is kept; the same command goes on from there.") == 1
    assert not re.search(r"Traceback|Error|Exception|✓", shown)
    assert tenuto("--archive", archive, "harvest", "folder", many).exit == 0


@pytest.mark.parametrize("call", ["push_render_hook", "show_cursor", "pop_render_hook", "restore_cursor"])
def test_ctrl_c_while_a_bar_comes_or_goes(open_terminal, archive, filled, call):
    """A display half put up or half taken down is finished first; then the command ends as ever."""
    program = ("-c", AT_A_CALL, call)
    with open_terminal(
        "--archive", archive, "harvest", "folder", filled.parent / "pieces", program=program
    ) as terminal:
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    assert (exit_code, shown.count("Interrupted."), cursor_is_back(terminal.seen)) == (130, 1, True)
    assert not re.search(r"Traceback|Error|mistake", shown)


def test_ctrl_c_ends_seeding(open_terminal, filled):
    """It is how seeding ends, so the report is given and the exit code is 0."""
    with open_terminal("--archive", filled, "seed", "--listen", "127.0.0.1:0") as terminal:
        terminal.look("Ctrl-C ends it")
        terminal.press(b"\x03")
        exit_code, _ = terminal.end()
    shown = plain(terminal.seen)
    assert (
        exit_code,
        len(re.findall(r"Serving 2 torrents at 127\.0\.0\.1:[1-9]\d+; ", shown)),
        "Served 2 torrents, sent 0 B." in shown,
    ) == (
        0,
        1,
        True,
    )
    assert "\x1b[?25l" not in terminal.seen or cursor_is_back(terminal.seen)


def test_with_json_a_terminal_shows_nothing(open_terminal, archive, filled):
    """Bars are for people; the document is all there is, though standard error is a terminal."""
    with open_terminal(
        "--archive", archive, "harvest", "folder", filled.parent / "pieces", "--json", streams="2"
    ) as terminal:
        exit_code, out = terminal.end()
    assert (exit_code, terminal.seen, json.loads(out)[0]["considered"]) == (0, "", 13)


def test_with_a_pipe_the_bar_stays_on_the_terminal(open_terminal, archive, many):
    """`tenuto … > file` shows the bar and writes the table."""
    with open_terminal("--archive", archive, "harvest", "folder", many, streams="2") as terminal:
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
