from itertools import combinations

from hypothesis import given
from hypothesis import strategies as some

from tenuto.linking import chains
from tenuto.linking.chains import LARGEST, kept


def test_a_chain_gives_way_where_it_is_weakest(records):
    """A record without a length is like both takes; it stays with the one it is more like, the other goes to review."""
    records.recording("a", "1", "Song", "Band", 200)
    records.recording("b", "2", "Song", "Band", None, isrcs=["QZAAA0000001"])
    records.recording("c", "3", "Song", "Band", 320, isrcs=["QZAAA0000001"])
    records.link()
    clusters = records.clusters()
    assert (records.links("recording"), records.links("recording", "review")) == ([("2", "3")], [("1", "2")])
    assert clusters["1"] != clusters["2"] == clusters["3"]


def test_a_link_that_gave_way_tells_why(records):
    """The evidence of a link that was cut says that it leads to what contradicts."""
    records.recording("a", "1", "Song", "Band", 200)
    records.recording("b", "2", "Song", "Band", None, isrcs=["QZAAA0000001"])
    records.recording("c", "3", "Song", "Band", 320, isrcs=["QZAAA0000001"])
    records.link()
    query = "SELECT evidence FROM links WHERE decision = 'review'"
    ((evidence,),) = records.engine.execute(query).fetchall()
    assert evidence.endswith("; chain: leads to what contradicts")


def test_a_long_chain_holds_no_contradiction(records):
    """Takes that grow by four seconds each are linked in turn; no cluster spans more than ten seconds."""
    for number in range(12):
        records.recording("abc"[number % 3], f"{number:02}", "Song", "Band", 200 + 4 * number)
    records.link()
    clusters = records.clusters()
    together = [pair for pair in combinations(clusters, 2) if clusters[pair[0]] == clusters[pair[1]]]
    assert len(together) > 4
    assert [pair for pair in together if 4 * abs(int(pair[0]) - int(pair[1])) > 10] == []


def test_the_order_of_rows_does_not_matter(records):
    """The same chain read in another order is cut in the same place."""
    for number in range(12):
        records.recording("abc"[number % 3], f"{number:02}", "Song", "Band", 200 + 4 * number)
    records.link()
    first = records.clusters()
    for table in ("recordings", "credits"):
        records.engine.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} ORDER BY id DESC")
    records.link()
    assert first == records.clusters()


def test_a_part_too_large_to_look_at_falls_apart_first(records, monkeypatch):
    """A part of more records than are looked at loses the less probable half of its links, until it is smaller."""
    monkeypatch.setattr(chains, "LARGEST", 5)
    for number in range(12):
        records.recording("abc"[number % 3], f"{number:02}", "Song", "Band", 200 + 4 * number)
    records.link()
    sizes = [list(records.clusters().values()).count(one) for one in set(records.clusters().values())]
    assert max(sizes) <= 5 < LARGEST


@given(
    some.lists(some.tuples(some.integers(0, 9), some.integers(10, 19))),
    some.sets(some.tuples(some.integers(0, 9), some.integers(10, 19))),
)
def test_what_is_apart_stays_apart(links, apart):
    """Whatever the links are, no two of those apart are brought together, and every link left out would do it."""
    links = [link for link in links if link not in apart]
    staying = kept(links, apart)
    part = {number: {number} for number in range(20)}
    for one, other in staying:
        joined = part[one] | part[other]
        part.update(dict.fromkeys(joined, joined))
    assert [pair for pair in apart if part[pair[0]] is part[pair[1]]] == []
    for one, other in set(links) - staying:
        assert any({left, right} & part[one] and {left, right} & part[other] for left, right in apart)
