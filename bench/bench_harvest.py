"""Harvesting a tree of real audio files against one pass of sha256sum and one of a mutagen loop, in the same run.

`python bench/bench_harvest.py [FOLDER]`: without a folder, the audio of 18 Debian packages is fetched (about 1 GB) and
unpacked under bench/out. Target: not slower than the two passes together. The page cache is warm for both.
"""

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

OUT = Path(__file__).parent / "out"
PACKAGES = [
    "asc-music",
    "colobot-common-sounds",
    "drascula-music",
    "extremetuxracer-data",
    "fretsonfire-songs-muldjord",
    "fretsonfire-songs-sectoid",
    "hedgewars-data",
    "hyperrogue-music",
    "lincity-ng-data",
    "marsshooter-data",
    "nexuiz-music",
    "planetblupi-music-ogg",
    "pushover-data",
    "singularity-music",
    "sonic-pi-samples",
    "sound-theme-freedesktop",
    "warzone2100-music",
    "wesnoth-1.16-music",
]
SUFFIXES = {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".wav", ".aif", ".aiff"}
LOOP = "import sys, mutagen\nfor line in open(sys.argv[1]): mutagen.File(line.rstrip('\\n'))"
ROUNDS = 5


def packages_tree() -> Path:
    """Fetch and unpack the packages once."""
    tree, debs = OUT / "tree", OUT / "debs"
    if not tree.is_dir():
        debs.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", *PACKAGES], cwd=debs, check=True)
        for deb in sorted(debs.glob("*.deb")):
            place = tree.with_name("tree.part") / deb.name.split("_")[0]
            place.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg-deb", "-x", str(deb), str(place)], check=True)
        tree.with_name("tree.part").rename(tree)
    return tree


def timed(*commands: list[str]) -> float:
    """Run commands one after the other, giving the wall time in seconds."""
    begun = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def ours(tree: Path) -> float:
    """Harvest the tree into a new archive."""
    archive = OUT / "archive"
    if archive.exists():
        shutil.rmtree(archive)
    tenuto = str(Path(sys.executable).with_name("tenuto"))
    subprocess.run([tenuto, "init", str(archive), "--json"], check=True, stdout=subprocess.DEVNULL)
    return timed([tenuto, "--archive", str(archive), "harvest", "folder", str(tree), "--json"])


def peers(listing: Path) -> float:
    """Hash every file with sha256sum, then read every file's tags with mutagen."""
    files = listing.read_text("utf-8").splitlines()
    return timed(["sha256sum", "--", *files], [sys.executable, "-c", LOOP, str(listing)])


def main() -> None:
    """Measure in turn and print medians and the ratio pair by pair."""
    tree = Path(sys.argv[1]) if len(sys.argv) > 1 else packages_tree()
    files = sorted(path for path in tree.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    OUT.mkdir(exist_ok=True)
    listing = OUT / "files.txt"
    listing.write_text("".join(f"{path}\n" for path in files), "utf-8")
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files):,} files, {size / 1e6:,.0f} MB, {ROUNDS} rounds in turn")
    pairs = [(ours(tree), peers(listing)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(other / own for own, other in pairs)
    print(f"tenuto harvest folder   {mine:6.2f} s  {size / mine / 1e6:7,.0f} MB/s")
    print(f"sha256sum + mutagen     {theirs:6.2f} s  {size / theirs / 1e6:7,.0f} MB/s")
    print(f"ratio (pair by pair, median): {ratio:.2f} x as fast; target: at least 1.00 x")


if __name__ == "__main__":
    main()
