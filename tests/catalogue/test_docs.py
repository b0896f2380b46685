"""Schema, `_docs` and the page say the same."""

from pathlib import Path

import pytest

from tenuto.catalogue.checks import CHECKS
from tenuto.catalogue.docs import described, page
from tenuto.model.errors import CatalogueError

PAGES = Path(__file__).parents[2] / "docs"


def test_the_schema_is_described_whole(sql):
    """Every table and column of the file has its sentence in `_docs`, and nothing else has."""
    tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
    expected = set()
    for (table,) in sql(tables):
        if not table.startswith("sqlite_"):
            columns = sql("SELECT name FROM pragma_table_info(?)", table)
            expected |= {(table, ""), *((table, column) for (column,) in columns)}
    assert {(place, name) for place, name, _ in sql("SELECT * FROM _docs")} == expected


def test_the_file_says_what_the_schema_says(sql):
    """`_docs` holds the schema's comments."""
    written = {(place, name): text for place, name, text in sql("SELECT * FROM _docs")}
    for table in described():
        assert written[table.table, ""] == table.description
        assert {column.name: written[table.table, column.name] for column in table.columns} == {
            column.name: column.description for column in table.columns
        }


def test_the_page_is_generated_from_the_schema():
    """docs/tables.md is what `python -m tenuto.catalogue.docs docs/tables.md` writes."""
    text = (PAGES / "tables.md").read_text("utf-8")
    assert page(text) == text
    assert len(text.splitlines()) < 500


def test_the_page_lists_every_check():
    """Each check's code can be looked up."""
    text = (PAGES / "catalogue.md").read_text("utf-8")
    assert [check.code for check in CHECKS if f"`{check.code}`" not in text] == []


def test_a_page_without_marks_is_refused():
    """The generated part needs its place."""
    with pytest.raises(CatalogueError):
        page("# No marks")
