"""Time the import of a generated dump on DuckDB against a standalone Spark of two workers, on the same two cores.

Run: python bench/bench_spark.py [--dump release.jsonl] [--tracks 1000000] [--memory 2g]
Processor seconds count as well as the clock: they are what a plan for a cluster is made of.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from generate import generate
from standalone_spark import StandaloneSpark
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.records.dump_receipt import DumpReceipt
from tenuto.records.spark_engine import on_spark
from tenuto.records.spark_import import import_dump_on_spark
from tenuto.sources import dump_source


def main() -> None:
    """Import on both, print seconds, processor seconds and rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--tracks", type=int, default=1_000_000)
    parser.add_argument("--memory", default="1g", help="of a worker")
    chosen = parser.parse_args()
    source = dump_source("musicbrainz")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        dump = chosen.dump or _made(root, chosen.tracks)
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        with StandaloneSpark(root, memory=chosen.memory) as cluster, on_spark(cluster.master) as session:
            groups = [os.getpid(), *cluster.ids()]
            read = partial(import_dump_on_spark, root / "spark", source, dump, Silent(), session=session)
            spark = _timed("Spark, 2 workers", groups, dump, read)
        duck = _timed("DuckDB", [os.getpid()], dump, lambda: import_dump(root / "duckdb", source, dump, Silent()))
        print(f"DuckDB is {spark / duck:.1f} times as fast")


def _made(root: Path, tracks: int) -> Path:
    generate(root / "dump", tracks, seed=1)
    return root / "dump" / "release.jsonl"


def _timed(name: str, groups: list[int], dump: Path, read: Callable[[], DumpReceipt]) -> float:
    """Run one import, and print what it took."""
    clock, used = time.perf_counter(), _processor_seconds(groups)
    receipt = read()
    took, worked = time.perf_counter() - clock, _processor_seconds(groups) - used
    tracks, size = dict(receipt.rows)["tracks"], dump.stat().st_size
    print(
        f"{name}: {tracks:,} tracks in {took:.1f} s ({tracks / took:,.0f}/s, {size / took / 1e6:.0f} MB/s), "
        f"{worked:.0f} processor seconds ({tracks / worked:,.0f} tracks each)",
        flush=True,
    )
    return took


def _processor_seconds(groups: list[int]) -> float:
    """Add up what the processes of some sessions, and their children, have used so far."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(place.parent.name), place.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if {pid, int(rest[1]), int(rest[3])} & set(groups):
            ticks += int(rest[11]) + int(rest[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
