"""XML dumps as whole elements: wherever they are cut, whatever is wrong with them."""

import gzip
import tracemalloc

import pytest

from tenuto.model.errors import SourceError, UnsafeInputError
from tenuto.model.source import DumpEntity
from tenuto.records.xml_dump import XmlDump

ITEM = DumpEntity(name="item", shape={"@id": "text", "title": "text"}, format="xml")
LABEL = DumpEntity(name="label", shape={"id": "text", "sub": {"label": ["text"]}}, format="xml")
ITEMS = [f'<item id="{at}"><title>Étude {at}</title></item>'.encode() for at in range(300)]


def read(path, entity=ITEM, chunk_bytes=1 << 20):
    """Give the elements, the numbers of the lines they end in, and the dump."""
    dump = XmlDump(path, entity, chunk_bytes)
    found = []
    for chunk in dump.chunks():
        begins = (0, *chunk.ends)
        assert chunk.before == len(found)
        found += [
            (chunk.content[begin:end].strip(), chunk.first + chunk.content.count(b"\n", 0, end))
            for begin, end in zip(begins, chunk.ends, strict=False)
        ]
    return [element for element, _ in found], [line for _, line in found], dump


def write(tmp_path, content, name="items.xml"):
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize("between", [b"\n", b"", b"\n\n \n"])
@pytest.mark.parametrize("name", ["items.xml", "items.xml.gz"])
def test_elements_are_cut_apart_wherever_lines_end(tmp_path, between, name):
    """One a line, many a line, blank lines between: elements and the numbers of their lines are right."""
    path = write(tmp_path, b'<?xml version="1.0"?>\n<items>\n' + between.join(ITEMS) + b"\n</items>\n", name)
    elements, lines, dump = read(path, chunk_bytes=2_000)
    assert elements == ITEMS
    assert lines == [3 + at * between.count(b"\n") for at in range(300)]
    assert dump.fault is None
    assert dump.read == path.stat().st_size


def test_elements_of_the_same_name_inside_are_no_elements(tmp_path):
    """Labels hold labels; those are parts of theirs."""
    stated = [b"<label><id>1</id><sub><label>a</label><label/></sub></label>", b"<label><id>2</id></label>"]
    assert read(write(tmp_path, b"<labels>%b%b</labels>" % tuple(stated)), LABEL)[0] == stated


def test_comments_and_cdata_hide_tags(tmp_path):
    """What stands in them ends nothing."""
    stated = b'<item id="1"><!-- </item> <!DOCTYPE --><title><![CDATA[</item>]]></title><?x </item>?></item>'
    assert read(write(tmp_path, b"<items>" + stated + ITEMS[0] + b"</items>"))[0] == [stated, ITEMS[0]]


BOMB = b'<!DOCTYPE items [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE items [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("bomb", [BOMB, OUTSIDE, b'<!DOCTYPE items SYSTEM "x.dtd">'])
def test_a_document_type_is_refused_with_its_place(tmp_path, bomb):
    """M8: entity bombs and external entities are refused before anything is read, wherever they stand."""
    before = write(tmp_path, b'<?xml version="1.0"?>\n\n' + bomb + b"<items>" + ITEMS[0] + b"</items>")
    with pytest.raises(UnsafeInputError, match=r"items\.xml line 3: a document type"):
        read(before)
    within = write(tmp_path, b"<items>\n" + ITEMS[0] + b"\n" + bomb + ITEMS[1] + b"</items>")
    with pytest.raises(UnsafeInputError, match=r"items\.xml line 3: a document type"):
        read(within)


@pytest.mark.parametrize("suffix", ["xml", "xml.gz"])
def test_a_dump_cut_in_the_middle_gives_its_good_part(tmp_path, suffix):
    """M8: whole elements before the cut are given; the fault names the line and the element."""
    more = [b'<item id="%d"></item>' % (at * 7919**3) for at in range(40_000)]
    stated = ITEMS if suffix == "xml" else [*ITEMS, *more]
    path = write(tmp_path, b"<items>\n" + b"\n".join(stated), f"items.{suffix}")
    path.write_bytes(path.read_bytes()[: -8 if suffix == "xml" else -20_000])
    elements, _, dump = read(path)
    assert elements == stated[: len(elements)]
    assert 299 <= len(elements) < len(stated)
    assert dump.fault is not None
    assert dump.fault.code == "dump-cut"


def test_the_fault_names_element_and_line(tmp_path):
    """The place of the cut is told."""
    _, _, dump = read(write(tmp_path, b"<items>\n" + b"\n".join(ITEMS) + b'\n<item id="9'))
    assert dump.fault is not None
    assert (dump.fault.line, dump.fault.reason) == (302, "the file ends within element 301, behind 300 whole ones")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<others></others>", "items.xml line 1: <others>, not <items>"),
        (b'{"id":"1"}', "items.xml line 1: no XML, not <items>"),
        (b"", "items.xml line 1: no XML, not <items>"),
        (b"\xff\xfe<\x00i\x00", "items.xml line 1: no XML, not <items>"),
        (b'<?xml version="1.0" encoding="latin-1"?><items></items>', "items.xml: written in latin-1, not UTF-8"),
    ],
)
def test_what_is_no_such_dump_is_refused(tmp_path, content, message):
    """Another root, no XML, another encoding: a typed error says which."""
    with pytest.raises(SourceError) as caught:
        read(write(tmp_path, content))
    assert str(caught.value) == message


def test_an_element_without_end_stops_before_it_fills_the_memory(tmp_path):
    """M8: an element of gigabytes ends the dump at its line; what stood before it is kept."""
    path = tmp_path / "items.xml.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b'<items>\n<item id="1"></item>\n<item><title>')
        for _ in range(150):
            stream.write(b"x" * (1 << 20))
    tracemalloc.start()
    elements, _, dump = read(path)
    assert elements == [b'<item id="1"></item>']
    assert (dump.fault.line, dump.fault.code) == (3, "dump-cut")
    assert "longer than 64 MiB" in dump.fault.reason
    assert tracemalloc.get_traced_memory()[1] < 400 << 20
    tracemalloc.stop()
