"""Making a patch: what of the new build the old one does not give, tried out before it is written.

Keys are renumbered when one recording comes in, so pages of two builds hardly agree; rows matched by public id do.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import apsw
import pyarrow as pa

from tenuto.catalogue.editions.apply import MEMORY, names, rebuilt
from tenuto.catalogue.editions.manifest import digest
from tenuto.catalogue.editions.matching import KEYS, WHOLE, Bench, bench
from tenuto.catalogue.editions.patch import FORMAT, WHOLE_FILE, PatchHead, pack
from tenuto.catalogue.editions.scratch import scratch
from tenuto.catalogue.reading import reading
from tenuto.durable import storage
from tenuto.model.errors import CatalogueError
from tenuto.model.progress import Progress

__all__ = ["DiffReport", "write_diff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReport:
    """What a patch does, and its size."""

    head: PatchHead
    bytes: int
    sha256: str


def write_diff(old: Path, new: Path, target: Path, progress: Progress) -> DiffReport:
    """Write a patch that turns the build `old` into `new`, byte for byte; it is applied once before it is kept.

    Where rows do not give the same bytes (an edition, a build by other software), the patch carries `new` whole.
    Raises CatalogueError where either is no catalogue.
    """
    with reading(old), reading(new) as connection:
        archive = str(connection.execute("SELECT value FROM meta WHERE name = 'archive'").get)
    sums = digest(old), digest(new)
    with scratch(target) as folder:
        parts = folder / "parts"
        whole = not _by_rows(old, new, folder, (archive, sums[1]), progress)
        if whole:
            shutil.rmtree(parts, ignore_errors=True)
            parts.mkdir()
            _compress(new, parts / WHOLE_FILE)
        head = PatchHead(
            format=FORMAT,
            archive=archive,
            old_sha256=sums[0],
            new_sha256=sums[1],
            new_bytes=new.stat().st_size,
            sqlite=apsw.sqlite_lib_version(),
            whole=whole,
        )
        pack(parts, head, target)
    return DiffReport(head=head, bytes=target.stat().st_size, sha256=digest(target))


def _by_rows(old: Path, new: Path, folder: Path, wanted: tuple[str, str], progress: Progress) -> bool:
    """Write the patch's tables, apply them, and tell whether the new build came out."""
    parts, trial = folder / "parts", folder / "trial"
    trial.mkdir()
    try:
        with bench(trial, MEMORY) as work:
            _compare(work, old, new, parts, progress)
        (trial / "bench.duckdb").unlink()
        found = frozenset(str(path.relative_to(parts)) for path in parts.rglob("*.parquet"))
        shutil.copytree(parts, trial, dirs_exist_ok=True)
        rebuilt(trial, found & names(), old, folder / "trial.sqlite3", (wanted[0], progress))
    except CatalogueError as error:
        progress.note(f"Rows do not give the new build ({error}); the patch carries it whole.")
        return False
    return digest(folder / "trial.sqlite3") == wanted[1]


def _compare(work: Bench, old: Path, new: Path, parts: Path, progress: Progress) -> None:
    progress.start("Comparing the builds", len(work.shapes) or None, "tables")
    try:
        work.load("old", old)
        work.load("new", new)
        work.match()
        for part in ("maps", "rows", "gone"):
            (parts / part).mkdir(parents=True)
        for name in KEYS:
            _copy(work, work.runs(name), parts / "maps" / f"{name}.parquet")
        for name in work.shapes:
            _write_table(work, name, parts)
            progress.advance(1)
    finally:
        progress.finish()


def _write_table(work: Bench, name: str, parts: Path) -> None:
    if name in WHOLE:
        _copy(work, f'SELECT * FROM "new_{name}"', parts / "rows" / f"{name}.parquet")
        return
    work.carry(name)
    key = ", ".join(f'"{one}"' for one in work.shapes[name].key)
    same = f"SELECT * FROM new_{name} EXCEPT SELECT * FROM carried_{name}"
    _copy(work, f"SELECT * FROM ({same}) ORDER BY {key}", parts / "rows" / f"{name}.parquet")
    lost = f"SELECT {key} FROM carried_{name} ANTI JOIN new_{name} USING ({key}) ORDER BY {key}"
    _copy(work, lost, parts / "gone" / f"{name}.parquet")
    work.run(f"DROP TABLE carried_{name}")


def _copy(work: Bench, query: str, path: Path) -> None:
    """Write a query's rows, unless there are none."""
    place = str(path).replace("'", "''")
    work.run(f"CREATE TEMP TABLE picked AS {query}")
    if work.rows("SELECT count(*) AS rows FROM picked").read_all()["rows"][0].as_py():
        work.run(f"COPY picked TO '{place}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)")
    work.run("DROP TABLE picked")


def _compress(source: Path, target: Path) -> None:
    codec = pa.Codec("zstd", compression_level=9)
    with storage(target), source.open("rb") as stream, pa.CompressedOutputStream(str(target), codec.name) as sink:
        shutil.copyfileobj(stream, sink, 1 << 20)
