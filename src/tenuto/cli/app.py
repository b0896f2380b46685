"""The Typer application and what all commands share."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from tenuto import __version__
from tenuto.flow.archive import CONFIG_NAME, Archive, open_archive
from tenuto.model.errors import UsageError

__all__ = ["PLACE", "Json", "Session", "app", "harvest_app", "prepare", "session", "source_app"]

app = typer.Typer(
    name="tenuto",
    help="A lawful music preservation archive: harvest, catalogue, package, publish, seed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
source_app = typer.Typer(help="The catalogues that can be harvested, and their terms.", no_args_is_help=True)
harvest_app = typer.Typer(help="Take music in: read, judge, keep what may be kept.", no_args_is_help=True)
app.add_typer(source_app, name="source")
app.add_typer(harvest_app, name="harvest")

Json = Annotated[bool, typer.Option("--json", help="Write one JSON document to standard output, nothing else.")]


def _place(text: str) -> Path:
    """Read a path; raises UsageError for one that is empty, which would be the current folder, or too long to be."""
    if not text:
        raise UsageError("a path is empty", hint="Write . for the current folder.")
    if len(os.fsencode(text)) >= _LONGEST or any(len(part) > _LONGEST_PART for part in os.fsencode(text).split(b"/")):
        raise UsageError(f"a path is too long: {text:.60}…", hint="A name has at most 255 bytes, a path 4,095.")
    return Path(text)


_LONGEST, _LONGEST_PART = 4096, 255
_SECONDS = re.compile(r"[0-9]{1,12}")
PLACE: dict[str, Any] = {"parser": _place}
"""What Typer is told of an argument or option that is a path."""


@dataclass(frozen=True, slots=True)
class Session:
    """What every command may need: where the archive is, and what time it is."""

    directory: Path | None
    clock: Callable[[], datetime]

    def archive(self) -> Archive:
        """Open the archive: --archive, $TENUTO_ARCHIVE, else the nearest folder upwards with a tenuto.toml."""
        return open_archive(self.directory or _nearest(Path.cwd()), self.clock)


def _nearest(start: Path) -> Path:
    return next((place for place in (start, *start.parents) if (place / CONFIG_NAME).is_file()), start)


def _clock() -> Callable[[], datetime]:
    """Give the clock: SOURCE_DATE_EPOCH stops it, as reproducible-builds.org specifies."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return lambda: datetime.now(UTC)
    if not _SECONDS.fullmatch(epoch) or int(epoch) > 253402300799:  # noqa: PLR2004 - the last second of the year 9999
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch[:40]!r} is no time", hint="Give seconds since 1970, or unset it.")
    moment = datetime.fromtimestamp(int(epoch), UTC)
    return lambda: moment


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the option's value
    if wanted:
        typer.echo(f"tenuto {__version__}")
        raise typer.Exit


@app.callback()
def prepare(
    context: typer.Context,
    archive: Annotated[
        Path | None,
        typer.Option(
            **PLACE, metavar="DIR", envvar="TENUTO_ARCHIVE", help="The archive (default: the nearest one upwards)."
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001, FBT002 - its callback acts
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Keep what the commands need."""
    context.obj = Session(archive, _clock())


def session(context: typer.Context) -> Session:
    """Give what `prepare` kept."""
    found = context.obj
    if not isinstance(found, Session):
        raise UsageError("a command was called outside the application")
    return found
