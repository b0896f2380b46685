"""Folding, in the index and in questions."""

import unicodedata

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.catalogue.fold import PAIRS, SPELLED_OUT, WHOLE, folded, indexed, joined, split, whole
from tenuto.catalogue.search_text import search_rows

TEXTS = [
    "AC/DC",
    "don't stop",
    "R.E.M.",
    "P!nk",
    "A$AP $uicideboy$ 5$",
    "東京事変 live",
    "ΣΊΣΥΦΟΣ",
    "R&B + x",
    "a!b!c!d",
    "",
]


def in_sql(texts):
    """Fold texts in DuckDB as titles."""
    names = dict.fromkeys(("title", "artist", "release"), "string")
    query = ibis.to_sql(search_rows(ibis.table({"rowid": "int64"} | names, name="texts")), dialect="duckdb")
    with duckdb.connect() as connection:
        rows = {"rowid": range(len(texts)), "title": texts, "artist": texts, "release": [None] * len(texts)}
        connection.register(
            "texts", pa.table(rows, pa.schema({"rowid": pa.int64()} | dict.fromkeys(names, pa.string())))
        )
        found = connection.sql(f"FROM ({query}) ORDER BY rowid").to_arrow_table().to_pylist()
    assert {row["release"].strip() for row in found} <= {""}
    assert [row["title"].partition(WHOLE)[0].split() for row in found] == [row["artist"].split() for row in found]
    return [(split(row["artist"]), "".join(row["title"].partition(WHOLE)[1:])) for row in found]


def test_the_index_and_the_question_fold_alike():
    """For every character Unicode had assigned by this Python, SQL and Python give the same words and whole title."""
    codes = (code for code in range(1, 0x30000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"})
    texts = [*(f"a{chr(code)}b {chr(code)}" for code in codes), *TEXTS]
    pairs = zip(texts, in_sql(texts), strict=True)
    assert [text for text, sql in pairs if sql != (indexed(text), whole(text))] == []


@given(st.text())
def test_folding_twice_changes_nothing(text):
    """No replacement makes a character that another would replace."""
    assert folded(folded(text)) == folded(text)


def test_each_character_is_folded_once():
    """No character stands in the tables twice, and each that is replaced has its place."""
    letters = [*PAIRS[0][0], *PAIRS[1][0], *(letter for letter, _ in SPELLED_OUT)]
    assert len(letters) == len(set(letters))
    assert [len(after) <= len(before) for before, after in PAIRS] == [True, True]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ｈｅｌｌｏ　Ｗｏｒｌｄ！", "hello\u3000world!"),
        ("ŁØĐẞœ", "lodssoe"),
        ("ﾊﾝｶｸ ﾃﾞ", "ハンカク テ"),
        ("أَحْمَد إلى", "احمد الي"),
        ("Ёжик й", "ежик и"),
        ("Ήλιος", "ηλιοσ"),
        ("don’t", "don't"),
    ],
)
def test_spellings_become_one(text, plain):
    """Width, strokes, ligatures, vowel points, alef forms, accents and apostrophes do not tell words apart."""
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AC/DC", ["ac", "dc", "acdc"]),
        ("R.E.M.", ["r", "e", "m", "rem"]),
        ("P!nk", ["p", "nk", "pink"]),
        ("Help!", ["help"]),
        ("東京事変", ["東京", "事変", "東", "京事", "変"]),
        ("Simon & Garfunkel", ["simon", "and", "garfunkel"]),
        ("???", []),
        ("★", ["★"]),
    ],
)
def test_words_are_indexed(text, words):
    """Words stand joined and apart, runs without spaces in pairs, signs as words."""
    assert indexed(text) == words


def test_a_whole_title_is_one_word():
    """Gaps and signs do not tell whole titles apart, and a title without words has none."""
    assert (whole("AC/DC live"), whole("?!")) == (WHOLE + "acdclive", "")
    assert joined("don't") == "dont"
