import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenuto.sources.dep5 import claims, exact_claim, parse

HEADER = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"


def stanzas(*rows):
    """Write a copyright file from (patterns, licence) rows."""
    return HEADER + "".join(f"\nFiles: {files}\nCopyright: Us\nLicense: {licence}\n" for files, licence in rows)


def claimed(path, *rows):
    found = claims(parse(stanzas(*rows)), path)
    return [(claim.paragraph.licence, claim.glob.text, claim.confidence.value) for claim in found]


GAME = "usr/share/games/g"


@pytest.mark.parametrize(
    ("path", "rows", "expected"),
    [
        (f"{GAME}/a.ogg", [("*", "GPL-2")], [("GPL-2", "*", "default")]),
        (f"{GAME}/sounds/a.ogg", [("*", "GPL-2"), ("sounds/*", "CC0")], [("CC0", "sounds/*", "tail")]),
        (f"{GAME}/sounds/a.ogg", [("sounds/a.ogg", "CC0"), ("*", "GPL-2")], [("GPL-2", "*", "default")]),
        (
            f"{GAME}/audio/music/a.ogg",
            [("*", "G"), ("data/audio/music/*", "C")],
            [("C", "data/audio/music/*", "tail")],
        ),
        (f"{GAME}/audio/a.ogg", [("*", "G"), ("data/audio/a.ogg", "C")], [("C", "data/audio/a.ogg", "tail")]),
        (f"{GAME}/voice/a.ogg", [("*", "G"), ("src/a.ogg", "C")], [("C", "src/a.ogg", "partial")]),
        (f"{GAME}/a.ogg", [("*", "G"), ("*.ogg", "C")], [("C", "*.ogg", "tail")]),
        ("usr/share/x/a.ogg", [("*", "G"), ("usr/share/x/*", "C")], [("C", "usr/share/x/*", "exact")]),
        (f"{GAME}/a.ogg", [("other/*", "C")], []),
        (
            f"{GAME}/audio/hit/a.ogg",
            [("*", "G"), ("data/*", "C"), ("data/audio/x/*", "D")],
            [("C", "data/*", "partial")],
        ),
    ],
    ids=range(10),
)
def test_the_last_paragraph_that_matches_wins(path, rows, expected):
    """How surely it matches is told: whole path, tail, the pattern's own tail, or the default."""
    assert claimed(path, *rows) == expected


def test_a_program_folder_named_like_the_package_is_no_claim_on_its_data():
    """`g/*` is the program's source; other patterns show that the data lies in `share/g/Data`."""
    rows = [("*", "GPL-2"), ("share/g/Data/Sounds/*", "GFDL-1.3"), ("g/*", "MIT"), ("g/x.pas", "zlib")]
    assert claimed("usr/share/games/g/Data/Sounds/a.ogg", *rows) == [("GFDL-1.3", "share/g/Data/Sounds/*", "tail")]
    assert claimed("usr/share/games/g/Data/Music/a.ogg", *rows) == [("GPL-2", "*", "default")]
    assert claimed("usr/share/games/g/Music/a.ogg", ("*", "GPL-2"), ("g/*", "MIT")) == [("MIT", "g/*", "partial")]


def test_the_packages_own_folder_says_less_than_another():
    """Where `music` and the package's own name both occur, `music` shows where the source tree begins."""
    rows = [("*", "GPL-2"), ("music/*", "CC0"), ("g/*", "MIT")]
    assert claimed(f"{GAME}/music/a.ogg", *rows) == [("CC0", "music/*", "tail")]


def test_folders_that_packaging_dictates_say_nothing():
    """Every installed path has `share`; that the source has one too shows nothing."""
    rows = [("*", "GPL-2"), ("share/*", "MIT"), ("data/sound/*", "CC0")]
    assert claimed(f"{GAME}/sound/a.ogg", *rows) == [("CC0", "data/sound/*", "partial")]


def test_a_place_as_likely_where_nothing_matches_makes_a_claim_unsure():
    """If the tree may begin where no paragraph speaks of the file, the other place's claim is ambiguous."""
    rows = [("base/music/x.ogg", "MIT"), ("music/*", "CC0")]
    assert claimed(f"{GAME}/music/a.ogg", *rows) == [("CC0", "music/*", "ambiguous")]


