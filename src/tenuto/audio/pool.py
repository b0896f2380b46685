"""Probes files in child processes: one that hangs or dies is replaced, its file tried once more, the others go on."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from tenuto.audio.child import Crew
from tenuto.audio.passage import Passage
from tenuto.model.audio import Failure, Probe
from tenuto.opening import OpenFile

__all__ = ["Limits", "ProbePool"]


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


class ProbePool:
    """Worker processes that probe files; a context manager, whose `probe` may be called again and again."""

    def __init__(
        self,
        workers: int = 2,
        limits: Limits | None = None,
        *,
        command: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare for so many `workers`, which run `command` where one is given; they start on entering."""
        self._limits = limits or Limits()
        self._clock = clock
        self._crew = Crew(command or self._limits.command(), max(1, workers))

    def __enter__(self) -> Self:
        """Start the workers; raises AudioError where they cannot be started."""
        self._crew.fill()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Kill the workers."""
        for child in tuple(self._crew.children):
            self._crew.dismiss(child)

    def probe(self, files: Iterable[OpenFile]) -> Iterator[Probe | Failure]:
        """Probe open files and give what each is, in order; raises AudioError where no worker will start.

        A file must stay open until its answer is given; up to 64 are taken in ahead.
        Content raises nothing: a file whose parser hangs or dies twice is a Failure like any other.
        """
        passage = Passage(self._crew, files, self._limits.seconds, self._clock)
        try:
            yield from passage.results()
        finally:
            passage.abandon()
