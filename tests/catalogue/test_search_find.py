"""Finding rows of the index: what is meant, best first, whatever is asked."""

import apsw
import pytest

from tenuto.catalogue.docs import script
from tenuto.catalogue.fold import SIZE, indexed, marked, size
from tenuto.catalogue.search_asked import asked
from tenuto.catalogue.search_find import WINDOW, find
from tenuto.catalogue.search_index import finish_search, first_varint, prepare_search
from tenuto.catalogue.search_words import Words

NAMES = "SELECT key, title, artist FROM names WHERE key IN (SELECT value FROM json_each(?))"
ROWS = [
    *((f"Love {number}", "Crowd", "Hits") for number in range(3 * WINDOW)),
    ("Love", "Nobody", "Rare"),
    ("Yesterday", "The Beatles", "Help!"),
    ("Help!", "The Beatles", "Help!"),
    ("Back in Black", "AC/DC", "Back in Black"),
    ("So What", "P!nk", "Funhouse"),
    ("Losing My Religion", "R.E.M.", "Out of Time"),
    ("丸ノ内サディスティック", "椎名林檎", "無罪モラトリアム"),
    ("봄날", "방탄소년단", "You Never Walk Alone"),
    ("月亮代表我的心", "鄧麗君", "島國之情歌"),
    ("إنت عمري", "أم كلثوم", "إنت عمري"),
    ("Группа крови", "Кино", "Группа крови"),
    ("L'amour", "Carla Bruni", "Quelqu'un m'a dit"),
    ("Don't Stop", "Fleetwood Mac", "Rumours"),
]
KEYS = {title: key for key, (title, _, _) in enumerate(ROWS, 1)}


@pytest.fixture(scope="module")
def connection():
    """Index the rows, the first the most popular."""
    opened = apsw.Connection(":memory:")
    tables = [block for block in script("schema").split("\n\n") if "TABLE search" in block]
    opened.execute("\n".join(tables))
    opened.execute("CREATE TABLE names (key INTEGER PRIMARY KEY, title, artist)")
    prepare_search(opened)
    rows = [
        (key, *map(" ".join, ([*marked(title), f"{SIZE}{size(title, artist)}"], marked(artist), indexed(release))))
        for key, (title, artist, release) in enumerate(ROWS, 1)
    ]
    opened.executemany("INSERT INTO search (rowid, title, artist, release) VALUES (?, ?, ?, ?)", rows)
    opened.executemany("INSERT INTO names VALUES (?, ?, ?)", [(KEYS[row[0]], *row[:2]) for row in ROWS])
    finish_search(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("beatles yesterday", "Yesterday"),
        ("yest", "Yesterday"),
        ("yesterdya beatles", "Yesterday"),
        ("yestreday", "Yesterday"),
        ("beatles yesterday zzz", "Yesterday"),
        ("beatles crowd yesterday", "Yesterday"),
        ("beatlse help", "Help!"),
        ("acdc", "Back in Black"),
        ("AC/DC", "Back in Black"),
        ("ac dc black", "Back in Black"),
        ("pink", "So What"),
        ("p!nk", "So What"),
        ("rem", "Losing My Religion"),
        ("R.E.M.", "Losing My Religion"),
        ("サディス", "丸ノ内サディスティック"),
        ("ｻﾃﾞｨｽ", "丸ノ内サディスティック"),
        ("林檎", "丸ノ内サディスティック"),
        ("檎", "丸ノ内サディスティック"),
        ("丸ノ内ザディスティッグ", "丸ノ内サディスティック"),
        ("丸ノ内マディスティック", "丸ノ内サディスティック"),
        ("소년단", "봄날"),
        ("代表", "月亮代表我的心"),
        ("انت عمري", "إنت عمري"),
        ("ام كلثوم", "إنت عمري"),
        ("группа кино", "Группа крови"),
        ("група крови", "Группа крови"),
        ("amour", "L'amour"),
        ("l’amour", "L'amour"),
        ("dont stop", "Don't Stop"),
        ("DON’T stop", "Don't Stop"),
        ("love", "Love"),
        ("love nobody", "Love"),
        ("title:help artist:beat", "Help!"),
        ("kelp beatles", "Help!"),
        ("hlp beatles", "Help!"),
        ("the beatle yesterday", "Yesterday"),
        ("Yesterday TheBeatles", "Yesterday"),
        ("YesterdayThe Beatles", "Yesterday"),
        ("Yes terday The Beatles", "Yesterday"),
        ("Yesterday vhe Beatles", "Yesterday"),
        ("aYesterday The Beatles", "Yesterday"),
        ("So Wha P!nk", "So What"),
        ("椎名林植 丸ノ内", "丸ノ内サディスティック"),
        ("丸ノサ内ディスティック", "丸ノ内サディスティック"),
        ("봄날 방탄년소단", "봄날"),
        ("봄 날 방탄소년단", "봄날"),
        ("鄧麗x", "月亮代表我的心"),
        ("انت عمر ام كلثوم", "إنت عمري"),
        ("كلثزم", "إنت عمري"),
        ("кинр группа крови", "Группа крови"),
        ("ГРУППА КИНО", "Группа крови"),
        ("Ｂｅａｔｌｅｓ　ｙｅｓｔｅｒｄａｙ", "Yesterday"),
    ],
)
def test_what_is_meant_comes_first(connection, words, title):
    """Spellings, scripts, beginnings, one typing error, a word too many, and a rare whole title among popular ones."""
    assert find(connection, words, NAMES)[0] == KEYS[title]


