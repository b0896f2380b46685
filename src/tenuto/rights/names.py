"""The names that are a record's own: its title, whom it credits, its release, its holders, and where it was found."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tenuto.model.music import TrackRecord
from tenuto.rights.notices import holder_runs
from tenuto.rights.understanding import name_runs
from tenuto.rights.words import read_words

__all__ = ["record_names"]

_MOST_PIECES = 64  # names in one list of holders
_PIECES = re.compile(r"[,;|()<>\n\[\]]|\b(?:19|20)\d\d\b")


def record_names(record: TrackRecord) -> frozenset[tuple[str, ...]]:
    """Give every name, as words in a row."""
    notices = (record.copyright_notice or "", *(evidence.holder or "" for evidence in record.evidence))
    held = (run for notice in notices for run in holder_runs(read_words(notice).words))
    return frozenset(held).union(*(name_runs(name) for name in _names(record)))


def _names(record: TrackRecord) -> Iterator[str]:
    yield record.title
    yield from (credit.name for credit in record.credits)
    if record.release is not None:
        yield from (record.release.title, record.release.artist, record.release.label or "")
    yield _host(record.source_url or "")
    for holder in dict.fromkeys(_holders(record)):
        yield from dict.fromkeys(_PIECES.split(holder, maxsplit=_MOST_PIECES)[:_MOST_PIECES])


def _holders(record: TrackRecord) -> Iterator[str]:
    """Give the holders beside the evidence; a statement that is its own holder names nobody for certain."""
    for evidence in record.evidence:
        if evidence.holder and evidence.holder.split() != evidence.statement.split():
            yield evidence.holder


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # what is no address, as a tag may have it
        return ""
