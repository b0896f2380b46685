"""One build: shape, load, index, check, publish; readers see the old file or the new one."""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from tenuto.catalogue.checks import check_catalogue, check_rows
from tenuto.catalogue.docs import described
from tenuto.catalogue.engine import Engine, Workbench, workbench
from tenuto.catalogue.linked import COLUMNS as LINKED
from tenuto.catalogue.load import Loader, create, index, index_words, merge_search
from tenuto.catalogue.plan import CONTEXT, DUMPS, JUDGED, KEYED, LAST_USED, LEAVES, PROMISED, RECORDS
from tenuto.durable import TEMPORARY, publish, storage
from tenuto.model.errors import CatalogueError
from tenuto.model.progress import Progress

__all__ = ["BuildReport", "CatalogueInputs", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueInputs:
    """Where the Parquet tables are, and the archive's name."""

    name: str
    records: tuple[Path, ...]
    """One directory for each source, as `records.write.write_records` leaves it."""
    context: Path
    """The directory `records.write.write_context` leaves."""
    judged: Path
    """The directory `records.write.write_judgements` leaves."""
    dumps: tuple[tuple[str, Path], ...] = ()
    """Each source's directories of one dump each, as `records.dump_import` leaves them, with the source's name."""
    links: Path | None = None
    """The directory of links, where records were linked."""
    shapes: Mapping[str, pa.Schema] = field(default_factory=dict)
    """The columns of the dumps' tables, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made, and how long each step took."""

    rows: tuple[tuple[str, int], ...]
    """Table and number of rows, in the schema's order."""
    bytes: int
    seconds: tuple[tuple[str, float], ...]
    """Step and wall time."""


class _Steps:
    """The steps of a build: their progress and their wall times."""

    def __init__(self, progress: Progress, clock: Callable[[], float]) -> None:
        self._progress, self._clock = progress, clock
        self.seconds: list[tuple[str, float]] = []

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Progress]:
        start = self._clock()
        self._progress.start(name, total, "tables")
        try:
            yield self._progress
        finally:
            self._progress.finish()
        self.seconds.append((name, self._clock() - start))


def build(
    inputs: CatalogueInputs,
    target: Path,
    progress: Progress,
    engine: Engine | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> BuildReport:
    """Build the catalogue at `target`; raises CatalogueError where a check fails, and the old file stays.

    1. Shape the records into the catalogue's tables (DuckDB).
    2. Load them into a fresh file (SQLite through ADBC) and index it; beside that, make the search index.
    3. Put the search index into the file.
    4. Check the file; only then make it durable and rename it into place.
    """
    steps = _Steps(progress, clock)
    with _scratch(target) as scratch:
        finished, search = scratch / "finished.sqlite3", scratch / "search.sqlite3"
        promised = _fill(inputs, finished, search, engine or Engine(), steps)
        with steps.step("Finishing the catalogue", 1) as one:
            merge_search(finished, search)
            one.advance(1)
        with steps.step("Checking the catalogue", 1) as one:
            counts = check_rows(finished, promised)
            check_catalogue(finished)
            one.advance(1)
        size = _publish(finished, target)
    return BuildReport(rows=tuple(counts.items()), bytes=size, seconds=tuple(steps.seconds))


def _fill(inputs: CatalogueInputs, path: Path, search: Path, engine: Engine, steps: _Steps) -> dict[str, int]:
    """Shape and load all tables, and tell how many rows the records promise for each."""
    with workbench(engine, path.parent) as bench:
        _see(inputs, bench)
        promised = {name: sum(map(bench.count, places)) for name, places in PROMISED.items()}
        with steps.step("Shaping the records", len(KEYED)) as one:
            for name, shape in KEYED.items():
                bench.keep(name, shape(bench))
                for done in LAST_USED.get(name, ()):
                    bench.forget(done)
                one.advance(1)
        with steps.step("Loading the catalogue", len(KEYED) + len(LEAVES)) as one, ThreadPoolExecutor(1) as beside:
            made = beside.submit(_make_search, bench, search, one)
            _load_all(bench, path, [name for name in (*KEYED, *LEAVES) if name != "search"], one)
            index(path, inputs.name)
            made.result()
    return promised


def _see(inputs: CatalogueInputs, bench: Workbench) -> None:
    for directory in (*inputs.records, inputs.context, inputs.judged, *(place for _, place in inputs.dumps)):
        if not (directory / "receipt.json").is_file():
            raise CatalogueError(f"the tables in {directory} are unfinished", code="C-INPUT", hint="Build again.")
    places = {name: [directory / f"{name}.parquet" for directory in inputs.records] for name in RECORDS}
    places |= {name: [inputs.context / f"{name}.parquet"] for name in CONTEXT}
    for name, unique in DUMPS.items():
        found = [(source, place / f"{name}.parquet") for source, place in inputs.dumps]
        there = [one for one in found if any(one[1].glob("*.parquet"))]
        bench.see_dumps(f"dump_{name}", there, inputs.shapes[name], unique)
    for name, schema in LINKED.items():
        bench.see_or_none(f"linked_{name}", inputs.links and inputs.links / f"{name}.parquet", schema)
    for name in JUDGED:
        bench.see(f"judged_{name}", [inputs.judged / f"{name}.parquet"])
    for name, paths in places.items():
        bench.see(f"raw_{name}", paths)


def _make_search(bench: Workbench, path: Path, progress: Progress) -> None:
    _load_all(bench, path, ("search",), progress)
    index_words(path)


def _load_all(bench: Workbench, path: Path, names: Iterable[str], progress: Progress) -> None:
    create(path)
    with Loader(path) as loader:
        for name in names:
            _load(bench, loader, name)
            progress.advance(1)


def _load(bench: Workbench, loader: Loader, name: str) -> None:
    columns = _columns(name)
    if columns:
        table = LEAVES[name](bench) if name in LEAVES else bench(name)
        with bench.rows(table.select(*columns).order_by(_order(name, columns))) as rows:
            loader.load(name, rows)


def _columns(name: str) -> list[str]:
    """Name a table's columns as the schema does; none for a table that only helps to make others."""
    columns = [column.name for table in described() if table.table == name for column in table.columns]
    return ["rowid", *columns] if name == "search" else columns


def _order(table: str, columns: list[str]) -> list[str]:
    """Name the columns of the primary key, first of all the table's own."""
    if table == "identifiers":
        return ["subject", "owner", "type", "position"]
    if columns[0] == "subject":
        return [name for name in columns[:4] if name.endswith("owner") or name in {"subject", "type", "position"}]
    return [columns[0], *(name for name in ("place", "label", "position", "package") if name in columns[1:])]


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    scratch = target.parent / f"{TEMPORARY}{os.getpid()}-catalogue"
    with storage(scratch):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _publish(finished: Path, target: Path) -> int:
    with storage(target), finished.open("rb") as stream:
        os.fsync(stream.fileno())
        size = os.fstat(stream.fileno()).st_size
    publish(finished, target)
    return size
