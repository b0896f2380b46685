import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.music import Credit, Identifier, IdentifierType, ReleaseInfo, Role
from tenuto.sources.tags import Tags, tag_evidence
from tenuto.sources.text import LONGEST_TEXT

UUID = "0a1b2c3d-0000-4000-8000-00000000000f"


def evidence(*tags):
    return [(found.statement, found.where, found.licence_field) for found in tag_evidence(tags, "p", "c")]


def test_every_field_of_a_full_tag_is_read():
    """One value of each kind arrives in its field, under whatever prefix and spelling its format has."""
    raw = (
        ("TITLE", "Song"),
        ("ARTIST", "A"),
        ("ARTIST", "B"),
        ("COMPOSER", "C"),
        ("ALBUM", "Disc"),
        ("TXXX:Album Artist", "Various"),
        ("DATE", "1999-02-03"),
        ("TRACKNUMBER", "3/12"),
        ("DISCNUMBER", "1/2"),
        ("GENRE", "Folk"),
        ("ISRC", "usuan1100001"),
        ("ORGANIZATION", "Label"),
        ("CATALOGNUMBER", "L 1"),
        ("BARCODE", "4006381333931"),
        ("TXXX:MusicBrainz Album Id", UUID),
        ("----:com.apple.iTunes:MusicBrainz Track Id", UUID),
        ("COPYRIGHT", "(C) 1999 A"),
        ("CONTACT", "https://example.org/a"),
    )
    tags = Tags.of(raw)
    assert tags.title() == "Song"
    assert tags.credits() == (Credit(name="A"), Credit(name="B"), Credit(name="C", role=Role.COMPOSER))
    assert tags.release() == ReleaseInfo(
        title="Disc",
        artist="Various",
        label="Label",
        catalogue_number="L 1",
        identifiers=(
            Identifier(type=IdentifierType.BARCODE, value="4006381333931"),
            Identifier(type=IdentifierType.MB_RELEASE, value=UUID),
            Identifier(type=IdentifierType.CATALOGUE_NUMBER, value="L 1"),
        ),
    )
    assert (tags.date(), tags.number(), tags.disc(), tags.genres()) == ("1999-02-03", 3, 1, ("Folk",))
    assert [found.value for found in tags.identifiers()] == ["US-UAN-11-00001", UUID]
    assert (tags.notice(), tags.link()) == ("(C) 1999 A", "https://example.org/a")
    assert (tags.flags, tags.unread) == ([], ())


def test_what_nothing_reads_is_told():
    """A field is mapped, ignored by name, or unread; none vanishes."""
    tags = Tags.of((("ENCODER", "x"), ("REPLAYGAIN_TRACK_GAIN", "-1 dB"), ("Wholly New\n", "x"), ("", "x")))
    assert tags.unread == ("Wholly New",)


def test_bad_values_leave_flags():
    """M6, M7: the value goes, the flag stays; a date that can be read is looked for further on."""
    tags = Tags.of((("DATE", "0000"), ("YEAR", "2001"), ("TRACKNUMBER", "-5"), ("ISRC", "no"), ("TITLE", "x" * 2_000)))
    assert (tags.date(), tags.number(), tags.identifiers(), len(tags.title())) == ("2001", None, (), 1_000)
    assert [flag.code for flag in tags.flags] == ["date-invalid", "number-invalid", "isrc-malformed", "text-cut"]


def test_empty_values_count_as_absent():
    """Blanks, NUL and byte order marks are no title."""
    tags = Tags.of((("TITLE", "\0\ufeff  "), ("ALBUM", ""), ("ARTIST", " "), ("DATE", ""), ("TRACKNUMBER", " ")))
    assert (tags.title(), tags.release(), tags.credits(), tags.date(), tags.number()) == ("", None, (), None, None)
    assert tags.flags == []


def test_only_web_addresses_are_links():
    """M1: nothing else becomes a link."""
    raw = (("CONTACT", "javascript:alert(1)"), ("WEBSITE", "example.org"), ("URL", "https://example.org/x y"))
    assert Tags.of(raw).link() is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LICENSE", "CC0", [("CC0", "tag LICENSE of p", True)]),
        ("TXXX:LICENSE", "CC0", [("CC0", "tag TXXX:LICENSE of p", True)]),
        ("----:com.apple.iTunes:LICENCE", "CC0", [("CC0", "tag ----:com.apple.iTunes:LICENCE of p", True)]),
        ("WCOP", "http://x/", [("http://x/", "tag WCOP of p", True)]),
        ("COPYRIGHT", "2001 A", [("2001 A", "tag COPYRIGHT of p", False)]),
        ("COMMENT", "Licensed CC BY", [("Licensed CC BY", "tag COMMENT of p", False)]),
        ("COMMENT", "made with love", []),
        ("COMMENT", "All rights reserved", [("All rights reserved", "tag COMMENT of p", False)]),
        ("COMMENT", "for promotional use only", [("for promotional use only", "tag COMMENT of p", False)]),
        ("DESCRIPTION", "Do not distribute", [("Do not distribute", "tag DESCRIPTION of p", False)]),
        ("DESCRIPTION", "public domain", [("public domain", "tag DESCRIPTION of p", False)]),
        ("LICENSE", " \0", []),
        ("TITLE", "License to sing", []),
    ],
)
def test_statements_about_rights(name, value, expected):
    """A licence field states, a copyright notice or a remark may mention; where it stood is kept."""
    assert evidence((name, value)) == expected


@pytest.mark.parametrize("name", ["COMMENT", "COMMENTS", "DESCRIPTION", "TXXX:Comment"])
def test_a_remark_is_never_sure(name):
    """It may be about anything, and so is ambiguous; a field for licences and a copyright notice are about the file."""
    raw = ((name, "CC BY 4.0"), ("LICENSE", "CC BY 4.0"), ("COPYRIGHT", "(c) A, CC BY 4.0"))
    assert [found.confidence.value for found in tag_evidence(raw, "p", "c")] == ["ambiguous", "exact", "exact"]


def test_a_value_that_is_too_long_is_not_read_whole():
    """What stands behind the cut is no silence."""
    (found,) = tag_evidence((("LICENSE", "CC BY 4.0" + " la" * 100_000),), "p", "c")
    assert (len(found.statement) <= LONGEST_TEXT, found.unread) == (True, "more than 262144 characters")


def test_a_notice_names_its_holder():
    """A copyright notice is kept as the holder too."""
    (found,) = tag_evidence((("COPYRIGHT", "(C) 2001\nA"),), "p", "c")
    assert found.holder == "(C) 2001 A"


@given(st.lists(st.tuples(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=40)), max_size=8))
def test_tags_never_raise(raw):
    """Whatever tags hold, every reader answers with text that UTF-8 can hold."""
    tags = Tags.of(raw)
    answers = [tags.title(), tags.credits(), tags.release(), tags.number(), tags.disc(), tags.date(), tags.genres()]
    answers += [tags.identifiers(), tags.link(), tags.notice(), tags.unread, tag_evidence(raw, "p", "c")]
    assert repr(answers).encode("utf-8")
