"""The XML engine: elements to our tables, doubles left out, damage told in the receipt."""

import gzip

import pyarrow.parquet as pq
import pytest

from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.records.seen import Seen
from tenuto.records.xml_checksum import check_published
from tenuto.records.xml_dump import XmlDump
from tenuto.records.xml_engine import XmlEngine
from tenuto.sources import dump_source

DISCOGS = dump_source("discogs")
MASTER = '<master id="{id}"><title>{title}</title><genres><genre>{title}</genre></genres></master>'


def write(tmp_path, *elements, end="</masters>"):
    path = tmp_path / "masters.xml.gz"
    path.write_bytes(gzip.compress(("<masters>\n" + "\n".join(elements) + end).encode("utf-8", "surrogateescape")))
    return path


def master(number, title="t", more=""):
    return MASTER.format(id=number, title=title).replace("</master>", f"{more}</master>")


def test_of_elements_with_one_id_the_first_is_kept(tmp_path):
    """Within a chunk and between chunks; the others are told, and no row of theirs is left."""
    path = write(tmp_path, *(master(at % 3, f"t{at}") for at in range(5)))
    engine, seen = XmlEngine(DISCOGS, DISCOGS.entity_of(path.name), tmp_path), Seen()
    titles, genres, bad = [], [], []
    for chunk in XmlDump(path, DISCOGS.entity_of(path.name)).chunks():
        engine.parse(chunk)
        with seen.turn(1):
            bad += engine.settle(seen)[1]
        tables = {table.name: rows.to_pylist() for table, rows in engine.tables()}
        titles += [row["title"] for row in tables["release_groups"]]
        genres += [row["name"] for row in tables["genres"]]
    engine.close()
    assert titles == genres == ["t0", "t1", "t2"]
    assert [(one.line, one.code) for one in bad] == [(5, "element-double"), (6, "element-double")]


def test_the_mapping_has_a_digest_of_its_own(tmp_path):
    """Two engines of one mapping agree; another entity has another."""
    masters, again, labels = (
        XmlEngine(DISCOGS, DISCOGS.entity_of(f"{n}s.xml"), tmp_path) for n in ("master", "master", "label")
    )
    assert masters.mapping == again.mapping != labels.mapping


def test_damage_and_drift_are_in_the_receipt(tmp_path):
    """M5, M8: bad elements by line, the cut, unknown parts with counts; the good part is in the tables."""
    path = write(
        tmp_path,
        master(1),
        "<master id='2'><title>x</titel></master>",
        master(3, "\udcff"),
        master(4, "t", "<colour/>"),
        master(5, "t", "<title_two/><colour><x/></colour>"),
        end="\n<master",
    )
    receipt = import_dump(tmp_path / "out", DISCOGS, path, Silent())
    assert (receipt.documents, receipt.bad_lines) == (3, 3)
    assert [(one.line, one.code) for one in receipt.bad] == [(3, "xml-element"), (4, "xml-element"), (7, "dump-cut")]
    assert receipt.drift == (("colour", 2), ("title_two", 1))
    found = pq.read_table(tmp_path / "out" / "master" / "release_groups.parquet")["id"].to_pylist()
    assert found == ["1", "4", "5"]


@pytest.mark.parametrize(
    "line", ["{} *masters.xml.gz", "{}  ./masters.xml.gz", "{} masters.xml.gz", "{:>70} masters.xml.gz"]
)
def test_checksum_files_of_every_spelling_are_read(tmp_path, line):
    """Binary marks, paths and spaces as sha256sum and people write them; capitals too."""
    path = write(tmp_path, master(1))
    (tmp_path / "CHECKSUM.txt").write_text(line.format("A" * 64) + "\nnonsense\n", "ascii")
    assert check_published(path, "a" * 64) == "verified"
