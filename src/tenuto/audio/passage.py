"""One passage of files through a crew of workers: what waits, what is underway, what is done and not yet given."""

import selectors
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from signal import SIGXCPU

from tenuto.audio.child import Child, Crew
from tenuto.model.audio import AudioProblem, Failure, Probe
from tenuto.model.document import from_json
from tenuto.model.errors import SourceError
from tenuto.opening import OpenFile

__all__ = ["Passage"]

_AHEAD = 64  # files taken in, and so open, before the oldest is given out
_TRIES = 2


@dataclass(slots=True)
class _Task:
    file: OpenFile
    tries: int = 0


class Passage:
    """Gives each file's Probe or Failure in order; the reasons of failures never depend on what else passed."""

    def __init__(self, crew: Crew, files: Iterable[OpenFile], seconds: float, clock: Callable[[], float]) -> None:
        """Prepare; a worker silent for `seconds` by `clock` while it is waited for is ended."""
        self._crew = crew
        self._files = iter(files)
        self._seconds = seconds
        self._clock = clock
        self._tasks: dict[int, _Task] = {}
        self._again: deque[int] = deque()
        self._done: dict[int, Probe | Failure] = {}
        self._taken = 0
        self._given = 0
        self._exhausted = False

    def results(self) -> Iterator[Probe | Failure]:
        """Run, and give results in the order of the files."""
        while True:
            self._feed()
            if self._given in self._done:
                result = self._done.pop(self._given)
                self._given += 1
                yield result
                self._collect(patience=0.0)
            elif self._exhausted and self._given == self._taken:
                return
            else:
                self._collect(patience=self._patience())

    def abandon(self) -> None:
        """End the workers that still owe an answer nobody will hear."""
        for child in [child for child in self._crew.children if child.owed]:
            self._crew.dismiss(child)

    def _feed(self) -> None:
        """Ask the least busy workers, one file at a time, until no more is to be asked or nobody has room."""
        self._crew.fill()
        while True:
            child = min(self._crew.children, key=lambda child: len(child.owed))
            number = self._next() if child.has_room() else None
            if number is None:
                return
            child.ask(number, self._tasks[number].file)

    def _next(self) -> int | None:
        """Give the number of a file to ask about, or None where there is none, or enough are underway."""
        if self._again:
            return self._again.popleft()
        if self._exhausted or self._taken - self._given >= _AHEAD:
            return None
        file = next(self._files, None)
        if file is None:
            self._exhausted = True
            return None
        number = self._taken
        self._taken += 1
        self._tasks[number] = _Task(file)
        return number

    def _patience(self) -> float:
        return max(0.0, min((self._seconds - child.waited for child in self._busy()), default=0.0))

    def _busy(self) -> list[Child]:
        return [child for child in self._crew.children if child.owed]

    def _collect(self, patience: float) -> None:
        """Take in what workers have answered within `patience` seconds; end those that are gone or silent."""
        with selectors.PollSelector() as selector:
            for child in self._busy():
                selector.register(child, selectors.EVENT_READ)
            before = self._clock()
            heard = [key.fileobj for key, _ in selector.select(patience)]
            elapsed = self._clock() - before
        for child in self._busy():
            child.waited += elapsed
            if child in heard:
                self._hear(child)
            elif child.waited >= self._seconds:
                self._end(child, silent=True)

    def _hear(self, child: Child) -> None:
        answers, is_well = child.answers()
        for number, line in answers:
            del self._tasks[number]
            self._done[number] = _read(line)
        if not is_well:
            self._end(child, silent=False)

    def _end(self, child: Child, *, silent: bool) -> None:
        """Dismiss a worker; the file it was at is tried again or given up, those behind it simply wait again."""
        code = self._crew.lose(child)
        if not child.owed:
            return
        number, *rest = child.owed
        task = self._tasks[number]
        task.tries += child.ready
        self._again.extendleft(reversed(rest))
        if task.tries < _TRIES:
            self._again.appendleft(number)
            return
        del self._tasks[number]
        self._done[number] = self._quarantined(code, silent=silent)

    def _quarantined(self, code: int, *, silent: bool) -> Failure:
        if silent or code == -SIGXCPU:
            reason = f"its parser was stopped {_TRIES} times after {self._seconds:g} s"
            return Failure(code=AudioProblem.TIMEOUT, reason=reason)
        reason = f"its parser ended {_TRIES} times by {f'signal {-code}' if code < 0 else f'exit code {code}'}"
        return Failure(code=AudioProblem.CRASHED, reason=reason)


def _read(line: bytes) -> Probe | Failure:
    kind: type[Probe | Failure] = Probe if line[:1] == b"P" else Failure
    try:
        said: Probe | Failure = from_json(kind, line[1:])
    except SourceError:
        return Failure(code=AudioProblem.CRASHED, reason="its parser answered what is no answer")
    return said
