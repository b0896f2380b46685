"""`tenuto import` as a person and a program meet it."""

import json
import re
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "sources" / "fixtures" / "musicbrainz"


@pytest.fixture
def load(tenuto):
    """Make an archive, and import MusicBrainz dumps into it."""
    tenuto("init", "mine")
    return lambda *words: tenuto("--archive", "mine", "import", "musicbrainz", *words)


def test_a_dump_is_taken_in_and_known_again(load):
    """Documents and rows are counted; the second time it is said that nothing was read again."""
    first, again = (load(FIXTURES / "release.jsonl") for _ in range(2))
    assert (first.exit, again.exit) == (0, 0)
    assert "release.jsonl: " in first.out
    assert "tracks" in first.out
    assert "not read again" not in first.out
    assert "imported before, not read again" in again.out


def test_bad_lines_are_named_and_the_exit_code_says_so(load, tmp_path):
    """The good lines are taken in, the bad one is named by file and line, the exit code is 3."""
    path = tmp_path / "artist.jsonl"
    path.write_text('{"id":"a","name":"A","mood":1}\n{\n', "utf-8")
    answer = load(path)
    assert answer.exit == 3
    assert "artist.jsonl: 1 document" in answer.out
    assert "artist.jsonl line 2: no JSON object (line-json)" in answer.out
    assert "new field mood in 1 document" in answer.out


def test_json_is_the_receipts(load, tmp_path):
    """Programs get one document with a receipt a file, whatever was bad."""
    path = tmp_path / "artist.jsonl"
    path.write_text('{"id":"a","name":"A"}\n{\n', "utf-8")
    answer = load(path, FIXTURES / "work.jsonl", "--json")
    assert answer.exit == 3
    assert answer.err == ""
    assert [(one["entity"], one["bad_lines"], one["known"]) for one in answer.json] == [
        ("artist", 1, False),
        ("work", 0, False),
    ]
    assert answer.json[0]["bad"] == [{"line": 2, "code": "line-json", "reason": "no JSON object"}]


def test_strict_makes_drift_an_error(load, tmp_path):
    """With --strict a field that nothing reads ends the command with its name and a hint."""
    path = tmp_path / "artist.jsonl"
    path.write_text(json.dumps({"id": "a", "name": "A", "mood": "blue"}), "utf-8")
    answer = load("--strict", path)
    assert answer.exit == 3
    assert "first mood" in answer.err
    assert "Without --strict" in answer.err


def test_hints_lead_on(load, tenuto, tmp_path):
    """A wrong name, a missing file and a source without dumps each end with what to do."""
    (tmp_path / "songs.jsonl").write_text("{}", "utf-8")
    assert "release.tar.xz" in load("songs.jsonl").err
    assert "is no file" in load("missing.jsonl").err
    assert "Sources with dumps: " in tenuto("--archive", "mine", "import", "folder", "songs.jsonl").err


def test_a_person_sees_rate_and_time_left(tenuto, tmp_path, open_terminal):
    """While a dump is read, a bar says how far it is, how fast, and how long it will take."""
    tenuto("init", "mine")
    path = tmp_path / "artist.jsonl"
    path.write_text("\n".join(json.dumps({"id": f"{at}", "name": "A" * 400}) for at in range(100_000)), "utf-8")
    with open_terminal("--archive", tmp_path / "mine", "import", "musicbrainz", path) as terminal:
        exit_code, _ = terminal.end()
    assert exit_code == 0
    assert re.search(r"Reading artist.jsonl.*MB/s", terminal.seen, re.DOTALL)
    assert re.search(r"\d:\d\d:\d\d", terminal.seen)
