"""An archive on disk: found, made, opened and locked."""

import contextlib
import fcntl
import os
import select
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenuto.durable import storage, sweep, write_file
from tenuto.ledger.chain import Ledger
from tenuto.model.config import Config, Layout, parse_config
from tenuto.model.errors import ConfigError, NotFoundError, UsageError

__all__ = ["CONFIG_NAME", "Archive", "init_archive", "open_archive"]

CONFIG_NAME = "tenuto.toml"
_PATIENCE = 2.0  # seconds
_LOCK = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW  # a link is not followed, a FIFO not waited for
_LARGEST = 1 << 20  # bytes of a tenuto.toml
_TEMPLATE = """\
# What this archive is and how it behaves; every key is described in docs/concepts.md.
[archive]
name = "{name}"
operator = "{operator}"
contact = "{contact}"

# Your own word that a folder may be shared, kept as evidence with your name:
# [[declarations]]
# collection = "our-recordings"
# licence = "CC-BY-4.0"
# by = "Our Association"
# basis = "recorded by our members, who agreed in writing"

[rights]
commercial = false

[packages]
limit = "4 GiB"

[torrents]
trackers = []
web_seeds = []

[seed]
listen = "0.0.0.0:6881"
dht = true
"""


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened archive: its configuration, its places, its ledger and its clock."""

    layout: Layout
    config: Config
    ledger: Ledger
    clock: Callable[[], datetime]

    def now(self) -> str:
        """Give the time as captures and the ledger write it: ISO 8601, UTC, whole seconds."""
        return self.clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the archive for writing, and give the lock's descriptor; sweeps what a crash left.

        Raises UsageError where another process holds it. A process that is handed the descriptor holds it, too.
        """
        path = self.layout.root / ".lock"
        with storage(path):
            lock = os.open(path, _LOCK, 0o644)
        try:
            if not _taken(lock):
                hint = "Wait until the other command has ended; reading commands need no lock."
                raise UsageError(f"another process is writing to {self.layout.root}", hint=hint)
            with storage(self.layout.root):
                self._tidy()
            yield lock
        finally:
            os.close(lock)

    def _tidy(self) -> None:
        layout = self.layout
        for place in (layout.captures, layout.records):
            sweep(place, deep=True)
        for place in (
            layout.root,
            layout.store,
            layout.catalogue.parent,
            layout.packages,
            layout.torrents,
            layout.ledger,
        ):
            sweep(place)


def _taken(lock: int) -> bool:
    """Try for a moment: the parsers of a command that was just killed take a moment to notice."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            select.select([], [], [], 0.05)
        else:
            return True


def init_archive(directory: Path, *, name: str = "", operator: str = "", contact: str = "") -> Path:
    """Make `directory` an archive and give its tenuto.toml; raises UsageError where there is one already."""
    path = directory / CONFIG_NAME
    if _there(directory, path):
        raise UsageError(f"{directory} is an archive already", hint="Edit its tenuto.toml, or choose another folder.")
    quoted = (_toml(text) for text in (name or _name_of(directory), operator, contact))
    text = _TEMPLATE.format(**dict(zip(("name", "operator", "contact"), quoted, strict=True)))
    for said in (name, operator, contact):
        _check_utf8(said, "what the archive is to be called or whom it belongs to")
    layout = Layout(directory, parse_config(text).archive.name)
    _make(directory)
    if layout.ledger.exists():
        hint = "Restore its tenuto.toml from a copy; a new archive needs another folder."
        raise UsageError(f"{directory} holds an archive's ledger already", hint=hint)
    Ledger(layout.ledger, lambda: datetime.now(UTC)).begin()
    write_file(path, text.encode())
    return path


def _name_of(directory: Path) -> str:
    letters = [c if c.isascii() and c.isalnum() else "-" for c in directory.resolve().name.lower()]
    return "".join(letters).strip("-")[:40] or "archive"


def _toml(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


def _there(directory: Path, path: Path) -> bool:
    """Tell whether the archive's tenuto.toml is there, as a file or as anything else.

    Raises UsageError where the folder's name is no UTF-8, which SQLite and libtorrent cannot open, StorageError where
    the folder cannot be looked into.
    """
    with storage(path):
        _check_utf8(str(directory.absolute()), "the name of the archive's folder")
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def _check_utf8(text: str, what: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{what} is no UTF-8: {text!a}", hint="Use a name that is UTF-8 text.") from error


def _make(directory: Path) -> None:
    with storage(directory):
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            hint = "Name a folder that is there, or one that can be made."
            raise UsageError(f"{directory} is a file, or lies in one", hint=hint) from error


def open_archive(directory: Path, clock: Callable[[], datetime]) -> Archive:
    """Open the archive in `directory`; raises NotFoundError where there is none, ConfigError where it is wrong."""
    path = directory / CONFIG_NAME
    if not _there(directory, path):
        hint = f"Make one with `tenuto init {directory}`, or name another with --archive."
        raise NotFoundError(f"{directory} is no archive: it has no {CONFIG_NAME}", hint=hint)
    config = parse_config(_read(path))
    layout = Layout(directory, config.archive.name)
    return Archive(layout, config, Ledger(layout.ledger, clock), clock)


def _read(path: Path) -> str:
    with storage(path):
        if not path.is_file():
            raise ConfigError(f"{path} is no regular file")
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ConfigError(f"{path} has more than {_LARGEST:,} bytes")
    return content.decode("utf-8", "replace")
