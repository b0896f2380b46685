"""The receipt of an imported dump, and how its tables take the place of those before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenuto.durable import exchange, storage, write_file
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import SourceError
from tenuto.records.lines import BadLine

__all__ = ["DumpReceipt", "check_archive", "imported", "named", "put_in_place"]

_RECEIPT = "receipt.json"
_CUT = "dump-cut"
_AGAIN = "Fetch it again from its publisher, and compare its size."
_MOST_BAD = 1_000  # bad lines that are named one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpReceipt:
    """What an imported dump gave."""

    entity: str
    file: str
    """Name of the dump's file."""
    sha256: str
    size: int
    """Bytes of the file."""
    lines: int
    documents: int
    rows: tuple[tuple[str, int], ...]
    """Table and rows."""
    mapping: str = ""
    """Digest of how its documents became tables."""
    bad: tuple[BadLine, ...] = ()
    """The first lines that could not be read, and the last: a thousand at most."""
    bad_lines: int = 0
    """How many lines could not be read."""
    drift: tuple[tuple[str, int], ...] = ()
    """Places in documents that no mapping reads or ignores, and how many documents have them."""
    checksum: str = ""
    """Whether the digest is the one published beside the dump: `verified`, or `absent`; empty where none ever is."""
    known: bool = False
    """Whether this very dump was imported before, and was not read again."""


def imported(directory: Path) -> DumpReceipt | None:
    """Give the receipt of an entity's tables; None where none were finished."""
    path = directory / _RECEIPT
    with storage(path):
        return from_json(DumpReceipt, path.read_bytes()) if path.exists() else None


def named(bad: Sequence[BadLine]) -> tuple[BadLine, ...]:
    """Choose the bad lines that a receipt names: the first ones and the last, which tells of a cut."""
    return tuple(bad) if len(bad) <= _MOST_BAD else (*bad[: _MOST_BAD - 1], bad[-1])


def put_in_place(done: Path, directory: Path, receipt: DumpReceipt) -> None:
    """Give the tables in `done` their receipt, and put them in the place of the entity's old ones, in one step.

    Raises SourceError where a dump that is cut, or empty, would replace a whole one; then the old tables stay.
    """
    before = imported(directory)
    if before is not None and _is_worse(receipt, before):
        said = f"{receipt.file} is cut or holds nothing; the tables of {before.file} stay"
        raise SourceError(said, hint=_AGAIN, code=_CUT)
    write_file(done / _RECEIPT, to_json(receipt).encode())
    exchange(done, directory)


def check_archive(name: str, directories: Iterable[Path]) -> None:
    """Raise SourceError where the tables of a cut archive would replace those, or some of those, of a whole one."""
    before = [receipt for receipt in map(imported, directories) if receipt is not None]
    if before and not any(map(_is_cut, before)):
        raise SourceError(f"{name} is cut or damaged; the tables that are there stay", hint=_AGAIN, code=_CUT)


def _is_worse(receipt: DumpReceipt, before: DumpReceipt) -> bool:
    return (_is_cut(receipt) and not _is_cut(before)) or (receipt.documents == 0 and before.documents > 0)


def _is_cut(receipt: DumpReceipt) -> bool:
    return bool(receipt.bad) and receipt.bad[-1].code == _CUT
