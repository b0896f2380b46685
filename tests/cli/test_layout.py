"""What is printed at 80 columns and into a pipe: ids, addresses and words stay whole."""

import re

import apsw
import pytest

from tenuto.cli.output import Output

COMMANDS = [
    ("search", "tenuto"),
    ("show", "TRACK"),
    ("show", "RELEASE"),
    ("why", "TRACK"),
    ("why", "broken.flac"),
    ("stats",),
    ("source", "list"),
    ("source", "show", "debian"),
]
WHOLE = re.compile(r"\b(?:tr|rc|re|ar)-[0-9a-f]{20}\b|https?://[^\s)]+|\b[0-9a-f]{40,64}\b|\bR-[A-Z-]+\b")


@pytest.fixture(scope="module")
def named(filled):
    """Give what the words TRACK and RELEASE stand for."""
    connection = apsw.Connection(str(filled / "catalogue" / "filled_clean.sqlite3"), apsw.SQLITE_OPEN_READONLY)
    (track, release), *_ = connection.execute("SELECT tracks.id, releases.id FROM tracks JOIN releases USING (release)")
    connection.close()
    return {"TRACK": track, "RELEASE": release}


def plain(text):
    """Leave out colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r\n", "\n")


@pytest.fixture
def both(tenuto, open_terminal, filled, named):
    """Give a function that runs a command into a pipe and in a window, and gives what each shows."""

    def run(words, columns):
        words = [named.get(word, word) for word in words]
        piped = tenuto("--archive", filled, *words).out
        with open_terminal("--archive", filled, *words, columns=columns) as window:
            assert window.end()[0] == 0
        return piped, plain(window.seen)

    return run


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_window_of_80_columns_breaks_between_words(both, words):
    """What a pipe gets stands there whole; a line is wider only where a single word is."""
    piped, shown = both(words, 80)
    assert sorted(shown.split()) == sorted(piped.split())
    for line in shown.splitlines():
        assert len(line) <= 80 or len(line.split()[-1]) > 60, line


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_narrow_window_breaks_no_id(both, words):
    """Ids, addresses, hashes and rules stay whole at 30 columns."""
    piped, shown = both(words, 30)
    assert sorted(WHOLE.findall(shown)) == sorted(WHOLE.findall(piped))


@pytest.mark.parametrize("columns", ["20", "80"])
def test_a_pipe_has_no_width(tenuto, filled, columns):
    """Each row is one line, however long, and ends without blanks, so that grep and cut find whole ids."""
    said = tenuto("--archive", filled, "search", "frere", COLUMNS=columns).out.splitlines()
    assert len(said) == 2
    assert re.fullmatch(
        r"tr-[0-9a-f]{20}  Frère Jacques  The Tenuto Ensemble  Songs Without Owners    0:15  open", said[1]
    )
    for words in (("stats",), ("source", "list"), ("source", "show", "debian")):
        lines = tenuto("--archive", filled, *words, COLUMNS=columns).out.splitlines()
        assert [line for line in lines if line != line.rstrip() or line.startswith("    ")] == []


@pytest.mark.parametrize("said", ["a  b/c   d", " begins and ends ", "x" * 300, ""])
def test_a_pipe_changes_no_path(capsys, said):
    """Blanks in a row belong to a name."""
    Output(as_json=False).facts([("path", said)])
    assert capsys.readouterr().out == f"path  {said}\n"
