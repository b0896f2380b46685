"""ListenBrainz: canonical tables become redirects, listens become counts, and listeners become nothing."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.model.progress import Silent
from tenuto.records.listens import import_listens
from tenuto.records.table_import import import_table
from tenuto.sources import dump_source

FIXTURES = Path(__file__).parent / "fixtures" / "listenbrainz"


def mbid(number):
    return f"{number:08x}-0000-4000-8000-00000000000{number % 10}"


def rows(root, entity, table):
    source = dump_source("listenbrainz")
    path = FIXTURES / f"{entity}.csv"
    receipt = import_table(root, source, path, Silent())
    assert (receipt.entity, receipt.bad_lines, receipt.drift) == (entity, 0, ())
    return pq.read_table(root / entity / f"{table}.parquet").to_pylist()


@pytest.mark.parametrize(("kind", "old"), [("recording", 2), ("release", 22)])
def test_canonical_redirects(tmp_path, kind, old):
    """An id leads to the one that counts; one that leads to itself, and what is no id, give no row."""
    found = rows(tmp_path, f"canonical_{kind}_redirect", "redirects")
    target = mbid(1 if kind == "recording" else 21)
    assert found == [{"subject": kind, "id": mbid(old), "target": target, "scheme": "musicbrainz"}]


def test_canonical_releases(tmp_path):
    """The canonical table says on which release a recording is best shown."""
    (found,) = rows(tmp_path, "canonical_musicbrainz_data", "relations")
    assert (found["id"], found["type"], found["target_type"], found["target"]) == (
        mbid(1),
        "canonical release",
        "release",
        mbid(21),
    )


def test_listens_are_counted(tmp_path):
    """ListenBrainz's own mapping goes before what a player said; a listen with neither is dropped."""
    receipt = import_listens(tmp_path, dump_source("listenbrainz"), FIXTURES / "1.listens", Silent())
    assert (receipt.documents, receipt.bad_lines, receipt.drift) == (7, 0, ())
    assert pq.read_table(tmp_path / "listens" / "popularity.parquet").to_pylist() == [
        {"subject": "recording", "id": mbid(1), "scheme": "musicbrainz", "listens": 3, "listeners": None},
        {"subject": "recording", "id": mbid(2), "scheme": "musicbrainz", "listens": 2, "listeners": None},
    ]


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("1.listens", "listens"),
        ("12.listens.zst", "listens"),
        ("listenbrainz-listens-dump-2593-20260712-000004-full.tar.zst", "listens"),
        ("listenbrainz-spark-dump-183-20200727-001004-full.tar.xz", "listens"),
        ("canonical_recording_redirect.csv.zst", "canonical_recording_redirect"),
        ("musicbrainz-canonical-dump-20260717-080003.tar.zst", None),
    ],
)
def test_a_dump_is_known_by_its_name(name, entity):
    """Names are as MetaBrainz publishes them; an archive of tables is none of them."""
    found = dump_source("listenbrainz").entity_of(name)
    assert (found and found.name) == entity
