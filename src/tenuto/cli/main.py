"""The one place that turns a TenutoError into message, hint and exit code."""

import json
import os
import sys
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from typer import Abort, TyperException

from tenuto.cli.program import app
from tenuto.cli.text import plain
from tenuto.model.errors import (
    CatalogueError,
    IntegrityError,
    LedgerError,
    PackageError,
    SourceError,
    StorageError,
    TenutoError,
    TorrentError,
    UnsafeInputError,
    UsageError,
)

__all__ = ["BUG", "EXIT_CODES", "INTERRUPTED", "main"]

EXIT_CODES: tuple[tuple[type[TenutoError], int, str], ...] = (
    (UsageError, 2, "what was asked for cannot be done as asked"),
    (IntegrityError, 4, "bytes are not those that were promised"),
    (SourceError, 3, "a source or a stored document cannot be read"),
    (UnsafeInputError, 4, "hostile input was refused"),
    (StorageError, 5, "the disk refused"),
    (LedgerError, 6, "verification failed: the ledger"),
    (CatalogueError, 6, "verification failed: the catalogue"),
    (PackageError, 6, "verification failed: a bag"),
    (TorrentError, 6, "verification failed: a torrent"),
    (TenutoError, 1, "anything else that can be explained"),
)
BUG, INTERRUPTED = 70, 130
"""Exit codes of a mistake in Tenuto itself (sysexits EX_SOFTWARE), and of Ctrl-C."""


def main() -> None:
    """Run the command line and exit."""
    try:
        status = app(prog_name="tenuto", standalone_mode=False)
    except TenutoError as error:
        status = _explain(error)
    except TyperException as error:
        hint = "Run `tenuto --help`, or the command with --help."
        status = _explain(UsageError(error.format_message().rstrip("."), hint=hint))
    except Abort:
        status = INTERRUPTED
    finally:
        sys.excepthook = _explain_bug
    if status == INTERRUPTED:
        sys.stderr.write("Interrupted. What was finished is kept; the same command goes on from there.\n")
    sys.exit(status if isinstance(status, int) else 0)


def _explain(error: TenutoError) -> int:
    status = next(code for kind, code, _ in EXIT_CODES if isinstance(error, kind))
    if "--json" in sys.argv:
        said = {"error": {"code": error.code, "message": str(error), "hint": error.hint, "exit": status}}
        sys.stdout.write(json.dumps(said, indent=2) + "\n")
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[bold red]Error:[/] {escape(plain(str(error)))}")
    console.print(f"[bold]Hint:[/]  {escape(plain(error.hint))}")
    return status


def _explain_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that Tenuto itself is wrong, in one sentence; TENUTO_DEBUG=1 shows where."""
    if os.environ.get("TENUTO_DEBUG"):
        sys.__excepthook__(kind, error, trace)
    sys.stderr.write(f"Error: a mistake in Tenuto itself: {kind.__name__}: {plain(str(error))}\n")
    sys.stderr.write("Hint:  Run it again with TENUTO_DEBUG=1 in the environment and report what it prints.\n")
    sys.stderr.flush()
    os._exit(BUG)
