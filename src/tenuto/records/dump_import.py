"""A dump to Parquet, in parts that survive a crash.

    records/SOURCE/ENTITY/TABLE.parquet/NNNNNN.parquet   what the newest dump of the entity says, in its order
    records/SOURCE/ENTITY/receipt.json                   which dump, how many rows, what was bad, what drifted
    records/SOURCE/.parts-ENTITY-KEY/                    what is done of a dump that is being read

A run that was killed goes on with the parts that are missing; the entity's folder is replaced in one step. Nothing is
sorted or written twice: a part holds each document's rows as they come, without those whose id an earlier part has.
"""

import hashlib
import shutil
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tenuto.durable import TEMPORARY, publish, storage, sync_filesystem
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.model.source import DumpEntity, DumpSource
from tenuto.records.dump_engine import DumpEngine
from tenuto.records.dump_receipt import DumpReceipt, imported, named, put_in_place
from tenuto.records.lines import BadLine, Dump
from tenuto.records.seen import Seen
from tenuto.records.tables import Table
from tenuto.records.xml_checksum import check_published
from tenuto.records.xml_dump import XmlDump
from tenuto.records.xml_engine import XmlEngine

__all__ = ["check_facts", "import_dump"]

Engine = DumpEngine | XmlEngine
_SUFFIXES = {"json": ".tar.xz", "xml": "s.xml.gz"}
_WORKERS = 2
_CHUNK = 32 << 20  # bytes of a part's lines
_BLOCK = 1 << 20
_MOST_BAD = 1_000  # bad lines of a part that are kept; all are counted
_KEY = 16  # characters of the name of a dump's parts
_PART = "part.json"
_SEEN = "seen.npz"
_UNLIKE = frozenset({"id", "title", "recording", "value"})  # columns in which little stands twice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one part of a dump gave."""

    first: int
    lines: int
    documents: int
    rows: tuple[tuple[str, int], ...]
    bad: tuple[BadLine, ...] = ()
    """The first of the bad lines."""
    bad_lines: int = 0
    drift: tuple[tuple[str, int], ...] = ()


def import_dump(directory: Path, source: DumpSource, path: Path, progress: Progress) -> DumpReceipt:
    """Read a dump file of `source` into `directory/ENTITY`, going on where a killed run ended.

    One that was read before is known by its digest.

    Raises SourceError where the file is none of the source's dumps, one of a kind that is not known, or cut or empty
    where the last one was whole; StorageError;
    finished parts are kept. Bad lines and drift are told in the receipt.
    """
    entity = _entity(source, path)
    dump = XmlDump(path, entity) if entity.format == "xml" else Dump(path, _CHUNK)
    with _engines(source, entity, directory) as engines:
        mapping = engines[0].mapping
        before = imported(directory / entity.name)
        if before is not None and before.mapping == mapping and _is_same(before, path, progress):
            _sweep(directory, entity)
            return replace(before, known=True, checksum=_checked(entity, path, before.sha256))
        parts = directory / f".parts-{entity.name}-{_key(path, mapping)}"
        with storage(parts):
            parts.mkdir(parents=True, exist_ok=True)
        progress.start(f"Reading {path.name}", dump.size, "bytes")
        done = _read(parts, engines, dump, progress)
        progress.finish()
    check_facts(source, dump)
    checksum = _checked(entity, path, dump.sha256)
    receipt = replace(_receipt(entity, dump, done, path.name, mapping), checksum=checksum)
    try:
        _finish(parts, directory / entity.name, receipt)
    finally:
        _sweep(directory, entity)
    return receipt


def _entity(source: DumpSource, path: Path) -> DumpEntity:
    entity = source.entity_of(path.name)
    if entity is None:
        names = ", ".join(f"{one.name}{'.csv' if one.tabular else _SUFFIXES[one.format]}" for one in source.entities)
        hint = f"A dump is told by its name: {names}; or plain, .gz, .xz or .zst."
        raise SourceError(f"{path.name} is no dump of {source.name}", hint=hint, code="dump-unknown")
    return entity


def _checked(entity: DumpEntity, path: Path, sha256: str) -> str:
    return check_published(path, sha256) if entity.format == "xml" else ""


def _is_same(before: DumpReceipt, path: Path, progress: Progress) -> bool:
    with storage(path), path.open("rb") as stream:
        if path.stat().st_size != before.size:
            return False
        progress.start(f"Comparing {path.name}", before.size, "bytes")
        digest = hashlib.sha256()
        while block := stream.read(_BLOCK):
            digest.update(block)
            progress.advance(len(block))
        progress.finish()
    return digest.hexdigest() == before.sha256


def _key(path: Path, mapping: str) -> str:
    """Name a dump before it was read whole: by name, size, time, and what becomes of it."""
    facts = path.stat()
    return hashlib.sha256(repr((path.name, facts.st_size, facts.st_mtime_ns, mapping)).encode()).hexdigest()[:_KEY]


