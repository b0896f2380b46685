"""Mappings: what is wrong in one is said with its place, and a table without terms is refused."""

from pathlib import Path

import pytest

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
