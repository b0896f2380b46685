import collections
import csv
import json

import pytest

from tenuto.sources.debian import Debian
from tenuto.sources.dep5 import claims, parse
from tenuto.sources.freetext import namings
from tenuto.sources.tags import Tags

HEADER = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
COPYRIGHT = HEADER + "\nFiles: *\nCopyright: Us\nLicense: GPL-2\n\nFiles: music/*\nCopyright: 2001 A\nLicense: CC0\n"
DOC = "usr/share/doc/m/copyright"


def told(record):
    return [(piece.kind.value, piece.statement, piece.where, piece.confidence.value) for piece in record.evidence]


def test_machine_readable_copyright_tags_and_texts_are_evidence(head, seen):
    """Conflicts are kept side by side: judging them is not this module's work."""
    capture = head("debian", "m", {DOC: COPYRIGHT, "usr/share/m/music/LICENSE": "BY"}, homepage="https://e.org/")
    record = Debian().read(capture, seen("usr/share/m/music/a.ogg", ("LICENSE", "CC BY-NC")))
    assert told(record) == [
        ("dep5", "CC0", f"{DOC}, paragraph 3 (Files: music/*)", "tail"),
        ("licence-file", "BY", "usr/share/m/music/LICENSE", "exact"),
        ("tag", "CC BY-NC", "tag LICENSE of usr/share/m/music/a.ogg", "exact"),
    ]
    assert record.evidence[0].holder == "2001 A"
    assert (record.source_url, record.key) == ("https://e.org/", "m/usr/share/m/music/a.ogg")


def test_free_text_is_evidence_where_it_names_a_licence_for_the_music(head, seen):
    """A sentence about the songs is quoted; a notice about the program is unsure."""
    songs = head("debian", "m", {DOC: "Made by A.\n\nThe songs are licensed under CC-BY 3.0.\n"}, programs="0")
    assert told(Debian().read(songs, seen())) == [
        ("copyright-file", "The songs are licensed under CC-BY 3.0.", f"{DOC}, paragraph 2", "tail")
    ]
    text = "This package is released under the MIT license."
    sure, unsure = (head("debian", "m", {DOC: text}, programs=count) for count in ("0", "3"))
    assert [told(Debian().read(capture, seen()))[0][3] for capture in (sure, unsure)] == ["default", "ambiguous"]


def test_a_copyright_file_that_was_not_read_is_no_silence(head, seen):
    """Refused, or without a paragraph that can be read: the reason is evidence, beside what the tags say."""
    refused = head("debian", "m", {DOC: ""}, unread={DOC: "it is a link out of the package"})
    empty = head("debian", "m", {DOC: HEADER + "\nComment: alone\n"})
    for capture, why in ((refused, "it is a link out of the package"), (empty, "it has no paragraph about files")):
        copyright_file, tag = Debian().read(capture, seen("usr/share/m/a.ogg", ("LICENSE", "CC0"))).evidence
        assert (copyright_file.where, copyright_file.statement, tag.statement) == (DOC, "", "CC0")
        assert copyright_file.unread.startswith(why)


def test_the_packages_own_copyright_file_is_the_one_that_counts(head, seen):
    """Another package's file is read only where its own is missing."""
    other = {"usr/share/doc/other/copyright": HEADER + "\nFiles: *\nCopyright: X\nLicense: MIT\n"}
    assert [row[1] for row in told(Debian().read(head("debian", "m", {DOC: COPYRIGHT} | other), seen()))] == ["GPL-2"]
    assert [row[1] for row in told(Debian().read(head("debian", "m", other), seen()))] == ["MIT"]


@pytest.mark.parametrize("homepage", ["", "javascript:alert(1)", "ftp://e.org/"])
def test_a_person_is_led_to_the_package_where_there_is_no_home_page(head, seen, homepage):
    """M1: only web addresses are links."""
    record = Debian().read(head("debian", "m", homepage=homepage), seen())
    assert record.source_url == "https://packages.debian.org/m"


@pytest.fixture(scope="module")
def corpus(shared):
    """Give the 1,762 real rows, and the stanzas of each package as one copyright file."""
    csv.field_size_limit(1 << 24)
    with (shared / "debian" / "audio_files.tsv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    text = (shared / "debian" / "dep5_audio_paragraphs.txt").read_text("utf-8")
    parts = dict(part.split("\n", 1) for part in text.removeprefix("##### ").split("\n##### "))
    return rows, parts


def machine_readable(part):
    lines = [line.replace(" | ", "\n ") for line in part.splitlines()]
    return None if part.startswith("(no DEP-5") else HEADER + "\n" + "\n".join(lines)


def test_real_files_are_claimed_as_a_first_reading_claimed_them(corpus):
    """Of 1,762 real rows 1,655 have the same licence and 100 have none; on 7 `data/*` is the folder they are in."""
    rows, parts = corpus
    left_out = "Files: *\nLicense: GPL-2\n\n"  # by the excerpt, for hedgewars-data
    parts = parts | {"hedgewars-data": left_out + parts["hedgewars-data"]}
    paragraphs = {name: parse(text) for name, part in parts.items() if (text := machine_readable(part))}
    differ = collections.Counter()
    for row in rows:
        found = claims(paragraphs.get(row["package"]) or (), row["path"])
        licence = " | ".join(claim.paragraph.licence for claim in found)
        if licence != row["dep5_license"]:
            differ[row["package"], row["dep5_license"], licence, found[0].glob.text] += 1
    assert (len(rows), sum(not row["dep5_license"] for row in rows)) == (1_762, 100)
    assert dict(differ) == {("marsshooter-data", "GPL-3+", "CC-BY-3.0", "data/*"): 7}


def test_real_free_texts_name_a_licence_for_music_only_where_they_do(corpus):
    """Of five free texts one speaks of its songs' licence, three are unsure, one names none."""
    _, parts = corpus
    free = {name: part.partition("\n")[2] for name, part in parts.items() if machine_readable(part) is None}
    told = {name: [naming.confidence.value for naming in namings(text, music_only=True)] for name, text in free.items()}
    assert told == {
        "fretsonfire-songs-muldjord": ["tail", "partial"],
        "fretsonfire-songs-sectoid": ["ambiguous"],
        "nexuiz-music": ["ambiguous"],
        "singularity-music": [],
        "wesnoth-1.16-music": [],
    }


def test_no_real_tag_is_left_unread(corpus):
    """Every tag name of 1,762 real files is mapped or ignored by name; bad values are flagged, not kept."""
    rows, _ = corpus
    unread, flags = collections.Counter(), collections.Counter()
    for row in rows:
        pairs = [(name.upper(), value) for name, values in json.loads(row["alltags"]).items() for value in values]
        tags = Tags.of(pairs)
        tags.number(), tags.date(), tags.disc(), tags.title(), tags.release()
        unread.update(tags.unread)
        flags.update(flag.code for flag in tags.flags)
    assert dict(unread) == {}
    assert set(flags) <= {"number-invalid", "date-invalid"}
    assert flags["number-invalid"] >= 20
