"""What imported dumps bring to a build: their tables, their captures, where each table's rows are from, verdicts."""

from collections.abc import Iterator
from pathlib import Path

from tenuto.flow.archive import Archive
from tenuto.flow.dump_verdicts import dump_verdicts
from tenuto.flow.import_forms import is_unkept, mapped_sources
from tenuto.model.capture import CaptureHead
from tenuto.model.ids import IdKind
from tenuto.model.music import TrackRecord
from tenuto.model.source import DumpSource, ObservedSource, Source
from tenuto.records.dump_receipt import DumpReceipt, imported
from tenuto.records.flatten import outcome
from tenuto.records.judged import Judged, Judgement, Provenance
from tenuto.rights.case import RightsOptions
from tenuto.rights.judge import judge
from tenuto.sources import all_sources

__all__ = ["dump_heads", "dumps", "judgements", "known_sources", "provenance"]

_IMPORTED = "imported"
_PREFIXES = {"release": IdKind.RELEASE, "recording": IdKind.RECORDING, "track": IdKind.TRACK}


def known_sources(archive: Archive) -> tuple[Source, ...]:
    """Give all sources, and behind them those that the mappings of imported tables described."""
    return (*all_sources(), *mapped_sources(archive.layout.records))


def dumps(archive: Archive) -> Iterator[tuple[DumpSource, Path, DumpReceipt]]:
    """Give every dump that was imported to its end: its source, the directory of its tables, its receipt."""
    for found in known_sources(archive):
        if isinstance(found, DumpSource):
            for place in sorted((archive.layout.records / found.name).glob("[!._]*/")):
                receipt = imported(place)
                if receipt is not None:
                    yield found, place, receipt


def dump_heads(archive: Archive) -> Iterator[CaptureHead]:
    """Give each imported dump as a capture, as the ledger names it."""
    known = _pinned(archive)
    for found, _, receipt in dumps(archive):
        if (found.name, receipt.sha256) in known:
            identity, at = known[found.name, receipt.sha256]
            facts = (("sha256", receipt.sha256), ("size", str(receipt.size)), ("documents", str(receipt.documents)))
            yield CaptureHead(
                id=identity,
                source=found.name,
                collection=receipt.entity,
                origin=receipt.file,
                captured_at=at,
                facts=facts,
            )


def provenance(archive: Archive) -> Iterator[Provenance]:
    """Tell for every source and table where its rows are from, and under what licence they are."""
    known = _pinned(archive)
    for found in all_sources():
        if isinstance(found, ObservedSource):
            licence = found.terms.metadata_licence
            yield Provenance(source=found.name, place="observations", capture=None, licence=licence)
    for found, _, receipt in dumps(archive):
        identity, _ = known.get((found.name, receipt.sha256), (None, ""))
        for table, rows in receipt.rows:
            if rows:
                yield Provenance(
                    source=found.name,
                    place=table,
                    capture=identity,
                    licence=found.terms.metadata_licence,
                )


def judgements(archive: Archive, options: RightsOptions) -> Iterator[Judgement]:
    """Give the verdict on what has no evidence, then those on all that imported dumps have evidence for."""
    nothing = TrackRecord(source="", collection="", key="", path="", capture="", title="")
    verdict = judge(nothing, options)
    said = outcome(Judged(track=nothing, verdict=verdict))
    absent = said or ("", "")
    yield Judgement(verdict=verdict, outcome=absent)
    for name in sorted({place.parent.name for _, place, _ in dumps(archive)}):
        folder = archive.layout.records / name
        if any(folder.glob("[!.]*/evidence.parquet/*.parquet")):
            for things, verdict in dump_verdicts(folder, options):
                subjects = tuple((_PREFIXES[kind].value, id_) for kind, id_ in things)
                yield Judgement(verdict=verdict, outcome=absent, source=name, subjects=subjects)


def _pinned(archive: Archive) -> dict[tuple[str, str], tuple[str, str]]:
    """Tell for the source and digest of each imported dump its capture's id and when it was imported.

    What tells of persons is no capture, and named by its digest alone.
    """
    rows = ((entry.what, entry.at) for entry in archive.ledger.entries())
    kept = ((what, at) for what, at in rows if what.event == _IMPORTED and not is_unkept(what))
    return {(what.subject.partition("/")[0], what.sha256): (what.subject, at) for what, at in kept}
