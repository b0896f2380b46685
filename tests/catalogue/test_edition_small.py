import json
import shutil

import apsw
import pytest

from tenuto.catalogue.ask import show
from tenuto.catalogue.build import build
from tenuto.catalogue.checks import check_catalogue
from tenuto.catalogue.editions.policy import Policy, read_policy
from tenuto.catalogue.editions.rows import counts
from tenuto.catalogue.editions.small import write_small
from tenuto.catalogue.search import search
from tenuto.model.errors import ConfigError, NotFoundError
from tenuto.model.progress import Silent

EVERYTHING = Policy(share=1.0)


@pytest.fixture(scope="module")
def large(tmp_path_factory, request):
    """Build a catalogue of 20,000 recordings by padding nothing but recordings and their tracks."""
    built = request.getfixturevalue("built")
    path = shutil.copy(built.path, tmp_path_factory.mktemp("large") / "large.sqlite3")
    connection = apsw.Connection(str(path))
    connection.execute("""
        BEGIN;
        WITH RECURSIVE n (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM n WHERE n < 20999)
        INSERT INTO recordings (recording, id, source, title, credit, disambiguation)
        SELECT n, printf('rc-%020x', n), 1, 'Padding ' || n, 1, 'of no interest ' || n FROM n;
        INSERT INTO tracks (track, id, source, recording, verdict, absence)
        SELECT recording, printf('tr-%020x', recording), 1, recording, (SELECT min(verdict) FROM verdicts),
          (SELECT min(reason) FROM reasons) FROM recordings WHERE recording >= 1000;
        INSERT INTO search (rowid, title, artist, release) SELECT recording, title, '', '' FROM recordings
        WHERE recording >= 1000;
        COMMIT""")
    connection.close()
    return path


def asked(path, query):
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_the_shipped_policy_keeps_a_tenth(large, tmp_path):
    """The edition has at most a tenth of the size and most of what fits, the first recordings of all."""
    report = write_small(large, tmp_path / "small.sqlite3", read_policy(None), Silent())
    limit = read_policy(None).limit(large.stat().st_size)
    assert limit * 0.8 <= report.bytes <= limit
    assert (tmp_path / "small.sqlite3").stat().st_size == report.bytes
    kept = [key for (key,) in asked(tmp_path / "small.sqlite3", "SELECT recording FROM recordings ORDER BY 1")]
    everyone = [key for (key,) in asked(large, "SELECT recording FROM recordings ORDER BY 1")]
    assert everyone[: len(kept)] == kept


def test_the_edition_is_a_catalogue(large, tmp_path):
    """Every check of a build holds of it, and it says that it is an edition and by which policy."""
    report = write_small(large, tmp_path / "small.sqlite3", read_policy(None), Silent())
    assert check_catalogue(tmp_path / "small.sqlite3") > 0
    said = dict(asked(tmp_path / "small.sqlite3", "SELECT name, value FROM meta"))
    assert ("small", report.catalogue_sha256) == (said["edition"], said["edition_of"])
    assert json.loads(said["edition_policy"])["share"] == 0.1
    assert asked(large, "SELECT sql FROM sqlite_schema ORDER BY 1") == asked(
        tmp_path / "small.sqlite3", "SELECT sql FROM sqlite_schema ORDER BY 1"
    )


def test_all_recordings_are_kept_where_all_fit(built, tmp_path):
    """With room for everything, each table has the rows of the catalogue, but for what nothing refers to."""
    write_small(built.path, tmp_path / "small.sqlite3", EVERYTHING, Silent())
    before, after = counts(built.path), counts(tmp_path / "small.sqlite3")
    orphans = {"meta", "artists", "artist_credits", "credit_names", "files", "reasons", "verdicts", "findings"}
    assert {name: rows for name, rows in before.items() if name not in orphans} == {
        name: rows for name, rows in after.items() if name not in orphans
    }


@pytest.mark.parametrize(
    "words", ["agren", "bela", "first song", "carl", "tokyo night", "lodz", "zed twin", "collected"]
)
def test_search_finds_what_it_found(built, tmp_path, words):
    """A question has the same answer as in the whole catalogue, where all recordings are kept."""
    write_small(built.path, tmp_path / "small.sqlite3", EVERYTHING, Silent())
    hits = [hit.id for hit in search(built.path, words)]
    assert hits
    assert sorted(hits) == sorted(hit.id for hit in search(tmp_path / "small.sqlite3", words))


def test_show_answers(built, tmp_path, tid):
    """What is kept is shown as in the whole catalogue."""
    write_small(built.path, tmp_path / "small.sqlite3", EVERYTHING, Silent())
    name = tid("open/first.opus")
    assert show(built.path, name) == show(tmp_path / "small.sqlite3", name)


def test_the_same_catalogue_gives_the_same_bytes(large, tmp_path):
    """Two editions of one catalogue have one digest."""
    sums = {write_small(large, tmp_path / name, read_policy(None), Silent()).sha256 for name in ("one", "two")}
    assert len(sums) == 1


def test_columns_and_tables_are_left_out(built, tmp_path):
    """A table named in the policy is empty, and a column null."""
    policy = Policy(share=1.0, without_tables=("observations", "works"), without_columns=("recordings.credit",))
    write_small(built.path, tmp_path / "small.sqlite3", policy, Silent())
    assert asked(tmp_path / "small.sqlite3", "SELECT count(*) FROM observations") == [(0,)]
    assert asked(tmp_path / "small.sqlite3", "SELECT count(credit) FROM recordings") == [(0,)]
    assert asked(built.path, "SELECT count(credit) FROM recordings") != [(0,)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("share = 0", "share"),
        ("share = 'much'", "share"),
        ("floor = 'little'", "little"),
        ("nonsense = 1", "nonsense"),
        ("without_tables = ['tracks']", "tracks"),
        ("without_tables = ['absent']", "absent"),
        ("without_tables = ['artists']", "artists is left out, but credit_names needs it"),
        ("without_columns = ['recordings.title']", "cannot be null"),
        ("without_columns = ['recordings.absent']", "absent"),
        ("share = ", "policy.toml"),
        ("share = 0.0001\nfloor = '1 B'", "nothing fits"),
    ],
)
def test_a_policy_that_cannot_be_kept_is_named(built, tmp_path, text, said):
    """A wrong policy is refused with its place, and no edition is left behind."""
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        write_small(built.path, tmp_path / "small.sqlite3", read_policy(tmp_path / "policy.toml"), Silent())
    assert [tmp_path / "policy.toml"] == list(tmp_path.iterdir())


def test_an_absent_policy_is_named(tmp_path):
    """A policy that is not there is no policy."""
    with pytest.raises(NotFoundError):
        read_policy(tmp_path / "absent.toml")


def test_an_edition_of_an_empty_catalogue(write, tmp_path):
    """Where there is nothing, nothing is kept, and the file is still a catalogue."""
    build(write(tmp_path / "records", ()), tmp_path / "whole.sqlite3", Silent())
    report = write_small(tmp_path / "whole.sqlite3", tmp_path / "small.sqlite3", read_policy(None), Silent())
    assert report.recordings == 0
    assert check_catalogue(tmp_path / "small.sqlite3") == 0