def test_different_tails_with_different_licences_are_ambiguous():
    """Where the source tree's root could be in two places, every licence is told, none is chosen."""
    rows = [("*", "GPL-2"), ("base/music/*", "CC0"), ("extra/music/*", "CC-BY-3.0")]
    assert claimed(f"{GAME}/music/a.ogg", *rows) == [
        ("CC0", "base/music/*", "ambiguous"),
        ("CC-BY-3.0", "extra/music/*", "ambiguous"),
    ]
    same = [("*", "GPL-2"), ("base/music/*", "CC0"), ("extra/music/*", "cc0")]
    assert claimed(f"{GAME}/music/a.ogg", *same) == [("CC0", "base/music/*", "partial")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("*", "G"), ("data/sound/*", "C")], [("C", "data/sound/*", "tail")]),
        ([("*", "G"), ("sound/*", "C")], [("C", "sound/*", "tail")]),
        ([("*", "G"), ("data/music.pk3", "C")], [("C", "data/music.pk3", "tail")]),
        ([("*", "G")], [("G", "*", "default")]),
        (
            [("*", "G"), ("data/music.pk3", "C"), ("sound/*", "D")],
            [("C", "data/music.pk3", "ambiguous"), ("D", "sound/*", "ambiguous"), ("G", "*", "ambiguous")],
        ),
    ],
    ids=range(5),
)
def test_members_match_by_their_own_path_and_by_their_archive(rows, expected):
    """Music inside a .pk3 may be named unpacked, or by its archive; both at once must agree."""
    found = claimed(f"{GAME}/data/music.pk3!/sound/a.ogg", *rows)
    assert sorted(found) == sorted(expected)


def test_a_file_of_the_source_tree_is_matched_exactly():
    """`.reuse/dep5` speaks of the very tree."""
    paragraphs = parse(stanzas(("*", "G"), ("music/*", "C")))
    assert [exact_claim(paragraphs, path).confidence.value for path in ("music/a", "b")] == ["exact", "default"]
    assert exact_claim(parse(stanzas(("x", "G"))), "y") is None


def test_paragraphs_are_read_with_number_and_holder():
    """Numbers count every paragraph; holders are lines; licence texts are left out."""
    text = (
        HEADER
        + "\nFiles: a b\nCopyright: 2001 A\n  2002 B\nLicense: MIT or CC0\n Text.\n .\n More.\n\nLicense: X\n Y\n"
    )
    (found,) = parse(text)
    assert (found.number, found.licence, found.holder) == (2, "MIT or CC0", "2001 A; 2002 B")
    assert [glob.text for glob in found.globs] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Free text about songs.", None),
        ("", None),
        ("Format: none\n\nnot a field\n", None),
        (HEADER + "\nFiles: *\nLicense: GPL-2\n", ["GPL-2"]),
        (HEADER + "\nFiles: *\nCopyright: a\nLicense:\n", [""]),
        (HEADER + "\nFiles: *\nCopyright: a\nLicense: CC0" + " or X" * 300 + "\n", [""]),
        (HEADER + "\nFiles: *\nFiles: x\nCopyright: a\nLicense: GPL-2\n", ["GPL-2"]),
        (HEADER + "\nFiles: *\nstray line\nLicense: GPL-2\n", ["GPL-2"]),
        (HEADER.replace("https", "http") + "\nfiles: *\ncopyright: a\nlicense: GPL-2\n", ["GPL-2"]),
        (HEADER + "\nComment: alone\n\nFiles: *\nCopyright: a\nLicense: GPL-2\n", ["GPL-2"]),
        ("Format-Specification: http://svn.debian.org/copyright-format\n\nFiles: *\nLicense: GPL-2\n", ["GPL-2"]),
    ],
    ids=range(11),
)
def test_malformed_files_give_what_can_be_read(text, expected):
    """Real files have repeated fields, stray lines, old headers; free text is told apart."""
    paragraphs = parse(text)
    assert (paragraphs if paragraphs is None else [found.licence for found in paragraphs]) == expected


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["Files: a/* b", "License: GPL", "Copyright: x", " more", "", "\t.", "junk", "\x85", ":", "# c"]
        )
    )
)
def test_parsing_never_raises(lines):
    """Whatever the lines, there is an answer, and asking it about a file works."""
    for head in (HEADER, ""):
        paragraphs = parse(head + "\n".join(lines))
        assert paragraphs is None or isinstance(claims(paragraphs, "usr/share/a/b.ogg"), tuple)


@given(st.text(st.characters(), max_size=30), st.text(st.characters(), max_size=30))
def test_any_pattern_meets_any_path(pattern, path):
    """Patterns are other people's text, and so are paths."""
    found = claims(parse(stanzas(("*", "G"))) + (parse(stanzas((pattern, "C"))) or ()), path)
    assert found
