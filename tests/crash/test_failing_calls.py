"""The n-th write, flush or rename fails (EIO, ENOSPC): the old state or the new one, and nothing acknowledged is lost.

A tracer lets the thousandth call of a kind fail; a stage that is to fail at its n-th makes 1,000 - n in vain before.
"""

import os
import random
import re
import shutil
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from tenuto.flow.archive import init_archive, open_archive
from tenuto.flow.harvest import harvest_folders
from tenuto.model.progress import Silent

STAGES = ("harvest", "build", "pack", "torrents")
ERRORS = ("EIO", "ENOSPC")
CALLS = "fsync,fdatasync,syncfs,ftruncate,write,pwrite64,?rename,?renameat,linkat"
FAILING = 1000
MOST = {"harvest": 60, "pack": 60, "build": 4, "torrents": 2}
"""Calls of one kind up to which each is let fail; of more, so many are chosen at random."""
THEN = {"harvest": ["harvest"], "build": ["build"], "pack": ["pack", "torrents"], "torrents": ["torrents"]}
"""What is run after a fault: a bag that became visible in spite of it is in the catalogue sooner than otherwise."""
SEED = 20261124


class Faults:
    """Stages under tracers, one for each error, whose calls fail when told to."""

    def __init__(self, start, folder):
        self._logs = {error: folder / f"{error}.log" for error in ERRORS}
        self._stages = {}
        for error, log in self._logs.items():
            inject = f"inject={CALLS}:error={error}:when={FAILING}"
            command = ["strace", "-f", "--seccomp-bpf", "-y", "-qq", "-e", "signal=none", "-o", str(log)]
            self._stages[error] = start(*command, "-e", f"trace={CALLS}", "-e", inject)

    def calls(self, stage, root, place):
        """Run a stage undisturbed and give the numbers of its calls that change the archive, by kind."""
        status, _ = self._stages["EIO"].run(stage, root, place)
        assert status == 0
        counts, found = defaultdict(int), defaultdict(list)
        for call, told in self._told("EIO"):
            counts[call] += 1
            if str(root) in told:
                found[call].append(counts[call])
        return found

    def order(self, stage, root, place):
        """Run a stage undisturbed and give its calls in order: kind, and what it is called on, a path or two."""
        status, _ = self._stages["EIO"].run(stage, root, place)
        assert status == 0
        paths = re.compile(r'"([^"]*)"(?:, "([^"]*)")?')
        for call, told in self._told("EIO"):
            named = paths.match(told) if call.startswith("rename") else re.match(r"\d+<([^>]*)>", told)
            if named:
                yield call, tuple(map(Path, named.groups()))

    def fail(self, error, stage, root, place, call):
        """Run a stage whose n-th call of a kind fails; gives its exit code and how often a call failed."""
        name, number = call
        status, _ = self._stages[error].run(f"{stage} {name} {FAILING - number}", root, place)
        return os.waitstatus_to_exitcode(status), sum("(INJECTED)" in line for line in self._lines(error))

    def _told(self, error):
        """Give the calls of the last stage's own process: kind and what was noted."""
        matches = (re.match(r"(\w+)\((.*)", line) for line in self._lines(error))
        return [(match[1], match[2]) for match in matches if match]

    def _lines(self, error):
        """Give what was noted of the last stage's own process; a call may end on a later line than it begins."""
        child = self._stages[error].child
        lines = self._logs[error].read_text("utf-8", "replace").splitlines()
        return [line.partition(" ")[2].strip() for line in lines if line.startswith(f"{child} ")]


@pytest.fixture(scope="module")
def faults(traced_stages, tmp_path_factory):
    if shutil.which("strace") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("strace is not installed")
    return Faults(traced_stages, tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def steps(stages, music, tmp_path_factory, archives):
    """Build the archive nothing disturbed, with a copy of it before each stage and after the last."""
    root = tmp_path_factory.mktemp("steps") / "archive"
    small = shutil.copytree(music / "Tunes Everyone Owns", root.parent / "small")
    init_archive(root, name="crash")
    known = root.parent / "known"
    known.mkdir()
    shutil.copy(music / "copy.opus", known)
    harvest_folders(open_archive(root, archives.clock), [known], None, Silent())  # rows that must survive every fault
    copies = [archives.copy(root, root.with_name("before"))]
    for stage in STAGES:
        stages.finish(stage, root, small)
        copies.append(archives.copy(root, root.with_name(f"after-{stage}")))
    return small, dict(zip(STAGES, pairwise(copies), strict=True))


def chosen(calls, most, moments):
    """Choose which calls are let fail: every one of a kind that is rare, some of a kind that is not."""
    return [
        (name, number)
        for name, numbers in sorted(calls.items())
        for number in (numbers if len(numbers) <= most else sorted(moments.sample(numbers, most)))
    ]


@pytest.fixture
def disturb(faults, stages, steps, archives):
    """Let one call of a stage fail and finish the stage; what is then there must be as in the undisturbed archive."""
    small, copies = steps

    def disturb(root, stage, call, error):
        told = (stage, *call, error)
        assert faults.fail(error, stage, root, small, call) == (5, 1), (told, archives.said(root))
        said = archives.said(root)
        assert said.startswith((f"Error: {root}/", "Error: the catalogue ")), (told, said)
        assert "/.lock" not in said, (told, said)
        rows = archives.look(root)
        assert any(finished_as_ever(name, root) for name in THEN[stage]), told
        assert archives.acknowledged(root)[: len(rows)] == rows, told

    def finished_as_ever(stage, root):
        stages.finish(stage, root, small)
        return archives.contents(root) == archives.contents(copies[stage][1])

    return disturb


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_call_that_fails_loses_nothing(stage, disturb, faults, steps, archives):
    """Exit code 5 with a sentence, all that is visible whole, and after the rerun all as if nothing had happened."""
    small, copies = steps
    moments = random.Random(f"{SEED}-{stage}")  # noqa: S311 - calls to fail, no secret
    before = copies[stage][0]
    folder = before.parent / stage
    calls = faults.calls(stage, archives.copy(before, folder / "counted" / "archive"), small)
    assert {"fsync", "write"} < calls.keys()
    for trial, call in enumerate(chosen(calls, MOST[stage], moments)):
        root = archives.copy(before, folder / f"{trial}" / "archive")
        disturb(root, stage, call, ERRORS[trial % 2])
        shutil.rmtree(root.parent)


def unsafe_renames(calls, root):
    """Give what got its name before its bytes were flushed, and the names themselves that never were."""
    unwritten, unnamed, early = set(), set(), []
    for call, (path, *to) in calls:
        if call in {"write", "pwrite64"}:
            unwritten.add(path)
        elif call == "syncfs":
            unwritten, unnamed = set(), set()
        elif call in {"fsync", "fdatasync"}:
            unwritten.discard(path)
            unnamed.discard(path)
        elif call.startswith("rename"):
            early += [(str(one), str(to[0])) for one in unwritten if one.is_relative_to(path)]
            unnamed.add(to[0].parent)
    late = {path for path in unwritten | unnamed if path.is_relative_to(root) and path.exists()}
    return early, late


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_gets_its_name_before_it_is_on_the_disk(stage, faults, steps, archives, tmp_path):
    """Power may fail at any moment: bytes are flushed before their rename, and names before the stage ends."""
    small, copies = steps
    root = archives.copy(copies[stage][0], tmp_path / "archive")
    calls = list(faults.order(stage, root, small))
    assert any(call.startswith("rename") for call, _ in calls)
    assert unsafe_renames(calls, root) == ([], set())
