"""`tenuto build`: from captures, store and receipts to the one SQLite file."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tenuto import __version__
from tenuto.audio.store import Store
from tenuto.catalogue.build import BuildReport, CatalogueInputs
from tenuto.catalogue.build import build as build_catalogue
from tenuto.durable import storage, write_file
from tenuto.flow.acknowledged import captures, heads, lost_captures, record_loss
from tenuto.flow.archive import Archive
from tenuto.flow.dumped import dump_heads, dumps, judgements, known_sources, provenance
from tenuto.flow.judging import as_declared, rights_options
from tenuto.flow.receipts import read_bags, remake_torrents
from tenuto.flow.relinking import links_place, relink
from tenuto.harvest.names import audio_suffix
from tenuto.model.capture import Capture
from tenuto.model.counting import counted
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import IntegrityError, SourceError
from tenuto.model.progress import Progress
from tenuto.model.rights import Decision
from tenuto.model.source import ObservedSource
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.judged import Context, Judged
from tenuto.records.write import write_context, write_judgements, write_records
from tenuto.rights.judge import attribution, judge
from tenuto.rights.licences import all_licences
from tenuto.sources import all_sources, observed_source

__all__ = ["build", "is_current", "rules_digest"]

_READERS = ("license-expression", "licenseid", "python-debian")


def build(
    archive: Archive, progress: Progress, *, again: bool = False, accept_loss: bool = False, links: bool = True
) -> BuildReport:
    """Build the catalogue, or give the last report where it is whole, nothing it rests on has changed and not `again`.

    Records are linked first where that is due, unless not `links` or tenuto.toml says no.
    Raises IntegrityError where a capture that the ledger names is gone; with `accept_loss` that is recorded instead.
    """
    _check_captures(archive, accept_loss=accept_loss)
    if links and archive.config.links.build:
        relink(archive, progress)
    fingerprint = _fingerprint(archive)
    last = None if again else _last_report(archive, fingerprint)
    if last is not None:
        return last
    report = _build(archive, progress)
    seal = f"{fingerprint} {_catalogue_digest(archive)}"
    # without times: what lies in an archive follows from its input alone
    write_file(_report_path(archive), f"{seal}\n{to_json(replace(report, seconds=()))}".encode())
    return report


def is_current(archive: Archive) -> bool:
    """Tell whether the catalogue is whole and rests on all that is there now: captures, policy, bags and torrents."""
    return _last_report(archive, _fingerprint(archive)) is not None


def _check_captures(archive: Archive, *, accept_loss: bool) -> None:
    """See that nothing is silently left out of the catalogue."""
    lost = lost_captures(archive)
    if lost and not accept_loss:
        raise IntegrityError(
            f"the archive lacks {counted(len(lost), 'capture')} that the ledger names, first {lost[0]}",
            hint="Restore them from a copy; `tenuto build --accept-loss` records that there is none and goes on.",
            code="captures-lost",
        )
    record_loss(archive, lost)


def _build(archive: Archive, progress: Progress) -> BuildReport:
    layout = archive.layout
    names = [found.name for found in all_sources() if isinstance(found, ObservedSource)]
    for name in names:
        write_records(layout.records / name, name, _judged(archive, name))
    bags = read_bags(archive)
    context = Context(
        sources=known_sources(archive),
        captures=(*heads(archive), *dump_heads(archive)),
        provenance=provenance(archive),
        licences=all_licences(),
        bags=bags,
        torrents=remake_torrents(archive, bags),
    )
    write_context(layout.records / "_context", context)
    write_judgements(layout.records / "_judged", judgements(archive, rights_options(archive.config)))
    inputs = CatalogueInputs(
        name=layout.name,
        records=tuple(layout.records / name for name in names),
        context=layout.records / "_context",
        judged=layout.records / "_judged",
        links=links_place(archive),
        dumps=tuple((found.name, place) for found, place, _ in dumps(archive)),
        shapes={table.name: table.schema for table in DUMP_TABLES},
    )
    return build_catalogue(inputs, layout.catalogue, progress)


def _judged(archive: Archive, name: str) -> Iterator[Judged]:
    """Read and judge each file as its newest capture has it."""
    options, store, reader = rights_options(archive.config), Store(archive.layout.store), observed_source(name)
    newest = {
        (capture.head.collection, seen.path): (capture.head.id, place)
        for capture in _captures(archive, name)
        for place, seen in enumerate(capture.observations)
    }
    for capture in _captures(archive, name):
        head = as_declared(capture.head, archive.config)
        for place, seen in enumerate(capture.observations):
            latest = newest[capture.head.collection, seen.path] == (capture.head.id, place)
            if not latest or audio_suffix(seen.path) is None:
                continue
            record = reader.read(head, seen)
            verdict = judge(record, options)
            yield Judged(
                track=record,
                verdict=verdict,
                attribution=attribution(record, verdict) if verdict.decision is Decision.OPEN else None,
                held=seen.sha256 is not None and store.has(seen.sha256),
            )


def _captures(archive: Archive, name: str) -> Iterator[Capture]:
    return (capture for capture in captures(archive) if capture.head.source == name)


def _fingerprint(archive: Archive) -> str:
    """Digest what a build rests on: the rules, and the names of what it reads, which never changes under its name."""
    layout = archive.layout
    captures = (path for path in layout.captures.rglob("[0-9]*-*") if path.is_file())  # observations and whole dumps
    made = (*layout.packages.glob("*.receipt.json"), *layout.torrents.glob("*.torrent"))
    linked = [_digest(path) for path in sorted(links_place(archive).glob("*.parquet"))]
    names = sorted(str(path.relative_to(layout.root)) for path in (*captures, *made))
    dumped = [(found.name, found.terms, receipt.sha256, receipt.mapping) for found, _, receipt in dumps(archive)]
    rules = rules_digest(Path(__file__).parents[1])
    said = (__version__, dumped, rules, asdict(archive.config), names, linked)
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def rules_digest(program: Path) -> str:
    """Digest the code and tables of `program` that read and judge, and what they read with.

    Under other rules every verdict is asked anew.
    """
    libraries = " ".join(f"{name} {version(name)}" for name in _READERS)
    digest = hashlib.sha256(libraries.encode())
    for package in ("model", "sources", "records", "rights", "catalogue"):
        for part in sorted(program.joinpath(package).rglob("*")):
            if part.is_file() and part.name.endswith((".py", ".toml", ".sql")):
                digest.update(part.read_bytes())
    return digest.hexdigest()


def _catalogue_digest(archive: Archive) -> str:
    return _digest(archive.layout.catalogue)


def _digest(path: Path) -> str:
    with storage(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _report_path(archive: Archive) -> Path:
    return archive.layout.catalogue.with_suffix(".build.json")


def _last_report(archive: Archive, fingerprint: str) -> BuildReport | None:
    path = _report_path(archive)
    if not path.is_file() or not archive.layout.catalogue.is_file():
        return None
    with storage(path):
        seal, _, report = path.read_text("utf-8", errors="replace").partition("\n")
    if seal != f"{fingerprint} {_catalogue_digest(archive)}":
        return None
    try:
        return from_json(BuildReport, report)
    except SourceError:
        return None