@contextmanager
def _engines(source: DumpSource, entity: DumpEntity, directory: Path) -> Iterator[list[Engine]]:
    scratch = directory / f"{TEMPORARY}{entity.name}"
    with storage(scratch):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
    kind = XmlEngine if entity.format == "xml" else DumpEngine
    engines: list[Engine] = [kind(source, entity, scratch / str(number)) for number in range(_WORKERS)]
    try:
        yield engines
    finally:
        for engine in engines:
            engine.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _read(parts: Path, engines: Sequence[Engine], dump: Dump, progress: Progress) -> list[_Part]:
    """Read all parts, as many at once as there are engines."""
    seen, done, told = Seen(), list[_Part](), 0
    free: SimpleQueue[Engine] = SimpleQueue()
    for engine in engines:
        free.put(engine)
    waiting: deque[Future[_Part]] = deque()
    with ThreadPoolExecutor(len(engines)) as pool:
        for number, chunk in enumerate(dump.chunks(), 1):
            waiting.append(pool.submit(_part, parts, number, chunk, free, seen))
            if len(waiting) > len(engines):
                done.append(waiting.popleft().result())
            progress.advance(dump.read - told)
            told = dump.read
        done += [future.result() for future in waiting]
    progress.advance(dump.read - told)
    return done


def _part(parts: Path, number: int, chunk: Any, free: "SimpleQueue[Engine]", seen: Seen) -> _Part:  # noqa: ANN401 - what engines take
    place = parts / f"{number:06d}"
    with storage(place):
        if (place / _PART).exists():
            with seen.turn(number), np.load(place / _SEEN) as ids:
                seen.remember(ids)
            return from_json(_Part, (place / _PART).read_bytes())
    engine = free.get()
    try:
        return _made(place, number, chunk, engine, seen)
    finally:
        free.put(engine)


def _made(place: Path, number: int, chunk: Any, engine: Engine, seen: Seen) -> _Part:  # noqa: ANN401 - the same
    parsed = engine.parse(chunk)
    with seen.turn(number):
        ids, bad = engine.settle(seen)
    building = place.with_name(f"{TEMPORARY}{place.name}")
    with storage(building):
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        rows = tuple(_write(building, table, content) for table, content in engine.tables())
        np.savez(building / _SEEN, **ids)  # type: ignore[arg-type] # no table is named allow_pickle
        found = sorted((*parsed.bad, *bad), key=lambda one: one.line)
        part = _Part(
            first=chunk.first,
            lines=chunk.lines,
            documents=parsed.documents - len(bad),
            rows=rows,
            bad=tuple(found[:_MOST_BAD]),
            bad_lines=len(found),
            drift=tuple(sorted(parsed.drift.items())),
        )
        (building / _PART).write_text(to_json(part), "ascii")
    sync_filesystem(building)
    publish(building, place)
    return part


def _write(directory: Path, table: Table, content: pa.Table) -> tuple[str, int]:
    """Write a part of a table; level 1 of zstd takes a third of the time of level 3 for the same size."""
    alike = [name for name in table.schema.names if name not in _UNLIKE]
    path = directory / f"{table.name}.parquet"
    pq.write_table(content, path, compression="zstd", compression_level=1, use_dictionary=alike)
    return table.name, content.num_rows


def check_facts(source: DumpSource, dump: Dump) -> None:
    """Raise SourceError where a small file beside the dump's lines says that it is of a kind that is not known."""
    for name, known in source.known_facts.items():
        said = dump.facts.get(name, known)
        if said != known:
            raise SourceError(
                f"the dump's {name} is {said[:40]!r}, this version knows {known!r}",
                hint="Import it with a version of tenuto that knows it; nothing of it was taken in.",
                code="dump-schema",
            )


def _receipt(entity: DumpEntity, dump: Dump, parts: Sequence[_Part], name: str, mapping: str) -> DumpReceipt:
    bad = [line for part in parts for line in part.bad] + ([dump.fault] if dump.fault else [])
    drift, rows = Counter[str](), Counter[str]()
    for part in parts:
        drift.update(dict(part.drift))
        rows.update(dict(part.rows))
    return DumpReceipt(
        entity=entity.name,
        file=name,
        sha256=dump.sha256,
        size=dump.size,
        lines=sum(part.lines for part in parts),
        documents=sum(part.documents for part in parts),
        rows=tuple(rows.items()),
        mapping=mapping,
        bad=named(bad),
        bad_lines=sum(part.bad_lines for part in parts) + bool(dump.fault),
        drift=tuple(sorted(drift.items())),
    )


def _finish(parts: Path, directory: Path, receipt: DumpReceipt) -> None:
    """Put the parts' tables in the place of the entity's old ones, in one step; what is done may be done again."""
    done = parts / "done"
    filled = dict(receipt.rows)
    with storage(parts):
        shutil.rmtree(done, ignore_errors=True)
        for place in sorted(parts.glob("[0-9]*")):
            counts = dict(from_json(_Part, (place / _PART).read_bytes()).rows)
            for name in (name for name, rows in counts.items() if rows or not filled[name]):
                file = place / f"{name}.parquet"
                target = done / file.name / file.name.replace(name, place.name)
                target.parent.mkdir(parents=True, exist_ok=True)
                if not filled[name] and place.name != "000001":
                    continue  # a table without rows is one empty file
                target.hardlink_to(file)
    put_in_place(done, directory, receipt)


def _sweep(directory: Path, entity: DumpEntity) -> None:
    """Remove the parts of an entity's dumps, those too that a kill or another file left behind."""
    for place in directory.glob(f".parts-{entity.name}-{'[0-9a-f]' * _KEY}"):
        shutil.rmtree(place, ignore_errors=True)
