"""`tenuto build`: from captures, store and receipts to the one SQLite file."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from tenuto import __version__
from tenuto.audio.store import Store
from tenuto.catalogue.build import BuildReport, CatalogueInputs
from tenuto.catalogue.build import build as build_catalogue
from tenuto.durable import storage, write_file
from tenuto.flow.archive import Archive
from tenuto.flow.judging import rights_options
from tenuto.flow.receipts import read_bags, remake_torrents
from tenuto.harvest.captures import read_captures, read_heads
from tenuto.harvest.names import audio_suffix
from tenuto.model.capture import Capture
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import SourceError
from tenuto.model.progress import Progress
from tenuto.model.rights import Decision
from tenuto.records.judged import Context, Judged
from tenuto.records.write import write_context, write_records
from tenuto.rights.judge import attribution, judge
from tenuto.rights.licences import all_licences
from tenuto.sources import all_sources, source

__all__ = ["build", "is_current"]


def build(archive: Archive, progress: Progress, *, again: bool = False) -> BuildReport:
    """Build the catalogue, or give the last report where nothing it rests on has changed and not `again`."""
    fingerprint = _fingerprint(archive)
    last = None if again else _last_report(archive, fingerprint)
    if last is not None:
        return last
    report = _build(archive, progress)
    # without times: what lies in an archive follows from its input alone
    write_file(_report_path(archive), f"{fingerprint}\n{to_json(replace(report, seconds=()))}".encode())
    return report


def is_current(archive: Archive) -> bool:
    """Tell whether the catalogue rests on all that is there now: captures, policy, bags and torrents."""
    return _last_report(archive, _fingerprint(archive)) is not None


def _build(archive: Archive, progress: Progress) -> BuildReport:
    layout = archive.layout
    names = [found.name for found in all_sources()]
    for name in names:
        write_records(layout.records / name, name, _judged(archive, name))
    bags = read_bags(layout)
    context = Context(
        sources=all_sources(),
        captures=read_heads(layout.captures),
        licences=all_licences(),
        bags=bags,
        torrents=remake_torrents(archive, bags),
    )
    write_context(layout.records / "_context", context)
    inputs = CatalogueInputs(
        name=layout.name,
        records=tuple(layout.records / name for name in names),
        context=layout.records / "_context",
    )
    return build_catalogue(inputs, layout.catalogue, progress)


def _judged(archive: Archive, name: str) -> Iterator[Judged]:
    """Read and judge each file as its newest capture has it."""
    options, store, reader = rights_options(archive.config), Store(archive.layout.store), source(name)
    newest = {
        (capture.head.collection, seen.path): capture.head.id
        for capture in _captures(archive, name)
        for seen in capture.observations
    }
    for capture in _captures(archive, name):
        for seen in capture.observations:
            if newest[capture.head.collection, seen.path] != capture.head.id or audio_suffix(seen.path) is None:
                continue
            record = reader.read(capture.head, seen)
            verdict = judge(record, options)
            yield Judged(
                track=record,
                verdict=verdict,
                attribution=attribution(record, verdict) if verdict.decision is Decision.OPEN else None,
                held=seen.sha256 is not None and store.has(seen.sha256),
            )


def _captures(archive: Archive, name: str) -> Iterator[Capture]:
    return (capture for capture in read_captures(archive.layout.captures) if capture.head.source == name)


def _fingerprint(archive: Archive) -> str:
    """Digest the names of all that a build reads; captures, bags and torrents never change under their names."""
    layout = archive.layout
    captures = layout.captures.rglob("*.jsonl.gz")
    made = (*layout.packages.glob("*.receipt.json"), *layout.torrents.glob("*.torrent"))
    names = sorted(str(path.relative_to(layout.root)) for path in (*captures, *made))
    said = (__version__, asdict(archive.config), names)
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def _report_path(archive: Archive) -> Path:
    return archive.layout.catalogue.with_suffix(".build.json")


def _last_report(archive: Archive, fingerprint: str) -> BuildReport | None:
    path = _report_path(archive)
    if not path.is_file() or not archive.layout.catalogue.is_file():
        return None
    with storage(path):
        first, _, report = path.read_text("utf-8").partition("\n")
    try:
        return from_json(BuildReport, report) if first == fingerprint else None
    except SourceError:
        return None
