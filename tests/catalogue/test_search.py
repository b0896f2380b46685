"""Search: finds what people mean, and no input breaks it (M3)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenuto.catalogue.search import question, search

HOSTILE = [
    'foo"',
    "AC/DC",
    "-foo",
    "*",
    "NEAR(",
    "NEAR(a b, 2)",
    "col:",
    "title:first",
    "{title artist}:x",
    "(" * 500,
    "a AND OR NOT",
    "^first",
    "a + b",
    '"""',
    "'",
    "';--",
    "word " * 20_000,
    "\0",
    "first\0song",
    "",
    " \n\t",
    "\udcff",
    "fi\udcffrst",
    "\u202e",
    "\u0301" * 10_000,
    "𐀀" * 300,
    "\ue000",
    "%s {0} $1 \\",
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_words(built, words):
    """Operators, quotes, brackets, NUL, lone surrogates and floods are text to look for."""
    assert isinstance(search(built.path, words), tuple)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(), max_size=300) | st.text('"*()^:-+{} \0ANDORTfisg', max_size=300))
def test_any_text_may_be_asked(built, words):
    """No text is an error."""
    assert isinstance(search(built.path, words), tuple)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("agren’s", "open/first.opus"),
        ("ÅGREN FIRST", "open/first.opus"),
        ("song first bela collected", "open/first.opus"),
        ("lukasz agr", "open/first.opus"),
        ("Łukasz ågren", "open/first.opus"),
        ("carl agren", "open/first.opus"),
        ("ac/dc", "open/second.ogg"),
        ("AC DC", "open/second.ogg"),
        ("lodz oresund strasse", "nasty/strokes.ogg"),
        ("ŁÓDŹ ØRESUND STRASSE", "nasty/strokes.ogg"),
        ("tokyo NIGHT", "nasty/full-width.ogg"),
        ("ｔｏｋｙｏ", "nasty/full-width.ogg"),
        ("invisible", "nasty/hidden.ogg"),
        ("in\u200bvisible", "nasty/hidden.ogg"),
        ("zalgo", "nasty/marks.ogg"),
        ("after before", "nasty/nul.ogg"),
        ("drop table tracks", "nasty/sql.ogg"),
        ("gnos li", "nasty/bidi.ogg"),
    ],
)
def test_words_find_what_is_meant(built, tid, words, name):
    """Case, accents, order and an unfinished last word do not matter; words may stand in any column."""
    assert tid(name) in [hit.id for hit in search(built.path, words)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("first nothing", "open/first.opus"),
        ("agern first", "open/first.opus"),
        ("agrn first", "open/first.opus"),
        ("aggren first", "open/first.opus"),
        ("first xgren", "open/first.opus"),
        ("acdc", "open/second.ogg"),
        ("agrens", "open/first.opus"),
        ("agrens agrens zed", "open/first.opus"),
        ("title:agrens artist:bela", "open/first.opus"),
        ("release:collected agrens", "open/first.opus"),
    ],
)
def test_one_error_is_forgiven(built, tid, words, name):
    """A letter wrong, missing, added or swapped, a word too many, a sign left out: the track is found."""
    assert tid(name) in [hit.id for hit in search(built.path, words)]


@pytest.mark.parametrize("words", ["rst", "xyz", "agxxn", "title:bela", "artist:agrens", "xyz qqqq"])
def test_nothing_alike_finds_nothing(built, words):
    """The end of a word, two errors in one word, and a word of another column find nothing."""
    assert search(built.path, words) == ()


def test_the_best_match_comes_first(tmp_path, write, make):
    """A whole title or artist outweighs a part of one, and ties stand in the order of popularity."""
    from tenuto.catalogue.build import build
    from tenuto.model.progress import Silent

    rows = [
        make("a.ogg", 4, "Nobody", "Harbour Town"),
        make("c.ogg", 1, "Harbour", "Other"),
        make("b.ogg", 2, "Somebody", "Harbour"),
        make("d.ogg", 3, "Harbour", "Other"),
        *(make(f"z{number}.ogg", 10 + number, "Nobody", "Nothing") for number in range(20)),
    ]
    build(write(tmp_path / "records", rows), tmp_path / "x.sqlite3", Silent())
    hits = search(tmp_path / "x.sqlite3", "harbour")
    assert [(hit.title, hit.artist) for hit in hits] == [
        ("Harbour", "Somebody"),
        ("Other", "Harbour"),
        ("Other", "Harbour"),
        ("Harbour Town", "Nobody"),
    ]
    assert [hit.score for hit in hits] == [0, 1, 2, 3]
    assert search(tmp_path / "x.sqlite3", "harbour", limit=1, offset=2) == hits[2:3]


def test_a_hit_tells_what_a_list_shows(built, tid):
    """Id, names, length, decision, and whether the store holds it."""
    (hit,) = search(built.path, "agren")
    assert hit.id == tid("open/first.opus")
    assert (hit.title, hit.artist, hit.release) == ("Ågren's First Song", " Béla  feat. Łukasz", "Collected")
    assert (hit.duration_ms, hit.decision, hit.held) == (60_000, "open", True)


@pytest.mark.parametrize(
    ("limit", "offset", "count"), [(0, 0, 0), (-5, 0, 0), (1, 0, 1), (10**9, -1, 4), (1, 10**12, 0)]
)
def test_limits_are_bounded(built, limit, offset, count):
    """Absurd limits and offsets give what there is (W4)."""
    assert len(search(built.path, "rex", limit, offset)) == count


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", None),
        ("( ) *", None),
        ("foo", '"foo"*'),
        ('foo" bar', '"foo" AND "bar"*'),
        ("a - b", '"a" AND "b"*'),
        ("Straße", '"strasse"*'),
    ],
)
def test_each_word_is_quoted(words, text):
    """Words without a letter, a number or a sign are left out, the last one may go on."""
    assert question(words) == text


def test_a_question_is_bounded():
    """At most 32 words of the first 256 characters are asked."""
    assert question("ab " * 20_000).count(" AND ") == 31
    assert len(question("x" * 20_000)) == 256 + 3
