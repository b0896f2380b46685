"""A source: what a catalogue permits, and how what was collected of it is read."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from tenuto.model.capture import CaptureHead, Observation
from tenuto.model.music import TrackRecord

__all__ = ["DumpEntity", "DumpSource", "ObservedSource", "Shape", "Source", "TableMapping", "Terms"]

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
"""Shape of a JSON document: a dictionary of named parts, a list of one shape, or a scalar.

`"text"` is a scalar that is read, as text whatever JSON type it has; `"-"` is a part that is known and not read; a part
called `"*"` stands for all others, whose names nobody can know.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what footing a source is collected."""

    summary: str
    """One sentence: why collecting is allowed."""
    audio: str
    """One sentence: when audio may be kept."""
    metadata_licence: str
    """SPDX id of the metadata's own licence, or a sentence where it has none."""
    limits: str
    """One sentence: pace, size, kinds."""
    evidence: tuple[str, ...]
    """Which statements count as licence evidence."""
    url: str = ""
    """Where the terms stand."""


class Source(ABC):
    """One catalogue: pure reading, no input or output."""

    name: ClassVar[str]
    home: ClassVar[str]
    terms: ClassVar[Terms]


TableMapping: TypeAlias = Callable[[Callable[[str], Any]], Any]
"""Gives one table as an Ibis expression; it is handed a function that gives the tables before it by name."""


class ObservedSource(Source):
    """A source that is collected bit by bit: one observation is one record."""

    @abstractmethod
    def read(self, head: CaptureHead, observation: Observation) -> TrackRecord:
        """Read one observation into the record shape; never raises on content, flags it instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpEntity:
    """One kind of thing that a source dumps: a file of JSON documents, one a line, or of XML elements."""

    name: str
    """As the source calls it: `release`."""
    shape: Mapping[str, Shape]
    """Shape of one document; whatever else a document holds is drift, and told.

    In XML `@name` is an attribute, `.` the text beside attributes, `{"*": [shape]}` the children of any name. A list
    is a table of its own (records/xml_tables.py).
    """
    format: str = "json"
    """`json`, or `xml`: elements of this name below one root, `release` below `releases`."""
    repeated: tuple[str, ...] = ()
    """Tables named `_…` whose rows may stand in several documents: of each `id` the first is kept."""
    tabular: bool = False
    """Whether it is a table (CSV, TSV, JSON lines, Parquet), read whole; its shape names its columns."""
    delimiter: str = ""
    """What stands between the fields of a text table; empty where the file's name tells."""
    personal: bool = False
    """Whether documents tell of persons: then only sums over many are kept, and the dump is no capture."""


class DumpSource(Source):
    """A source that is published whole: its raw documents are mapped to our tables by expressions.

    Hundreds of millions of rows never pass through Python one by one.
    """

    entities: ClassVar[tuple[DumpEntity, ...]]
    known_facts: ClassVar[Mapping[str, str]] = {}
    """What small files in the dump's archive have to say, by name: `JSON_DUMPS_SCHEMA_NUMBER` is `1`."""

    @abstractmethod
    def tables(self, entity: str) -> Mapping[str, TableMapping]:
        """Map an entity's documents to our tables (records/dump_tables.py), by name and in order.

        `raw` has the columns of the entity's shape, scalars as text, and `line`, its number from 1. A table whose name
        starts with `_` is made once for the tables after it, and not kept. Of documents with one `id` the first is
        mapped.
        """

    def entity_of(self, file_name: str) -> DumpEntity | None:
        """Tell which entity a file holds by the first word of its name (`release.tar.xz`), or None."""
        word = re.split(r"[._]", file_name, maxsplit=1)[0]
        return next((entity for entity in self.entities if entity.name == word), None)
