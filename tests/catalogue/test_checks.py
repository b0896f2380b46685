"""What must hold of a catalogue."""

import apsw
import pytest

from tenuto.catalogue.checks import CHECKS, check_catalogue, check_rows
from tenuto.model.errors import CatalogueError

SPOILT = {
    "C-LEDGER": "UPDATE tracks SET absence = NULL WHERE track = (SELECT min(track) FROM tracks WHERE absence NOT NULL)",
    "C-OPEN": "DELETE FROM verdict_licences",
    "C-PLACEMENT": "UPDATE verdicts SET decision = 'refused' WHERE decision = 'open';"
    "UPDATE tracks SET absence = 1 WHERE absence IS NULL",
    "C-NUMBERS": "UPDATE files SET duration_ms = -1",
    "C-SEARCH": "INSERT INTO search (rowid, title) VALUES (999, 'x')",
    "C-DOCS": "DELETE FROM _docs WHERE place = 'tracks' AND name = 'title'",
    "C-FOREIGN": "PRAGMA foreign_keys = OFF; UPDATE tracks SET release = 9999",
    "C-INTEGRITY": "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'artists_name'",
}


def spoil(path, sql):
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


def test_a_good_catalogue_passes(built):
    """A build's own catalogue holds all that is asked."""
    assert check_catalogue(built.path) == len(built.tracks)


@pytest.mark.parametrize("code", SPOILT)
def test_each_check_finds_what_it_is_for(copy, code):
    """Each way of spoiling a catalogue is found by the check of that code."""
    spoil(copy, SPOILT[code])
    with pytest.raises(CatalogueError) as caught:
        check_catalogue(copy)
    assert caught.value.code == code
    assert str(caught.value).startswith(code)


def test_each_check_has_a_case():
    """No check stands here that nothing shows to work."""
    assert {check.code for check in CHECKS} <= set(SPOILT)


def test_a_lost_row_is_noticed(copy):
    """A table with fewer rows than the records is named."""
    assert check_rows(copy, {"flags": 4})["flags"] == 4
    with pytest.raises(CatalogueError, match="flags has 4 rows, the records have 5") as caught:
        check_rows(copy, {"flags": 5})
    assert caught.value.code == "C-ROWS"
