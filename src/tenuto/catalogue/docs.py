"""What every table and column means: read from the comments of schema.sql, written into the file and the page.

    python -m tenuto.catalogue.docs docs/tables.md

rewrites the generated part of the page; a test compares schema, `_docs` and page.
"""

import re
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tenuto.durable import write_file
from tenuto.model.errors import CatalogueError

__all__ = ["APPLICATION_ID", "FORMAT", "Column", "Description", "described", "page", "script"]

APPLICATION_ID = 0x54454E55
"""Marks the file as ours in its header: `TENU`."""
FORMAT = 2
"""Version of the schema, in the header's user_version; another number is another schema."""

_TABLE = re.compile(r"CREATE (?:VIRTUAL )?TABLE (\w+)")
_COLUMN = re.compile(r"  (?P<name>[a-z_0-9]+)(?P<rest>.*?),? -- (?P<doc>.+)")
_START = "<!-- generated from src/tenuto/catalogue/schema.sql -->"
_END = "<!-- end of the generated part -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its declaration and what it holds."""

    name: str
    declared: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A table: what it holds, and its columns in order."""

    table: str
    description: str
    columns: tuple[Column, ...]


def script(name: str) -> str:
    """Give one of this folder's SQL scripts: `schema` or `indexes`."""
    return files("tenuto.catalogue").joinpath(f"{name}.sql").read_text("utf-8")


def described() -> tuple[Description, ...]:
    """Read every table's and column's description, in the schema's order."""
    return tuple(_table(block) for block in script("schema").split("\n\n") if _TABLE.search(block))


def _table(block: str) -> Description:
    comment, statement = block.split("\nCREATE ", 1)
    columns = tuple(_column(match) for match in map(_COLUMN.match, statement.split("\n")) if match)
    name = _TABLE.search(block)
    description = " ".join(line.removeprefix("-- ") for line in comment.split("\n"))
    return Description(table=name[1] if name else "", description=description, columns=columns)


def _column(match: re.Match[str]) -> Column:
    return Column(name=match["name"], declared=match["rest"].strip(), description=match["doc"])


def page(text: str) -> str:
    """Replace the generated part of docs/tables.md; raises CatalogueError where its marks are missing."""
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not (start and end):
        raise CatalogueError("the page has no place for the generated part", code="C-DOCS")
    return f"{before}{_START}\n\n{_tables()}\n{_END}{after}"


def _tables() -> str:
    return "\n".join(_section(table) for table in described())


def _section(table: Description) -> str:
    rows = (f"- {f'`{column.name}` {column.declared}'.rstrip()}: {column.description}" for column in table.columns)
    return "\n".join((f"## {table.table}", table.description, "", *rows, ""))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    write_file(place, page(place.read_text("utf-8")).encode())
