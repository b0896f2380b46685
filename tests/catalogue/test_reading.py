"""Opening a catalogue from anywhere (M9)."""

import apsw
import pytest

from tenuto.catalogue.ask import stats
from tenuto.catalogue.reading import reading
from tenuto.catalogue.search import search
from tenuto.model.errors import CatalogueError, NotFoundError


def change(path, sql):
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("PRAGMA application_id = 1", "C-FORMAT"),
        ("PRAGMA user_version = 99", "C-FORMAT"),
        ("CREATE VIEW v AS SELECT 1", "C-FORMAT"),
        ("CREATE TRIGGER t AFTER INSERT ON tracks BEGIN DELETE FROM tracks; END", "C-FORMAT"),
        ("DROP TABLE search", "C-READ"),
    ],
)
def test_what_no_build_makes_is_refused(copy, sql, code):
    """Another program's file, another format, a view, a trigger or a missing table is a CatalogueError."""
    change(copy, sql)
    with pytest.raises(CatalogueError) as caught:
        search(copy, "first")
    assert caught.value.code == code


def test_rubbish_is_refused(tmp_path):
    """A file that is no database is a CatalogueError, and no file is a NotFoundError."""
    (tmp_path / "x.sqlite3").write_bytes(b"rubbish" * 1000)
    with pytest.raises(CatalogueError):
        stats(tmp_path / "x.sqlite3")
    with pytest.raises(NotFoundError):
        stats(tmp_path / "no.sqlite3")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_cut_file_is_refused(copy, share):
    """A file that lost its end says so instead of giving half an answer."""
    content = copy.read_bytes()
    copy.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(CatalogueError):
        stats(copy)


def test_nothing_can_be_written(built):
    """A reader cannot change the file."""
    with pytest.raises(CatalogueError, match="readonly"), reading(built.path) as connection:
        connection.execute("DELETE FROM tracks")


def test_a_place_may_have_any_name(copy, tmp_path):
    """Question marks, hashes and per cent signs in a path are no part of an address."""
    odd = copy.rename(tmp_path / "a?b#c%41 d.sqlite3")
    assert search(odd, "agren")
