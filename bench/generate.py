"""Write dumps of a made-up catalogue in the shape of MusicBrainz's or Discogs's: any size, the same for the same seed.

Run: python bench/generate.py --tracks 100000 --seed 1 --out DIR [--shape musicbrainz|discogs] [--processes 2]

Beside the dumps, `listens.csv` has listens of recordings, the first most: as 1/rank.
"""

import argparse
import gzip
import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import IO

from generate_discogs import DiscogsWriter
from generate_musicbrainz import MusicBrainzWriter
from generate_plan import Plan

__all__ = ["generate"]

_PIECE = {"release": 500, "releases": 500}  # documents written at once
_OTHER_PIECE = 5_000
_LISTENS = 50_000

_writers: list[MusicBrainzWriter | DiscogsWriter] = []  # the processes inherit it


def generate(out: Path, tracks: int, *, seed: int, shape: str = "musicbrainz", processes: int = 2) -> None:
    """Write the dumps of a catalogue of about so many tracks into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    plan = Plan(tracks, seed)
    writer = MusicBrainzWriter(plan) if shape == "musicbrainz" else DiscogsWriter(plan)
    _writers[:] = [writer]
    with get_context("fork").Pool(processes) as pool:
        for entity, count in writer.entities().items():
            started = time.perf_counter()
            size = _PIECE.get(entity, _OTHER_PIECE)
            pieces = ((entity, first, min(first + size, count)) for first in range(0, count, size))
            written = _write(out, entity, shape, pool.imap(_piece, pieces))
            took = time.perf_counter() - started
            print(f"{entity}: {count:,} documents, {written / 1e6:,.1f} MB in {took:.1f} s")
        if isinstance(writer, DiscogsWriter):
            _write_checksums(out)
        else:
            _write_listens(out, writer.listened, pool.imap)


def _write_listens(out: Path, count: int, imap: Callable[..., Iterator[bytes]]) -> None:
    with (out / "listens.csv").open("wb") as stream:
        stream.write(b"recording_mbid,listens\n")
        stream.writelines(
            imap(_listens, ((first, min(first + _LISTENS, count)) for first in range(0, count, _LISTENS)))
        )


def _write_checksums(out: Path) -> None:
    """Write the digests that stand beside the dumps."""
    lines = []
    for path in sorted(out.glob("discogs_20260101_*.xml.gz")):
        with path.open("rb") as stream:
            lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()} *{path.name}\n")
    (out / "discogs_20260101_CHECKSUM.txt").write_text("".join(lines), "ascii")


def _write(out: Path, entity: str, shape: str, pieces: Iterator[bytes]) -> int:
    """Write the pieces of one dump, and count their bytes."""
    if shape == "musicbrainz":
        with (out / f"{entity}.jsonl").open("wb") as stream:
            return _copied(stream, pieces)
    path = out / f"discogs_20260101_{entity}.xml.gz"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as stream:
        stream.write(f"<{entity}>\n".encode())
        written = _copied(stream, pieces)
        stream.write(f"</{entity}>\n".encode())
    return written


def _copied(stream: IO[bytes] | gzip.GzipFile, pieces: Iterator[bytes]) -> int:
    written = 0
    for piece in pieces:
        stream.write(piece)
        written += len(piece)
    return written


def _piece(part: tuple[str, int, int]) -> bytes:
    return _writers[0].lines(*part).encode()


def _listens(part: tuple[int, int]) -> bytes:
    writer = _writers[0]
    return writer.listens(*part).encode() if isinstance(writer, MusicBrainzWriter) else b""


def main() -> None:
    """Read the options, write the dumps, print the rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shape", choices=["musicbrainz", "discogs"], default="musicbrainz")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    started = time.perf_counter()
    generate(chosen.out, chosen.tracks, seed=chosen.seed, shape=chosen.shape, processes=chosen.processes)
    took = time.perf_counter() - started
    print(f"{chosen.tracks:,} tracks in {took:.1f} s: {chosen.tracks / took:,.0f} tracks/s")


if __name__ == "__main__":
    sys.exit(main())
