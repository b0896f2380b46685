"""attribution: what a licence asks for travels with the file, or the file does not."""

import json

import pytest

from tenuto.model.rights import Gate, Licence
from tenuto.packages.attribution import attribution_files, packable
from tenuto.packages.licence_texts import may_travel
from tenuto.packages.plan import plan_bags
from tenuto.spdx import licence_text


def licence(licence_id, *, text_required):
    """Describe a licence."""
    return Licence(
        id=licence_id,
        name=f"The licence {licence_id}",
        url=f"https://example.org/{licence_id}",
        family=licence_id,
        gate=Gate.OPEN,
        commercial=True,
        adapt=True,
        attribution=True,
        text_required=text_required,
    )


@pytest.mark.parametrize(
    ("licence_id", "words"),
    [
        ("CC-BY-4.0", "Attribution 4.0 International"),
        ("CC0-1.0", "CC0 1.0 Universal"),
        ("GPL-2.0-or-later", "GNU GENERAL PUBLIC LICENSE"),
        ("GPL-3.0+", "Version 3, 29 June 2007"),
        ("LGPL-2.1", "GNU LESSER GENERAL PUBLIC LICENSE"),
        ("GFDL-1.3", "GNU Free Documentation License"),
        ("LAL-1.3", "Licence Art Libre"),
        ("OGL-UK-3.0", "Open Government Licence"),
        ("MIT", "Permission is hereby granted"),
        ("BSD-3-Clause", "Redistribution and use"),
    ],
)
def test_the_texts_of_the_licences_we_share_under_are_known(licence_id, words):
    """Each is the full text, old GPL spellings included."""
    assert words in (licence_text(licence_id) or "")


def test_a_licence_text_travels_word_for_word(archive):
    """LICENSES/ holds the SPDX text of each licence, once."""
    archive.keep(b"a", licences=("GPL-2.0-only", "CC-BY-4.0"))
    archive.keep(b"b", licences=("CC-BY-4.0",))
    (plan,) = plan_bags(archive.items, archive="demo")
    files = attribution_files(plan, {})
    assert {"LICENSES/CC-BY-4.0.txt", "LICENSES/GPL-2.0-only.txt"} == {path for path in files if "LICENSES" in path}
    assert licence_text("GPL-2.0-only").rstrip("\n") + "\n" == files["LICENSES/GPL-2.0-only.txt"].decode()


def test_a_port_without_a_text_says_so_plainly(archive):
    """The file names the licence and its address, and that it is not the text."""
    archive.keep(b"a", licences=("CC-BY-2.5-IT",))
    (plan,) = plan_bags(archive.items, archive="demo")
    content = attribution_files(plan, {"CC-BY-2.5-IT": licence("CC-BY-2.5-IT", text_required=False)})
    text = content["LICENSES/CC-BY-2.5-IT.txt"].decode()
    assert text.startswith("The licence CC-BY-2.5-IT\nhttps://example.org/CC-BY-2.5-IT\n")
    assert "not the text" in text


CASES = [
    (("CC-BY-4.0",), None),
    (("CC-BY-2.5-IT",), None),
    (("GPL-2.0+", "LAL-1.3"), None),
    ((), "P-NO-LICENCE"),
    (("LicenseRef-mine",), "P-NO-LICENCE-TEXT"),
    (("CC-BY-4.0", "Nobody-1.0"), "P-NO-LICENCE-TEXT"),
    (("../../etc/passwd",), "P-NO-LICENCE-TEXT"),
    (("CC-BY-4.0/../x",), "P-NO-LICENCE-TEXT"),
]


@pytest.mark.parametrize(("licences", "code"), CASES)
def test_what_cannot_carry_its_licence_is_left_out(make_item, licences, code):
    """The item is excluded with a code and a reason, never packed."""
    item = make_item(0, licences=licences)
    kept, excluded = packable([item], {})
    assert ([code] if code else []) == [exclusion.code for exclusion in excluded]
    assert (() if code else (item,)) == kept


def test_a_described_licence_decides_whether_its_text_is_needed():
    """What the rights table says comes before the guess by name."""
    assert not may_travel("CC-BY-9.9", {"CC-BY-9.9": licence("CC-BY-9.9", text_required=True)})
    assert may_travel("House-1.0", {"House-1.0": licence("House-1.0", text_required=False)})


def test_the_address_of_every_licence_must_be_given(make_item):
    """Licences and addresses that do not pair up exclude the item."""
    item = make_item(0)
    lame = type(item)(**{name: getattr(item, name) for name in item.__slots__} | {"attribution": _without_urls(item)})
    assert [exclusion.code for exclusion in packable([lame], {})[1]] == ["P-LICENCE-URLS"]


def _without_urls(item):
    told = {name: getattr(item.attribution, name) for name in item.attribution.__slots__}
    return type(item.attribution)(**told | {"licence_urls": ()})


def test_attribution_names_everything_a_licence_asks_for(archive):
    """Creator, notice, licence, address, source, changes and disclaimer stand in both files for each track."""
    archive.keep(b"same", title="One")
    archive.keep(b"same", title="Two")
    (plan,) = plan_bags(archive.items, archive="demo")
    files = attribution_files(plan, {})
    told = json.loads(files["ATTRIBUTION.json"])["files"]
    assert [item.track_id for item in archive.items] == [entry["track"] for entry in told]
    assert {
        "path",
        "track",
        "creator",
        "title",
        "copyright_notice",
        "licences",
        "licence_urls",
        "source_url",
        "changes",
        "disclaimer",
    } == set(told[0])
    text = files["ATTRIBUTION.txt"].decode()
    for words in (
        "by Ada",
        "2024 Ada",
        "CC-BY-4.0 <https://example.org/CC-BY-4.0>",
        "original bits",
        "without warranties",
    ):
        assert text.count(words) == 2


def test_a_title_cannot_forge_a_line(archive):
    """Line breaks, overrides and lone surrogates in a title stay within its line."""
    item = archive.keep(b"a")
    told = {name: getattr(item.attribution, name) for name in item.attribution.__slots__}
    forged = type(item.attribution)(**told | {"title": "x\n  Licence: CC0-1.0\u202e\udc80\x00"})
    fields = {name: getattr(item, name) for name in item.__slots__} | {"attribution": forged}
    (plan,) = plan_bags([type(item)(**fields)], archive="demo")
    text = attribution_files(plan, {})["ATTRIBUTION.txt"].decode()
    assert text.count("\n  Licence:") == 1
    assert "\u202e" not in text
