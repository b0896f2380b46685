"""Time MusicBrainz-shaped dumps → finished catalogue, against sqlite-utils and against a plain Python loop.

Run: python bench/bench_catalogue.py [--tracks 200000] [--dir bench/out/catalogue]
Ours is `tenuto import` of every dump and `tenuto build` with all tables, indexes, the search index and all checks.
The peers (catalogue_peers.py) read the same dumps and write the same rows of the main tables, with the same indexes
and a search index. Every program runs in a process of its own: its seconds by the clock, its seconds of the cores and
the memory of its largest process are its own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from catalogue_peers import TABLES
from generate import generate

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
TARGET, BYTES, MEMORY_MB = 60_000, 400, 4096
AGAINST = {"sqlite-utils": 8, "loop": 4}
ALL = 256_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a program wrote and cost: seconds by the clock (and of its stages), of the cores (and of its commands)."""

    rows: dict[str, int]
    stages: dict[str, float]
    commands: dict[str, float]
    wall: float
    core: float
    peak: float
    size: int


def main() -> None:
    """Generate what is missing, then time everything in one run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tracks", type=int, default=200_000)
    parser.add_argument("--dir", type=Path, default=HERE / "out" / "catalogue")
    asked = parser.parse_args()
    dumps = asked.dir / f"dumps-{asked.tracks}"
    if not (dumps / "release.jsonl").exists():
        generate(dumps, asked.tracks, seed=1)
    load = os.getloadavg()[0]
    runs = {"tenuto": _ours(asked.dir / f"archive-{asked.tracks}", dumps)}
    for name in AGAINST:
        runs[name] = _peer(name, dumps, asked.dir / "peer.sqlite3")
    print(f"load of the {os.cpu_count()} cores before: {load:.1f}, after: {os.getloadavg()[0]:.1f}")
    _print_rows(runs)
    for name, run in runs.items():
        _print_costs(name, run)
    _print_ratios(runs)


def _ours(archive: Path, dumps: Path) -> Run:
    shutil.rmtree(archive, ignore_errors=True)
    tenuto = BIN / "tenuto"
    _timed(tenuto, "init", archive)
    ours = (tenuto, "--archive", archive)
    _, wall, core, peak = _timed(*ours, "import", "--json", "musicbrainz", *sorted(dumps.glob("*.jsonl")))
    said, build_wall, build_core, build_peak = _timed(*ours, "build", "--json")
    report = json.loads(said)["report"]
    return Run(
        rows=dict(report["rows"]),
        commands={"import": core, "build": build_core},
        stages={"Importing the dumps": wall, **dict(report["seconds"])},
        wall=wall + build_wall,
        core=core + build_core,
        peak=max(peak, build_peak),
        size=report["bytes"],
    )


def _peer(name: str, dumps: Path, target: Path) -> Run:
    target.unlink(missing_ok=True)
    said, wall, core, peak = _timed(sys.executable, HERE / "catalogue_peers.py", name, dumps, target)
    report = json.loads(said)
    size = target.stat().st_size
    target.unlink()
    stages, commands = report["seconds"], {"all": core}
    return Run(rows=report["rows"], stages=stages, commands=commands, wall=wall, core=core, peak=peak, size=size)


def _timed(*command: str | Path) -> tuple[bytes, float, float, float]:
    """Run a program, and give what it said, its seconds by the clock and of the cores, and its megabytes at most."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        said = process.stdout.read() if process.stdout else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return said, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _print_rows(runs: dict[str, Run]) -> None:
    """Print the rows of each table, and end the run where they differ: ratios between unequal work say nothing."""
    print(f"{'rows':16}" + "".join(f"{name:>14}" for name in runs))
    differ = []
    for table in TABLES:
        found = [run.rows.get(table, 0) for run in runs.values()]
        print(f"{table:16}" + "".join(f"{rows:14,}" for rows in found))
        differ += [table] if len(set(found)) > 1 else []
    if differ:
        sys.exit(f"not the same rows: {', '.join(differ)}")


def _print_costs(name: str, run: Run) -> None:
    tracks = run.rows["tracks"]
    print(f"{name}: {run.wall:.1f} s by the clock, {run.core:.1f} s of the cores, {run.peak:,.0f} MB at most")
    print(f"  {tracks / run.wall:,.0f} tracks/s, {run.core / tracks * 1e6:.1f} µs of a core a track", end=", ")
    print(f"{run.size / tracks:.1f} bytes a track")
    each = (f"{command} {seconds / tracks * 1e6:.1f}" for command, seconds in run.commands.items())
    print(f"  µs of a core a track: {', '.join(each)}; by the clock:")
    for stage, seconds in run.stages.items():
        rate = f"{tracks / seconds:,.0f}" if seconds else "-"
        print(f"  {stage.lower()}: {seconds:.1f} s, {rate} tracks/s")


def _print_ratios(runs: dict[str, Run]) -> None:
    ours = runs["tenuto"]
    tracks = ours.rows["tracks"]
    for name, least in AGAINST.items():
        by_clock, by_cores = runs[name].wall / ours.wall, runs[name].core / ours.core
        print(f"tenuto over {name}: {by_clock:.2f} by the clock, {by_cores:.2f} of the cores (target {least})")
    print(f"targets: {TARGET:,} tracks/s, {BYTES} bytes a track, {MEMORY_MB:,} MB at most")
    print(f"{ALL:,} tracks at this cost a track: {ours.wall / tracks * ALL / 3600:.2f} h", end=" = ")
    print(f"{ours.wall:.1f} s / {tracks:,} tracks * {ALL:,} / 3,600")


if __name__ == "__main__":
    main()
