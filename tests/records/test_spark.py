"""Spark gives the tables that DuckDB gives, row by row: on a real cluster of one master and two workers."""

import gzip
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.model.errors import SourceError, UsageError
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.records.spark_engine import on_spark
from tenuto.records.spark_import import import_dump_on_spark
from tenuto.sources import dump_source

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "sources" / "fixtures" / "musicbrainz"
ENTITIES = ("artist", "label", "work", "release-group", "recording", "release")
SOURCE = dump_source("musicbrainz")


def standalone(folder):
    """Give the cluster that bench/ starts too."""
    spec = importlib.util.spec_from_file_location("standalone_spark", ROOT / "bench" / "standalone_spark.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.StandaloneSpark(folder)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Give a session on a cluster, both ended by what started them."""
    with pytest.MonkeyPatch.context() as patch, standalone(tmp_path_factory.mktemp("spark")) as cluster:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        with on_spark(cluster.master) as found:
            yield found


@pytest.fixture
def both(tmp_path, session):
    """Import a file on both engines and give the receipts and the folders of tables."""

    def imported(path):
        duck = import_dump(tmp_path / "duckdb", SOURCE, path, Silent())
        spark = import_dump_on_spark(tmp_path / "spark", SOURCE, path, Silent(), session=session)
        return (duck, tmp_path / "duckdb" / duck.entity), (spark, tmp_path / "spark" / spark.entity)

    return imported


def ordered(table):
    """Give rows in one order: DuckDB keeps the dump's, Spark that of the keys."""
    return sorted(map(repr, table.to_pylist()))


def assert_same(duck, spark):
    """Compare receipts and every row of every table."""
    (expected, left), (actual, right) = duck, spark
    assert expected == replace(actual, mapping=expected.mapping)
    names = sorted(path.name for path in left.glob("*.parquet"))
    assert names == sorted(path.name for path in right.glob("*.parquet"))
    for name in names:
        one, other = pq.read_table(left / name), pq.read_table(right / name)
        assert one.schema.equals(other.schema, check_metadata=True)
        assert ordered(one) == ordered(other), name


@pytest.mark.slow
@pytest.mark.parametrize("entity", ENTITIES)
def test_fixtures_give_the_same_rows(both, entity):
    """Every table of every entity is the same, whatever a document lacks or spells oddly."""
    assert_same(*both(FIXTURES / f"{entity}.jsonl"))


@pytest.mark.slow
def test_a_generated_dump_gives_the_same_rows(both, tmp_path):
    """Twenty thousand tracks with seven scripts, odd dates, odd ISRCs: no row differs, and none is missing."""
    options = ("--tracks=20000", f"--out={tmp_path}", "--processes=1")
    subprocess.run([sys.executable, str(ROOT / "bench" / "generate.py"), *options], check=True, capture_output=True)
    duck, spark = both(tmp_path / "release.jsonl")
    assert_same(duck, spark)
    assert dict(spark[0].rows)["tracks"] > 19_000


@pytest.mark.slow
def test_bad_lines_and_drift_are_told_alike(both, tmp_path):
    """Lines that are no document are named by number, unknown parts counted, and the rest is read."""
    good = json.loads((FIXTURES / "artist.jsonl").read_text("utf-8").splitlines()[0])
    lines = [
        json.dumps(good),
        "",
        "[1]",
        json.dumps(good | {"id": "2", "colour": "red", "life-span": {"begin": "1999", "mood": 1}}),
        '{"id": "3"} {"id": "4"}',
        '{"id": "5"',
        json.dumps(good | {"id": "6", "aliases": "none", "name": {"odd": 1}}),
        '{"id": "7"}, {"id": "8"}',
    ]
    path = tmp_path / "artist.jsonl"
    path.write_bytes("\n".join(lines).encode() + b'\n{"id": "9", "name": "\xff"}\n')
    (expected, _), (actual, _) = both(path)
    assert [(bad.line, bad.code) for bad in actual.bad] == sorted((bad.line, bad.code) for bad in expected.bad)
    assert [bad.line for bad in actual.bad] == [2, 3, 5, 6, 8, 9]
    assert (expected.documents, expected.drift, expected.rows) == (actual.documents, actual.drift, actual.rows)
    assert dict(actual.drift)["life-span.mood"] == 1


@pytest.mark.slow
def test_of_what_stands_twice_both_keep_the_first(both, tmp_path):
    """A release, its tracks and recordings that come again, and one without an id, are left out alike."""
    lines = (FIXTURES / "release.jsonl").read_text("utf-8").splitlines()
    first = json.loads(lines[0])
    again = [first | {"title": "Again"}, first | {"id": "", "title": "No id"}, first | {"id": "9", "title": "Other id"}]
    path = tmp_path / "release.jsonl"
    path.write_text("\n".join([*lines, *map(json.dumps, again)]) + "\n", "utf-8")
    duck, spark = both(path)
    assert_same(duck, spark)
    assert [bad.code for bad in spark[0].bad] == ["line-double", "line-id"]
    assert spark[0].documents == len(lines) + 1


@pytest.mark.slow
@pytest.mark.parametrize("cut", [False, True])
def test_a_compressed_dump_is_read_as_far_as_it_goes(both, tmp_path, cut):
    """A gzip file gives the same rows; where it is cut, the lines before are kept and the place is told."""
    content = gzip.compress(
        (FIXTURES / "release.jsonl").read_bytes().rstrip() + b"\n" + os.urandom(200_000).hex().encode()
    )
    path = tmp_path / "release.jsonl.gz"
    path.write_bytes(content[: len(content) // 2] if cut else content)
    duck, spark = both(path)
    assert_same(duck, spark)
    assert spark[0].documents == 3
    assert spark[0].bad[-1].code == ("dump-cut" if cut else "line-json")


def test_a_file_of_another_name_is_refused(tmp_path):
    """What is no dump of the source is told before Spark is asked for anything."""
    path = tmp_path / "nothing.jsonl"
    path.write_text("{}", "utf-8")
    with pytest.raises(SourceError, match="no dump of musicbrainz"):
        import_dump_on_spark(tmp_path, SOURCE, path, Silent(), session=None)


def test_a_master_that_does_not_answer_is_told_at_once():
    """Where nothing listens, the error names the master and says how to start one."""
    with pytest.raises(UsageError, match="no Spark master answers") as found, on_spark("spark://127.0.0.1:1"):
        pass
    assert "operations.md" in found.value.hint


def test_without_pyspark_the_error_says_how_to_install_it():
    """PySpark is an extra: a process that lacks it is told so, and DuckDB's engine does not need it."""
    code = (
        "import sys; sys.modules['pyspark'] = None\n"
        "from tenuto.model.errors import UsageError\n"
        "from tenuto.records.spark_engine import on_spark\n"
        "try:\n    on_spark('spark://x:1').__enter__()\n"
        "except UsageError as error:\n    print(error.code, error.hint)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.startswith("spark-missing")
    assert "tenuto[spark]" in told
