"""Child processes: argument lists, plain language, a time limit, no shell."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from tenuto.model.errors import FetchError

__all__ = ["Finished", "environment", "run"]

_TIED = ("setpriv", "--pdeathsig", "KILL", "--")  # util-linux, which every Debian system has
_KEPT = 1 << 20  # bytes of what a child says on its error stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a child process left."""

    code: int
    lines: tuple[str, ...]
    """What it wrote to standard output."""
    complaints: str
    """What it wrote to standard error."""


def environment() -> dict[str, str]:
    """Give our environment with messages in plain English, so that they can be read by programs."""
    return {**os.environ, "LC_ALL": "C", "LANGUAGE": ""}


def run(
    command: Sequence[str], *, seconds: float, cwd: Path | None = None, listen: Callable[[str], None] | None = None
) -> Finished:
    """Run a command to its end, its output line by line to `listen`; FetchError where it is missing or too slow.

    It does not outlive us, or its locks would stand in the way of the next run.
    """
    for program in (command[0], _TIED[0]):
        if shutil.which(program) is None:
            raise FetchError(f"this machine has no {program}", hint="Use a Debian machine.")
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            [*_TIED, *command],
            cwd=cwd,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        lines = _lines(child, seconds, command[0], listen)
        complaints.seek(0)
        said = complaints.read(_KEPT).decode("utf-8", "replace")
    return Finished(code=child.returncode, lines=lines, complaints=said)


def _lines(
    child: "subprocess.Popen[str]", seconds: float, name: str, listen: Callable[[str], None] | None
) -> tuple[str, ...]:
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, stop)
    timer.start()
    lines = []
    try:
        for line in cast("IO[str]", child.stdout):
            lines.append(line.rstrip("\n"))
            if listen is not None:
                listen(lines[-1])
        child.wait()
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        cast("IO[str]", child.stdout).close()
    if late.is_set():
        raise FetchError(f"{name} took more than {seconds:.0f} seconds", code="fetch-timeout")
    return tuple(lines)
