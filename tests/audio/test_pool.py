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
from tenuto.opening import OpenFile

FAKE = """
import json, os, signal, sys, time
def say(text):
    os.write(1, text.encode() + b"\\n")
say("R")
while line := os.read(0, 65536):
    number, name = json.loads(line)
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


NOTHING = os.open(os.devnull, os.O_RDONLY)


def files(names):
    """Give open files of these names, of which the fake looks at the name alone."""
    return (OpenFile(NOTHING, name, os.fstat(NOTHING)) for name in names)


def reasons(pool: ProbePool, names: list[str]) -> list[str]:
    """Probe names and give what came back: the name itself where the worker answered, else the code."""
    answers = list(pool.probe(files(names)))
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
    (answer,) = fake.probe(files(["crash"]))
    assert isinstance(answer, Failure)
    assert answer.reason == f"its parser ended 2 times by signal {int(signal.SIGKILL)}"


def test_workers_killed_from_outside_lose_no_file(tones, tmp_path, probe):
    """A5: SIGKILL to real workers in the middle; every file still has its Probe."""
    paths = []
    for at in range(400):
        paths.append(tmp_path / f"{at}.wav")
        paths[-1].write_bytes(tones["wav"])
    others = children()
    with ProbePool(workers=2) as pool:
        answers = []
        for at, answer in enumerate(probe(pool, paths)):
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
    for answer in fake.probe(files(str(at) for at in range(500))):
        assert isinstance(answer, Failure)
        break
    assert reasons(fake, ["a", "b"]) == ["a", "b"]


def test_files_are_taken_in_only_as_results_are_given(fake):
    """The queue is bounded: of a million files few are open at once."""
    taken = []

    def names():
        for at in range(1_000_000):
            taken.append(at)
            yield str(at)

    running = fake.probe(files(names()))
    next(running)
    assert len(taken) < 1000
    running.close()


def test_worker_that_never_starts_is_an_error_not_a_loop():
    """A broken installation is told at once instead of blaming every file."""
    with (
        ProbePool(workers=1, command=(sys.executable, "-I", "-c", "pass")) as pool,
        pytest.raises(AudioError, match="end before they begin"),
    ):
        list(pool.probe(files(["a", "b"])))
    with pytest.raises(AudioError, match="can be started"), ProbePool(workers=1, command=("/absent/program",)):
        pass


def test_slow_caller_does_not_time_its_workers_out(fake):
    """Only time spent waiting for a worker counts against it."""
    names = [str(at) for at in range(40)]
    found = []
    pause = threading.Event()
    for answer in fake.probe(files(names)):
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
def test_names_are_only_names(tones, tmp_path, pool, probe, name):
    """A4: no name is an option, a command, a format or a URL."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    path.write_bytes(tones["flac"])
    assert [Probe] == [type(answer) for answer in probe(pool, [path])]
    assert [entry.name for entry in os.scandir(os.fsencode(tmp_path))] == [name]


def test_processor_time_is_granted_for_each_file_anew(tones, tmp_path, probe):
    """A worker's limit is for one file, not for its life: 300 files within a limit of a second each."""
    path = tmp_path / "a.mp3"
    path.write_bytes(tones["mp3"])
    with ProbePool(workers=1, limits=Limits(seconds=1)) as pool:
        started = time.process_time()
        assert all(isinstance(answer, Probe) for answer in probe(pool, [path] * 300))
    assert time.process_time() - started < 5
