from pathlib import Path

import pytest

from tenuto.model.capture import Capture, CaptureHead, Observation
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import NotFoundError
from tenuto.model.music import TrackRecord
from tenuto.model.source import ObservedSource
from tenuto.sources import all_sources, source

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "sources.md"
OBSERVED = [found for found in all_sources() if isinstance(found, ObservedSource)]
every_source = pytest.mark.parametrize("found", OBSERVED, ids=lambda found: found.name)


def capture_of(found):
    lines = (HERE / "fixtures" / found.name / "capture.jsonl").read_text("ascii").splitlines()
    head = from_json(CaptureHead, lines[0])
    return Capture(head=head, observations=tuple(from_json(Observation, line) for line in lines[1:]))


def records_of(found):
    capture = capture_of(found)
    return [found.read(capture.head, observation) for observation in capture.observations]


def test_sources_are_found_by_being_there():
    """The folder is the registry; a name that is not there is answered with those that are."""
    assert [found.name for found in all_sources()] == ["debian", "folder", "listenbrainz", "musicbrainz", "table"]
    assert source("folder") is all_sources()[1]
    with pytest.raises(NotFoundError) as caught:
        source("nothing")
    assert caught.value.hint == "The sources are: debian, folder, listenbrainz, musicbrainz, table."


@every_source
def test_a_source_has_a_fixture_and_a_test_of_its_own(found):
    """A new source is one module, one test, one fixture folder."""
    assert (HERE / f"test_{found.name}.py").is_file()
    assert len(records_of(found)) >= 3
    assert type(found).__module__ == f"tenuto.sources.{found.name}"


@every_source
def test_a_source_states_its_terms(found):
    """Each term is said in a sentence, in code and in the docs."""
    terms = found.terms
    assert all(text.strip() for text in (found.home, terms.summary, terms.audio, terms.metadata_licence, terms.limits))
    assert len(terms.evidence) >= 1
    assert f"## {found.name}" in DOCS.read_text("utf-8")


@every_source
def test_reading_is_deterministic(found):
    """The same observation gives the same record, byte for byte, and a record survives being stored."""
    first, second = ([to_json(record) for record in records_of(found)] for _ in range(2))
    assert first == second
    assert [from_json(TrackRecord, text) for text in first] == records_of(found)


@every_source
def test_keys_are_unique_and_clean(found):
    """A key names one record, in text that any file or table can hold."""
    keys = [record.key for record in records_of(found)]
    assert len(set(keys)) == len(keys)
    assert all(key.encode("utf-8") and "\n" not in key for key in keys)


@every_source
def test_no_field_is_left_unread(found):
    """Every field of the fixture is mapped or ignored by name."""
    assert [record.unread for record in records_of(found) if record.unread] == []


@every_source
def test_evidence_says_where_it_stood(found):
    """Each record of the fixture that can be heard has evidence, with its place and capture."""
    for record in records_of(found):
        assert record.audio is None or record.evidence
        assert all(piece.where and piece.statement and piece.capture == record.capture for piece in record.evidence)
