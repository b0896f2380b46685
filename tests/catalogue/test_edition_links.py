from dataclasses import replace
from uuid import UUID

import apsw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.catalogue.build import build
from tenuto.catalogue.editions.apply import apply_patch
from tenuto.catalogue.editions.diff import write_diff
from tenuto.catalogue.editions.policy import Policy
from tenuto.catalogue.editions.small import write_small
from tenuto.catalogue.linked import COLUMNS
from tenuto.model.ids import IdKind, public_id
from tenuto.model.progress import Silent

ONE, TWO, MOVED = (str(UUID(int=number)) for number in (0x3E9, 0x3EA, 0x777))
ROWS = {
    "links": [
        {"kind": "recording", "left_source": "musicbrainz", "left_id": ONE, "right_source": "musicbrainz"}
        | {"right_id": TWO, "probability": 0.99, "decision": "accepted", "evidence": "title: same"}
    ],
    "clusters": [{"kind": "recording", "source": "musicbrainz", "id": own, "cluster": "cl-2"} for own in (ONE, TWO)],
    "redirects": [
        {"kind": "recording", "old": "cl-1", "new": "cl-2", "reason": "merge"},
        {"kind": "recording", "old": "cl-3", "new": "cl-4", "reason": "merge"},
    ],
}
TABLES = ("links", "clusters", "redirects")


@pytest.fixture(scope="module")
def linked(with_dumps, tmp_path_factory):
    """Build the catalogue with dumps again, two of its recordings linked."""
    root = tmp_path_factory.mktemp("linked")
    (root / "links").mkdir()
    for name, rows in ROWS.items():
        table = pa.Table.from_pylist(rows, schema=COLUMNS[name].to_pyarrow())
        pq.write_table(table, root / "links" / f"{name}.parquet")
    build(replace(with_dumps.inputs, links=root / "links"), root / "linked.sqlite3", Silent())
    return root / "linked.sqlite3"


def rows(path):
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    finally:
        connection.close()


@pytest.mark.parametrize("away", [False, True])
def test_a_patch_carries_links(with_dumps, linked, tmp_path, away):
    """Links, clusters and redirects come and go by a patch of rows, among rows of dumps."""
    old, new = (linked, with_dumps.path) if away else (with_dumps.path, linked)
    report = write_diff(old, new, tmp_path / "patch", Silent())
    apply_patch(tmp_path / "patch", old, tmp_path / "made", Silent())
    assert new.read_bytes() == (tmp_path / "made").read_bytes()
    assert not report.head.whole


def test_a_patch_moves_what_links_hang_on(with_dumps, linked, tmp_path):
    """Where recordings have other keys, links and clusters follow them, though nothing of them is in the patch."""
    fewer = [one for one in with_dumps.inputs.dumps if one[1].name != "zcounts"]
    inputs = replace(with_dumps.inputs, dumps=tuple(fewer), links=linked.parent / "links")
    build(inputs, tmp_path / "new", Silent())
    assert rows(linked) != rows(tmp_path / "new")
    report = write_diff(linked, tmp_path / "new", tmp_path / "patch", Silent())
    apply_patch(tmp_path / "patch", linked, tmp_path / "made", Silent())
    assert (tmp_path / "new").read_bytes() == (tmp_path / "made").read_bytes()
    assert not report.head.whole


def test_a_small_edition_keeps_links_of_what_it_keeps(linked, tmp_path):
    """With all recordings kept, links and clusters are, and redirects to them or to their clusters."""
    write_small(linked, tmp_path / "small", Policy(share=1.0), Silent())
    expected = rows(linked)
    assert tuple(len(expected[name]) for name in TABLES) == (1, 2, 3)
    expected["redirects"].remove(("cl-3", "cl-4"))
    assert expected == rows(tmp_path / "small")


def test_a_small_edition_without_clusters_has_no_redirects_to_them(linked, tmp_path):
    """Ids of clusters lead nowhere where there are none; a recording that was replaced still leads to another."""
    write_small(linked, tmp_path / "small", Policy(share=1.0, without_tables=("links", "clusters")), Silent())
    moved = [public_id(IdKind.RECORDING, "musicbrainz", own) for own in (MOVED, ONE)]
    assert {"links": [], "clusters": [], "redirects": [tuple(moved)]} == rows(tmp_path / "small")
