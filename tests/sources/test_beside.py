import pytest

from tenuto.sources.beside import licence_files, reuse

TOML = """\
version = 1
[[annotations]]
path = "**"
SPDX-FileCopyrightText = "2020 All"
SPDX-License-Identifier = "MIT"
[[annotations]]
path = ["music/**", "x.ogg"]
SPDX-FileCopyrightText = ["2020 A", "2021 B"]
SPDX-License-Identifier = ["CC0-1.0", "CC-BY-4.0"]
"""
DEP5 = (
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
    "Files: *\nCopyright: Us\nLicense: MIT\n\nFiles: m/*\nCopyright: A\nLicense: CC0-1.0\n"
)


def told(found):
    return [(piece.statement, piece.where, piece.holder, piece.confidence.value) for piece in found]


@pytest.mark.parametrize(
    ("text", "statement", "holder"),
    [
        ("SPDX-FileCopyrightText: 2020 A\n\nSPDX-License-Identifier: CC0-1.0\n", "CC0-1.0", "2020 A"),
        ("SPDX-License-Identifier: MIT\r\nSPDX-License-Identifier: CC0-1.0\r\n", "(MIT) AND (CC0-1.0)", None),
        ("// SPDX-License-Identifier: GPL-2.0-or-later OR MIT", "GPL-2.0-or-later OR MIT", None),
        ("Do as you like.", "Do as you like.", None),
    ],
)
def test_a_licence_beside_the_file_is_its_own(head, text, statement, holder):
    """REUSE: `x.ogg.license` speaks of x.ogg alone; several identifiers all hold."""
    capture = head(documents={"a/x.ogg.license": text})
    assert told(reuse(capture, "a/x.ogg")) == [(statement, "a/x.ogg.license", holder, "exact")]
    assert reuse(capture, "a/y.ogg") == ()


def test_an_archives_own_licence_covers_its_members(head):
    """A .license beside a .pk3 speaks of what is inside."""
    capture = head(documents={"a.pk3.license": "SPDX-License-Identifier: CC0-1.0"})
    assert told(reuse(capture, "a.pk3!/x.ogg")) == [("CC0-1.0", "a.pk3.license", None, "exact")]


def test_the_nearest_reuse_toml_and_its_last_match_win(head):
    """Paths in REUSE.toml are relative to its folder."""
    near = '[[annotations]]\npath = "y.ogg"\nSPDX-License-Identifier = "ISC"\n'
    capture = head(documents={"REUSE.toml": TOML, "music/d/REUSE.toml": near})
    assert told(reuse(capture, "music/d/y.ogg")) == [("ISC", "music/d/REUSE.toml (y.ogg)", None, "exact")]
    assert told(reuse(capture, "music/d/z.ogg")) == [
        ("(CC0-1.0) AND (CC-BY-4.0)", "REUSE.toml (music/**, x.ogg)", "2020 A; 2021 B", "exact")
    ]
    assert told(reuse(capture, "z.ogg")) == [("MIT", "REUSE.toml (**)", "2020 All", "exact")]


UNREADABLE = ["not toml [", "annotations = 3", "annotations = [1]", "[[annotations]]\npath = 3", "a=" + "[" * 5_000]


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_broken_reuse_toml_is_no_silence(head, text):
    """A table that cannot be read may have spoken of the file: no error, and not nothing."""
    (found,) = reuse(head(documents={"REUSE.toml": text}), "a.ogg")
    assert (found.statement, found.where, found.unread != "") == ("", "REUSE.toml", True)


def test_an_annotation_without_a_licence_is_no_silence(head):
    """It covers the file, and what it says is not known; a table that does not cover it says nothing."""
    capture = head(documents={"REUSE.toml": '[[annotations]]\npath = "m/*"\nSPDX-FileCopyrightText = "A"\n'})
    assert [piece.unread for piece in reuse(capture, "m/a.ogg")] == ["its annotation names no licence"]
    assert reuse(capture, "a.ogg") == ()
    assert reuse(head(documents={"REUSE.toml": "version = 1\n"}), "a.ogg") == ()


