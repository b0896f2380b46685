import pytest

from tenuto.rights import read_statement
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


def judged(evidence):
    return read_statement(evidence.statement, licence_field=evidence.licence_field).kind.value


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


@pytest.mark.parametrize("name", ["LICENSE_music.txt", "COPYING_AUDIO.txt", "Licence-of-the-songs"])
def test_every_name_that_is_gathered_is_read(head, name):
    """What harvesting takes for a text about rights is one here too."""
    assert told(licence_files(head(documents={name: "Mine."}), "a.ogg")) == [("Mine.", name, None, "exact")]


def test_names_in_another_case_are_seen(head):
    """Some disks do not keep it."""
    capture = head(documents={"a.ogg.LICENSE": "SPDX-License-Identifier: MIT", "m/reuse.toml": TOML})
    assert told(reuse(capture, "a.ogg")) == [("MIT", "a.ogg.LICENSE", None, "exact")]
    assert told(reuse(capture, "m/x.ogg"))[0][:2] == (
        "(CC0-1.0) AND (CC-BY-4.0)",
        "m/reuse.toml (music/**, x.ogg)",
    )


def test_a_dep5_of_a_folder_or_an_archive_speaks_of_what_is_in_it(head):
    """The nearest one, with paths relative to its place."""
    capture = head(documents={".reuse/dep5": DEP5, "a.zip!/.reuse/dep5": DEP5.replace("MIT", "ISC")})
    assert told(reuse(capture, "a.zip!/m/a.ogg")) == [
        ("CC0-1.0", "a.zip!/.reuse/dep5, paragraph 3 (Files: m/*)", "A", "exact")
    ]
    assert [piece.statement for piece in reuse(capture, "a.zip!/b.ogg")] == ["ISC"]
    assert [piece.statement for piece in reuse(capture, "b.ogg")] == ["MIT"]


def note(licence, precedence="", path="**"):
    line = f'precedence = "{precedence}"\n' if precedence else ""
    return f'[[annotations]]\npath = "{path}"\n{line}SPDX-License-Identifier = "{licence}"\n'


@pytest.mark.parametrize(
    ("root", "middle", "near", "expected"),
    [
        ("", "", "", ["N"]),
        ("closest", "closest", "closest", ["N"]),
        ("override", "", "", ["R"]),
        ("override", "override", "", ["R"]),
        ("", "override", "", ["M"]),
        ("aggregate", "override", "", ["M", "R"]),
        ("aggregate", "", "", ["N", "R"]),
        ("aggregate", "aggregate", "aggregate", ["N", "M", "R"]),
        ("", "", "aggregate", ["N", "M"]),
        ("", "", "override", ["N"]),
    ],
)
def test_precedence_of_reuse_tables(head, root, middle, near, expected):
    """REUSE 3.3: the outermost override hides what is below it, an aggregate adds, the closest is the default."""
    documents = {"REUSE.toml": note("R", root), "a/REUSE.toml": note("M", middle), "a/b/REUSE.toml": note("N", near)}
    assert [piece.statement for piece in reuse(head(documents=documents), "a/b/x.ogg")] == expected


def test_a_precedence_that_is_not_known_is_no_silence(head):
    """It may hide what is nearer."""
    capture = head(documents={"REUSE.toml": note("MIT", "strict"), "a/REUSE.toml": note("CC0-1.0")})
    assert [(piece.statement, piece.unread) for piece in reuse(capture, "a/x.ogg")] == [
        ("CC0-1.0", ""),
        ("", "an annotation has a precedence that is not known"),
    ]


@pytest.mark.parametrize("value", ['["CC0-1.0", 5]', '["CC0-1.0", {x = "LicenseRef-P"}]', "5"])
def test_an_identifier_that_is_no_text_is_no_silence(head, value):
    """What else it says is not known."""
    table = f'[[annotations]]\npath = "**"\nSPDX-License-Identifier = {value}\n'
    (found,) = reuse(head(documents={"REUSE.toml": table}), "a.ogg")
    assert (found.statement, found.unread) == ("", "its annotation holds what is no text")


def test_a_path_may_begin_with_the_folder_itself(head):
    """`./music/**` is `music/**`."""
    capture = head(documents={"REUSE.toml": note("MIT") + note("CC0-1.0", path="./music/**")})
    assert [piece.statement for piece in reuse(capture, "music/x.ogg")] == ["CC0-1.0"]


RESERVING = "2020 Sony. All rights reserved. Do not redistribute."


@pytest.mark.parametrize("name", ["SPDX-FileCopyrightText", "SPDX-FileContributor"])
def test_words_in_a_label_that_reserve_are_kept(head, name):
    """A holder's line that says more than who it is stays in the statement, for the rules to judge."""
    text = f"{name}: {RESERVING}\nSPDX-License-Identifier: CC-BY-4.0"
    (found,) = reuse(head(documents={"a.ogg.license": text}), "a.ogg")
    assert found.statement == text
    assert judged(found) == "conflict"


def test_words_in_an_annotation_that_reserve_are_kept(head):
    """As in a label."""
    table = note("CC-BY-4.0") + f'SPDX-FileCopyrightText = "{RESERVING}"\n'
    (found,) = reuse(head(documents={"REUSE.toml": table}), "a.ogg")
    assert found.statement == f"SPDX-License-Identifier: CC-BY-4.0\n{RESERVING}"
    assert judged(found) == "conflict"
