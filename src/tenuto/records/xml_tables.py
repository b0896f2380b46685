"""Elements to Arrow tables, by the shape of the entity: one table for the elements, one for each list in them.

A table is named by its place below the element (`tracklist/track`). Its columns are places below its own elements
(`title`, `@id`, `.` for the text itself), all text or null, and

    _element    number of the dumped element in its chunk, from 0
    _id         its id
    _in1, _in2  position of the list items that hold this one, outermost first
    _position   position in its own list, from 0
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xml2arrow import XmlToArrowParser
from xml2arrow.exceptions import Xml2ArrowError

from tenuto.model.errors import SourceError
from tenuto.model.source import DumpEntity, Shape
from tenuto.records.lines import BadLine
from tenuto.records.xml_dump import XmlChunk

__all__ = ["ROOT", "RawTable", "XmlReader", "bad_element", "raw_tables"]

_MOST_BAD = 10_000  # elements of one chunk that are looked for one by one
ROOT = "raw"
"""Name of the table of the elements themselves."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of an entity's elements."""

    place: str
    """Where its elements are, below the dumped one; empty for that one itself."""
    container: str
    """What holds them."""
    above: int
    """How many lists hold this one."""
    fields: Mapping[str, str]
    """Column and its place below the container."""

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.place or ROOT

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns, in their order."""
        places = [f"_in{level}" for level in range(1, self.above)] + (["_position"] if self.above else [])
        return "_element", "_id", *places, *self.fields


def raw_tables(entity: DumpEntity) -> tuple[RawTable, ...]:
    """Give the tables of an entity by its shape, each before those inside it."""
    return tuple(_tables(dict(entity.shape), "", entity.name, 0))


def _tables(shape: Shape, container: str, item: str, above: int) -> Iterator[RawTable]:
    """Give the table of the items of a container, then those inside it; `*` is an item of any name."""
    prefix = "" if item == "*" else item
    fields: dict[str, str] = {}
    inner: list[tuple[str, str, Shape]] = []
    for place, part in _parts(shape, ""):
        if isinstance(part, list):
            outer, _, name = place.rpartition("/")
            inner.append((_joined(container, prefix, outer) if above else outer, name, part[0]))
        else:
            fields[place] = _joined(prefix, "" if place == "." else place)
    own = container if item == "*" else _joined(container, item)
    yield RawTable(own if above else "", container, above, fields)
    for outer, name, part in inner:
        yield from _tables(part, outer, name, above + 1)


def _parts(shape: Shape, place: str) -> Iterator[tuple[str, Shape]]:
    """Give each part of one element that is read, with its place: text, or a list."""
    if isinstance(shape, dict):
        for name, part in shape.items():
            yield from _parts(part, place if name == "." else _joined(place, name))
    elif shape != "-":
        yield place or ".", shape


def _joined(*names: str) -> str:
    return "/".join(name for name in names if name)


class XmlReader:
    """Parses chunks of one entity; the elements of a chunk that cannot be read are left out and told."""

    def __init__(self, entity: DumpEntity) -> None:
        """Prepare the parser for the entity's shape."""
        self._name = entity.name
        self._root = f"{entity.name}s"
        self._tables = raw_tables(entity)
        self._key = "@id" if "@id" in entity.shape else "id"
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".yaml") as file:
            file.write(self._configuration())
            file.flush()
            self._parser = XmlToArrowParser(Path(file.name))

    def read(self, chunk: XmlChunk) -> tuple[dict[str, pa.Table], tuple[BadLine, ...]]:
        """Give the chunk's tables by name, and its bad elements by the line they begin in.

        Raises SourceError where so many are bad that looking for each would take too long.
        """
        pieces, bad = [], []
        waiting = [(0, len(chunk.ends))]
        while waiting:
            first, last = waiting.pop()
            found, reason = self._read(_piece(chunk, first, last), first)
            middle = (first + last) // 2
            if found:
                pieces.append(found)
            elif last - first > 1:
                waiting += [(middle, last), (first, middle)]  # the front comes next
            elif first < last:
                bad.append(bad_element(chunk, first, reason))
                if len(bad) > _MOST_BAD:
                    said = f"more than {_MOST_BAD:,} elements from line {bad[0].line} on cannot be read: {reason}"
                    raise SourceError(said, code="xml-element")
        tables = {
            table.name: pa.concat_tables([piece[table.name] for piece in pieces] or [_schema(table).empty_table()])
            for table in self._tables
        }
        return tables, tuple(bad)

    def _read(self, content: bytes, first: int) -> tuple[dict[str, pa.Table], str]:
        """Give the tables of the elements from the `first` on, or why they cannot be read."""
        try:
            _check_utf_8(content)
            batches = self._parser.parse(b"<%b>%b</%b>" % (self._root.encode(), content, self._root.encode()))
        except UnicodeDecodeError as error:
            return {}, f"no UTF-8 at its byte {error.start - len(content) + len(content.lstrip())}"
        except Xml2ArrowError as error:
            return {}, str(error)[:300]
        ids = batches[ROOT].column(self._key)
        if ids.null_count:
            return {}, "no id"
        for table in self._tables:
            if not _is_ordered(batches[table.name], table.above):
                return {}, f"<{table.container or self._root}> stands twice"
        return {table.name: _placed(table, batches[table.name], ids, first) for table in self._tables}, ""

    def _configuration(self) -> str:
        text = "tables:\n"
        for table in self._tables:
            place = _joined(f"/{self._root}", self._name if table.above else "", table.container)
            levels = ", ".join(f"level{level}" for level in range(table.above + 1))
            text += f"  - {{name: '{table.name}', xml_path: '{place}', levels: [{levels}], fields: [\n"
            for name, field in table.fields.items():
                text += f"     {{name: '{name}', xml_path: '{place}/{field}', data_type: Utf8, nullable: true}},\n"
            text += "  ]}\n"
        return text


