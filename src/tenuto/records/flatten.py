"""Nouns to rows: one small function for each table, columns in the table's order."""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from tenuto.model.music import Identifier, TrackRecord
from tenuto.model.package import Attribution
from tenuto.model.rights import Decision
from tenuto.records.bounds import bounded, out_of_bounds
from tenuto.records.judged import Judged

__all__ = ["FLATTEN", "Row", "outcome"]

Row = tuple[object, ...]

_NO_RELEASE = (None, None, None, None, None)


def outcome(judged: Judged) -> tuple[str, str] | None:
    """Say by code and sentence why the audio cannot be had; None where it can: open, held and attributable."""
    failure = judged.track.failure
    if failure is not None:
        return failure.code, failure.reason
    if judged.track.audio is None:
        return "audio-absent", "The source gives no audio for this track."
    if judged.verdict.decision is not Decision.OPEN:
        return judged.verdict.code, judged.verdict.reason
    if not judged.held:
        return "audio-not-held", "The store does not hold this file."
    if judged.attribution is None:
        return "attribution-missing", "The licence opens this file, but nobody can be credited."
    return None


def _tracks(judged: Judged) -> Iterator[Row]:
    track = judged.track
    yield (
        *(track.source, track.key, track.collection, track.path, track.capture),
        *(track.title, track.title_guessed, bounded("number", track.number), bounded("disc", track.disc)),
        *(track.date, track.copyright_notice, track.source_url),
        *_release(track),
    )


def _release(track: TrackRecord) -> Row:
    release = track.release
    if release is None or not release.title.strip():
        return _NO_RELEASE
    return (release.title, release.artist, release.date, release.label, release.catalogue_number)


def _credits(judged: Judged) -> Iterator[Row]:
    named = (credit for credit in judged.track.credits if credit.name.strip())
    for position, credit in enumerate(named):
        yield (*_key(judged), position, credit.name, credit.role.value, credit.join_phrase)


def _genres(judged: Judged) -> Iterator[Row]:
    named = (name for name in judged.track.genres if name.strip())
    for position, name in enumerate(named):
        yield (*_key(judged), position, name)


def _identifiers(judged: Judged) -> Iterator[Row]:
    yield from _identified(judged, "track", judged.track.identifiers)
    if judged.track.release is not None:
        yield from _identified(judged, "release", judged.track.release.identifiers)


def _identified(judged: Judged, subject: str, identifiers: tuple[Identifier, ...]) -> Iterator[Row]:
    for position, identifier in enumerate(identifiers):
        yield (*_key(judged), subject, position, identifier.type.value, identifier.value)


def _files(judged: Judged) -> Iterator[Row]:
    audio = judged.track.audio
    if audio is not None:
        yield (
            *(*_key(judged), audio.sha256, audio.size, audio.container, audio.codec),
            bounded("duration_ms", audio.duration_ms),
            bounded("sample_rate", audio.sample_rate) or 0,
            bounded("channels", audio.channels) or 0,
            bounded("bit_rate", audio.bit_rate),
            judged.held,
        )


def _evidence(judged: Judged) -> Iterator[Row]:
    for position, item in enumerate(judged.track.evidence):
        yield (
            *(*_key(judged), position, item.kind.value, item.statement, item.where),
            *(item.capture, item.confidence.value, item.holder, item.licence_field, item.unread or None),
        )


def _flags(judged: Judged) -> Iterator[Row]:
    flags = (*judged.track.flags, *out_of_bounds(judged.track))
    for position, flag in enumerate(flags):
        yield (*_key(judged), position, flag.code, flag.detail)


def _verdicts(judged: Judged) -> Iterator[Row]:
    verdict = judged.verdict
    yield (*_key(judged), verdict.decision.value, verdict.code, verdict.reason)


def _verdict_licences(judged: Judged) -> Iterator[Row]:
    for position, licence in enumerate(judged.verdict.licences):
        yield (*_key(judged), position, licence)


def _findings(judged: Judged) -> Iterator[Row]:
    for position, finding in enumerate(judged.verdict.findings):
        yield (*_key(judged), position, finding.code, finding.reason, finding.evidence)


def _attributions(judged: Judged) -> Iterator[Row]:
    due = _attribution(judged)
    if due is not None:
        facts = (due.creator, due.title, due.copyright_notice, due.source_url, due.changes, due.disclaimer)
        yield (*_key(judged), *facts)


def _attribution_licences(judged: Judged) -> Iterator[Row]:
    due = _attribution(judged)
    if due is not None:
        pairs = zip_longest(due.licences, due.licence_urls, fillvalue="")
        for position, (licence, url) in enumerate(pairs):
            yield (*_key(judged), position, licence, url)


def _outcomes(judged: Judged) -> Iterator[Row]:
    reason = outcome(judged)
    if reason is not None:
        yield (*_key(judged), *reason)


def _attribution(judged: Judged) -> Attribution | None:
    return judged.attribution if judged.verdict.decision is Decision.OPEN else None


def _key(judged: Judged) -> tuple[str, str]:
    return judged.track.source, judged.track.key


FLATTEN: dict[str, Callable[[Judged], Iterator[Row]]] = {
    "tracks": _tracks,
    "credits": _credits,
    "genres": _genres,
    "identifiers": _identifiers,
    "files": _files,
    "evidence": _evidence,
    "flags": _flags,
    "verdicts": _verdicts,
    "verdict_licences": _verdict_licences,
    "findings": _findings,
    "attributions": _attributions,
    "attribution_licences": _attribution_licences,
    "outcomes": _outcomes,
}
