"""The process in which a dump is read: all that parses foreign bytes for `tenuto import` runs here, within bounds.

`python -I -m tenuto.confining BOUNDS tenuto.flow.import_child DIRECTORY SOURCE PATH`. What it says goes out by standard
output, one JSON list a line; the first is a word:

    ["start", STAGE, TOTAL, UNIT]  ["advance", AMOUNT]  ["note", TEXT]  ["finish"]    progress, as model/progress.py
    ["done", RECEIPTS, DIGEST]                                                      the last line of one that succeeds
    ["error", KIND, MESSAGE, HINT, CODE]                                            the last line of one that does not
"""

import errno
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType

import duckdb

from tenuto.durable import refused
from tenuto.flow.import_files import import_file
from tenuto.flow.import_forms import source_named
from tenuto.model.document import to_json
from tenuto.model.errors import SourceError, StorageError, TenutoError, UnsafeInputError, UsageError

__all__ = ["Told", "main"]

_PACE = 0.05  # seconds between two words of how far it is
_MEMORY = "Use it on a machine with more memory only if you know who made the file."


class Told:
    """Progress that is told to the process that started this one."""

    def __init__(self, descriptor: int) -> None:
        """Tell by a descriptor."""
        self._out = os.fdopen(descriptor, "wb", buffering=0)
        self._lock = threading.Lock()
        self._waiting, self._told = 0, 0.0

    def say(self, *words: object) -> None:
        """Tell one line; what was advanced before is told before."""
        with self._lock:
            self._flush()
            self._write(*words)

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Tell that a stage begins."""
        self.say("start", stage, total, unit)

    def advance(self, amount: int) -> None:
        """Tell now and then how much was done."""
        with self._lock:
            self._waiting += amount
            if time.monotonic() - self._told > _PACE:
                self._flush()

    def note(self, text: str) -> None:
        """Tell a sentence."""
        self.say("note", text)

    def finish(self) -> None:
        """Tell that a stage ends."""
        self.say("finish")

    def _flush(self) -> None:
        if self._waiting:
            self._write("advance", self._waiting)
        self._waiting, self._told = 0, time.monotonic()

    def _write(self, *words: object) -> None:
        line = memoryview(json.dumps(words, ensure_ascii=True).encode("ascii") + b"\n")
        while line:
            line = line[self._out.write(line) :]


def main(arguments: list[str]) -> None:
    """Read one dump file, and tell what it gave or why it cannot be read."""
    directory, name, path = arguments
    told = Told(_answers())
    sys.excepthook = lambda kind, error, trace: _end(told, Path(path), kind(error) if error is None else error, trace)
    try:
        receipts, sha256 = import_file(Path(directory), source_named(name), Path(path), told)
    except (TenutoError, OSError, MemoryError, UnicodeEncodeError) as error:
        _explain(told, _explained(error, Path(path).name))
    else:
        told.say("done", [to_json(one) for one in receipts], sha256)


def _answers() -> int:
    """Give standard output's descriptor under another number: what a library prints is no answer."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return descriptor


def _explained(error: Exception, name: str) -> TenutoError:
    if isinstance(error, TenutoError):
        return _placed(error, name)
    if isinstance(error, OSError):
        return refused(error, str(error.filename or name))
    if isinstance(error, MemoryError):
        return UnsafeInputError(f"{name} needs more memory than a dump may", hint=_MEMORY, code="dump-memory")
    hint = "Rename what is named so; some of the libraries take no other names."
    return UsageError(f"a name is no UTF-8: {name!a}", hint=hint)


def _placed(error: TenutoError, name: str) -> TenutoError:
    """Give an error the file's name where it lacks one, and its own kind where an engine met the machine's limits."""
    cause, said = error.__cause__, str(error).partition("\n")[0]
    if isinstance(cause, duckdb.OutOfMemoryException):
        return UnsafeInputError(f"{name} needs more memory or room than a dump may", hint=_MEMORY, code="dump-memory")
    if isinstance(cause, duckdb.IOException) and os.strerror(errno.ENOSPC) in str(cause):
        return refused(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), name)
    told = said if name in said or isinstance(error, StorageError | UsageError) else f"{name}: {said}"
    return type(error)(told, hint=error.hint, code=error.code)


def _explain(told: Told, error: TenutoError) -> None:
    told.say("error", type(error).__name__, str(error), error.hint, error.code)


def _end(told: Told, path: Path, error: BaseException, trace: TracebackType | None) -> None:
    """Tell of what nobody expected: a parser's own error, or a mistake of ours."""
    traceback.print_exception(type(error), error, trace)
    said = f"{path.name} cannot be read: {type(error).__name__}: {str(error)[:300]}"
    hint = "Run it again with TENUTO_DEBUG=1 in the environment and report what it prints."
    _explain(told, SourceError(said, hint=hint, code="dump-crash"))
