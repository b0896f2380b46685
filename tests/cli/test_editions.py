import hashlib
import shutil
import sqlite3

import pytest


@pytest.fixture
def archive(filled, tmp_path):
    """Copy the filled archive for a test that writes editions into it."""
    return shutil.copytree(filled, tmp_path / "archive", symlinks=True)


def catalogue(archive):
    return archive / "catalogue" / "filled_clean.sqlite3"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_parquet_goes_into_the_archive(tenuto, archive):
    """The folder lies under editions/, and the document names the catalogue it was made of."""
    done = tenuto("--archive", archive, "editions", "parquet", "--json")
    assert (0, sha256(catalogue(archive))) == (done.exit, done.json["catalogue_sha256"])
    files = {
        str(path.relative_to(archive / "editions" / "parquet")) for path in (archive / "editions").rglob("*.parquet")
    }
    assert {file["path"] for file in done.json["files"]} == files
    said = tenuto("--archive", archive, "editions", "parquet")
    assert "rows in" in said.out
    assert "Writing Parquet" in said.err


def test_small_goes_where_it_is_told(tenuto, archive, tmp_path):
    """A small edition is a catalogue that sqlite3 opens and `verify` accepts."""
    done = tenuto("--archive", archive, "editions", "small", tmp_path / "small.sqlite3", "--json")
    assert (0, sha256(tmp_path / "small.sqlite3")) == (done.exit, done.json["sha256"])
    connection = sqlite3.connect(tmp_path / "small.sqlite3")
    assert connection.execute("SELECT value FROM meta WHERE name = 'edition'").fetchone() == ("small",)
    connection.close()
    assert tenuto("verify", tmp_path / "small.sqlite3").exit == 0


def test_a_small_edition_answers_in_an_archive(tenuto, archive):
    """Put in the catalogue's place, it answers `search` and `show` as the whole one does."""
    connection = sqlite3.connect(catalogue(archive))
    (title,) = connection.execute("SELECT title FROM recordings ORDER BY recording").fetchone()
    connection.close()
    before = tenuto("--archive", archive, "search", "--json", "--", title).json
    assert tenuto("--archive", archive, "editions", "small", archive / "small.sqlite3").exit == 0
    shutil.copy(archive / "small.sqlite3", catalogue(archive))
    assert [hit["id"] for hit in before] == [
        hit["id"] for hit in tenuto("--archive", archive, "search", "--json", "--", title).json
    ]
    assert tenuto("--archive", archive, "show", before[0]["id"]).exit == 0


def test_a_patch_is_made_and_applied(tenuto, archive, tmp_path):
    """`diff` writes what `apply` needs to make the newer catalogue of the older one."""
    old = shutil.copy(catalogue(archive), tmp_path / "old.sqlite3")
    (archive / "tenuto.toml").write_text((archive / "tenuto.toml").read_text().replace("false", "true", 1))
    assert tenuto("--archive", archive, "build").exit == 0
    made = tenuto("--archive", archive, "editions", "diff", old, tmp_path / "patch", "--json")
    assert (0, False, sha256(catalogue(archive))) == (
        made.exit,
        made.json["head"]["whole"],
        made.json["head"]["new_sha256"],
    )
    done = tenuto("editions", "apply", tmp_path / "patch", old, "--to", tmp_path / "new.sqlite3")
    assert done.exit == 0
    assert sha256(catalogue(archive)) == sha256(tmp_path / "new.sqlite3")


def test_errors_have_codes_and_hints(tenuto, archive, tmp_path):
    """A wrong old file, an absent patch, a wrong policy and the catalogue as target each end with their exit code."""
    (tmp_path / "other").write_text("other")
    (tmp_path / "policy.toml").write_text("share = 7")
    at = ("--archive", archive, "editions")
    assert tenuto(*at, "diff", catalogue(archive), tmp_path / "patch").exit == 0
    cases = (
        (4, "not the catalogue", ("editions", "apply", tmp_path / "patch", tmp_path / "other")),
        (4, "is no patch", ("editions", "apply", tmp_path / "other", tmp_path / "policy.toml")),
        (2, "there is no patch", ("editions", "apply", tmp_path / "absent", tmp_path / "other", "--to", "x")),
        (2, "share", (*at, "small", "--policy", tmp_path / "policy.toml")),
        (2, "is the archive's catalogue", (*at, "small", catalogue(archive))),
        (2, "something else", (*at, "parquet", archive / "store")),
        (6, "file is not a database", (*at, "diff", tmp_path / "patch")),
    )
    for code, said, words in cases:
        done = tenuto(*words)
        assert code == done.exit, (said, done.err)
        assert said in done.err.replace("\n", " ")
        assert "Hint:" in done.err
