"""The one place that turns a TenutoError into message, hint and exit code."""

import contextlib
import json
import os
import shlex
import sys
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from typer import Abort, TyperException

from tenuto.cli import INTERRUPTED
from tenuto.cli.program import app
from tenuto.cli.streams import OutputClosedError, install
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

__all__ = ["BUG", "CLOSED", "EXIT_CODES", "run"]

USAGE, BUG, CLOSED = 2, 70, 141
"""Exit codes of a wrong call, a mistake in Tenuto itself (sysexits EX_SOFTWARE), a closed pipe (128 + SIGPIPE)."""

EXIT_CODES: tuple[tuple[type[TenutoError], int, str], ...] = (
    (UsageError, USAGE, "what was asked for cannot be done as asked"),
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


def run() -> int:
    """Run the command line and give its exit code."""
    install()
    try:
        status = _command()
        sys.stdout.flush()
    except OutputClosedError:
        return CLOSED
    except TenutoError as error:
        return _explain(error)
    except UnicodeEncodeError as error:
        hint = "Rename what is named so; some of the libraries take no other names."
        return _explain(UsageError(f"a name is no UTF-8: {error.object:.80}", hint=hint))
    except OSError as error:
        if os.environ.get("TENUTO_DEBUG"):
            sys.__excepthook__(type(error), error, error.__traceback__)
        return _explain(StorageError(f"{error.filename or 'the system'}: {error.strerror or error}"))
    return status


def _command() -> int:
    try:
        status = app(prog_name="tenuto", standalone_mode=False)
    except TyperException as error:
        message = error.format_message().rstrip(".")
        if not message:  # no command was given, and the help has been shown
            return USAGE
        raise UsageError(message, hint=_hint(error)) from error
    except Abort:
        return INTERRUPTED
    finally:
        sys.excepthook = _explain_bug  # Typer puts its own there
    return status if isinstance(status, int) else 0


def _hint(error: TyperException) -> str:
    """Say where help is, and what to write if an unknown option was meant as a word."""
    help_ = "Run `tenuto --help`, or the command with --help."
    context, option = getattr(error, "ctx", None), getattr(error, "option_name", None)
    if context is None or not option or not hasattr(error, "possibilities"):
        return help_
    if not any(one.param_type_name == "argument" for one in context.command.params):
        return help_
    word = next((one for one in sys.argv if one.startswith(option)), option)
    return f"{help_} A word that begins with a hyphen stands after --: `{context.command_path} -- {shlex.quote(word)}`."


def _explain(error: TenutoError) -> int:
    status = next(code for kind, code, _ in EXIT_CODES if isinstance(error, kind))
    _say(error, status)
    return status


def _say(error: TenutoError, status: int) -> None:
    if "--json" in sys.argv:
        said = {"error": {"code": error.code, "message": str(error), "hint": error.hint, "exit": status}}
        with contextlib.suppress(StorageError, OutputClosedError):  # what went wrong first is what is told
            sys.stdout.write(json.dumps(said, indent=2) + "\n")
            sys.stdout.flush()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[bold red]Error:[/] {escape(plain(str(error)))}")
    console.print(f"[bold]Hint:[/]  {escape(plain(error.hint))}")


def _explain_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that Tenuto itself is wrong, in one sentence; TENUTO_DEBUG=1 shows where."""
    if os.environ.get("TENUTO_DEBUG"):
        sys.__excepthook__(kind, error, trace)
    hint = "Run it again with TENUTO_DEBUG=1 in the environment and report what it prints."
    _say(TenutoError(f"a mistake in Tenuto itself: {kind.__name__}: {error}", hint=hint, code="bug"), BUG)
    sys.stderr.flush()
    os._exit(BUG)
