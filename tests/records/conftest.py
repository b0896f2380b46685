"""Records made in code."""

import pytest

from tenuto.model.music import AudioFile, TrackRecord
from tenuto.model.package import Attribution
from tenuto.model.rights import Decision, Verdict
from tenuto.records.judged import Judged

DUE = Attribution(creator="A", title="T", copyright_notice="", licences=("X",), licence_urls=("u",), source_url="")


def audio(**fields):
    facts = {"sha256": "0" * 64, "size": 9, "container": "ogg", "codec": "vorbis", "duration_ms": 1}
    return AudioFile(**facts | {"sample_rate": 44100, "channels": 2, "bit_rate": None} | fields)


def judged(key="c/a.ogg", *, held=True, decision=Decision.OPEN, attribution=DUE, **fields):
    given = {"source": "alpha", "collection": "c", "path": "a.ogg", "capture": "alpha/c/1", "title": "T"}
    track = TrackRecord(key=key, **given | {"audio": audio()} | fields)
    verdict = Verdict(decision=decision, code="R-X", reason="It is so.")
    return Judged(track=track, verdict=verdict, attribution=attribution, held=held)


@pytest.fixture(name="judged")
def judged_fixture():
    """Make one judged track: open and held, unless told otherwise."""
    return judged


@pytest.fixture(name="audio")
def audio_fixture():
    """Make the facts of an audio file."""
    return audio
