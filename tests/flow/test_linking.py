import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.flow.linking import doubtful_links, link_records
from tenuto.flow.relinking import adjusted, thresholds
from tenuto.model.errors import NotFoundError, StorageError
from tenuto.model.links import LinksConfig
from tenuto.model.progress import Silent


def write(archive, source, entity, table, rows):
    path = archive.layout.records / source / entity / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def link(archive, **accept):
    return link_records(archive, thresholds(adjusted(LinksConfig(), accept, {})), Silent())


def song(archive, source, title, artist, milliseconds):
    write(archive, source, "recording", "recordings", [{"id": "1", "title": title, "length_ms": milliseconds}])
    credit = {"subject": "recording", "id": "1", "position": 0, "artist": "9", "name": artist, "join_phrase": ""}
    write(archive, source, "recording", "credits", [credit])


def table(archive, name):
    return pq.read_table(archive.layout.root / "links" / f"{name}.parquet").to_pylist()


def files(archive):
    return {path.name: path.read_bytes() for path in (archive.layout.root / "links").iterdir()}


@pytest.fixture
def linked(archive):
    song(archive, "one", "Déjà vu", "Beyoncé", 240_000)
    song(archive, "two", "Deja Vu", "Beyonce", 241_000)
    link(archive)
    return archive


def test_records_of_two_sources_are_linked(linked):
    """Dumps of two sources give a link with its evidence, and one cluster."""
    (found,) = table(linked, "links")
    assert (found["left_source"], found["right_source"], found["decision"]) == ("one", "two", "accepted")
    assert found["evidence"].startswith("title: same")
    assert len({row["cluster"] for row in table(linked, "clusters")}) == 1


def test_a_second_build_writes_the_same_bytes(linked):
    """Linking again from the same records, with the former clusters as input, changes no byte."""
    first = files(linked)
    link(linked)
    assert first == files(linked)


def test_a_row_that_two_entities_give_is_taken_once(linked):
    """A recording that stands in the dump of releases too is one record."""
    write(linked, "one", "release", "recordings", [{"id": "1", "title": "Déjà vu", "length_ms": 240_000}])
    link(linked)
    assert len(table(linked, "clusters")) == 2


def test_doubtful_links_are_listed_with_names(linked):
    """A link between the thresholds is told with both names and why."""
    link(linked, recording=1.0)
    (found,) = doubtful_links(linked)
    assert (found.left, found.left_name, found.right, found.right_name) == ("one:1", "Déjà vu", "two:1", "Deja Vu")
    assert doubtful_links(linked, "artist") == []


def test_an_archive_without_dumps_has_no_links(archive):
    """Nothing imported gives empty tables, not an error."""
    link(archive)
    assert table(archive, "links") == []
    assert doubtful_links(archive) == []


def test_nothing_was_linked_yet(archive):
    """Asking for doubtful links before a build names what to run."""
    with pytest.raises(NotFoundError, match="there are no links"):
        doubtful_links(archive)


def test_damaged_clusters_stop_linking(linked):
    """Ids are not made anew behind a person's back: it is said what is damaged, and the rest stays."""
    (linked.layout.root / "links" / "clusters.parquet").write_bytes(b"PAR1")
    first = files(linked)
    with pytest.raises(StorageError, match="damaged") as caught:
        link(linked)
    assert "new ids" in caught.value.hint
    assert first == files(linked)


def test_linking_that_was_cut_short_is_done_anew(linked):
    """What a run that failed between two tables left behind changes nothing of the next one."""
    rename = [{"id": "1", "title": "Quite another", "length_ms": 100_000}]
    whole = files(linked)
    write(linked, "two", "recording", "recordings", rename)
    folder = linked.layout.root / "links"
    (folder / "links.parquet").rename(folder / "kept")
    (folder / "links.parquet").mkdir()
    with pytest.raises(StorageError):
        link(linked)
    assert sorted(files_but_folders(folder)) == ["clusters.parquet", "kept", "redirects.parquet"]
    assert (folder / "redirects.parquet").read_bytes() != whole["redirects.parquet"]
    (folder / "links.parquet").rmdir()
    (folder / "kept").unlink()
    link(linked)
    cut = files(linked)
    for name, content in whole.items():
        (folder / name).write_bytes(content)
    link(linked)
    assert cut == files(linked) != whole


def files_but_folders(folder):
    return [path.name for path in folder.iterdir() if path.is_file()]
