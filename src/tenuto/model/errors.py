"""The one error tree; each class carries a hint for the person who meets it.

TenutoError
├── UsageError            what was asked for cannot be done as asked
│   ├── ConfigError       tenuto.toml is wrong
│   └── NotFoundError     no such id, path or archive
├── SourceError           a source cannot be read
│   ├── FetchError        the machine's package client failed
│   └── IntegrityError    bytes are not those that were promised
├── UnsafeInputError      input that tries to reach outside, or to exhaust
├── AudioError            an audio parser failed, timed out or was killed
├── StorageError          the disk refused
├── LedgerError           the ledger's hash chain is broken
├── CatalogueError        a catalogue check failed; the old file stays
├── PackageError          a bag is invalid or cannot be made
└── TorrentError          metainfo is invalid, or a session failed
"""

from typing import ClassVar

__all__ = [
    "AudioError",
    "CatalogueError",
    "ConfigError",
    "FetchError",
    "IntegrityError",
    "LedgerError",
    "NotFoundError",
    "PackageError",
    "SourceError",
    "StorageError",
    "TenutoError",
    "TorrentError",
    "UnsafeInputError",
    "UsageError",
]


class TenutoError(Exception):
    """Anything Tenuto can explain to a person."""

    default_hint: ClassVar[str] = "Run the command again with --help."

    def __init__(self, message: str, *, hint: str | None = None, code: str = "") -> None:
        """Say what is wrong in `message`, what to do in `hint`, and name the case by `code`."""
        super().__init__(message)
        self.hint = self.default_hint if hint is None else hint
        self.code = code or type(self).__name__


class UsageError(TenutoError):
    """What was asked for cannot be done as asked."""


class ConfigError(UsageError):
    """The archive's tenuto.toml is wrong."""

    default_hint = "Mend tenuto.toml; docs/concepts.md lists its keys."


class NotFoundError(UsageError):
    """There is no such id, path or archive."""

    default_hint = "Check the spelling; `tenuto search WORDS` finds ids."


class SourceError(TenutoError):
    """A source cannot be read."""

    default_hint = "See `tenuto source show NAME` for what the source expects."


class FetchError(SourceError):
    """The machine's package client failed."""

    default_hint = "Check the network and the package's name, then run the command again; finished work is kept."


class IntegrityError(SourceError):
    """Bytes are not those that were promised."""

    default_hint = "The bytes were refused; fetch them again, and report the mirror if it happens twice."


class UnsafeInputError(TenutoError):
    """Input that tries to reach outside its place, or to exhaust the machine."""

    default_hint = "The input was refused and nothing was written; do not retry it unexamined."


class AudioError(TenutoError):
    """An audio parser failed, timed out or was killed."""

    default_hint = "The file is listed as broken; play it to see whether it can be saved."


class StorageError(TenutoError):
    """The disk refused a read or a write."""

    default_hint = (
        "Free some space or check the disk and its permissions, then run the command again; finished work is kept."
    )


class LedgerError(TenutoError):
    """The ledger's hash chain is broken."""

    default_hint = "The ledger was changed after it was written; restore it from a copy."


class CatalogueError(TenutoError):
    """A catalogue check failed; the old file stays."""

    default_hint = "The old catalogue is untouched; report the check's code with the input that caused it."


class PackageError(TenutoError):
    """A bag is invalid or cannot be made."""

    default_hint = "Delete the bag and run `tenuto pack` again; the store still holds every file."


class TorrentError(TenutoError):
    """Metainfo is invalid, or a BitTorrent session failed."""

    default_hint = "Delete the torrent file and run `tenuto torrents` again; the bag is untouched."