def test_popular_ones_come_first_and_pages_meet(connection):
    """Pages of any size give each match once, ranked ones first, then by popularity."""
    full = find(connection, "love", NAMES, 1000)
    assert full == (KEYS["Love"], *range(1, 3 * WINDOW + 1))
    pages = [find(connection, "love", NAMES, 7, offset) for offset in range(0, 3 * WINDOW + 20, 7)]
    assert tuple(row for page in pages for row in page) == full


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("愛 " * 100, []),
        ("東" * 250, []),
        ("a.b.c.d." * 30, []),
        ("x!" * 120, []),
        ("abcdefgh " * 30, []),
        ("a/" * 99, ["Back in Black", "봄날", "L'amour"]),
        ("title: artist:", []),
        ("love " * 50, [f"Love {number}" for number in range(20)]),
    ],
)
def test_floods_are_bounded(connection, words, titles):
    """However much is asked, no more than its first words are looked for, and what has them is found."""
    assert sorted(find(connection, words, NAMES)) == sorted(KEYS[title] for title in titles)


@pytest.mark.parametrize(
    ("words", "forms", "field"),
    [
        ("AC/DC", (("acdc",), ("ac", "dc")), ""),
        ("東京事変", (("東京", "京事", "事変"),), ""),
        ("love愛", (("love", "愛"),), ""),
        ("artist:R.E.M.", (("rem",), ("r", "e", "m")), "artist"),
        ("col:", (("col",),), ""),
        ("title:", (("title",),), ""),
    ],
)
def test_words_are_taken_apart(words, forms, field):
    """A word may be written in several ways, in a column where it says so."""
    (word,) = asked(words)
    assert (word.forms, word.field, word.unfinished) == (forms, field, True)


@pytest.mark.parametrize("word", ["yesterda", "yesterdaay", "yesterdey", "yestedray", "eyesterday", "esterday"])
def test_one_typing_error_is_near(connection, word):
    """A letter missing, added, wrong or swapped; two errors are not near, nor is anything to a single letter."""
    words = Words(connection)
    assert list(words.near(word)) == ["yesterday"]
    assert (words.near("yestexxay"), words.near("hlp"), words.near("h")) == ({}, {"help": 2}, {})


def test_words_run_together_are_parted(connection):
    """A space left out, or hit beside; what is a word is not parted."""
    words = Words(connection)
    assert [words.halves(word) for word in ("dontstop", "dontxstop", "stop", "qqqq")] == [
        [("dont", "stop")],
        [("dont", "stop")],
        [],
        [],
    ]


@pytest.mark.parametrize(("block", "number"), [(b"\x05\x99", 5), (b"\x81\x00", 128), (b"\xff\xff\x7f", (1 << 21) - 1)])
def test_a_number_is_read(block, number):
    """Seven bits of a byte count, and the top bit says that another follows."""
    assert first_varint(block) == number
