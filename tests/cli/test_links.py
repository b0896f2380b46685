import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def doubtful(tenuto, tmp_path):
    """Give an archive with one doubtful link between two recordings."""
    root = tmp_path / "archive"
    tenuto("init", root, "--name", "links")
    for source, title in (("one", "Déjà vu"), ("two", "Deja Vu")):
        folder = root / "records" / source / "recording"
        folder.mkdir(parents=True)
        pq.write_table(
            pa.Table.from_pylist([{"id": "1", "title": title, "length_ms": 1000}]), folder / "recordings.parquet"
        )
    row = {
        "kind": "recording",
        "left_source": "one",
        "left_id": "1",
        "right_source": "two",
        "right_id": "1",
        "probability": 0.75,
        "decision": "review",
        "evidence": "title: same +1.4",
    }
    (root / "links").mkdir()
    pq.write_table(pa.Table.from_pylist([row, row | {"decision": "accepted"}]), root / "links" / "links.parquet")
    return root


def test_doubtful_links_are_listed(tenuto, doubtful):
    """Each is told with its probability, both names and the evidence; accepted ones are not."""
    found = tenuto("--archive", doubtful, "links", "review")
    assert found.exit == 0
    assert [found.out.count(text) for text in ("0.750", "title: same +1.4")] == [1, 1]
    assert "Déjà vu" in found.out


def test_doubtful_links_as_json(tenuto, doubtful):
    """The same as one document."""
    (found,) = tenuto("--archive", doubtful, "links", "review", "--json").json
    assert (found["left"], found["right"], found["probability"]) == ("one:1", "two:1", 0.75)


def test_no_kind_of_that_name(tenuto, doubtful):
    """A kind that is not linked is a mistake of usage; one without doubts says so."""
    assert tenuto("--archive", doubtful, "links", "review", "--kind", "label").exit == 2
    assert "No link is in doubt." in tenuto("--archive", doubtful, "links", "review", "--kind", "artist").out


def test_links_before_any_build(tenuto, tmp_path):
    """Where nothing was linked, the hint says what to run."""
    tenuto("init", tmp_path / "new", "--name", "new")
    found = tenuto("--archive", tmp_path / "new", "links", "review")
    assert found.exit != 0
    assert "tenuto links find" in found.err


def test_thresholds_of_a_search_for_links(tenuto, doubtful):
    """A link counts from where `--accept` says, else it is in doubt; tenuto.toml says so for good."""
    find = ("--archive", doubtful, "links", "find", "--json")
    seen = [
        {row["kind"]: (row["accepted"], row["review"]) for row in tenuto(*find, *more).json}["recording"]
        for more in ([], ["--accept", "recording=1"])
    ]
    assert seen == [(1, 0), (0, 1)]
    with (doubtful / "tenuto.toml").open("a") as config:
        config.write("[links.recording]\naccept = 1.0\n")
    assert [row["review"] for row in tenuto(*find).json if row["kind"] == "recording"] == [1]


def test_thresholds_that_are_none(tenuto, doubtful):
    """A mistake is one sentence and a hint."""
    found = tenuto("--archive", doubtful, "links", "find", "--accept", "0.8")
    assert found.exit == 2
    assert "recording=0.8" in found.err
