"""One observation into one record: what every source of files has in common."""

import re
from dataclasses import dataclass

from tenuto.model.audio import Failure, Probe
from tenuto.model.capture import CaptureHead, Observation
from tenuto.model.fingerprint import STREAMING_FLAG, streaming_fingerprint
from tenuto.model.music import AudioFile, Flag, TrackRecord
from tenuto.model.rights import Evidence
from tenuto.sources.tags import Tags
from tenuto.sources.text import clean_line, clean_path, escaped

__all__ = ["Context", "guessed_name", "key_of", "make_record"]

_NUMBERED = re.compile(r"(?:(\d{1,2})-)?(\d{1,3})[\s._-]+(?=\S)(.*)", re.ASCII | re.DOTALL)
_LONGEST_DURATION = 14 * 24 * 3_600_000  # milliseconds
_MOST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a source knows of a file beyond its tags."""

    evidence: tuple[Evidence, ...] = ()
    flags: tuple[Flag, ...] = ()
    source_url: str | None = None


def make_record(head: CaptureHead, observation: Observation, context: Context) -> TrackRecord:
    """Read an observation into the record shape; never raises on content."""
    probe = observation.probe
    tags = Tags.of(probe.tags if probe else ())
    number, guess = guessed_name(observation.path)
    title = tags.title()
    audio, odd = _audio(observation, probe)
    fields = {
        "title": title or guess,
        "title_guessed": not title,
        "credits": tags.credits(),
        "release": tags.release(),
        "number": tags.number() or (number if not title else None),
        "disc": tags.disc(),
        "date": tags.date(),
        "genres": tags.genres(),
        "identifiers": tags.identifiers(),
        "copyright_notice": tags.notice(),
        "source_url": tags.link() or context.source_url,
    }
    return TrackRecord(
        source=head.source,
        collection=clean_line(head.collection),
        key=key_of(head, observation),
        path=clean_path(observation.path),
        capture=head.id,
        audio=audio,
        evidence=context.evidence,
        flags=(*tags.flags, *odd, *context.flags, *_marks(observation)),
        failure=observation.failure or _missing(observation, audio),
        unread=tags.unread,
        **fields,  # type: ignore[arg-type]
    )


def key_of(head: CaptureHead, observation: Observation) -> str:
    """Give the record's stable key: collection and path, escaped where they are no clean text."""
    return f"{escaped(head.collection)}/{escaped(observation.path)}"


def guessed_name(path: str) -> tuple[int | None, str]:
    """Guess track number and title from a file name: `03 - Foo.ogg` is 3 and `Foo`."""
    stem, dot, _ = path.rpartition("/")[2].rpartition(".")
    stem = stem if dot and stem else path.rpartition("/")[2]
    found = _NUMBERED.fullmatch(stem)
    rest = found[3] if found else stem
    number = int(found[2]) if found and clean_line(rest.strip(" ._-")) else None
    if number is None:
        rest = stem
    spaced = rest if " " in rest else rest.replace("_", " ")
    return number or None, clean_line(spaced.strip(" ._-")) or clean_line(stem) or clean_path(path) or "untitled"


def _audio(observation: Observation, probe: Probe | None) -> tuple[AudioFile | None, tuple[Flag, ...]]:
    if probe is None or observation.sha256 is None:
        return None, ()
    duration, flags = probe.duration_ms, ()
    if duration is not None and not 0 < duration <= _LONGEST_DURATION:
        duration, flags = None, (Flag(code="duration-invalid", detail=f"{duration} ms"),)  # type: ignore[assignment]
    audio = AudioFile(
        sha256=observation.sha256,
        size=observation.size,
        container=probe.container,
        codec=probe.codec,
        duration_ms=duration,
        sample_rate=_sane(probe.sample_rate) or 0,
        channels=_sane(probe.channels) or 0,
        bit_rate=_sane(probe.bit_rate),
    )
    return audio, flags


def _sane(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= _MOST_INTEGER else None


def _marks(observation: Observation) -> tuple[Flag, ...]:
    tags = observation.probe.tags if observation.probe else ()
    mark = streaming_fingerprint(observation.path, tags)
    cut = observation.probe is not None and observation.probe.truncated_tags
    flags = (Flag(code=STREAMING_FLAG, detail=mark),) if mark else ()
    return (*flags, Flag(code="tags-cut", detail="more tags than are kept")) if cut else flags


def _missing(observation: Observation, audio: AudioFile | None) -> Failure | None:
    if audio is not None:
        return None
    return Failure(code="not-read", reason=f"{observation.size} bytes were seen, but never read as audio")
