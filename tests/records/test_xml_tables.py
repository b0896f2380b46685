"""Elements to Arrow tables: by shape, good ones kept and bad ones named."""

import pytest

from tenuto.model.errors import SourceError
from tenuto.model.source import DumpEntity
from tenuto.records.xml_dump import XmlChunk
from tenuto.records.xml_tables import XmlReader

SHAPE = {
    "@id": "text",
    "title": "text",
    "parent": {"@id": "text", ".": "text"},
    "notes": "-",
    "words": {"word": ["text"]},
    "parts": {"part": [{"@no": "text", "name": "text", "parts": {"part": [{"name": "text"}]}}]},
    "pairs": {"*": [{"id": "text", "name": "text"}]},
}
READER = XmlReader(DumpEntity(name="item", shape=SHAPE, format="xml"))


def read(*elements):
    """Give the rows of each table, and the bad elements."""
    content, ends = b"", []
    for element in elements:
        content += element if isinstance(element, bytes) else element.encode()
        ends.append(len(content))
        content += b"\n"
    tables, bad = READER.read(XmlChunk(first=7, lines=len(ends), content=content, ends=tuple(ends), before=100))
    return {name: table.to_pylist() for name, table in tables.items()}, [(one.line, one.reason) for one in bad]


def test_lists_become_tables_with_the_places_they_had():
    """Attributes, texts, nested lists and pairs are read by the shape; entities and CDATA are text."""
    tables, bad = read(
        '<item id="a"><title>x &amp; &#233;<![CDATA[<&>]]></title><parent id="p">P</parent>'
        "<words><word>1</word><word/></words></item>",
        '<item id="b"><parts><part no="1"><name>n</name></part><part>'
        "<parts><part><name>in</name></part></parts></part></parts>"
        "<pairs><id>5</id><name>five</name></pairs><title/></item>",
    )
    assert bad == []
    first = {"_element": 0, "_id": "a", "@id": "a", "title": "x & é<&>", "parent/@id": "p", "parent": "P"}
    second = {"_element": 1, "_id": "b", "@id": "b", "title": None, "parent/@id": None, "parent": None}
    assert tables["raw"] == [first, second]
    assert [row["."] for row in tables["words/word"]] == ["1", None]
    at = {"_element": 1, "_id": "b"}
    assert tables["parts/part"] == [
        at | {"_position": 0, "@no": "1", "name": "n"},
        at | {"_position": 1, "@no": None, "name": None},
    ]
    assert tables["parts/part/parts/part"] == [at | {"_in1": 1, "_position": 0, "name": "in"}]
    assert tables["pairs"] == [
        at | {"_position": 0, "id": "5", "name": None},
        at | {"_position": 1, "id": None, "name": "five"},
    ]


GOOD = [f'<item id="{at}"><title>t{at}</title></item>' for at in range(9)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'<item id="x"><title>\xff</title></item>', "no UTF-8 at its byte 20"),
        (b'<item id="x"><notes>\xc3</notes></item>', "no UTF-8 at its byte 20"),
        (b'<item id="x"><title>x</titel></item>', "expected `</title>`"),
        (b'<item id="x"><title>&bomb;</title></item>', "Unresolved entity reference '&bomb;'"),
        (b'<item id="x"><title>&#0;</title></item>', "not permitted"),
        (b'<item id="x" id="y"></item>', "duplicated attribute"),
        (b"<item><title>no id</title></item>", "no id"),
        (b'<item id="x"><title>a</title><title>b</title></item>', "more than once"),
        (b'<item id="x"><words><word>1</word></words><words><word>2</word></words></item>', "<words> stands twice"),
        (b'<item id="x"></item></items><items><item id="y"></item>', "stands twice"),
    ],
)
@pytest.mark.parametrize("place", [0, 4, 9])
def test_a_bad_element_is_named_and_the_others_are_kept(bad, reason, place):
    """M8: by line and number, wherever it stands."""
    tables, told = read(*GOOD[:place], bad, *GOOD[place:])
    assert [row["title"] for row in tables["raw"]] == [f"t{at}" for at in range(9)]
    assert [row["_element"] for row in tables["raw"]] == [at + (at >= place) for at in range(9)]
    assert [line for line, _ in told] == [7 + place]
    assert told[0][1].startswith(f"element {101 + place}: ")
    assert reason in told[0][1]


def test_elements_that_are_all_bad_give_no_rows():
    """Nothing good gives empty tables, each bad one told."""
    tables, told = read(*[b'<item id="1"><title></item>'] * 20)
    assert tables["raw"] == tables["words/word"] == []
    assert len(told) == 20


def test_depth_costs_nothing():
    """M8: an element a hundred thousand deep is read as far as the shape goes."""
    deep = "<a>" * 100_000 + "</a>" * 100_000
    tables, bad = read(f'<item id="1"><title>t</title><notes>{deep}</notes></item>', *GOOD)
    assert (len(tables["raw"]), bad) == (10, [])


def test_what_is_bad_throughout_is_given_up():
    """M8: a chunk with very many bad elements is an error that names the first, sooner than each is looked for."""
    with pytest.raises(SourceError, match="more than 10,000 elements from line 7 on"):
        read(*["<item/>"] * 10_001)
