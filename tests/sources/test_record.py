import dataclasses

import pytest

from tenuto.model.audio import Failure
from tenuto.model.capture import Observation
from tenuto.model.rights import Evidence, EvidenceKind
from tenuto.sources.record import Context, guessed_name, make_record


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/03 - Foo.ogg", (3, "Foo")),
        ("01_-_Ezer_Ev.ogg", (1, "Ezer Ev")),
        ("2-07 Bar.flac", (7, "Bar")),
        ("track1.ogg", (None, "track1")),
        ("99 Luftballons.ogg", (99, "Luftballons")),
        ("007.ogg", (None, "007")),
        ("12 - .ogg", (None, "12")),
        (".ogg", (None, "ogg")),
        ("x.pk3!/sound/fog_of_war.ogg", (None, "fog of war")),
        ("\udcff\n.ogg", (None, "\ufffd")),
    ],
)
def test_number_and_title_from_a_name(path, expected):
    """Without tags a file's name is the best guess, and never empty."""
    assert guessed_name(path) == expected


def test_a_whole_record(head, seen):
    """Tags, facts and evidence meet in one record; the tag's title beats the name's."""
    found = Evidence(kind=EvidenceKind.TAG, statement="CC0", where="w", capture="c")
    record = make_record(
        head(), seen("d/03 - x%.ogg", ("TITLE", "T")), Context(evidence=(found,), source_url="https://e/")
    )
    assert (record.key, record.path, record.capture) == (
        "music/d/03 - x%25.ogg",
        "d/03 - x%.ogg",
        "folder/music/000001",
    )
    assert (record.title, record.title_guessed, record.number) == ("T", False, None)
    assert (record.source_url, record.evidence) == ("https://e/", (found,))
    assert (record.audio.sha256, record.audio.duration_ms, record.failure) == ("a" * 64, 1_000, None)


def test_without_a_title_name_and_number_are_guessed(head, seen):
    """The guess says that it is one."""
    record = make_record(head(), seen("03 - Foo.ogg"), Context())
    assert (record.title, record.title_guessed, record.number) == ("Foo", True, 3)


@pytest.mark.parametrize("duration", [-1, 0, 10**308, 2**63])
def test_a_length_beyond_sense_is_none_with_a_flag(head, seen, duration):
    """M7: such a length is the parser's mistake."""
    record = make_record(head(), seen(duration_ms=duration, bit_rate=2**64), Context())
    assert (record.audio.duration_ms, record.audio.bit_rate) == (None, None)
    assert [flag.code for flag in record.flags] == ["duration-invalid"]


def test_a_broken_file_has_a_record_with_its_failure(head):
    """What could not be read is listed, with the reason."""
    failure = Failure(code="audio-broken", reason="no frames")
    record = make_record(head(), Observation(path="a.ogg", size=1, failure=failure), Context())
    assert (record.audio, record.failure, record.title) == (None, failure, "a")
    assert make_record(head(), Observation(path="a.ogg", size=1), Context()).failure.code == "not-read"


def test_the_marks_of_a_streaming_copy_are_flagged(head, seen):
    """A copy of a streaming service is known by its tags, and the record says so."""
    record = make_record(head(), seen("a.ogg", ("COMMENT", "spotify:track:0abc")), Context())
    assert [flag.code for flag in record.flags] == ["streaming-fingerprint"]


def test_tags_that_were_cut_are_flagged(head, seen):
    """A reader further on knows that there was more."""
    probe = dataclasses.replace(seen().probe, truncated_tags=True)
    record = make_record(head(), dataclasses.replace(seen(), probe=probe), Context())
    assert [flag.code for flag in record.flags] == ["tags-cut"]
