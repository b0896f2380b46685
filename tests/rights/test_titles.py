"""Licences' own texts: known by their words, read whole, and with whatever somebody wrote around them."""

from pathlib import Path

import pytest

from tenuto.rights import StatementKind, read_statement

WHOLE = [
    ("CC0-1.0", "CC0-1.0"),
    ("CC-BY-3.0", "CC-BY-3.0"),
    ("CC-BY-4.0", "CC-BY-4.0"),
    ("CC-BY-SA-3.0-DE", "CC-BY-SA-3.0-DE"),
    ("CC-BY-SA-4.0", "CC-BY-SA-4.0"),
    ("CC-BY-NC-ND-4.0", "CC-BY-NC-ND-4.0"),
    ("GPL-2.0-only", "GPL-2.0-only"),
    ("GPL-3.0-only", "GPL-3.0-only"),
    ("LGPL-3.0-only", "LGPL-3.0-only"),
    ("AGPL-3.0-only", "AGPL-3.0-only"),
    ("GFDL-1.3-only", "GFDL-1.3-only"),
    ("LAL-1.3", "LAL-1.3"),
    ("OGL-UK-3.0", "OGL-UK-3.0"),
    ("Apache-2.0", "Apache-2.0"),
    ("MPL-2.0", "MPL-2.0"),
    ("Artistic-2.0", "Artistic-2.0"),
    ("MIT", "MIT"),
    ("ISC", "ISC"),
    ("Zlib", "Zlib"),
    ("BSD-2-Clause", "BSD-2-Clause"),
    ("BSD-3-Clause", "BSD-3-Clause"),
]
SOME = ("CC-BY-4.0", "CC0-1.0", "GPL-3.0-only", "LGPL-3.0-only", "MIT", "BSD-3-Clause")


@pytest.mark.parametrize(("id_", "expected"), WHOLE)
def test_a_licences_own_text_is_known(licence_text, id_, expected):
    """Whole, however long it is and however its lines are broken."""
    text = licence_text(id_)
    for spelling in (text, " ".join(text.split(" ")), text.replace("\n", "\r\n"), f"\n\n{text}\n"):
        assert ((expected,),) == read_statement(spelling).choices


@pytest.mark.parametrize("name", ["GPL-1", "GPL-2", "GPL-3", "LGPL-2.1", "LGPL-3", "GFDL-1.3", "Apache-2.0", "MPL-2.0"])
def test_texts_as_debian_has_them(name):
    """Another printing, with other addresses and line breaks, is the same text: GPL-3's 35,149 characters too."""
    path = Path("/usr/share/common-licenses") / name
    if not path.exists():
        pytest.skip(f"no {path}")
    family, _, version = name.partition("-")
    version = version if "." in version else f"{version}.0"
    expected = f"{family}-{version}" + ("-only" if family[-1] == "L" and family != "MPL" else "")
    assert ((expected,),) == read_statement(path.read_text("utf-8")).choices


HARMLESS = [
    "{}\n\nHave fun!\n",
    "Copyright (c) 2020 Ann Example\n\n{}",
    "Ann Example: Songs for a Summer\n\n{}",
    "The music in this folder is licensed as follows.\n\n{}",
    "The music and the artwork in this folder are under this licence:\n\n{}",
]


@pytest.mark.parametrize("frame", HARMLESS)
@pytest.mark.parametrize("id_", SOME)
def test_harmless_words_around_a_text(licence_text, id_, frame):
    """A notice, a greeting, or a sentence that says it of the music changes nothing."""
    assert ((id_,),) == read_statement(frame.format(licence_text(id_))).choices


DOUBTFUL = [
    "The artwork in this folder is licensed as follows.\n\n{}",
    "Licence of the fonts:\n\n{}",
    "All rights reserved.\n\n{}",
    "{}\nThis licence is for the cover only.\n",
    "{}\nThe music: all rights reserved.\n",
    "{}\nThis does not apply to the music.\n",
    "{}\nAdditionally, no commercial use.\n",
    "{}\nThe music is under CC BY-NC 4.0.\n",
    "{}\nSee http://example.org/my-own-licence\n",
    "{}\nRevoked on 1 May 2020.\n",
    "{}" + "\n" * 20_000 + "personal use only",
    "{}" + " la" * 30_000,
    "{}" + "\nla la la" * 25_000 + "\npersonal use only",
    "SPDX-License-Identifier: MIT OR CC0-1.0\n\n{}\nThis is about the cover.",
]


@pytest.mark.parametrize("frame", DOUBTFUL, ids=range(len(DOUBTFUL)))
@pytest.mark.parametrize("id_", SOME)
def test_words_around_a_text_that_take_it_back(licence_text, id_, frame):
    """What is written before, behind or far behind a licence's own text is read too."""
    found = read_statement(frame.format(licence_text(id_)))
    assert found.kind in {StatementKind.CONFLICT, StatementKind.UNKNOWN}


@pytest.mark.parametrize("id_", ["CC-BY-4.0", "GPL-3.0-only"])
def test_a_sentence_slipped_into_a_text(licence_text, id_):
    """In the middle it is found as well."""
    text = licence_text(id_)
    changed = text[:9_000] + " The recordings are excluded from this licence. " + text[9_000:]
    assert StatementKind.CONFLICT is read_statement(changed).kind


def test_a_heading_alone_makes_no_licence_text():
    """A text counts as a licence's own by its words: one that only starts like it is read as what it says."""
    text = "Creative Commons Attribution 4.0 International\n\nDefinitions\n" + "This is for the pictures.\n" * 60
    assert StatementKind.CONFLICT is read_statement(text).kind


FILLINGS = ["a line\n" * 3_000, "a " * 4_500, " " * 30_000, "\u0301" * 30_000, "\ufdfa" * 3_000]


@pytest.mark.parametrize("filling", FILLINGS, ids=range(len(FILLINGS)))
def test_what_stands_behind_the_part_that_is_read(filling):
    """A statement too long to be read whole never opens, and says so."""
    found = read_statement(f"CC BY 4.0\n{filling}\nthe music is all rights reserved")
    assert found.kind is StatementKind.CONFLICT
    assert "too long" in found.reason or "reserved" in found.reason
    found = read_statement(f"CC BY 4.0\n{filling}\nla", licence_field=False)
    assert found.kind is StatementKind.CONFLICT or filling.isspace()


def test_a_long_text_without_a_licence():
    """It is unknown where nothing was found, and closed where its beginning reserves all rights."""
    assert read_statement("la " * 9_000, licence_field=False).kind is StatementKind.UNKNOWN
    assert read_statement("All rights reserved " + "la " * 9_000).kind is StatementKind.CLOSED


@pytest.mark.parametrize("unit", ["", "la ", "A\n", "\u0301", "\ufdfa", "CC BY 4.0. ", "not. "])
@pytest.mark.parametrize("id_", ["CC-BY-4.0", "GPL-3.0-only"])
def test_long_texts_take_no_long_time(milliseconds, licence_text, id_, unit):
    """A licence's own text and whatever follows it, 100 kB of it, take under 50 ms (attacks.md M10)."""
    text = licence_text(id_)
    filling = unit * ((100_000 - len(text)) // len(unit)) if unit else ""
    assert milliseconds(text + filling) < 50
    assert milliseconds(text + filling[: 63_000 - len(text)]) < 50
