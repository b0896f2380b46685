"""Mappings: what is wrong in one is said with its place, and a table without terms is refused."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.errors import ConfigError
from tenuto.sources.table_mapping import parse_mapping

GOOD = (Path(__file__).parent / "fixtures" / "table" / "songs.toml").read_text("utf-8")


def test_a_mapping_states_its_source():
    """Name, home, terms and licence are those of the file; columns are read or left alone."""
    found = parse_mapping(GOOD, "songs.toml")
    assert (found.name, found.home, found.terms.metadata_licence) == ("our-songs", "https://songs.example/", "CC0-1.0")
    songs = found.tables[0]
    assert (songs.rows, songs.key, songs.delimiter) == ("tracks", ("shelf", "no"), ";")
    assert (songs.shape["mood"], songs.shape["song"], songs.shape["no"]) == ("-", "text", "text")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('metadata_licence = "CC0-1.0"', "", "terms.metadata_licence is missing"),
        ('summary = "A list that we wrote ourselves."', 'summary = " "', "terms.summary is missing"),
        ('home = "https://songs.example/"', "", "home is missing"),
        ('name = "our-songs"', 'name = "../songs"', "is no name for a source"),
        ('artist = { column = "by", separator = " & " }', 'artits = "by"', "unknown key `tables.songs.columns.artits`"),
        ('key = ["shelf", "no"]', "", "tables.songs lacks its key"),
        ('key = ["shelf", "no"]', "key = 7", "tables.songs.key is 7"),
        ('title = { column = "song", default = "[untitled]" }', "", "tables.songs lacks its title"),
        ('unit = "m:ss"', 'unit = "hours"', "duration has no unit"),
        ('date = "made"', 'date = { column = "made", pattern = "x" }', "date has a pattern"),
        ('date = "made"', 'date = { column = "made", value = "x" }', "date names no column"),
        ('date = "made"', 'date = { colunm = "made" }', "tables.songs.columns.date is"),
        ('rows = "tracks"', 'rows = "cats"', "rows is 'cats'"),
        ("pattern = 'Licen", "pattern = '" + "x" * 501 + "Licen", "a pattern over 500 characters"),
        ("[terms]", "[terms", "songs.toml: "),
        ("[terms]", "terms = 7\n[other]", "songs.toml: "),
    ],
)
def test_a_wrong_mapping_is_named(old, new, said):
    """The file and the place are in the message, and the hint says what would do."""
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        parse_mapping(GOOD.replace(old, new, 1), "songs.toml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("songs.toml: ")
    assert caught.value.hint


def test_no_table_is_no_mapping():
    """A mapping without a table is told."""
    with pytest.raises(ConfigError, match="it maps no table"):
        parse_mapping(GOOD[: GOOD.index("[tables.songs]")], "songs.toml")


PLAIN = st.recursive(
    st.sampled_from(['"x"', '"m:ss"', "7", "true", "1.5", "2001-01-01", '""']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["column", "value", "unit", "pattern", "rows", "key"]), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{name} = {value}" for name, value in items.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.integers(0, len(GOOD.splitlines()) - 1), PLAIN)
def test_no_value_raises_anything_else(at, value):
    """Whatever stands where a value stood, the mapping is read or refused by name."""
    lines = GOOD.splitlines()
    name, equals, _ = lines[at].partition(" = ")
    lines[at] = f"{name} = {value}" if equals else f"x{at} = {value}"
    with suppress(ConfigError):
        parse_mapping("\n".join(lines), "songs.toml")


@given(st.text())
def test_no_text_raises_anything_else(text):
    """Any text is refused by name."""
    with pytest.raises(ConfigError):
        parse_mapping(text, "songs.toml")
