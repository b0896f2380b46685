"""What records refer to, as rows."""

from collections.abc import Iterator

from tenuto.model.capture import CaptureHead
from tenuto.model.package import BagReceipt, TorrentReceipt
from tenuto.model.rights import Licence
from tenuto.model.source import Source
from tenuto.records.flatten import Row
from tenuto.records.judged import Context

__all__ = ["context_rows"]


def context_rows(context: Context) -> Iterator[tuple[str, Row]]:
    """Yield each row of the context with its table's name, reading every iterable once."""
    for source in context.sources:
        yield "sources", _source(source)
    for head in context.captures:
        yield from _capture(head)
    for licence in context.licences:
        yield "licences", _licence(licence)
    for bag in context.bags:
        yield "packages", _package(bag)
    for origin in context.provenance:
        yield "provenance", (origin.source, origin.place, origin.capture, origin.licence)
    for torrent in context.torrents:
        yield from _torrent(torrent)


def _source(source: Source) -> Row:
    terms = source.terms
    evidence = "\n".join(terms.evidence)
    permitted = (terms.summary, terms.audio, terms.metadata_licence, terms.limits)
    return (source.name, source.home, *permitted, evidence, terms.url)


def _capture(head: CaptureHead) -> Iterator[tuple[str, Row]]:
    yield "captures", (head.id, head.source, _shown(head.collection), _shown(head.origin), head.captured_at)
    for position, (name, value) in enumerate(head.facts):
        yield "capture_facts", (head.id, position, _shown(name), _shown(value))


def _shown(text: str) -> str:
    r"""Write lone surrogates (PEP 383) as `\udcXX`: the text is for reading, the capture has the bytes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _licence(licence: Licence) -> Row:
    names = (licence.id, licence.name, licence.url, licence.family, licence.version, licence.jurisdiction)
    permits = (licence.commercial, licence.adapt, licence.attribution, licence.text_required)
    return (*names, licence.gate.value, *permits)


def _package(bag: BagReceipt) -> Row:
    return (bag.name, bag.piece_length, len(bag.files), sum(file.digest.size for file in bag.files))


def _torrent(torrent: TorrentReceipt) -> Iterator[tuple[str, Row]]:
    yield "torrents", (torrent.package, torrent.infohash_v1, torrent.infohash_v2)
    for place in torrent.placements:
        where = (place.package, place.path, place.file_index, place.offset, place.length, place.pieces_root)
        yield "placements", (place.track_id, *where)
