"""One place that speaks: tables and bars for people on the error stream, or one JSON document on standard output."""

import contextlib
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from tenuto.cli.text import plain, span
from tenuto.model.document import to_plain

__all__ = ["Bars", "Output", "quote"]


class Output:
    """Where a command's result goes."""

    def __init__(self, *, as_json: bool) -> None:
        """Speak JSON to programs, or tables to people."""
        self.as_json = as_json
        self.console = Console(highlight=False, soft_wrap=True)

    def document(self, noun: Any) -> None:  # noqa: ANN401 - any noun of the model
        """Write the one JSON document of a command."""
        sys.stdout.write(json.dumps(to_plain(noun), ensure_ascii=True, indent=2) + "\n")

    def line(self, text: str) -> None:
        """Write one line of our own words, Rich markup allowed; foreign text goes through `quote` first."""
        self.console.print(text)

    def table(self, title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Write foreign text as a table; a column whose name ends in `#` is set to the right."""
        table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
        for column in columns:
            numeric = column.endswith("#")
            table.add_column(column.rstrip("#"), justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(plain(cell)) for cell in row))
        self.console.print(table)

    def bars(self) -> "Bars":
        """Give progress bars on the error stream; silent where nobody looks."""
        return Bars(quiet=self.as_json)


def quote(text: str) -> str:
    """Make foreign text safe inside a marked-up line."""
    return escape(plain(text))


class _Rate(ProgressColumn):
    """Files per second."""

    def render(self, task: Task) -> Text:
        """Draw the speed of a task that counts files."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")


class Bars:
    """Draws a stage's progress: amount, rate, remaining time; one line a stage where there is no terminal."""

    def __init__(self, *, quiet: bool) -> None:
        """Prepare bars; `quiet` draws nothing at all."""
        self._console = Console(stderr=True, highlight=False, soft_wrap=True, quiet=quiet)
        self._bars: Progress | None = None
        self._task: TaskID | None = None
        self._stage = ""
        self._begun = 0.0
        self.seconds: list[tuple[str, float]] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Clear what is still drawn."""
        self._stop()

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage of `total` units, `files` or `bytes`."""
        self._stop()
        self._stage, self._begun = stage, time.monotonic()
        if self._console.is_terminal and not self._console.quiet:
            with _uncut():
                self._bars = Progress(*_columns(unit), console=self._console, transient=True)
                self._bars.start()
            self._task = self._bars.add_task(escape(plain(stage)), total=total)

    def advance(self, amount: int) -> None:
        """Move the bar on."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, amount)

    def note(self, text: str) -> None:
        """Say one sentence."""
        with _uncut():
            self._console.print(escape(plain(text)))

    def finish(self) -> None:
        """End the stage and leave one line with its time."""
        if self._stage:
            seconds = time.monotonic() - self._begun
            self.seconds.append((self._stage, seconds))
            self._stop()
            with _uncut():
                self._console.print(f"  [green]✓[/green] {escape(plain(self._stage))} [dim]{span(seconds)}[/dim]")
            self._stage = ""

    def _stop(self) -> None:
        with _uncut():
            if self._bars is not None:
                self._bars.stop()
            self._bars = self._task = None


@contextlib.contextmanager
def _uncut() -> Iterator[None]:
    """Let Ctrl-C wait until Rich has drawn: what is interrupted while it is put up can no longer be taken down."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        raise KeyboardInterrupt


def _columns(unit: str) -> tuple[ProgressColumn, ...]:
    amount = (DownloadColumn(), TransferSpeedColumn()) if unit == "bytes" else (MofNCompleteColumn(), _Rate())
    return (TextColumn("  {task.description}"), BarColumn(), *amount, TimeRemainingColumn())
