"""Imported dumps reach the catalogue, with their captures, licences and verdicts."""

import shutil
from pathlib import Path

import apsw
import pytest

from tenuto.catalogue.ask import show, why
from tenuto.cli.output import Output
from tenuto.cli.verdicts import show_why
from tenuto.flow.build import build, is_current
from tenuto.flow.importing import import_dumps
from tenuto.model.ids import IdKind, public_id
from tenuto.model.progress import Silent

FIXTURES = Path(__file__).parents[1] / "sources" / "fixtures" / "musicbrainz"
FIRST = public_id(IdKind.RELEASE, "musicbrainz", "00000000-0000-0000-0000-000000000001")


@pytest.fixture
def release(tmp_path):
    """Give a dump of releases."""
    return Path(shutil.copy(FIXTURES / "release.jsonl", tmp_path / "release.jsonl"))


def test_an_imported_dump_makes_the_catalogue_old(archive, release):
    """What was imported since the last build is in the next one, though nothing was harvested."""
    before = dict(build(archive, Silent()).rows)
    assert is_current(archive)
    import_dumps(archive, "musicbrainz", [release], Silent())
    assert not is_current(archive)
    after = dict(build(archive, Silent()).rows)
    assert (before["tracks"], after["tracks"]) == (0, 5)
    assert is_current(archive)


def test_every_table_of_a_dump_names_its_capture_and_licence(archive, release):
    """The capture has the dump's digest, and each table with rows has its provenance."""
    (receipt,) = import_dumps(archive, "musicbrainz", [release], Silent())
    build(archive, Silent())
    connection = apsw.Connection(str(archive.layout.catalogue), flags=apsw.SQLITE_OPEN_READONLY)
    query = "SELECT place, licence, collection FROM provenance JOIN captures USING (capture) ORDER BY place"
    expected = sorted((table, "CC0-1.0", "release") for table, rows in receipt.rows if rows)
    assert connection.execute(query).fetchall() == expected
    query = "SELECT value FROM capture_facts WHERE name = 'sha256'"
    assert connection.execute(query).fetchall() == [(receipt.sha256,)]
    connection.close()


def test_a_track_of_a_dump_is_shown_and_explained(archive, release, capsys):
    """It has no file and no path; its verdict says that nothing speaks of rights."""
    import_dumps(archive, "musicbrainz", [release], Silent())
    build(archive, Silent())
    page = show(archive.layout.catalogue, f"{FIRST}/1-1")
    assert (page.title, page.path, page.decision, page.code) == ("One", None, "metadata-only", "R-NONE")
    (grounds,) = why(archive.layout.catalogue, f"{FIRST}/1-1")
    show_why(Output(as_json=False), grounds)
    assert "None" not in capsys.readouterr().out
