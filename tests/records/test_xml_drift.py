"""Drift in XML: every element and attribute that nothing reads or ignores is told, with the elements that have it."""

import tracemalloc
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.source import DumpEntity
from tenuto.records.xml_drift import Drift

SHAPE = {
    "@id": "text",
    "title": "text",
    "link": {"@to": "text", ".": "text"},
    "notes": "-",
    "@state": "-",
    "parts": {"part": [{"@no": "text", "title": "text", "parts": {"part": ["text"]}}]},
    "pairs": {"*": [{"id": "text", "name": {"@id": "text", ".": "text"}}]},
}
DRIFT = Drift(DumpEntity(name="item", shape=SHAPE, format="xml"))
KNOWN = (
    '<item id="1" state="x"><title>a = "b"</title><link to="x=\'y\'">c</link><notes odd="1"><b q="2">d</b></notes>'
    '<parts><part no="1"><title/><parts><part>x</part></parts></part></parts><pairs><id>1</id><name id="1">n</name>'
    "</pairs></item>"
)


def count(*elements):
    content, ends = b"", []
    for element in elements:
        content += element.encode() + b"\n"
        ends.append(len(content) - 1)
    return dict(DRIFT.count(content, tuple(ends)))


def test_what_the_shape_knows_is_no_drift():
    """Parts that are read, parts that are left alone and all below them are known."""
    assert count(KNOWN, KNOWN) == {}


@pytest.mark.parametrize(
    ("element", "places"),
    [
        ('<item id="1" odd="2"/>', ["@odd"]),
        ('<item id="1"><new/></item>', ["new"]),
        ('<item id="1"><new><below at="1"/></new><new/></item>', ["new"]),
        ('<item id="1"><title lang="x">a</title></item>', ["title/@lang"]),
        ('<item id="1"><title>a<i>b</i></title></item>', ["title/i"]),
        ('<item id="1"><notes/><parts><part><notes/></part></parts></item>', ["parts/part/notes"]),
        (
            '<item id="1"><parts><part><parts><part><parts/></part></parts></part></parts></item>',
            ["parts/part/parts/part/parts"],
        ),
        (
            '<item id="1"><parts odd="1"><part\n  odd = "2" odder="3"/></parts></item>',
            ["parts/@odd", "parts/part/@odd", "parts/part/@odder"],
        ),
        (
            '<item id="1"><a_name_longer_than_any_window_there_is x="1"/></item>',
            ["a_name_longer_than_any_window_there_is"],
        ),
        ('<item id="1" odd="2 &gt; 1"><!-- <new> --><link to=">"/><new/></item>', ["@odd", "new"]),
        ('<item id="1"><link to="a > b"/><title><![CDATA[<new>]]></title></item>', []),
        ('<item id="1"><pairs><name no="1"/></pairs></item>', ["pairs/name/@no"]),
        ("<item id='1' odd='2'/>", ["@odd"]),
        ("<other/><item/>", ["other"]),
    ],
)
def test_what_it_does_not_know_is_told_with_its_place(element, places):
    """Only the outermost place is told, once for each element that has it."""
    assert count(KNOWN, element, element, KNOWN, element) == dict.fromkeys(places, 3)


def test_a_tag_of_many_attributes_takes_a_moment():
    """M10: twenty thousand attributes in one tag are told one by one, each value looked for once."""
    element = "<item " + " ".join(f'a{at}="1"' for at in range(20_000)) + "/>"
    assert len(count(element)) == 20_000


def test_what_is_deep_and_odd_takes_no_memory():
    """M8: below what is not known no place is kept, however deep it goes."""
    tracemalloc.start()
    assert count(f'<item id="1>">{"<a>" * 20_000}{"</a>" * 20_000}</item>') == {"a": 1}
    assert tracemalloc.get_traced_memory()[1] < 50 << 20
    tracemalloc.stop()


def test_depth_is_bounded():
    """M8: what lies deeper than the shape costs no more than its tags."""
    deep = "<new>" * 50_000 + "</new>" * 50_000
    assert count(f'<item id="1">{deep}</item>', f'<item id="2"><notes>{deep}</notes></item>') == {"new": 1}


NAMES = st.sampled_from(
    ["title", "link", "notes", "parts", "part", "pairs", "id", "name", "new", "newer_than_the_shape"]
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["id", "to", "no", "odd", "state"]), st.text("ab=>\"'& ", max_size=6))
TREES = st.recursive(
    st.tuples(NAMES, ATTRIBUTES, st.just([])),
    lambda inner: st.tuples(NAMES, ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=12,
)


def built(tree):
    name, attributes, parts = tree
    element = ET.Element(name, attributes)
    element.text = 't > = "x" <'
    element.extend(map(built, parts))
    return element


def strangers(element, shape, place):
    """Say plainly what is unknown."""
    if shape == "-":
        return
    parts = shape[0] if isinstance(shape, list) else shape
    parts = parts if isinstance(parts, dict) else {}
    parts = parts["*"][0] if "*" in parts else parts
    for name in element.attrib:
        if f"@{name}" not in parts:
            yield "/".join((*place, f"@{name}"))
    for one in element:
        if one.tag in parts:
            yield from strangers(one, parts[one.tag], (*place, one.tag))
        else:
            yield "/".join((*place, one.tag))


@given(st.lists(st.tuples(ATTRIBUTES, st.lists(TREES, max_size=3)), min_size=1, max_size=4))
def test_it_says_what_a_plain_walk_says(stated):
    """Counting on bytes finds for any elements what walking their trees finds."""
    elements = [built(("item", attributes, parts)) for attributes, parts in stated]
    expected = {}
    for element in elements:
        for place in set(strangers(element, SHAPE, ())):
            expected[place] = expected.get(place, 0) + 1
    assert count(*(ET.tostring(element, "unicode") for element in elements)) == expected


def test_parts_that_are_counted_one_by_one_add_up():
    """A chunk of many parts, one element longer than a part, gives each element once."""
    long = f'<item id="1"><title>{"a" * 700_000}</title><new/></item>'
    short = f'<item odd="1"><title>{"b" * 1_000}</title></item>'
    uneven = '<item id="1"><link to=">"/><other/></item>'
    elements = [*[short] * 800, long, KNOWN, uneven, *[short] * 700, long, uneven]
    assert count(*elements) == {"@odd": 1_500, "new": 2, "other": 2}
