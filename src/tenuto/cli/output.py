"""One place that speaks: tables and bars for people on the error stream, or one JSON document on standard output."""

import contextlib
import json
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from rich.cells import cell_len
from rich.console import Console, JustifyMethod
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
        # a pipe or a file has no width: whatever reads it gets each row as one line
        self._width = self.console.width if sys.stdout.isatty() else _UNLIMITED

    def document(self, noun: Any) -> None:  # noqa: ANN401 - any noun of the model
        """Write the one JSON document of a command."""
        sys.stdout.write(json.dumps(to_plain(noun), ensure_ascii=True, indent=2) + "\n")

    def line(self, text: str) -> None:
        """Write one line of our own words, Rich markup allowed; foreign text goes through `quote` first."""
        self.console.print(text)

    def table(self, title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Write foreign text as a table; a column whose name ends in `#` is set to the right.

        Cells of such a column, and of one whose name ends in `!` (ids, addresses), are never broken.
        """
        if title:
            self.console.print(Text(title, "italic"))
        shown = [tuple(plain(cell) for cell in row) for row in rows]
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name, width in zip(columns, _widths(columns, shown, self._width), strict=True):
            justify: JustifyMethod = "right" if name.endswith("#") else "left"
            table.add_column(name.rstrip(_MARKS), justify=justify, overflow="fold", width=width)
        for row in shown:
            table.add_row(*map(Text, row))
        console = Console(highlight=False, width=_UNLIMITED)
        with console.capture() as capture:  # to leave out the blanks that fill up the last column
            console.print(table)
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in capture.get().split("\n")[:-1]))

    def paragraph(self, text: str, *, style: str = "", begin: str = "") -> None:
        """Write foreign text after `begin`, further lines set under its first one; no word is broken."""
        room = max(self._width - cell_len(begin), _LEAST)
        for place, line in enumerate(_broken(plain(text), room)):
            self.console.print(Text.assemble(begin if place == 0 else " " * cell_len(begin), (line, style)))

    def facts(self, rows: Sequence[tuple[str, str]], indent: str = "") -> None:
        """Write names with foreign text beside them."""
        names = max((len(name) for name, _ in rows), default=0)
        for name, said in rows:
            self.paragraph(said, begin=f"{indent}{name:{names}}  ")

    def bars(self) -> "Bars":
        """Give progress bars on the error stream; silent where nobody looks."""
        return Bars(quiet=self.as_json)


_UNLIMITED = 1 << 16
_MARKS = "#!"
_LEAST = 8  # columns that text is left however narrow the window
_WORD = 16  # columns of a word that is not broken in a table, if there is any room


def _widths(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], width: int) -> list[int]:
    """Choose how wide each of a table's columns is: what must stay whole does, though the table be wider than `width`.

    The widest column gives way first.
    """
    texts = [(name.rstrip(_MARKS), *(row[place] for row in rows)) for place, name in enumerate(columns)]
    widths = [max(map(cell_len, cells)) for cells in texts]
    least = [
        full if name.endswith(tuple(_MARKS)) else min(_widest_word(cells), _WORD)
        for name, full, cells in zip(columns, widths, texts, strict=True)
    ]
    room = width - 2 * (len(columns) - 1)
    if sum(least) > room:
        return widths
    while sum(widths) > room:
        place = max(range(len(widths)), key=lambda one: (widths[one] > least[one], widths[one]))
        widths[place] -= 1
    return widths


def _widest_word(texts: Sequence[str]) -> int:
    return max(cell_len(word) for text in texts for word in text.split(" "))


def _broken(text: str, room: int) -> list[str]:
    """Break text between words into lines of at most `room` columns, as far as no word is wider."""
    lines = [""]
    for word in re.findall(r" *[^ ]+| +$", text):
        if lines[-1] and cell_len(lines[-1] + word) > room:
            lines.append(word.lstrip(" "))
        else:
            lines[-1] += word
    return lines


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
