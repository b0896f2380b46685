"""Arguments, folders and configurations nobody should give, but somebody does: a sentence and a hint, no traceback."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

LONG, LONGER = "x" * 300, "x/" * 3000
ODD = "b\udcff"  # a name whose bytes are no UTF-8


def explained(answer, exit_code, said):
    """Check that a command ended with a sentence, a hint and the exit code."""
    assert (answer.exit, bool(re.fullmatch(r"Error: .*\nHint:  .+\n", answer.err))) == (exit_code, True), answer.err
    assert re.search(said, answer.err), answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("init", ""), "empty"),
        (("--archive", "", "stats"), "empty"),
        (("--archive", "", "init", "x"), "empty"),
        (("--archive", "FILLED", "harvest", "folder", ""), "empty"),
        (("verify", ""), "empty"),
        (("demo", "--offline", "--directory", ""), "empty"),
        (("init", LONG), "too long"),
        (("--archive", LONGER, "stats"), "too long"),
        (("--archive", "FILLED", "harvest", "folder", LONG), "too long"),
        (("verify", "FILLED", LONG), "too long"),
        (("demo", "--offline", "--directory", LONGER), "too long"),
        (("init", ODD), "no UTF-8"),
        (("init", "x", "--operator", "\udcff"), "no UTF-8"),
        (("init", "x", "--name", "\udcff"), "no UTF-8"),
        (("--archive", ODD, "init", ODD), "no UTF-8"),
        (("demo", "--offline", "--directory", ODD), "no UTF-8"),
        (("init", "FILLED/tenuto.toml"), "is a file"),
        (("init", "FILLED/tenuto.toml/x"), "is a file"),
        (("--archive", "FILLED/tenuto.toml", "stats"), "no archive"),
        (("--archive", "FILLED", "show", "\udcff"), "no id"),
        (("--archive", "FILLED", "show", ""), "no id"),
        (("--archive", "FILLED", "why", LONGER), "has no"),
        (("--archive", "FILLED", "why", "\udcff"), "has no"),
        (("--archive", "FILLED", "search", "x", "--limit", "0"), "--limit"),
        (("--archive", "FILLED", "search", "x", "--limit", "9" * 30), "--limit"),
        (("--archive", "FILLED", "search", "x", "--limit", ""), "--limit"),
        (("--archive", "FILLED", "seed", "--seconds", "nan"), "--seconds"),
        (("--archive", "FILLED", "seed", "--seconds", "-inf"), "--seconds"),
        (("--archive", "FILLED", "seed", "--listen", "localhost:0"), "no address to listen on"),
        (("--archive", "FILLED", "seed", "--listen", ""), "no address to listen on"),
        (("--archive", "FILLED", "seed", "--listen", "\udcff"), "no address to listen on"),
        (("--archive", "FILLED", "seed", "--listen", "127.0.0.1:0", "--peer", "example.org:6881"), "no peer"),
        (("--archive", "FILLED", "seed", "--listen", "127.0.0.1:0", "--peer", "\udcff"), "no peer"),
        (("source", "show", "\udcff"), "no source"),
        (("\udcff",), "No such command"),
    ],
)
def test_an_odd_argument_is_explained(tenuto, filled, tmp_path, words, said):
    """Empty, too long, no UTF-8, a file for a folder, no number, no address; nothing is made on the way."""
    explained(tenuto(*(word.replace("FILLED", str(filled)) for word in words)), 2, said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("words", [("build",), ("search", "x"), ("harvest", "folder", ".")])
def test_an_archive_whose_name_is_no_utf8_is_refused(tenuto, filled, tmp_path, there, words):
    """SQLite and libtorrent cannot open it, so no command begins, whether it is there or not, named or stood in."""
    if there:
        shutil.copytree(filled, tmp_path / ODD)
        explained(tenuto("--archive", ".", *words, cwd=tmp_path / ODD), 2, "no UTF-8")
        explained(tenuto(*words, cwd=tmp_path / ODD), 2, "no UTF-8")
    answer = tenuto("--archive", tmp_path / ODD, *words, "--json")
    explained(answer, 2, "no UTF-8")
    assert answer.json["error"]["exit"] == 2


def test_what_lies_under_an_odd_name_is_verified_or_refused(tenuto, filled, tmp_path):
    """A bag can be verified there; what SQLite or libtorrent would have to open is refused in a sentence."""
    bag = shutil.copytree(next(filled.glob("packages/*/")), tmp_path / ODD / "filled-000001")
    assert tenuto("verify", bag).exit == 0
    for path in (*filled.glob("catalogue/*.sqlite3"), *filled.glob("torrents/*")):
        shutil.copy(path, tmp_path / ODD)
    torrents = tenuto("verify", *(tmp_path / ODD).glob("*.torrent"))
    assert (torrents.exit, "Traceback" in torrents.err) == (0, False)
    explained_last = tenuto("verify", *(tmp_path / ODD).glob("*.sqlite3"))
    assert (explained_last.exit, explained_last.err.count("no UTF-8")) == (2, 1)


def configured(place, kind):
    toml = place / "tenuto.toml"
    if kind == "folder":
        toml.mkdir()
    elif kind == "fifo":
        os.mkfifo(toml)
    elif kind == "link to itself":
        toml.symlink_to(toml)
    elif kind == "huge":
        with toml.open("wb") as stream:
            stream.truncate(1 << 30)
    elif kind == "binary":
        toml.write_bytes(bytes(range(256)) * 1000)
    else:
        toml.write_text('[archive]\nname = "a"\nx = ' + "[" * 100_000)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("folder", "no regular file"),
        ("fifo", "no regular file"),
        ("link to itself", "no regular file"),
        ("huge", "more than"),
        ("binary", r"tenuto\.toml: "),
        ("nested", "nested too deeply"),
    ],
)
def test_an_odd_configuration_is_explained(tenuto, tmp_path, kind, said):
    """It is neither waited for nor read into memory whole; init leaves it alone."""
    configured(tmp_path, kind)
    explained(tenuto("--archive", tmp_path, "stats"), 2, said)
    explained(tenuto("init", tmp_path), 2, "already")


def test_an_empty_environment_variable_names_no_archive(tenuto, filled):
    """TENUTO_ARCHIVE= is as if it were not set: the nearest folder upwards counts."""
    assert tenuto("stats", "--json", cwd=filled / "ledger", TENUTO_ARCHIVE="").json["name"] == "filled"


@pytest.mark.parametrize("epoch", ["-1", "1.5", "²", "9" * 5000, "253402300800"])
def test_an_odd_time_is_explained(tenuto, filled, epoch):
    """SOURCE_DATE_EPOCH is whole seconds up to the year 9999."""
    explained(tenuto("--archive", filled, "stats", SOURCE_DATE_EPOCH=epoch), 2, "is no time")


@pytest.mark.parametrize("noted", ["{", "[1]", '{"a": 1}', "[" * 100_000])
def test_an_odd_note_of_folders_is_passed_over(tenuto, filled, tmp_path, noted):
    """folders.json is a private note; what is no such note knows no folder."""
    copy = shutil.copytree(filled, tmp_path / "copy")
    (copy / "folders.json").write_text(noted)
    explained(tenuto("--archive", copy, "why", "nothing"), 2, "has no")


def test_a_current_folder_that_is_gone(tenuto, tmp_path):
    """The shell stands in a folder that was removed."""
    script = 'cd "$1" && rmdir "$1" && exec "$2" -m tenuto stats'
    done = subprocess.run(
        ["sh", "-c", script, "sh", tmp_path / "gone", sys.executable], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2  # there is no such folder to stand in
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        ["sh", "-c", script, "sh", tmp_path / "gone", sys.executable], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "No such file" in done.stderr) == (5, True)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
@pytest.mark.parametrize("closed", ["whole", "writing", "ledger/head.json", "tenuto.toml", "captures", "packages"])
def test_an_archive_one_may_not_touch(filled, closed):
    """Somebody else's archive, closed wholly or in part, or only to writing, is explained by every command."""
    stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-m", "tenuto"]
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is closed to others
        Path(folder).chmod(0o755)
        place = shutil.copytree(filled, Path(folder) / "theirs")
        if closed != "writing":
            (place if closed == "whole" else place / closed).chmod(0)
        for words in (["stats"], ["verify"], ["build"], ["harvest", "folder", "."], ["init", place / "x"]):
            done = subprocess.run(
                [*stranger, "--archive", place, *words], capture_output=True, text=True, check=False, cwd=folder
            )
            assert done.returncode in {0, 2, 5, 6}, (words, done.stderr)
            assert "Traceback" not in done.stderr + done.stdout
