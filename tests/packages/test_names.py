"""names: portable, readable and unique."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.packages.names import MAX_BYTES, Folder, folded, portable_name

CASES = {
    "Plain Title": "Plain Title",
    "AC/DC": "AC_DC",
    "what? <yes>": "what_ _yes_",
    "100% \\ C:": "100_ _ C_",
    "..": "untitled",
    "...hidden": "hidden",
    "-rf": "rf",
    "~root": "root",
    "ends. . ": "ends",
    "": "untitled",
    "CON": "_CON",
    "con.tar": "_con.tar",
    "Lpt1": "_Lpt1",
    "COM¹": "_COM¹",
    "console": "console",
    "a\nb\tc": "a b c",
    "bell\x07\x00": "bell",
    "evil\u202egpj": "evilgpj",
    "zero\u200bwidth\ufeff": "zerowidth",
    "lone\udc80surrogate": "lonesurrogate",
    "e\u0301": "\u00e9",
    "no\u00a0break\u2003space": "no break space",
    "Größe 音楽 Ω": "Größe 音楽 Ω",
    "\u3164": "untitled",
}


@pytest.mark.parametrize(("text", "name"), CASES.items(), ids=ascii)
def test_a_name_is_made_portable(text, name):
    """What some file system cannot hold, or a person cannot see, is replaced or dropped."""
    assert name == portable_name(text)


def test_a_long_name_is_cut_between_characters():
    """At most 120 bytes, suffix included, and still valid UTF-8 in NFC."""
    name = portable_name("é" * 300, ".flac")
    assert f"{'é' * 57}.flac" == name
    assert len(portable_name("x" * 300).encode()) == MAX_BYTES


def test_names_in_a_folder_differ_without_regard_to_case():
    """The second and third of a kind are numbered before the suffix."""
    folder = Folder()
    names = [
        folder.claim(text, ".ogg") for text in ("Straße", "STRASSE", "strasse", "Cafe\u0301", "CAFÉ", "CON", "con")
    ]
    expected = [
        "Straße.ogg",
        "STRASSE (2).ogg",
        "strasse (3).ogg",
        "Café.ogg",
        "CAFÉ (2).ogg",
        "_CON.ogg",
        "_con (2).ogg",
    ]
    assert expected == names


def test_a_number_already_taken_is_passed_over():
    """A title that looks like a numbered one does not clash."""
    folder = Folder()
    assert [folder.claim(text) for text in ("a", "a (2)", "a")] == ["a", "a (2)", "a (3)"]


def safe(name):
    """Whether a name can stand in any folder of any system."""
    return (
        0 < len(name.encode()) <= MAX_BYTES
        and unicodedata.normalize("NFC", name) == name
        and not re.search(r'[<>:"/\\|?*%\x00-\x1f\x7f]', name)
        and name[0] not in " .-~"
        and name[-1] not in " ."
        and not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)
        and not {unicodedata.category(char) for char in name} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )


TEXT = st.text(st.characters(), max_size=200) | st.text("./\\ :con-~\u202e\u0301é(2)", max_size=12)


@given(TEXT, st.sampled_from(["", ".flac", ".mp3"]))
def test_any_text_gives_a_safe_name(text, suffix):
    """Whatever the title, the name is safe everywhere."""
    assert safe(portable_name(text, suffix))


@given(st.lists(TEXT, max_size=30))
def test_any_texts_give_different_names(texts):
    """However alike, no two names of a folder are one on any file system."""
    folder = Folder()
    names = [folder.claim(text, ".ogg") for text in texts]
    assert all(safe(name) for name in names)
    assert len(names) == len({folded(name) for name in names})