def _check_utf_8(content: bytes) -> None:
    """Raise UnicodeDecodeError where the content is no UTF-8: Arrow looks, which makes no text and keeps no lock."""
    offsets = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(content)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        content.decode()  # tells where


def _piece(chunk: XmlChunk, first: int, last: int) -> bytes:
    begin = chunk.ends[first - 1] if first else 0
    return chunk.content[begin : chunk.ends[last - 1] if last else 0]


def bad_element(chunk: XmlChunk, at: int, reason: str, code: str = "xml-element") -> BadLine:
    """Name an element of a chunk, by its place from 0, as bad."""
    begin = chunk.content.find(b"<", chunk.ends[at - 1] if at else 0)
    line = chunk.first + chunk.content.count(b"\n", 0, begin)
    return BadLine(line=line, code=code, reason=f"element {chunk.before + at + 1}: {reason}")


def _is_ordered(batch: pa.RecordBatch, above: int) -> bool:
    """Tell whether no two rows have one place, as they would where a list is stated twice."""
    equal = np.ones(max(batch.num_rows - 1, 0), dtype=bool)
    rising = np.zeros_like(equal)
    for level in range(above + 1):
        places = batch.column(level).to_numpy()
        rising |= equal & (places[1:] > places[:-1])
        equal &= places[1:] == places[:-1]
    return bool(rising.all())


def _placed(table: RawTable, batch: pa.RecordBatch, ids: pa.Array, first: int) -> pa.Table:
    columns = [pc.add(batch.column(0).cast(pa.int64()), first), pc.take(ids, batch.column(0))]
    columns += [batch.column(level).cast(pa.int64()) for level in range(1, table.above + 1)]
    columns += batch.columns[table.above + 1 :]
    return pa.Table.from_arrays(columns, schema=_schema(table))


def _schema(table: RawTable) -> pa.Schema:
    numbers = ("_element", "_in", "_position")
    return pa.schema([(name, pa.int64() if name.startswith(numbers) else pa.string()) for name in table.columns])
