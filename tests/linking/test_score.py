import hashlib

import pytest

from tenuto.linking.score import BLOCK, candidates, fold_texts

SAME = [
    (("Yesterday", "The Beatles", 125), ("Yesterday", "Beatles", 126)),
    (("Déjà vu", "Beyoncé", 240), ("DEJA VU", "BEYONCE", 241)),
    (("Группа крови", "Кино", 284), ("Gruppa krovi", "Kino", 285)),
    (("Щелкунчик", "Чайковский", 284), ("Shchelkunchik", "Tchaikovsky", 285)),
    (("ファンタジー", "チャゲ", 200), ("Fantajii", "Chage", 201)),
    (("Big Hit (feat. Someone)", "Main Artist", 230), ("Big Hit", "Main Artist", 231)),
    (("Love Me Do - Remastered 2009", "The Beatles", 140), ("Love Me Do", "The Beatles", 141)),
    (("My Song (Original Mix)", "DJ", 300), ("My Song", "DJ", 300)),
    (("長く短い祭", "椎名林檎", 312), ("長く短い祭", "椎名林檎", 312)),
    (("Symphony No. 5", "Ludwig van Beethoven", 300), ("Symphony No. 5", "Beethoven, Ludwig van", 301)),
    (("Day Tripper", "The Beatles", 170), ("Day Tripper", "Beatles, The", 169)),
    (("Wandering Star", "Portishead", 291), ("Wandring Star", "Portishaed", 291)),
    (("Wandering Star", "Portishead", 291), ("03 - Portishead - Wandering Star", None, 291)),
    (("Song", "Main Artist", 230), ("Song", "Main Artist feat. Some Guest", 231)),
    (("Concerto for Oboe and Orchestra in C", "Mozart", 400), ("Concerto for Oboe and Orchestr", "Mozart", 400)),
    (("Περιμένω", "Χάρις Αλεξίου", 200), ("Perimeno", "Haris Alexiou", 201)),
    (("أنت عمري", "أم كلثوم", 3600), ("انت عمري", "ام كلثوم", 3601)),
    (("Hey Jude (2015 Remaster)", "The Beatles", 425), ("Hey Jude", "The Beatles", 427)),
]
APART = [
    (("Yesterday", "The Beatles", 125), ("Yesterday", "Ray Charles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday (live)", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday [Remix]", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday (Instrumental)", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday (tribute)", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday", "The Beatles", 160)),
    (("True Grit and Honour (full)", "Band", 62), ("True Grit and Honour (underscore)", "Band", 62)),
    (("Shine On (Part 1)", "Band", 300), ("Shine On (Part 2)", "Band", 300)),
    (("Yesterday", "The Beatles", 125), ("Tomorrow", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday (acoustic)", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday (radio edit)", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday II", "The Beatles", 125)),
    (("Yesterday", "The Beatles", 125), ("Yesterday (Part Two)", "The Beatles", 125)),
    (("Symphony No. 5", "Beethoven", 300), ("Symphony No. 6", "Beethoven", 300)),
    (("Symphony No. 5: I. Allegro", "Beethoven", 300), ("Symphony No. 5: II. Andante", "Beethoven", 300)),
    (("Étude III", "Band", 300), ("Étude IV", "Band", 300)),
    (("Song (Alpha Remix)", "Band", 300), ("Song (Omega Remix)", "Band", 300)),
    (("Song (live at Wembley)", "Band", 300), ("Song (live at Budokan)", "Band", 300)),
    (
        ("True Grit (30 second)", "A Very Long Name Of Some Ensemble", 30),
        ("Bunker Boys (30 second)", "A Very Long Name Of Some Ensemble", 30),
    ),
    (("Imagine", "John Lennon", 180), ("Imagine", "Imagine Tribute Band", 180)),
]


def pair(records, one, other, **facts):
    """Put two recordings of different sources in and link; gives the pairs accepted."""
    records.recording("a", "1", *one, **facts)
    records.recording("b", "2", *other, **facts)
    records.link()
    return records.links("recording")


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_recording_under_two_names_is_linked(records, one, other):
    """Accents, scripts, `feat.`, word order and remasters do not part a recording from itself."""
    assert pair(records, one, other) == [("1", "2")]


@pytest.mark.parametrize(("one", "other"), APART)
def test_recordings_of_one_work_stay_apart(records, one, other):
    """A cover, a live version, a remix, another take or part is another recording, even under one ISRC."""
    assert pair(records, one, other, isrcs=("GBAYE6500521",)) == []


def test_an_identifier_alone_never_merges(records):
    """The same ISRC on other songs, on two or on a thousand, links none of them."""
    for number in range(2):
        records.recording(
            "a", f"few{number}", f"Song {'xyz'[number] * 5}", f"Band {number}", 200, isrcs=["USAAA0000001"]
        )
    for number in range(BLOCK + 1):
        title, artist = (
            letters[number % 10] * 4 + letters[-1 - number // 10] * 5 for letters in ("bcdfghjklmn", "pqrstvwxzyk")
        )
        records.recording("b", f"many{number}", title, artist, 100, isrcs=["USAAA0000002"])
    records.link()
    assert records.links("recording") == []
    assert records.links("recording", "review") == []


def test_other_isrcs_make_a_link_doubtful(records):
    """Recordings alike in all but their ISRCs are for a person to look at."""
    records.recording("a", "1", "Song", "Band", 200, isrcs=["USAAA0000001"])
    records.recording("b", "2", "Song", "Band", 200, isrcs=["USAAA0000002"])
    records.link()
    assert (records.links("recording"), records.links("recording", "review")) == ([], [("1", "2")])


TRACKS = [("Wandering", 200), ("Hollow Moon", 180), ("Paper Birds", 240), ("Glass River", 300)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "accepted"),
        ({"barcode": "720642442524"}, "accepted"),
        ({"barcode": "5099902894522"}, "review"),
        ({"country": "JP"}, "review"),
        ({"date": "1993-05-01"}, "accepted"),
    ],
)
def test_editions_of_a_release_are_told_apart(records, facts, expected):
    """The same tracks under another barcode or country are another edition; an unknown one is no reason."""
    first = {"date": "1991", "country": "US", "barcode": "0720642442524"}
    records.release("a", "1", "Night Walk", "The Band", TRACKS, **first)
    records.release("b", "2", "NIGHT WALK", "Band", TRACKS, **facts)
    records.link()
    assert records.links("release", expected) == [("1", "2")]


def test_volumes_and_other_contents_are_apart(records):
    """Volumes of a series, and namesakes with other tracks, are other releases."""
    records.release("a", "1", "Hits Vol. 1", "Various Artists", ["One", "Hollow Moon", "Paper Birds", "Silver Rain"])
    records.release("b", "2", "Hits Vol. 2", "Various Artists", ["Two", "Amber Road", "Green Fields", "Lost Coin"])
    records.release("a", "3", "Band", "Band", ["Alpha Song", "Beta Song", "Gamma Tune"])
    records.release("b", "4", "Band", "Band", ["Delta Dance", "Epsilon March", "Zeta Waltz"])
    records.link()
    assert records.links("release") == []


def test_an_artist_needs_more_than_a_name(records):
    """Two artists of one name are linked where they share works, not where they only share the name."""
    for source in "ab":
        records.artist(source, f"{source} Mary", "Mary", type="Person")
        records.artist(source, f"{source} Кино" if source == "a" else "b Kino", "Кино" if source == "a" else "Kino")
    records.recording("a", "1", "Morning Light", "Mary", 100)
    records.recording("b", "2", "Evening Shade", "Mary", 100)
    for source, name in (("a", "Кино"), ("b", "Kino")):
        for title in ("Gruppa krovi", "Zvezda po imeni Solntse", "Pachka sigaret"):
            records.recording(source, f"{source}{title}", title, name, 100)
    records.link()
    assert records.links("artist") == [("a Кино", "b Kino")]


def test_a_link_tells_its_evidence(records):
    """Each comparison is told with the level it reached and the bits it adds."""
    records.recording("a", "1", "Song", "Band", 200, isrcs=["USAAA0000001"])
    records.recording("b", "2", "Song", "Band", 201, isrcs=["USAAA0000001"])
    records.link()
    ((evidence,),) = records.engine.execute("SELECT evidence FROM links").fetchall()
    assert (
        evidence
        == "title: same +5.9; artist: same +1.8; length: within 2 s +5.0; marks: same +0.4; source: other +0.5; "
        "isrc: shared +3.1"
    )


def test_no_key_makes_more_pairs_than_its_block(records):
    """A title that more records share than a block holds makes no pair; one below does."""
    for number in range(BLOCK + 1):
        name = (
            hashlib.sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))[:20]
        )
        records.recording("a", f"{number:03}", "Intro", name, 10 * number)
    records.recording("a", "x", "Outro", "Band", 10)
    records.recording("b", "y", "Outro", "Band", 11)
    fold_texts(records.engine)
    assert candidates(records.engine, "recording").pairs == 1


def test_namesakes_of_one_year_are_doubtful(records):
    """Artists of one name need the same day of birth; the year alone is for a person to judge."""
    for source, born in (("a", "1970"), ("b", "1970")):
        records.artist(source, source, "John Smith", type="Person", begin=born)
    records.artist("c", "c", "Anna Example", begin="1970-02-03")
    records.artist("d", "d", "Anna Example", begin="1970-02-03")
    records.link()
    assert (records.links("artist"), records.links("artist", "review")) == ([("c", "d")], [("a", "b")])
