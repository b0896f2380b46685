"""Time bag and hybrid metainfo against bagit.py (2 processes) followed by libtorrent's own hybrid hashing.

Run: python bench/bench_pack.py [--dir DIR] [--files 520] [--mean-mib 4] [--rounds 3]
Both sides run as whole processes, in turn, on the same seeded pseudo-random files; the bound is what the three hashes
alone reach on the same cores in the same run, with nothing read.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = 1.6
MEMORY_MB = 200

OURS = """
import json, resource, sys
from pathlib import Path
from tenuto.model.document import from_json
from tenuto.model.package import PackItem
from tenuto.packages.bag import BagOptions, write_bag
from tenuto.packages.plan import plan_bags
from tenuto.torrents.metainfo import make_torrent
store, out = Path(sys.argv[1]), Path(sys.argv[2])
items = [from_json(PackItem, line) for line in (store / "items.jsonl").read_text().splitlines()]
options = BagOptions(organisation="Bench", contact="bench@example.org")
for plan in plan_bags(items, archive="bench", limit_bytes=1 << 50):
    receipt = write_bag(plan, store.joinpath, out, options)
    torrent = make_torrent(receipt)
    (out / "bench.torrent").write_bytes(torrent.metainfo)
here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"peak_mb": (here + 2 * largest_child) / 1024, "piece_length": receipt.piece_length}))
"""
THEIRS = """
import sys
from pathlib import Path
import bagit
import libtorrent as lt
bag, piece_length = Path(sys.argv[1]), int(sys.argv[2])
bagit.make_bag(str(bag), processes=2, checksums=["sha256"])
files = [lt.create_file_entry(str(path.relative_to(bag.parent)), path.stat().st_size)
         for path in sorted(bag.rglob("*")) if path.is_file()]
torrent = lt.create_torrent(files, piece_length)
lt.set_piece_hashes(torrent, str(bag.parent))
Path(f"{bag}.torrent").write_bytes(lt.bencode(torrent.generate()))
"""


def main() -> None:
    """Make the input, run both sides in turn, print the figures."""
    arguments = _arguments()
    base = Path(arguments.dir)
    store = base / f"store-{arguments.files}-{arguments.mean_mib}"
    total = _input(store, arguments.files, arguments.mean_mib << 20)
    print(f"input: {arguments.files} files, {total / 1e9:.2f} GB, in the page cache; {os.cpu_count()} cores")
    bound = _hash_bound()
    ours, theirs, facts = [], [], {}
    for number in range(arguments.rounds):
        seconds, facts = _run_ours(store, base / "ours")
        ours.append(seconds)
        theirs.append(_run_theirs(store, base / "theirs", facts["piece_length"]))
        print(f"round {number + 1}: ours {ours[-1]:.2f} s, bagit.py + libtorrent {theirs[-1]:.2f} s")
    _report(total, bound, statistics.median(ours), statistics.median(theirs), facts)
    shutil.rmtree(base / "ours")
    shutil.rmtree(base / "theirs")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", default=str(HERE / "out"))
    parser.add_argument("--files", type=int, default=520)
    parser.add_argument("--mean-mib", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _report(total: int, bound: float, ours: float, theirs: float, facts: dict[str, float]) -> None:
    ratio = theirs / ours
    speed = total / ours / 1e9
    print(f"ours:                {ours:.2f} s, {speed:.2f} GB/s (median), pieces of {facts['piece_length'] >> 10} KiB")
    print(f"bagit.py+libtorrent: {theirs:.2f} s, {total / theirs / 1e9:.2f} GB/s (median)")
    print(f"ratio: {ratio:.2f} (target {TARGET}) {'met' if ratio >= TARGET else 'MISSED'}")
    print(f"hashes alone: {bound:.2f} GB/s; we reach {speed / bound:.0%} of it")
    peak = facts["peak_mb"]
    verdict = "met" if peak < MEMORY_MB else "MISSED"
    print(f"peak memory with both hashing processes: {peak:.0f} MB (target {MEMORY_MB}) {verdict}")


def _input(store: Path, count: int, mean: int) -> int:
    """Make the files once: sizes from half to one and a half times the mean, bytes from a seeded generator."""
    done = store / "items.jsonl"
    if not done.exists():
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir(parents=True)
        chance = random.Random(20240229)  # noqa: S311 - reproducible, not secret
        lines = [
            _file(store, number, chance.randbytes(chance.randrange(mean // 2, mean * 3 // 2)))
            for number in range(count)
        ]
        os.sync()
        done.write_text("".join(lines), encoding="utf-8")
    items = [json.loads(line) for line in done.read_text(encoding="utf-8").splitlines()]
    for item in items:  # warm the page cache for both sides alike
        (store / item["sha256"]).read_bytes()
    return sum(item["size"] for item in items)


def _file(store: Path, number: int, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    (store / digest).write_bytes(content)
    item = {
        "track_id": f"tr-{number:020x}",
        "sha256": digest,
        "size": len(content),
        "artist": f"Artist {number // 40}",
        "release": f"Release {number // 10}",
        "disc": None,
        "number": number % 10 + 1,
        "title": f"Track {number}",
        "extension": ".flac",
        "attribution": {
            "creator": f"Artist {number // 40}",
            "title": f"Track {number}",
            "copyright_notice": "2024 the artist",
            "licences": ["CC-BY-4.0"],
            "licence_urls": ["https://creativecommons.org/licenses/by/4.0/"],
            "source_url": "https://example.org/",
        },
    }
    return json.dumps(item) + "\n"


def _run_ours(store: Path, out: Path) -> tuple[float, dict[str, float]]:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", OURS, str(store), str(out)], check=True, capture_output=True, text=True
    )
    return time.perf_counter() - started, json.loads(done.stdout)


def _run_theirs(store: Path, out: Path, piece_length: int) -> float:
    """Time the peers on hard links to the same files, which are laid out before the clock starts."""
    shutil.rmtree(out, ignore_errors=True)
    bag = out / "bag"
    for item in map(json.loads, (store / "items.jsonl").read_text(encoding="utf-8").splitlines()):
        target = bag / item["artist"] / item["release"] / f"{item['number']:02d} {item['title']}.flac"
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(store / item["sha256"], target)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", THEIRS, str(bag), str(piece_length)], check=True, capture_output=True)
    return time.perf_counter() - started


def _hash_bound() -> float:
    """GB/s at which two threads do SHA-256 whole, SHA-256 by leaf and SHA-1 by piece over memory."""
    blocks, size = 128, 1 << 20
    with ThreadPoolExecutor(2) as pool:
        best = 0.0
        for _ in range(3):
            started = time.perf_counter()
            list(pool.map(_hash_blocks, [(blocks, size)] * 2))
            best = max(best, 2 * blocks * size / (time.perf_counter() - started) / 1e9)
    return best


def _hash_blocks(work: tuple[int, int]) -> None:
    blocks, size = work
    view = memoryview(os.urandom(size))
    whole = hashlib.sha256()
    for _ in range(blocks):
        whole.update(view)
        for at in range(0, size, 1 << 14):
            hashlib.sha256(view[at : at + (1 << 14)]).digest()
        for at in range(0, size, 1 << 18):
            hashlib.sha1(view[at : at + (1 << 18)], usedforsecurity=False).digest()


if __name__ == "__main__":
    main()
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
