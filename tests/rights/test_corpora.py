"""Every statement in the shared records, counted."""

import csv
import json
from collections import Counter

import pytest

from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.rights import StatementKind, by_url, judge, read_statement

LICENCES, UNKNOWN, SILENT, CONFLICT = (
    StatementKind.LICENCES,
    StatementKind.UNKNOWN,
    StatementKind.SILENT,
    StatementKind.CONFLICT,
)
SURENESS = {"full": Confidence.EXACT, "default(*)": Confidence.DEFAULT}


@pytest.fixture(scope="module")
def files(shared):
    """Every row of Debian's audio files."""
    csv.field_size_limit(1 << 24)
    with (shared / "debian" / "audio_files.tsv").open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _count(texts, *, licence_field=True):
    return Counter(read_statement(text, licence_field=licence_field).kind for text in texts)


def test_netlabel_releases(shared):
    """1,012 of 1,156 releases state a licence, 141 nothing, 3 one that nobody knows; known ones are their address's."""
    with (shared / "freemusi_cc" / "releases.csv").open(newline="") as stream:
        texts = [row["licenseurl"] for row in csv.DictReader(stream)]
    assert _count(texts) == {LICENCES: 1012, SILENT: 141, UNKNOWN: 3}
    assert {text for text in texts if read_statement(text).kind is UNKNOWN} == {
        "http://freemusicarchive.org/FMA_License"
    }
    for text in set(texts):
        found = by_url(text)
        assert read_statement(text).choices == (() if found is None else ((found.id,),)), text


def test_composers_own_list(shared):
    """716 of 722 descriptions say BY 3.0 in prose and address glued together; six say something more.

    One says public domain, and one that a purchase is not a license; one denies a claim to copyright; and three titles
    stand in the sentence that names the licence, as if it were for strings only, not OK, or for a video.
    """
    lines = (shared / "incompetech" / "tracks.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    found = {row["title"]: read_statement(row["description"], licence_field=False) for row in rows}
    assert _count([row["description"] for row in rows], licence_field=False) == {LICENCES: 716, CONFLICT: 6}
    assert {each.choices for each in found.values()} == {(("CC-BY-3.0",),), ()}
    assert {title for title, each in found.items() if not each.choices} == {
        "Divertissement - Pizzicato (from the ballet Sylvia)",
        "George Street Shuffle",
        "Aquarium",
        "Satiate - only strings",
        "SCP-x3x (I am Not OK)",
        "Video Dungeon Boss",
    }


def test_aggregators_columns(shared):
    """All 100 rows are known by code and version, and by address; the families agree."""
    with (shared / "openverse" / "audio_sample_2021.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 100
    for row in rows:
        (by_code,) = read_statement(f"{row['license']} {row['license_version']}").licences
        (by_address,) = read_statement(json.loads(row["meta_data"])["license_url"]).licences
        assert by_address in {by_code, f"{by_code}-JP"}


def test_debian_tags(files):
    """81 of 1,762 licence tags name a licence; the others are empty or mere notices."""
    assert _count(row["license_tag"] for row in files) == {LICENCES: 81, SILENT: 1681}
    named = Counter(id_ for row in files for id_ in read_statement(row["license_tag"]).licences)
    assert named == {"GPL": 33, "CC-BY-SA-4.0": 29, "CC-BY-SA-3.0": 16, "CC-BY-3.0": 3}


def test_debian_other_tags(files):
    """No title, artist, comment or encoder tag is taken for a statement, save the 82 that are one."""
    values = [
        (text, name.lower() == "license")
        for row in files
        for name, texts in json.loads(row["alltags"]).items()
        for text in texts
    ]
    counts = Counter(read_statement(str(text), licence_field=field).kind for text, field in values)
    assert counts == {SILENT: 2070, LICENCES: 82}


def test_debian_stanzas(files):
    """Of the stanzas' short names only Drascula's own licence is unknown."""
    assert _count(row["dep5_license"] for row in files) == {LICENCES: 1631, UNKNOWN: 31, SILENT: 100}
    ids = {id_ for row in files for id_ in read_statement(row["dep5_license"]).licences}
    assert ids == {
        "CC-BY-3.0",
        "CC-BY-SA-3.0",
        "CC-BY-SA-4.0",
        "CC0-1.0",
        "GFDL-1.3-only",
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-or-later",
        "MIT",
        "public-domain",
    }


def _evidence(row):
    if row["license_tag"]:
        yield Evidence(
            kind=EvidenceKind.TAG,
            statement=row["license_tag"],
            where="tag",
            capture="c",
            licence_field=False,
        )
    if row["dep5_license"]:
        yield Evidence(
            kind=EvidenceKind.DEP5,
            statement=row["dep5_license"],
            where="debian/copyright",
            capture="c",
            confidence=SURENESS.get(row["dep5_how"], Confidence.TAIL),
            holder=row["dep5_copyright"] or None,
        )


def test_debian_verdicts(files, record):
    """Of 1,762 files 1,602 open, 77 are for review and 83 keep their metadata alone; the known conflicts are review."""
    counts, conflicts = Counter(), set()
    for row in files:
        case = record(evidence=tuple(_evidence(row)), copyright_notice=None)
        verdict = judge(case)
        counts[verdict.decision.value, verdict.code] += 1
        if verdict.code == "R-CONFLICT":
            conflicts.add(row["path"].rpartition("/")[2])
    assert counts == {
        ("open", "R-OPEN"): 1602,
        ("review", "R-CONFLICT"): 3,
        ("review", "R-GATE-REVIEW"): 26,
        ("review", "R-VERSION"): 32,
        ("review", "R-CREDIT"): 16,
        ("metadata-only", "R-NONE"): 52,
        ("metadata-only", "R-UNKNOWN"): 31,
    }
    assert conflicts == {"Droplet1.ogg", "Droplet2.ogg", "Droplet3.ogg"}
