"""The process that reads dumps: whatever becomes of it, a typed error names the file, and nothing of it stays."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tenuto.flow import import_process
from tenuto.flow.importing import import_dumps
from tenuto.model.errors import SourceError, UnsafeInputError
from tenuto.model.progress import Silent

SAY = "import sys; sys.stdout.write({!r}); sys.stdout.flush(); {}"


def artists(folder, count):
    path = folder / "artist.jsonl"
    path.write_text("".join(json.dumps({"id": f"a{at}", "name": "N" * 50}) + "\n" for at in range(count)), "utf-8")
    return path


@pytest.fixture
def pretend(monkeypatch, archive, tmp_path):
    """Import with a reader that says something and does something, in place of ours."""

    def run(said, then="0"):
        words = [sys.executable, "-c", SAY.format(said, then)]
        monkeypatch.setattr(import_process, "command", lambda *_: words)
        return import_dumps(archive, "musicbrainz", [artists(tmp_path, 1)], Silent())

    return run


def receipt(entity):
    facts = {"entity": entity, "file": "f", "sha256": "0" * 64, "size": 1, "lines": 1, "documents": 1, "rows": []}
    return json.dumps(["done", [json.dumps(facts)], "0" * 64]) + "\n"


@pytest.mark.parametrize(
    ("then", "kind", "said"),
    [
        ("import os; os.kill(os.getpid(), 11)", SourceError, "SIGSEGV (Reading it, behind 7 bytes)"),
        ("import os; os.abort()", SourceError, "SIGABRT"),
        ("import os; os.kill(os.getpid(), 9)", SourceError, "SIGKILL"),
        ("import os; os.kill(os.getpid(), 24)", UnsafeInputError, "more processor time"),
        ("sys.exit(3)", SourceError, "exit code 3"),
        ("0", SourceError, "exit code 0"),
    ],
)
def test_an_end_without_a_word_is_told(pretend, archive, then, kind, said):
    """By a signal, by a code, or with nothing said: the error names the file, the end, and how far it was."""
    with pytest.raises(kind) as caught:
        pretend('["start", "Reading it", 9, "bytes"]\n["advance", 7]\n', then)
    assert caught.value.code == ("dump-crash" if kind is SourceError else "dump-time")
    assert "artist.jsonl" in str(caught.value)
    assert said in str(caught.value)
    assert not list(archive.layout.records.rglob(".tmp-*"))


@pytest.mark.parametrize(
    "said",
    [
        "rubbish\n",
        '["done", [], ""]\n',
        '["done", ["{}"], "x"]\n',
        '["error", "SystemExit", "m", "h", "c"]\n',
        '["advance", "7"]\n',
        "[" * 100_000 + "\n",
        receipt("../../captures"),
    ],
)
def test_what_makes_no_sense_is_not_believed(pretend, said):
    """A parser that was taken over says what it likes; nothing is done with what is no word of ours."""
    with pytest.raises(SourceError) as caught:
        pretend(said)
    assert caught.value.code == "dump-crash"


def test_a_digest_that_is_a_lie_is_noticed(pretend, archive):
    """What is recorded is the digest that we reckon ourselves."""
    with pytest.raises(SourceError, match="changed while it was read"):
        pretend(receipt("artist"))
    assert not list(archive.layout.captures.rglob("*.jsonl"))


def test_memory_is_bound(archive, tmp_path, monkeypatch):
    """M8: an import that needs more than it may have is an error of its own kind."""
    monkeypatch.setattr(import_process, "_MEMORY", 220 << 20)
    with pytest.raises((UnsafeInputError, SourceError)) as caught:
        import_dumps(archive, "musicbrainz", [artists(tmp_path, 1_000_000)], Silent())
    assert caught.value.code in {"dump-memory", "dump-crash"}
    assert "artist.jsonl" in str(caught.value)


def test_a_link_is_not_followed(archive, tmp_path):
    """A dump that is a symbolic link is refused, whatever it is a dump of."""
    (tmp_path / "release.jsonl").symlink_to(artists(tmp_path, 1))
    with pytest.raises(UnsafeInputError, match="symbolic link"):
        import_dumps(archive, "musicbrainz", [tmp_path / "release.jsonl"], Silent())


def readers(root):
    """Give the processes that read a dump into an archive."""
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (place / "cmdline").read_bytes()
            if b"import_child" in words and str(root).encode() in words:
                yield int(place.name)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9), (signal.SIGTERM, -15)])
def test_both_end_together(archive, tmp_path, number, status):
    """However the command ends, the reader ends with it; the same command goes on."""
    root, path = archive.layout.root, artists(tmp_path, 2_000_000)
    words = [sys.executable, "-m", "tenuto", "--archive", str(root), "import", "musicbrainz", str(path)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while not list(readers(root)) and process.poll() is None:
        threading.Event().wait(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == status, said
    assert "Traceback" not in said
    end = time.monotonic() + 10
    while list(readers(root)):
        assert time.monotonic() < end, "the reader outlived the command"
        threading.Event().wait(0.05)
    assert import_dumps(archive, "musicbrainz", [path], Silent())[0].documents == 2_000_000
