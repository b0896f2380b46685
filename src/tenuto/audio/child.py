"""One parser process as its pool sees it: lines out, lines in, and an end that is always noticed."""

import contextlib
import json
import os
import signal
import subprocess
from collections import deque
from collections.abc import Sequence

__all__ = ["Child", "request"]

_MOST_OWED = 32 * 1024  # bytes of requests underway; half a pipe, so that writing never waits
_MOST_ANSWER = 16 * 1024 * 1024  # bytes of one line; no honest answer comes near
_BLOCK = 256 * 1024
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/nonexistent"}


def request(path: str) -> bytes | None:
    """Write a path as a request line, or None where no file can have so long a name."""
    line = json.dumps(path).encode("ascii") + b"\n"
    return line if len(line) <= _MOST_OWED else None


class Child:
    """A worker process and the requests it owes answers to, oldest first."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it, in a session of its own: what is typed at the terminal does not reach it."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        self.owed: deque[int] = deque()
        """Numbers of the files it was asked about and has not answered."""
        self.waited = 0.0
        """Seconds spent waiting for the oldest answer."""
        self._sizes: deque[int] = deque()
        self._buffer = bytearray()

    def fileno(self) -> int:
        """Give the descriptor its answers come from."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        return self._process.stdout.fileno()

    def has_room(self, line: bytes) -> bool:
        """Whether `line` can be asked now without waiting for the process to read."""
        return not self.owed or sum(self._sizes) + len(line) <= _MOST_OWED

    def ask(self, number: int, line: bytes) -> None:
        """Ask about one more file; that the process has ended is noticed when answers are read."""
        if not self.owed:
            self.waited = 0.0
        self.owed.append(number)
        self._sizes.append(len(line))
        assert self._process.stdin is not None  # noqa: S101 - as above
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line)

    def answers(self) -> list[tuple[int, bytes]] | None:
        """Read what has come, as file number and line; None where the process has ended or talks nonsense."""
        block = os.read(self.fileno(), _BLOCK)
        self._buffer += block
        *lines, rest = bytes(self._buffer).split(b"\n")
        self._buffer = bytearray(rest)
        if len(lines) > len(self.owed) or len(rest) > _MOST_ANSWER:
            return None
        if lines:
            self.waited = 0.0
        found = [(self._settle(), line) for line in lines]
        return found if block else None

    def _settle(self) -> int:
        self._sizes.popleft()
        return self.owed.popleft()

    def end(self) -> int:
        """Kill the process group, reap the process and give its exit code (negative: the signal)."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        return self._process.wait()
