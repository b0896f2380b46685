"""Hashing in processes of our own, each fed a few files ahead, their answers put back into order."""

import os
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tenuto.model.errors import PackageError
from tenuto.packages import hash_core
from tenuto.packages.hash_core import Changed, Hashes, NotAFile

__all__ = ["Processes", "hash_in_processes"]

_QUEUED = 6  # files a process holds, so that it need not wait for the next; their paths fit into a pipe
_WINDOW = 64  # files asked for ahead of the one that is answered next
_FAULTS = {"NotAFile": NotAFile, "Changed": Changed}
_SERVE = """
import sys
sys.path.append(sys.argv[1])
from tenuto.packages.hash_core import serve
serve(int(sys.argv[2]), sys.stdin.buffer, sys.stdout.buffer)
"""

Answer = Callable[[], Hashes]
"""Gives a file's hashes, or raises what hash_descriptor raises."""


@contextmanager
def hash_in_processes(piece_length: int, count: int) -> Iterator["Processes"]:
    """Start processes; they end with the block, however it ends, and with this process if it is killed."""
    command = [sys.executable, "-I", "-S", "-c", _SERVE, str(Path(hash_core.__file__).parents[2]), str(piece_length)]
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.extend(_start(command) for _ in range(count))
        with selectors.DefaultSelector() as selector:
            yield Processes(started, selector)
    finally:
        for process in started:
            process.kill()
            process.communicate()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
    except OSError as error:
        raise PackageError(f"a hashing process cannot be started: {error.strerror}", code="no-process") from error


class Processes:
    """Processes that hash, and the files each was asked for."""

    def __init__(self, processes: list[subprocess.Popen[bytes]], selector: selectors.BaseSelector) -> None:
        self._asked: dict[int, deque[int]] = {at: deque() for at in range(len(processes))}
        self._processes = processes
        self._partial = [b"" for _ in processes]
        self._answers: dict[int, list[str]] = {}
        self._selector = selector
        for at, process in enumerate(processes):
            self._selector.register(_pipe(process.stdout), selectors.EVENT_READ, at)

    def answers(self, paths: Iterable[Path], apart: Callable[[Path], bool]) -> Iterator[tuple[Path, Answer | None]]:
        """Give each path, in order, with its answer; None for those set `apart`, which are for the caller to hash."""
        numbered = enumerate(paths)
        waiting: deque[tuple[int, Path, bool]] = deque()
        while self._fill(numbered, waiting, apart) or waiting:
            number, path, alone = waiting[0]
            if alone:
                yield path, None
            elif number in self._answers:
                yield path, _answer(self._answers.pop(number), path)
            else:
                self._listen()
                continue
            waiting.popleft()

    def _fill(
        self,
        paths: Iterator[tuple[int, Path]],
        waiting: deque[tuple[int, Path, bool]],
        apart: Callable[[Path], bool],
    ) -> bool:
        """Ask for files while a process has room, but no further ahead than the window."""
        while len(waiting) < _WINDOW:
            least = min(self._asked, key=self._load)
            if self._load(least) >= _QUEUED:
                return True
            number, path = next(paths, (-1, Path()))
            if number < 0:
                return False
            alone = apart(path)
            waiting.append((number, path, alone))
            if not alone:
                self._ask(least, number, path)
        return True

    def _load(self, at: int) -> int:
        return len(self._asked[at])

    def _ask(self, at: int, number: int, path: Path) -> None:
        self._asked[at].append(number)
        try:
            _pipe(self._processes[at].stdin).write(os.fsencode(path).hex().encode() + b"\n")
        except OSError as error:
            raise _ended() from error

    def _listen(self) -> None:
        """Wait for answers and file them under their number."""
        for key, _ in self._selector.select():
            at = key.data
            content = os.read(key.fd, 1 << 16)
            if not content:
                raise _ended()
            *lines, self._partial[at] = (self._partial[at] + content).split(b"\n")
            for line in lines:
                self._answers[self._asked[at].popleft()] = line.decode().split(" ")


def _pipe(pipe: Any) -> Any:  # noqa: ANN401 - typeshed leaves it optional
    return pipe


def _ended() -> PackageError:
    return PackageError("a hashing process ended early", hint="Run the command again.", code="process-ended")


def _answer(told: list[str], path: Path) -> Answer:
    def give() -> Hashes:
        kind, *facts = told
        if kind == "OSError":
            number = int(facts[0])
            raise OSError(number, os.strerror(number), str(path))
        if kind in _FAULTS:
            raise _FAULTS[kind]
        size, whole, *binary = facts
        pieces, tail, root, layer = map(bytes.fromhex, binary)
        return int(size), whole, pieces, tail, root, layer

    return give
