"""Folding, in the index and in questions."""

import duckdb
import ibis
import pyarrow as pa

from tenuto.catalogue.fold import PAIRS, SPELLED_OUT, folded
from tenuto.catalogue.identity import fold


def test_the_index_and_the_question_fold_alike():
    """For every character of the two planes that scripts use, SQL and Python give the same folded text."""
    characters = [chr(code) for code in range(1, 0x20000) if not 0xD800 <= code < 0xE000]
    words = [f"a{character}b" for character in characters]
    query = ibis.to_sql(
        ibis.table({"word": "string"}, name="words").select(text=lambda t: fold(t.word)), dialect="duckdb"
    )
    with duckdb.connect() as connection:
        connection.register("words", pa.table({"word": words}))
        found = connection.sql(query).to_arrow_table()["text"].to_pylist()
    pairs = zip(words, found, map(folded, words), strict=True)
    assert [word for word, sql, python in pairs if sql != python] == []


def test_folding_twice_changes_nothing():
    """No replacement makes a character that another would replace."""
    for character in (*PAIRS[0], *(letter for letter, _ in SPELLED_OUT)):
        assert folded(folded(character)) == folded(character)


def test_each_character_is_folded_once():
    """No character stands in the table twice, and each that is replaced has its place."""
    letters = [*PAIRS[0], *(letter for letter, _ in SPELLED_OUT)]
    assert len(letters) == len(set(letters))
    assert len(PAIRS[1]) < len(PAIRS[0])
    assert folded("Ｈｅｌｌｏ　Ｗｏｒｌｄ！") == "Hello World!"
    assert folded("ŁØĐẞœ") == "lodssoe"