@pytest.mark.parametrize("text", ["free text", "Format: x\n", DEP5.split("\n\n", maxsplit=1)[0] + "\n"])
def test_a_broken_dep5_is_no_silence(head, text):
    """Nor is one without paragraphs about files."""
    (found,) = reuse(head(documents={".reuse/dep5": text}), "a.ogg")
    assert (found.statement, found.where, found.unread != "") == ("", ".reuse/dep5", True)


def test_a_paragraph_without_a_licence_speaks_of_its_files(head):
    """The last match wins, even where it says nothing that can be read."""
    capture = head(documents={".reuse/dep5": DEP5 + "\nFiles: m/b.ogg\nCopyright: B\n"})
    assert [piece.unread for piece in reuse(capture, "m/b.ogg")] == ["its paragraph names no licence"]
    assert [piece.statement for piece in reuse(capture, "m/a.ogg")] == ["CC0-1.0"]


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("a/x.ogg.license", reuse),
        ("REUSE.toml", reuse),
        ("a/REUSE.toml", reuse),
        (".reuse/dep5", reuse),
        ("LICENSE", licence_files),
        ("a/COPYING.txt", licence_files),
        ("a/copyright", licence_files),
    ],
)
def test_a_text_that_was_not_read_is_no_silence(head, path, read):
    """Too large, out of the collection, broken: the reason goes with the evidence of each file it may speak of."""
    capture = head(documents={path: ""}, unread={path: "more than 262144 bytes of text"})
    (found,) = read(capture, "a/x.ogg")
    assert (found.statement, found.where, found.unread) == ("", path, "more than 262144 bytes of text")


def test_a_text_that_was_not_read_hides_no_nearer_one(head):
    """What is about other files stays silent."""
    capture = head(
        documents={"LICENSE": "", "a/LICENSE": "CC0", "b/REUSE.toml": ""}, unread={"LICENSE": "x", "b/REUSE.toml": "x"}
    )
    assert [piece.statement for piece in licence_files(capture, "a/x.ogg")] == ["CC0"]
    assert reuse(capture, "a/x.ogg") == ()


def test_words_beside_an_identifier_are_kept(head):
    """A .license file that says more than SPDX tags is evidence whole."""
    text = "SPDX-License-Identifier: CC0-1.0\nAll rights reserved for the music."
    assert [piece.statement for piece in reuse(head(documents={"a.ogg.license": text}), "a.ogg")] == [text]


def test_reuse_dep5_is_exact_or_the_default(head):
    """`.reuse/dep5` names files of the very tree."""
    capture = head(documents={".reuse/dep5": DEP5})
    assert told(reuse(capture, "m/a.ogg")) == [("CC0-1.0", ".reuse/dep5, paragraph 3 (Files: m/*)", "A", "exact")]
    assert told(reuse(capture, "b.ogg")) == [("MIT", ".reuse/dep5, paragraph 2 (Files: *)", "Us", "default")]


def test_the_nearest_folder_with_a_licence_text_wins(head):
    """In the file's folder it is about the file, above it it is a default; several in one folder all count."""
    texts = {
        "LICENSE": "root",
        "a/COPYING.txt": "near",
        "a/COPYRIGHT": "(c) A",
        "b.ogg.license": "x",
        "LICENSES/MIT.txt": "",
    }
    capture = head(documents=texts)
    assert told(licence_files(capture, "a/x.ogg")) == [
        ("near", "a/COPYING.txt", None, "exact"),
        ("(c) A", "a/COPYRIGHT", None, "exact"),
    ]
    assert [piece.licence_field for piece in licence_files(capture, "a/x.ogg")] == [True, False]
    assert told(licence_files(capture, "a/z.zip!/d/x.ogg"))[0] == ("near", "a/COPYING.txt", None, "default")
    assert told(licence_files(capture, "b/x.ogg")) == [("root", "LICENSE", None, "default")]
    assert told(licence_files(capture, "x.ogg")) == [("root", "LICENSE", None, "exact")]
