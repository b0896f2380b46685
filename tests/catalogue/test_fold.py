"""Folding, in the index and in questions."""

import unicodedata

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenuto.catalogue.fold import PAIRS, SPELLED_OUT, WHOLE, folded, indexed, joined, marked, size, split, whole
from tenuto.catalogue.search_text import worded

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
    "two  spaces ",
    "a\n",
    "-- -",
]
_CHARACTERS = st.sampled_from("ab é1 ÅßøЙσςαあア東京ｱＡ봄 '\u2019.-&+$!@/_*`\u3000\u200b\u0301\n\t…«ً") | st.characters(
    exclude_categories=("Cs", "Cn"), exclude_characters="\0"
)


def in_sql(texts):
    """Fold texts in DuckDB."""
    query = ibis.to_sql(worded(ibis.table({"key": "int64", "text": "string"}, name="texts")), dialect="duckdb")
    with duckdb.connect() as connection:
        rows = {"key": range(len(texts)), "text": texts}
        connection.register("texts", pa.table(rows, pa.schema({"key": pa.int64(), "text": pa.string()})))
        found = connection.sql(f"FROM ({query}) ORDER BY key").to_arrow_table().to_pylist()
    assert [row["marked"].partition(WHOLE)[0].split() for row in found] == [row["words"].split() for row in found]
    return [(split(row["words"]), "".join(row["marked"].partition(WHOLE)[1:]), row["size"]) for row in found]


def in_python(text):
    """Fold a text in Python."""
    return indexed(text), whole(text), size(text)


def test_the_index_and_the_question_fold_alike():
    """For every character Unicode had assigned by this Python, SQL and Python give the same words and whole title."""
    codes = (code for code in range(1, 0x30000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"})
    texts = [*(f"a{chr(code)}b {chr(code)}" for code in codes), *TEXTS]
    pairs = zip(texts, in_sql(texts), strict=True)
    assert [text for text, sql in pairs if sql != in_python(text)] == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(_CHARACTERS, max_size=30), min_size=1, max_size=60))
def test_any_text_folds_alike(texts):
    """Whatever the mixture of scripts, signs and spaces, SQL and Python give the same."""
    assert in_sql(texts) == [in_python(text) for text in texts]


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
    assert marked("AC/DC live") == ["ac", "dc", "live", "acdc", "live", WHOLE + "acdclive"]
    assert marked("?!") == []


def test_words_are_counted_as_a_person_would():
    """Signs inside a word do not part it, and a run without spaces is one."""
    assert [size("AC/DC", "don't stop"), size("東京 事変", ""), size("?!")] == [3, 2, 0]
