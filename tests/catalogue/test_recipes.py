"""Every recipe of docs/recipes.md runs, and gives what the page shows."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
_RECIPE = re.compile(
    r"^## (?P<title>.+?)\n.*?```sql\n(?P<sql>.*?)```\n\n```text\n(?P<shown>.*?)```", re.DOTALL | re.MULTILINE
)
RECIPES = {found["title"]: (found["sql"], found["shown"]) for found in _RECIPE.finditer(PAGE.read_text("utf-8"))}
BY_CHANCE = {"True shuffle", "A random album"}


def given(path, query):
    """Give the lines that a query answers with, the names of its columns first."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.create_function("unhex", 1, bytes.fromhex)  # Python's SQLite may be older than 3.41
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [" | ".join("" if one is None else str(one) for one in row) for row in (names, *cursor)]


def test_every_heading_is_a_recipe_with_its_answer():
    """No recipe stands on the page without what it gives."""
    headings = re.findall(r"^## (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert list(RECIPES) == headings
    assert len(headings) >= 12


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_gives_what_the_page_shows(with_dumps, title):
    """Each recipe's answer is the one beside it, the order left aside where it is by chance."""
    query, shown = RECIPES[title]
    found, expected = given(with_dumps.path, query), shown.splitlines()
    if title == "A random album":
        known = given(with_dumps.path, "SELECT id, title FROM releases")
        assert set(found) | set(expected) <= set(known)
        assert len(found) == len(expected) == 2
    elif title in BY_CHANCE:
        assert sorted(found) == sorted(expected)
    else:
        assert found == expected


def test_a_shuffle_is_another_each_time(with_dumps):
    """Of fifty shuffles not all are the same, and each has every recording once."""
    query, _ = RECIPES["True shuffle"]
    found = {tuple(given(with_dumps.path, query)) for _ in range(50)}
    assert len(found) > 1
    assert len({tuple(sorted(one)) for one in found}) == 1
