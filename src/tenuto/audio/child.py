"""Parser processes as their pool sees them: open files out, lines in, and an end that is always noticed.

A request is one message on a socket: a line with the file's number and name, and the open file's descriptor. The
process opens nothing itself, so what it reads is what its pool opened.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections import deque
from collections.abc import Sequence

from tenuto.model.errors import AudioError
from tenuto.opening import OpenFile

__all__ = ["Child", "Crew"]

_READY = b"R"  # the line a worker says first

_MOST_OWED = 16  # files underway at one process: few enough messages that sending never waits
_MOST_ANSWER = 16 * 1024 * 1024  # bytes of one line; no honest answer comes near
_BLOCK = 256 * 1024
_STARTS = 3  # ends in a row before a first word that are taken for a fault of the machine
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/nonexistent"}


class Child:
    """A worker process and the requests it owes answers to, oldest first."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it, in a session of its own: what is typed at the terminal does not reach it."""
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(self._requests.close)
            self._process = _started(command, theirs)
            undo.pop_all()
        self.owed: deque[int] = deque()
        """Numbers of the files it was asked about and has not answered."""
        self.waited = 0.0
        """Seconds spent waiting for the oldest answer."""
        self.ready = False
        """Whether it has said its first word."""
        self._buffer = bytearray()

    def fileno(self) -> int:
        """Give the descriptor its answers come from."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        return self._process.stdout.fileno()

    def has_room(self) -> bool:
        """Whether one more file can be asked about now without waiting for the process to read."""
        return len(self.owed) < _MOST_OWED

    def ask(self, number: int, file: OpenFile) -> None:
        """Ask about one more file; that the process has ended is noticed when answers are read."""
        if not self.owed:
            self.waited = 0.0
        self.owed.append(number)
        line = json.dumps([number, file.name]).encode("ascii") + b"\n"
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._requests, [line], [file.descriptor])

    def answers(self) -> tuple[list[tuple[int, bytes]], bool]:
        """Read what has come, as file number and line, and tell whether the process still lives and talks sense."""
        block = os.read(self.fileno(), _BLOCK)
        self._buffer += block
        lines: list[bytes] = []
        if b"\n" in block:
            *lines, rest = bytes(self._buffer).split(b"\n")
            self._buffer = bytearray(rest)
        found: list[tuple[int, bytes]] = []
        sense = all(self._take(line, found) for line in lines)
        return found, sense and block != b"" and len(self._buffer) <= _MOST_ANSWER

    def _take(self, line: bytes, found: list[tuple[int, bytes]]) -> bool:
        """Take one line: the first word, or the answer to the oldest question; anything else is no sense."""
        self.waited = 0.0
        if not self.ready:
            self.ready = line == _READY
            return self.ready
        number, _, answer = line.partition(b" ")
        if not self.owed or number != b"%d" % self.owed[0]:
            return False
        found.append((self.owed.popleft(), answer))
        return True

    def end(self) -> int:
        """Kill the process group, reap the process and give its exit code (negative: the signal)."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._requests.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._process.wait()


def _started(command: Sequence[str], requests: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=requests.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env=_ENVIRONMENT,
        start_new_session=True,
    )


class Crew:
    """So many workers of one kind; it hires and dismisses them."""

    def __init__(self, command: Sequence[str], size: int) -> None:
        """Prepare for `size` workers that run `command`."""
        self.children: list[Child] = []
        self._command = tuple(command)
        self._size = size
        self._stillborn = 0

    def fill(self) -> None:
        """Start the workers that are missing; raises AudioError where none can be started, or none comes to a word."""
        if self._stillborn >= _STARTS:
            raise AudioError(
                f"parser processes end before they begin: {' '.join(self._command)}",
                hint="Run that command by hand to see why; the installation may be incomplete.",
            )
        try:
            while len(self.children) < self._size:
                self.children.append(Child(self._command))
        except OSError as error:
            raise AudioError(f"no parser process can be started: {error}") from error

    def lose(self, child: Child) -> int:
        """Dismiss a worker that ended or must end by a fault, and give its exit code."""
        self._stillborn = 0 if child.ready else self._stillborn + 1
        return self.dismiss(child)

    def dismiss(self, child: Child) -> int:
        """End a worker and give its exit code."""
        self.children.remove(child)
        return child.end()
