"""Applying a patch: the old build's rows under new keys, with the patch's rows, loaded as a build loads them."""

import contextlib
import os
from pathlib import Path

import apsw
import pyarrow as pa

from tenuto.catalogue.editions.manifest import digest
from tenuto.catalogue.editions.matching import KEYS, WHOLE, Bench, bench
from tenuto.catalogue.editions.patch import WHOLE_FILE, PatchHead, read_head, unpack
from tenuto.catalogue.editions.rows import stored
from tenuto.catalogue.editions.scratch import scratch
from tenuto.catalogue.load import Loader, create, index, index_words, merge_search
from tenuto.catalogue.plan import KEYED, LEAVES
from tenuto.durable import publish, storage
from tenuto.model.errors import CatalogueError, IntegrityError, StorageError
from tenuto.model.progress import Progress

__all__ = ["MEMORY", "apply_patch", "names", "rebuilt"]

MEMORY = "1GB"
"""The most that comparing and applying hold at once; beyond it tables spill to disk."""
_HINT = "Fetch the whole new catalogue instead; the old one is untouched."


def names() -> frozenset[str]:
    """List every file a patch may carry."""
    tables = [*(table.table for table in stored()), "search", "search_sizes"]
    return frozenset((WHOLE_FILE, *(f"{part}/{name}.parquet" for part in ("maps", "rows", "gone") for name in tables)))


def apply_patch(patch: Path, old: Path, target: Path, progress: Progress) -> PatchHead:
    """Turn the build `old` into the new one at `target`, which may be `old` itself, whole or not at all.

    Raises IntegrityError where `old` is not the file the patch is for, or the result is not the file it promises.
    """
    head = read_head(patch)
    have = digest(old)
    if have != head.old_sha256:
        raise IntegrityError(f"{old} is not the catalogue this patch is for", hint=_meant(head, have), code="patch-old")
    with scratch(target) as folder:
        (folder / "patch").mkdir()
        found = unpack(patch, folder / "patch", names())
        finished = folder / "finished.sqlite3"
        if head.whole:
            _decompress(folder / "patch" / WHOLE_FILE, finished)
        else:
            rebuilt(folder / "patch", found, old, finished, (head.archive, progress))
        if digest(finished) != head.new_sha256:
            said = f"the patch gives other bytes than it promises (it was made with SQLite {head.sqlite})"
            raise IntegrityError(said, hint=_HINT, code="patch-new")
        with storage(target), finished.open("rb") as stream:
            os.fsync(stream.fileno())
        publish(finished, target)
    return head


def _meant(head: PatchHead, have: str) -> str:
    if have == head.new_sha256:
        return "It is the new catalogue already: there is nothing to do."
    return f"The patch is for SHA-256 {head.old_sha256}; this is {have}. Take the patch made for it."


def _decompress(source: Path, target: Path) -> None:
    try:
        with pa.input_stream(str(source), compression="zstd") as stream, target.open("wb") as sink:
            while piece := stream.read(1 << 20):
                sink.write(piece)
    except pa.ArrowException as error:
        raise IntegrityError(f"the patch is damaged: {error}", hint=_HINT, code="patch-unfit") from error


def rebuilt(folder: Path, found: frozenset[str], old: Path, target: Path, told: tuple[str, Progress]) -> None:
    """Build the new file from the old one and an unpacked patch; `told` is the archive's name and who listens."""
    archive, progress = told
    tables = [name for name in (*KEYED, *LEAVES) if not name.startswith("_")]
    progress.start("Building from the patch", len(tables) + 2, "tables")
    try:
        with bench(folder, MEMORY) as work:
            work.load("old", old)
            progress.advance(1)
            for name in KEYS:
                work.run(f"CREATE TABLE map_{name} AS {_expanded(folder, f'maps/{name}.parquet', found)}")
            work.gather()
            search = target.with_suffix(".search")
            # one commit for a file, as in a build: SQLite counts them in the header
            sizes = work.rows(_result(work, "search_sizes", folder, found)).read_all()["block"].to_pylist()
            for path, among in ((target, [name for name in tables if name != "search"]), (search, ["search"])):
                create(path)
                with Loader(path) as loader:
                    for name in among:
                        loader.load(name, work.rows(_result(work, name, folder, found)))
                        progress.advance(1)
        index(target, archive)
        index_words(search)
        _set_sizes(search, sizes)
        merge_search(target, search)
        progress.advance(1)
    finally:
        progress.finish()


def _set_sizes(search: Path, sizes: list[bytes]) -> None:
    try:
        with contextlib.closing(apsw.Connection(str(search.absolute()))) as connection:
            connection.executemany("UPDATE search_data SET block = ? WHERE id = 1", [(block,) for block in sizes])
    except apsw.Error as error:
        raise StorageError(f"{search}: {error}") from error


def _expanded(folder: Path, name: str, found: frozenset[str]) -> str:
    if name not in found:
        return "SELECT 0::BIGINT AS old, 0::BIGINT AS new WHERE false"
    place = _literal(folder / name)
    return f"SELECT old + i AS old, new + i AS new FROM (SELECT old, new, unnest(range(rows)) AS i FROM {place})"


def _result(work: Bench, name: str, folder: Path, found: frozenset[str]) -> str:
    """Write the query for a table of the new build."""
    shape = work.shapes[name]
    columns = ", ".join(f'"{one}"' for one in shape.schema.names)
    new, gone = f"rows/{name}.parquet", f"gone/{name}.parquet"
    if name in WHOLE:
        return f"SELECT {columns} FROM {_literal(folder / new)}" if new in found else f"FROM old_{name} WHERE false"
    work.carry(name)
    key = ", ".join(f'"{one}"' for one in shape.key)
    query = f"SELECT {columns} FROM carried_{name}"
    for other in (new, gone):
        if other in found:
            query = f"SELECT {columns} FROM ({query}) ANTI JOIN {_literal(folder / other)} USING ({key})"
    if new in found:
        query = f"{query} UNION ALL SELECT {columns} FROM {_literal(folder / new)}"
    shown = columns.replace('"recording"', '"recording" AS rowid', 1) if name == "search" else columns
    return f"SELECT {shown} FROM ({query}) ORDER BY {key}"


def _literal(path: Path) -> str:
    if not path.is_file():
        raise CatalogueError(f"{path} is missing", code="C-PATCH")
    return "read_parquet('" + str(path).replace("'", "''") + "')"
