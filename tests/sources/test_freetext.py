import pytest

from tenuto.sources.freetext import namings

GPL = (
    "This program is free software; you can redistribute it under the terms of the GNU General Public License as "
    "published by the Free Software Foundation; either version 2, or any later version."
)
PERMISSION = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software."


def found(text, *, music_only=True):
    return [(naming.confidence.value, naming.paragraph) for naming in namings(text, music_only=music_only)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The songs are (c) 2009 El and licenced under the Creative Commons\nAttribution licence 3.0:",
            [("tail", 1)],
        ),
        ("Hello.\n\nMusic: released into the public domain by B.", [("tail", 2)]),
        (
            "The music was made by Bob. It is licensed under http://creativecommons.org/licenses/by/3.0/ for all.",
            [("partial", 1)],
        ),
        ("The engine was made by Bob. It is licensed under the MIT license.", [("ambiguous", 1)]),
        ("All of it was made by Bob. It is licensed under the MIT license.", [("default", 1)]),
        (GPL, [("ambiguous", 1)]),
        ("This package is distributed under the terms of the Free Art License.", [("default", 1)]),
        ("The music is by A.\n\n" + PERMISSION, [("ambiguous", 2)]),
        ("The program is by A.\n\n" + PERMISSION, []),
        ("Debian packaging is licensed under the GPL version 2.", []),
        ("The music packaging is licensed under the GPL.", []),
        ("The full text of the GPL can be found in /usr/share/common-licenses/GPL-2 for music.", []),
        ("THE WORK (AS DEFINED BELOW) IS PROVIDED UNDER THE TERMS OF THIS CREATIVE COMMONS PUBLIC LICENSE. Music!", []),
        ("Creative Commons Legal Code\n\nA musical work may be distributed under the GPL.", []),
        ("All music is copyright A, all rights reserved.", []),
        ("", []),
    ],
    ids=range(16),
)
def test_only_sentences_that_name_a_licence_count(text, expected):
    """How directly a sentence speaks of the music is how sure it is; packaging and pointers never count."""
    assert found(text) == expected


def test_a_package_with_programs_makes_a_general_notice_unsure():
    """A notice about the package is about the music only where there is nothing else in it."""
    text = "This package is distributed under the terms of the Free Art License."
    assert found(text, music_only=False) == [("ambiguous", 1)]


def test_a_direct_sentence_hides_the_general_notice():
    """What is said of the music beats what is said of the program."""
    assert found(GPL + "\n\nThe sounds are released under the CC0 licence.") == [("tail", 2)]


DOUBTS = [
    "Other music is copyright A, all rights reserved.",
    "The music in b/ is not licensed under it.",
    "All songs except the last one.",
    "Creative Commons Legal Code\n\nTerms.\n\nThe music in b/: all rights reserved.",
    "Creative Commons Legal Code\n\n" + "la\n" * 40_000 + "\n\nThe music is for personal use.",
]


@pytest.mark.parametrize("doubt", DOUBTS, ids=range(len(DOUBTS)))
def test_what_takes_it_back_elsewhere_makes_a_sentence_unsure(doubt):
    """A reservation about music, before or behind a licence's full text, leaves nothing sure."""
    sentence = "The songs are licensed under CC-BY 3.0."
    assert found(sentence) == [("tail", 1)]
    assert [sure for sure, _ in found(f"{sentence}\n\n{doubt}")] == ["ambiguous"]


def test_a_text_beyond_the_cut_is_unsure():
    """What stands behind the part that is kept may say anything."""
    text = "The songs are licensed under CC-BY 3.0.\n\n" + "la\n" * 100_000
    assert found(text) == [("ambiguous", 1)]


def test_a_long_sentence_is_evidence_whole():
    """Its end is not cut off: it may be where the exception stands."""
    text = "The songs are licensed under CC-BY 3.0" + " and so" * 300 + " but for the last"
    (naming,) = namings(text, music_only=True)
    assert naming.statement == text


def test_the_statement_is_the_sentence_itself():
    """Evidence is verbatim, on one line, and no longer than is needed."""
    (naming,) = namings("All songs by A are\n  licensed under CC-BY 3.0. Thanks! \n", music_only=True)
    assert naming.statement == "All songs by A are licensed under CC-BY 3.0"
