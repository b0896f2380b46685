import hashlib
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.flow.import_files import import_file
from tenuto.model.capture import Capture, CaptureHead, Observation
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import NotFoundError
from tenuto.model.music import TrackRecord
from tenuto.model.progress import Silent
from tenuto.model.source import DumpSource, ObservedSource
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.sources import all_sources, dump_source, observed_source, source

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "sources.md"
OBSERVED = [found for found in all_sources() if isinstance(found, ObservedSource)]
DUMPED = [found for found in all_sources() if isinstance(found, DumpSource)]
every_source = pytest.mark.parametrize("found", OBSERVED, ids=lambda found: found.name)
MAPPED = [found for found in DUMPED if found.entities]  # the others are made of what an operator writes
every_dump_source = pytest.mark.parametrize("found", MAPPED, ids=lambda found: found.name)
every_kind = pytest.mark.parametrize("found", all_sources(), ids=lambda found: found.name)


def capture_of(found):
    lines = (HERE / "fixtures" / found.name / "capture.jsonl").read_text("ascii").splitlines()
    head = from_json(CaptureHead, lines[0])
    return Capture(head=head, observations=tuple(from_json(Observation, line) for line in lines[1:]))


def records_of(found):
    capture = capture_of(found)
    return [found.read(capture.head, observation) for observation in capture.observations]


def dumps_of(found):
    """Give the fixture of each entity, by the entity's name."""
    paths = (HERE / "fixtures" / found.name).iterdir()
    entities = [(found.entity_of(path.name), path) for path in sorted(paths)]
    return {entity.name: path for entity, path in entities if entity is not None}


def contents(root):
    """Give the digest of every file below a folder."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def imported(tmp_path):
    """Give a function that imports all fixtures of a source anew: receipts, and the folder."""

    def imported(found, name):
        root = tmp_path / name
        receipts = [import_file(root / found.name, found, path, Silent())[0] for path in dumps_of(found).values()]
        return [receipt for some in receipts for receipt in some], root

    return imported


def test_sources_are_found_by_being_there():
    """The folder is the registry; a name that is not there is answered with those that are."""
    names = [found.name for found in all_sources()]
    assert names == sorted(set(names))
    assert {found.name for found in OBSERVED} | {found.name for found in DUMPED} == set(names)
    assert all(source(name) is found for name, found in zip(names, all_sources(), strict=True))
    with pytest.raises(NotFoundError) as caught:
        source("nothing")
    assert caught.value.hint == f"The sources are: {', '.join(names)}."


def test_each_kind_of_source_leads_to_its_command():
    """Who harvests what is published as dumps, or imports what is not, is told what to do."""
    with pytest.raises(NotFoundError) as caught:
        observed_source(DUMPED[0].name)
    assert "tenuto import" in caught.value.hint
    with pytest.raises(NotFoundError) as caught:
        dump_source(OBSERVED[0].name)
    assert caught.value.hint == f"Sources with dumps: {', '.join(found.name for found in DUMPED)}."


@every_source
def test_a_source_has_a_fixture_and_a_test_of_its_own(found):
    """A new source is one module, one test, one fixture folder."""
    assert (HERE / f"test_{found.name}.py").is_file()
    assert len(records_of(found)) >= 3
    assert type(found).__module__ == f"tenuto.sources.{found.name}"


@every_kind
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


@every_dump_source
def test_a_dump_source_has_a_fixture_an_entity_and_a_test_of_its_own(found):
    """A new source is one module, one test, and one folder with a dump for each entity."""
    assert (HERE / f"test_{found.name}.py").is_file()
    assert type(found).__module__ == f"tenuto.sources.{found.name}"
    assert dumps_of(found).keys() == {entity.name for entity in found.entities}


@every_dump_source
def test_a_dump_source_maps_to_tables_that_exist(found):
    """Each entity gives tables of ours, or steps on the way to them."""
    ours = {table.name for table in DUMP_TABLES}
    for entity in found.entities:
        names = set(found.tables(entity.name))
        assert {name for name in names if not name.startswith("_")} <= ours
        assert set(entity.repeated) <= names


@every_dump_source
def test_importing_is_deterministic(found, imported):
    """The same dumps give the same files, byte for byte."""
    _, first = imported(found, "first")
    _, second = imported(found, "second")
    assert contents(first)
    assert contents(first) == contents(second)


@every_dump_source
def test_no_part_of_a_dump_is_left_unread(found, imported):
    """Every field of the fixtures is mapped or ignored by name, every line is read, every entity gives rows."""
    receipts, _ = imported(found, "out")
    for receipt in receipts:
        assert (receipt.drift, receipt.bad) == ((), ())
        assert sum(rows for _, rows in receipt.rows) >= 1


@every_dump_source
def test_ids_are_unique_and_columns_are_as_said(found, imported):
    """No two rows of a table share a key, and each file has its table's columns with their descriptions."""
    _, root = imported(found, "out")
    for table in DUMP_TABLES:
        for path in root.rglob(f"{table.name}.parquet"):
            for file in path.iterdir():
                assert pq.read_schema(file).remove_metadata().equals(table.schema.remove_metadata())
                assert pq.read_schema(file).field(0).metadata[b"description"]
            keys = [tuple(row.values())[: table.key] for row in pq.read_table(path).to_pylist()]
            assert len(set(keys)) == len(keys)
            assert not [key for key in keys if not re.search(r"\S", str(key[0]))]
