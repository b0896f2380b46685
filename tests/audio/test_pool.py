"""The pool: order, crashes, silence and names; the workers that misbehave are real processes."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from tenuto.audio.pool import Limits, ProbePool
from tenuto.model.audio import AudioProblem, Failure, Probe
from tenuto.model.errors import AudioError

FAKE = """
import json, os, signal, sys, time
def say(text):
    os.write(1, text.encode() + b"\\n")
say("R")
for line in sys.stdin:
    number, path = json.loads(line)
    name = os.path.basename(path)
    marker = os.path.join(sys.argv[1], name)
    if "hang" in name:
        time.sleep(600)
    if "crash" in name or ("once" in name and not os.path.exists(marker)):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    if "exit" in name:
        os._exit(3)
    if "noise" in name:
        say(f"{number} Pno JSON")
    elif "chatter" in name:
        say("0 F{}\\n" * 60)
    elif "half" in name:
        os.write(1, b'%d F{"code":' % number)
        os._exit(0)
    else:
        say(f"{number} F" + json.dumps({"code": "fake", "reason": name}))
"""


@pytest.fixture
def fake(tmp_path):
    """Give a pool of two workers that hang, crash or talk nonsense when a file's name says so."""
    command = (sys.executable, "-I", "-c", FAKE, str(tmp_path))
    with ProbePool(workers=2, limits=Limits(seconds=0.5), command=command) as running:
        yield running


def reasons(pool: ProbePool, names: list[str]) -> list[str]:
    """Probe names and give what came back: the name itself where the worker answered, else the code."""
    answers = list(pool.probe(Path("/x", name) for name in names))
    assert all(isinstance(answer, Failure) for answer in answers)
    return [answer.reason if answer.code == "fake" else answer.code for answer in answers]


def test_answers_come_in_the_order_of_the_paths(fake):
    """Two workers and a thousand files: the order stays, and the pool can be used again."""
    names = [f"{at:04d}" for at in range(1000)]
    assert names == reasons(fake, names)
    assert names[:3] == reasons(fake, names[:3])
    assert reasons(fake, []) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("crash", AudioProblem.CRASHED),
        ("exit", AudioProblem.CRASHED),
        ("noise", AudioProblem.CRASHED),
        ("half", AudioProblem.CRASHED),
        ("chatter", AudioProblem.CRASHED),
        ("hang", AudioProblem.TIMEOUT),
    ],
)
def test_bad_file_is_given_up_after_two_tries_and_the_others_go_on(fake, name, code):
    """A5: one file that ends its parser costs itself only, wherever it stands in the queue."""
    names = [f"{at:02d}" for at in range(40)]
    names[20] = name
    assert [*names[:20], code, *names[21:]] == reasons(fake, names)


def test_file_that_failed_once_is_tried_again(fake, tmp_path):
    """A5: the second try may succeed, and counts."""
    assert reasons(fake, ["a", "once", "b"]) == ["a", "once", "b"]
    assert (tmp_path / "once").exists()


def test_reason_of_a_crash_names_the_signal(fake):
    """What is recorded says how the parser ended."""
    (answer,) = fake.probe([Path("/x/crash")])
    assert isinstance(answer, Failure)
    assert answer.reason == f"its parser ended 2 times by signal {int(signal.SIGKILL)}"


def test_workers_killed_from_outside_lose_no_file(tones, tmp_path):
    """A5: SIGKILL to real workers in the middle; every file still has its Probe."""
    paths = []
    for at in range(400):
        paths.append(tmp_path / f"{at}.wav")
        paths[-1].write_bytes(tones["wav"])
    others = children()
    with ProbePool(workers=2) as pool:
        answers = []
        for at, answer in enumerate(pool.probe(paths)):
            answers.append(answer)
            if at in {50, 150, 250}:
                os.kill((children() - others).pop(), signal.SIGKILL)
    assert len(paths) == len(answers)
    assert all(isinstance(answer, Probe) for answer in answers)
    assert others == children()


def children() -> set[int]:
    """List the processes that this one started and that run a worker."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            status, line = (entry / "stat").read_text(), (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if b"tenuto.audio.worker" in line and int(status.rpartition(")")[2].split()[1]) == os.getpid():
            found.add(int(entry.name))
    return found


def test_leaving_the_pool_or_the_loop_early_leaves_no_process(fake, tmp_path):
    """A caller that stops reading leaves nobody behind, and may ask again."""
    for answer in fake.probe(Path("/x", str(at)) for at in range(500)):
        assert isinstance(answer, Failure)
        break
    assert reasons(fake, ["a", "b"]) == ["a", "b"]


def test_paths_are_taken_in_only_as_results_are_given(fake):
    """The queue is bounded: a generator of a million paths is not read to its end at once."""
    taken = []

    def paths():
        for at in range(1_000_000):
            taken.append(at)
            yield Path("/x", str(at))

    running = fake.probe(paths())
    next(running)
    assert len(taken) < 1000
    running.close()


def test_worker_that_never_starts_is_an_error_not_a_loop():
    """A broken installation is told at once instead of blaming every file."""
    with (
        ProbePool(workers=1, command=(sys.executable, "-I", "-c", "pass")) as pool,
        pytest.raises(AudioError, match="end before they begin"),
    ):
        list(pool.probe([Path("/x/a"), Path("/x/b")]))
    with pytest.raises(AudioError, match="can be started"), ProbePool(workers=1, command=("/absent/program",)):
        pass


def test_slow_caller_does_not_time_its_workers_out(fake):
    """Only time spent waiting for a worker counts against it."""
    names = [str(at) for at in range(40)]
    found = []
    pause = threading.Event()
    for answer in fake.probe(Path("/x", name) for name in names):
        pause.wait(0.03)
        found.append(answer.reason)
    assert names == found


@pytest.mark.parametrize(
    "name",
    [
        b"-rf.flac",
        b"--help.flac",
        b"a\nb.flac",
        b"$(touch x).flac",
        b"`id`;|&.flac",
        b"\xff\xfe invalid.flac",
        "\u202ebidi ☃.flac".encode(),
        b"%s%n.flac",
        b"http:a.flac",
        b"n" * 250 + b".flac",
    ],
)
def test_names_are_only_names(tones, tmp_path, monkeypatch, pool, name):
    """A4: no name is an option, a command, a format or a URL, absolute or not."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    path.write_bytes(tones["flac"])
    monkeypatch.chdir(tmp_path)
    answers = list(pool.probe([path, Path(path.name)]))
    assert [Probe, Probe] == [type(answer) for answer in answers]
    assert [entry.name for entry in os.scandir(os.fsencode(tmp_path))] == [name]


def test_name_longer_than_any_file_has_is_a_failure(pool):
    """What cannot be asked is answered without asking."""
    (answer,) = pool.probe([Path("/" + "a/" * 40000)])
    assert isinstance(answer, Failure)
    assert answer.code == AudioProblem.BROKEN


def test_processor_time_is_granted_for_each_file_anew(tones, tmp_path):
    """A worker's limit is for one file, not for its life: 300 files within a limit of a second each."""
    path = tmp_path / "a.mp3"
    path.write_bytes(tones["mp3"])
    with ProbePool(workers=1, limits=Limits(seconds=1)) as pool:
        started = time.process_time()
        assert all(isinstance(answer, Probe) for answer in pool.probe([path] * 300))
    assert time.process_time() - started < 5
