import pytest

from tenuto.linking.model import Thresholds
from tenuto.model.errors import ConfigError
from tenuto.model.ids import IdKind, public_id


def songs(records, *numbers, title="Song"):
    """Put recordings in that are the same, one of each source."""
    for number in numbers:
        records.recording(f"s{number}", f"r{number}", title, "Band", 200)


def drop(records, *numbers):
    for number in numbers:
        for table in ("recordings", "credits"):
            records.engine.execute(f"DELETE FROM {table} WHERE id = ?", [f"r{number}"])


def rename(records, title, *numbers):
    for number in numbers:
        records.engine.execute("UPDATE recordings SET title = ? WHERE id = ?", [title, f"r{number}"])


def build(records):
    """Link, hand the result to the next build, give the clusters."""
    records.link()
    clusters = records.clusters()
    records.next_build()
    return clusters


def test_every_record_is_in_one_cluster(records):
    """Records that are linked share a cluster; one without links is a cluster by itself."""
    songs(records, 1, 2)
    songs(records, 3, title="Tune")
    found = build(records)
    assert found["r1"] == found["r2"] != found["r3"]


def test_ids_stay_when_nothing_changes(records):
    """A second build over the same records gives the same ids and no redirect."""
    songs(records, 1, 2)
    first = build(records)
    assert first == build(records)
    assert records.redirects() == []


def test_an_id_stays_when_an_earlier_record_joins(records):
    """The id does not depend on which record comes first by now."""
    songs(records, 5, 6)
    first = build(records)
    songs(records, 1)
    second = build(records)
    assert first["r5"] == second["r1"] == second["r5"]


def test_a_merge_keeps_the_larger_id_and_redirects_the_other(records):
    """Of two clusters that become one, that with more members gives the id."""
    songs(records, 1, title="Tune")
    songs(records, 2, 3)
    before = build(records)
    rename(records, "Song", 1)
    after = build(records)
    assert {before["r2"]} == set(after.values())
    assert [(before["r1"], before["r2"], "merge")] == records.redirects()


def test_a_split_keeps_the_id_with_the_larger_part(records):
    """The smaller part gets an id that never was, and the old one says where it is as well."""
    songs(records, 1, 2, 3)
    before = build(records)
    rename(records, "Tune", 1)
    after = build(records)
    assert before["r2"] == after["r2"] == after["r3"]
    assert after["r1"] not in before.values()
    assert [(before["r1"], after["r1"], "split")] == records.redirects()


def test_redirects_lead_through_later_merges(records):
    """What was redirected once leads to a cluster there is, after further merges as well."""
    songs(records, 1, title="Tune")
    songs(records, 2, 3)
    songs(records, 4, 5, 6, 7, title="Air")
    first = build(records)
    rename(records, "Song", 1)
    build(records)
    rename(records, "Air", 1, 2, 3)
    last = build(records)
    expected = sorted([(first["r1"], first["r4"], "merge"), (first["r2"], first["r4"], "merge")])
    assert {first["r4"]} == set(last.values())
    assert expected == records.redirects()


def test_an_id_is_never_given_twice(records):
    """A part that splits off again does not take the id that was given up."""
    songs(records, 1, title="Tune")
    songs(records, 2, 3)
    first = build(records)
    rename(records, "Song", 1)
    build(records)
    rename(records, "Tune", 1)
    third = build(records)
    assert third["r1"] not in first.values()
    assert third["r2"] == first["r2"]


def test_a_record_that_is_gone_leaves_the_others_their_id(records):
    """Members may vanish; the cluster stays."""
    songs(records, 1, 2, 3)
    before = build(records)
    drop(records, 1)
    assert {"r2": before["r2"], "r3": before["r3"]} == build(records)


def test_the_threshold_decides(records):
    """A higher threshold makes a link doubtful, and a doubtful link joins no cluster."""
    songs(records, 1, 2)
    records.link({"recording": Thresholds(accept=0.999, review=0.5)})
    assert (records.links("recording"), records.links("recording", "review")) == ([], [("r1", "r2")])
    assert len(set(records.clusters().values())) == 2


@pytest.mark.parametrize(("accept", "review"), [(0.5, 0.9), (1.1, 0.5), (0.9, 0.0)])
def test_thresholds_that_do_not_fit_are_refused(accept, review):
    """Thresholds are probabilities, that of acceptance not below that of review."""
    with pytest.raises(ConfigError, match="do not fit"):
        Thresholds(accept=accept, review=review)


def test_the_order_of_rows_changes_nothing(records):
    """The same records in another order give the same links, clusters and ids."""
    songs(records, 1, 2, 3)
    songs(records, 4, 5, title="Tune")
    records.link()
    first = records.engine.execute("SELECT * FROM links ORDER BY ALL").fetchall(), records.clusters()
    for table in ("recordings", "credits"):
        records.engine.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} ORDER BY id DESC")
    records.link()
    assert first == (records.engine.execute("SELECT * FROM links ORDER BY ALL").fetchall(), records.clusters())


def gone(records):
    return [(old, new) for old, new, reason in records.redirects() if reason == "gone"]


def test_a_record_that_is_gone_leads_to_its_cluster(records):
    """Its public id does, from build to build, through a merge of that cluster, until the record is there again."""
    songs(records, 1, 2)
    first = build(records)
    drop(records, 1)
    left = build(records)
    expected = [(public_id(IdKind.RECORDING, "s1", "r1"), first["r1"])]
    assert left["r2"] == first["r1"]
    assert gone(records) == expected
    build(records)
    assert gone(records) == expected
    songs(records, 3, 4, 5, title="Tune")
    other = build(records)["r3"]
    rename(records, "Tune", 2)
    assert build(records)["r2"] == other
    assert gone(records) == [(expected[0][0], other)]
    songs(records, 1, title="Tune")
    build(records)
    assert gone(records) == []


def test_a_cluster_that_is_gone_is_led_to_by_nothing(records):
    """Where all that were the same are gone, nobody knows what replaced them."""
    songs(records, 1, 2)
    build(records)
    drop(records, 1, 2)
    build(records)
    assert records.redirects() == []
