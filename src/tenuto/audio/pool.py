"""Probes files in child processes: one that hangs or dies is replaced, its file tried once more, the others go on."""

import os
import selectors
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGXCPU
from typing import Self

from tenuto.audio.child import Child, request
from tenuto.model.audio import AudioProblem, Failure, Probe
from tenuto.model.document import from_json
from tenuto.model.errors import AudioError, SourceError

__all__ = ["Limits", "ProbePool"]

_AHEAD = 256  # files read ahead of the one that is given next
_EACH = 16  # files one worker is asked about at a time
_TRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What probing one file may use."""

    seconds: float = 20.0
    """Of waiting for it, and of processor time."""
    memory: int = 1024**3
    """Bytes of address space of a worker."""
    file_size: int = 16 * 1024**3
    """Bytes of the file."""

    def command(self) -> tuple[str, ...]:
        """Give the command line of a worker that is so limited."""
        python = (sys.executable, "-I", "-m", "tenuto.audio.worker")
        return (*python, str(self.seconds), str(self.memory), str(self.file_size))


@dataclass(slots=True)
class _Task:
    line: bytes
    tries: int = 0


class ProbePool:
    """Worker processes that probe files; a context manager, whose `probe` may be called again and again.

    A worker that answers nothing for `limits.seconds` is killed. `command` replaces the worker program.
    """

    def __init__(
        self,
        workers: int = 2,
        limits: Limits | None = None,
        command: Sequence[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare for `workers` processes; they start when the pool is entered."""
        self._workers = max(1, workers)
        self._limits = limits or Limits()
        self._command = tuple(command or self._limits.command())
        self._clock = clock
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        """Start the workers."""
        try:
            while len(self._children) < self._workers:
                self._children.append(self._start())
        except AudioError:
            self._stop()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Kill the workers."""
        self._stop()

    def probe(self, paths: Iterable[Path]) -> Iterator[Probe | Failure]:
        """Probe files and give what each is, in the order of `paths`; raises AudioError where no worker can be started.

        An answer underway when the caller stops early is thrown away with its worker.
        """
        run = _Run(self._children, paths, self._start, self._limits.seconds, self._clock)
        try:
            yield from run.results()
        finally:
            run.abandon()

    def _start(self) -> Child:
        try:
            return Child(self._command)
        except OSError as error:
            raise AudioError(f"no parser process can be started: {error}") from error

    def _stop(self) -> None:
        while self._children:
            self._children.pop().end()
