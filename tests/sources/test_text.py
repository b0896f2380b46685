import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.sources.text import LONGEST_LINE, clean_line, clean_path, clean_text, escaped

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  A\tB\r\n C ", "A B C"),
        ("\ufeffT\0itle\x07", "Title"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("\udcff", "\ufffd"),
        ("cafe\u0301", "caf\xe9"),
        ("\u202egnp\u202c", "\u202egnp\u202c"),
        ("a" + "\u0301" * 10_000, "\xe1" + "\u0301" * 7),
        ("x" * 5_000, "x" * LONGEST_LINE),
        ("\x00\x01", ""),
    ],
    ids=range(9),
)
def test_lines_become_clean(raw, expected):
    """M4, M5: controls go, halves are replaced, bidi marks stay, stacks of marks and lengths end."""
    assert clean_line(raw) == expected


def test_texts_keep_their_lines():
    """A licence text is several lines."""
    assert clean_text(" a\r\nb\rc\0 ") == "a\nb\nc"


@given(ANY_TEXT)
def test_clean_text_is_valid_and_stays_as_it_is(raw):
    """Cleaning gives what UTF-8 can hold, in NFC, and a second cleaning changes nothing."""
    clean = clean_line(raw)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_line(clean) == clean


@given(
    *[
        st.one_of(
            st.binary(min_size=1, max_size=40), st.text(" ae\u0301%\n\u1100\u1161\u212b", min_size=1).map(str.encode)
        )
    ]
    * 2
)
def test_escaping_keeps_names_apart(one, other):
    """Any two names on a disk have different spellings, each clean text."""
    first, second = (raw.decode("utf-8", "surrogateescape") for raw in (one, other))
    assert (escaped(first) == escaped(second)) == (one == other)
    assert clean_path(escaped(first)) == escaped(first)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("A B/caf\xe9.ogg", "A B/caf\xe9.ogg"),
        ("100%.ogg", "100%25.ogg"),
        ("a\nb.ogg", "a%0Ab.ogg"),
        ("\udcff.ogg", "%FF.ogg"),
        ("e\u0301.ogg", "e%CC%81.ogg"),
        (" a.ogg", "%20a.ogg"),
        ("a  b.ogg", "a%20%20b.ogg"),
        ("\u212b.ogg", "%E2%84%AB.ogg"),
        ("\u1100\u1161\xe9.ogg", "%E1%84%80%E1%85%A1%C3%A9.ogg"),
    ],
)
def test_a_name_is_spelt_exactly(path, expected):
    """What cleaning would change is spelt in bytes; ordinary names stay readable."""
    assert escaped(path) == expected
