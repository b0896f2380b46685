"""The process that reads a dump, seen from outside: started within bounds, listened to, and always ended.

It writes below `records/SOURCE` alone, holds the archive's lock as long as it lives, and dies with its parent.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tenuto.confining import Bounds, command
from tenuto.durable import TEMPORARY, storage, sweep
from tenuto.model import errors
from tenuto.model.document import from_json
from tenuto.model.errors import SourceError, StorageError, TenutoError, UnsafeInputError
from tenuto.model.progress import Progress
from tenuto.records.dump_receipt import DumpReceipt

__all__ = ["read_apart"]

_MODULE = "tenuto.flow.import_child"
_MEMORY = 4 << 30  # bytes that a process has for itself; the engines in it are bound to 2 GB
_LEAST_SECONDS, _SLOWEST = 900, 20_000  # processor time whatever the size; bytes of a dump that take a second more
_MOST_SAID = 64 << 20  # bytes of one line
_SAFE = "Finished parts are kept. Fetch the file again, and report it if it happens twice."
_HUGE = "Nothing of it took the place of what was there; do not retry it unexamined."
_KINDS = {kind: getattr(errors, kind) for kind in errors.__all__}


def read_apart(directory: Path, name: str, path: Path, progress: Progress, lock: int) -> tuple[list[DumpReceipt], str]:
    """Read a dump file of the source `name` into `directory` in a process of its own.

    Gives what each of its tables gave, and its digest as that process says. Raises the error that the process tells,
    SourceError where it ends without a word, UnsafeInputError where it would use too much memory or time.
    """
    heard = _Heard(path, progress)
    with _process(directory, name, path, lock) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        if heard.listen(process.stdout):
            process.wait()
        else:
            _end(process)
        return heard.result(process.returncode)


@contextlib.contextmanager
def _process(directory: Path, name: str, path: Path, lock: int) -> "Iterator[subprocess.Popen[bytes]]":
    scratch = directory / f"{TEMPORARY}files"
    with storage(scratch):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
    process = _started(directory, name, path, lock)
    try:
        yield process
    finally:
        _end(process)
        with storage(directory):
            sweep(directory)


def _started(directory: Path, name: str, path: Path, lock: int) -> "subprocess.Popen[bytes]":
    mapping = (str(Path(name).parent),) if name.endswith(".toml") else ()
    bounds = Bounds(
        memory=_MEMORY,
        seconds=_LEAST_SECONDS + path.stat().st_size // _SLOWEST,
        parent=os.getpid(),
        reads=(str(path.parent), *mapping),
        writes=(str(directory),),
    )
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/nonexistent", "TMPDIR": str(directory / f"{TEMPORARY}files")}
    try:
        return subprocess.Popen(
            command(bounds, _MODULE, [str(directory), name, str(path)]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("TENUTO_DEBUG") else subprocess.DEVNULL,
            env=environment,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C comes to us, and we end it
        )
    except OSError as error:
        raise StorageError(f"no process can be started to read {path.name}: {error}") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process group, and reap the process."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


class _Heard:
    """What a process said so far; it is not trusted, for a parser may have been taken over by what it parsed."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._path, self._progress = path, progress
        self._receipts: list[DumpReceipt] | None = None
        self._error: TenutoError | None = None
        self._sha256 = ""
        self._stage, self._unit, self._done = "", "", 0

    def listen(self, stream: IO[bytes]) -> bool:
        """Listen to its end, and pass on how far it is; tells whether all that came made sense."""
        while line := stream.readline(_MOST_SAID):
            try:
                self._take(json.loads(line))
            except (ValueError, RecursionError, SourceError):
                return False
        return True

    def _take(self, said: object) -> None:
        match said:
            case ["advance", int(amount)]:
                self._done += amount
                self._progress.advance(amount)
            case ["start", str(stage), int() | None as total, str(unit)]:
                self._stage, self._unit, self._done = stage, unit, 0
                self._progress.start(stage, total, unit)
            case ["note", str(text)]:
                self._progress.note(text)
            case ["finish"]:
                self._progress.finish()
            case _:
                self._take_end(said)

    def _take_end(self, said: object) -> None:
        match said:
            case ["done", [_, *_] as receipts, str(sha256)]:
                self._receipts, self._sha256 = [from_json(DumpReceipt, str(one)) for one in receipts], sha256
            case ["error", str(kind), str(message), str(hint), str(code)] if kind in _KINDS:
                self._error = _KINDS[kind](message, hint=hint, code=code)
            case _:
                raise ValueError("no word of ours")

    def result(self, status: int) -> tuple[list[DumpReceipt], str]:
        """Give what was read; raises what was told, or what the end of the process means."""
        if self._error is not None:
            raise self._error
        if status == 0 and self._receipts is not None:
            return self._receipts, self._sha256
        raise self._broken(status)

    def _broken(self, status: int) -> TenutoError:
        name, place = self._path.name, f"{self._stage}, behind {self._done:,} {self._unit}".lstrip(", ")
        if status == -signal.SIGXCPU:
            return UnsafeInputError(
                f"{name} takes more processor time than a dump may ({place})", hint=_HUGE, code="dump-time"
            )
        ended = signal.Signals(-status).name if status < 0 else f"exit code {status}"
        said = f"{name}: the process that reads it ended with {ended} ({place})"
        return SourceError(said, hint=_SAFE, code="dump-crash")
