"""Links, clusters and redirects in the catalogue, and what `why` says of them."""

from dataclasses import replace
from uuid import UUID

import apsw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.catalogue.ask import show, why
from tenuto.catalogue.build import build
from tenuto.catalogue.linked import COLUMNS
from tenuto.model.errors import NotFoundError
from tenuto.model.ids import IdKind, public_id
from tenuto.model.progress import Silent

ONE, TWO, ABSENT, MOVED, GONE = (str(UUID(int=number)) for number in (0x3E9, 0x3EA, 0x999, 0x777, 0x888))
FIRST = min(public_id(IdKind.RECORDING, "musicbrainz", own) for own in (ONE, TWO))
EVIDENCE = "title: same +4.0; length: near +1.2"
ROWS = {
    "links": [
        ("recording", "musicbrainz", ONE, "musicbrainz", TWO, 0.97, "accepted", EVIDENCE),
        ("recording", "musicbrainz", ONE, "musicbrainz", ABSENT, 0.5, "review", "title: near"),
    ],
    "clusters": [
        ("recording", "musicbrainz", ONE, "recording-1"),
        ("recording", "musicbrainz", TWO, "recording-1"),
        ("recording", "musicbrainz", ABSENT, "recording-2"),
    ],
    "redirects": [
        ("recording", "recording-0", "recording-1", "merge"),
        ("recording", public_id(IdKind.RECORDING, "musicbrainz", GONE), "recording-1", "gone"),
        ("recording", public_id(IdKind.RECORDING, "musicbrainz", MOVED), "recording-1", "gone"),
    ],
}


@pytest.fixture(scope="module")
def linked(with_dumps, tmp_path_factory):
    """Build the catalogue with dumps again, with links between its recordings."""
    place = tmp_path_factory.mktemp("links")
    for name, rows in ROWS.items():
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        pq.write_table(pa.Table.from_arrays(columns, names=list(COLUMNS[name])), place / f"{name}.parquet")
    build(replace(with_dumps.inputs, links=place), place / "linked.sqlite3", Silent())
    return place / "linked.sqlite3"


def rows(path, query):
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_a_link_hangs_on_both_its_ends(linked):
    """One whose end this catalogue lacks is left out; probability and evidence are kept."""
    query = """
        SELECT lower(hex(a.mbid)), lower(hex(b.mbid)), probability, evidence, accepted FROM links
        JOIN recordings AS a ON a.recording = left_owner JOIN recordings AS b ON b.recording = right_owner"""
    assert rows(linked, query) == [(ONE.replace("-", ""), TWO.replace("-", ""), 0.97, EVIDENCE, 1)]


def test_members_of_a_cluster_and_replaced_ids(linked):
    """What stands alone is in no cluster; an id that was merged away leads to the one that counts."""
    query = "SELECT lower(hex(mbid)), cluster FROM clusters JOIN recordings ON recording = owner ORDER BY 1"
    assert rows(linked, query) == [(ONE.replace("-", ""), "recording-1"), (TWO.replace("-", ""), "recording-1")]
    assert rows(linked, "SELECT * FROM redirects WHERE id LIKE 'recording-%'") == [("recording-0", "recording-1")]


def test_ids_of_things_that_are_gone_lead_to_others(linked):
    """By a source's own word, or to what was the same at an earlier build; of what is here nothing is said."""
    moved, gone, one = (public_id(IdKind.RECORDING, "musicbrainz", own) for own in (MOVED, GONE, ONE))
    assert set(rows(linked, "SELECT * FROM redirects WHERE id LIKE 'rc-%'")) == {(moved, one), (gone, FIRST)}
    assert [show(linked, old).id for old in (moved, gone)] == [one, FIRST]
    assert why(linked, moved) == why(linked, one)
    with pytest.raises(NotFoundError):
        show(linked, public_id(IdKind.RECORDING, "musicbrainz", ABSENT))


def test_why_tells_a_link_with_its_evidence(linked):
    """From either end: the other recording, how probable it is, and because of what."""
    for this, other in ((ONE, TWO), (TWO, ONE)):
        ((mine,),) = rows(linked, f"SELECT id FROM recordings WHERE mbid = unhex('{this.replace('-', '')}')")
        ((its,),) = rows(linked, f"SELECT id FROM recordings WHERE mbid = unhex('{other.replace('-', '')}')")
        (link,) = why(linked, mine)[0].links
        assert (link.id, link.probability, link.accepted, link.evidence) == (its, 0.97, True, EVIDENCE)
