import contextlib
import json
from pathlib import Path

import apsw
import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tenuto.catalogue.editions.manifest import digest
from tenuto.catalogue.editions.parquet import MANIFEST, write_parquet
from tenuto.catalogue.editions.rows import stored
from tenuto.model.errors import CatalogueError, NotFoundError, UsageError
from tenuto.model.progress import Silent

TABLES = [table.table for table in stored()]


class Counted:
    """A file that counts the bytes read from it."""

    def __init__(self, path):
        self._stream = path.open("rb")
        self.read_bytes = 0
        self.closed = False

    def read(self, size=-1):
        piece = self._stream.read(size)
        self.read_bytes += len(piece)
        return piece

    def seek(self, *place):
        return self._stream.seek(*place)

    def tell(self):
        return self._stream.tell()

    def close(self):
        self.closed = True
        self._stream.close()


@pytest.fixture(scope="module")
def edition(built, tmp_path_factory):
    """Write the edition once, in small parts: three keys a file, two rows a group."""
    folder = tmp_path_factory.mktemp("editions") / "parquet"
    report = write_parquet(built.path, folder, Silent(), partition=3, row_group=2)
    return folder, report


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_reads_the_rows_of_the_catalogue(edition, sql, table):
    """Every table holds the same values of the same kinds as the SQLite file."""
    rows = duckdb.sql(f"FROM '{edition[0]}/{table}/*.parquet'").fetchall()
    expected = sql(f"SELECT * FROM {table}")
    assert sorted(expected, key=repr) == sorted(rows, key=repr)


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_the_rows_in_the_order_of_their_keys(edition, sql, table):
    """The files of a table, read by name one after another, give its rows in order."""
    frames = [pd.read_parquet(path) for path in sorted((edition[0] / table).glob("*.parquet"))]
    first = [value for frame in frames for value in frame.iloc[:, 0].tolist()]
    expected = sql(f"SELECT * FROM {table}")
    assert [row[0] for row in expected] == first


def test_files_hold_ranges_of_keys(edition):
    """A file has the keys its number says, and a row group so many rows as told."""
    recordings = sorted((edition[0] / "recordings").glob("*.parquet"))
    assert len(recordings) > 2
    for path in recordings:
        keys = pq.read_table(path)["recording"].to_pylist()
        assert {int(path.stem)} == {key // 3 for key in keys}
        assert pq.read_metadata(path).row_group(0).num_rows <= 2


def test_a_table_without_a_number_for_a_key_is_cut_by_rows(edition):
    """Evidence, whose key begins with a kind, has three rows in each file but the last."""
    sizes = [pq.read_metadata(path).num_rows for path in sorted((edition[0] / "evidence").glob("*.parquet"))]
    assert len(sizes) > 2
    assert {3} == set(sizes[:-1])


def test_ids_lead_to_keys(edition, sql):
    """The lookup of a table's public ids is sorted by id and complete."""
    rows = duckdb.sql(f"FROM '{edition[0]}/ids/recordings.parquet'").fetchall()
    assert sql("SELECT id, recording FROM recordings ORDER BY id") == rows


def test_columns_are_described(edition):
    """Table and columns carry the descriptions of the schema."""
    schema = pq.read_schema(edition[0] / "recordings" / "000000.parquet")
    said = {one.table: one for one in stored()}["recordings"]
    assert said.description.encode() == schema.metadata[b"description"]
    assert {c.name: c.description.encode() for c in said.columns} == {
        field.name: field.metadata[b"description"] for field in schema
    }


def test_the_manifest_names_every_file_by_its_digest(edition, built):
    """The manifest holds the catalogue's SHA-256 and each file's, and there are no other files."""
    said = json.loads((edition[0] / MANIFEST).read_text())
    assert digest(built.path) == said["catalogue_sha256"]
    found = {str(path.relative_to(edition[0])): digest(path) for path in edition[0].rglob("*.parquet")}
    assert found == {file["path"]: file["sha256"] for file in said["files"]}


def test_the_same_catalogue_gives_the_same_bytes(edition, built, tmp_path):
    """Written again, over an older edition, every file has the same digest."""
    for _ in range(2):
        report = write_parquet(built.path, tmp_path / "again", Silent(), partition=3, row_group=2)
        assert edition[1] == report
    assert [tmp_path / "again"] == list(tmp_path.iterdir())


def test_a_read_by_key_takes_few_bytes(tmp_path, copy):
    """One recording out of 200,000 is read with less than a twentieth of the file."""
    connection = apsw.Connection(str(copy))
    connection.execute("""
        WITH RECURSIVE n (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM n WHERE n < 201000)
        INSERT INTO recordings (recording, id, source, title)
        SELECT n, 'rc-' || lower(hex(randomblob(10))), 1, hex(randomblob(8)) FROM n""")
    connection.close()
    write_parquet(copy, tmp_path / "parquet", Silent(), row_group=4096)
    path = tmp_path / "parquet" / "recordings" / "000000.parquet"
    with contextlib.closing(Counted(path)) as stream, pq.ParquetFile(stream, pre_buffer=False) as file:
        stats = [file.metadata.row_group(n).column(0).statistics for n in range(file.num_row_groups)]
        groups = [n for n, one in enumerate(stats) if one.min <= 150_000 <= one.max]
        rows = file.read_row_groups(groups)
    assert 150_000 in rows["recording"].to_pylist()
    assert len(groups) == 1
    assert stream.read_bytes < path.stat().st_size / 20


def test_a_value_of_another_type_is_refused(copy, tmp_path):
    """What is no catalogue is named, and nothing is left behind."""
    (tmp_path / "text").write_text("no catalogue")
    with pytest.raises(CatalogueError):
        write_parquet(tmp_path / "text", tmp_path / "out", Silent())
    with pytest.raises(NotFoundError):
        write_parquet(tmp_path / "absent", tmp_path / "out", Silent())
    assert {copy, tmp_path / "text"} == set(tmp_path.iterdir())


def test_a_folder_with_something_else_stays(built, tmp_path):
    """A folder that is no edition is never replaced."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="something else"):
        write_parquet(built.path, tmp_path / "mine", Silent())
    assert [path.name for path in Path(tmp_path / "mine").iterdir()] == ["letter.txt"]
