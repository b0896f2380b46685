"""Discogs: what we claim of an element comes back from the rows, for our fixtures and for every real element."""

import gzip
import hashlib
import re
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest

from tenuto.model.errors import IntegrityError
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source
from tenuto.sources.discogs_countries import COUNTRIES

FIXTURES = Path(__file__).parent / "fixtures" / "discogs"
KINDS = ("artist", "label", "master", "release")
DISCOGS = dump_source("discogs")


def read(path, out):
    """Import a dump; give its receipt and, by table, its rows by the id of what they belong to."""
    receipt = import_dump(out, DISCOGS, path, Silent())
    tables = defaultdict(lambda: defaultdict(list))
    for file in sorted((out / receipt.entity).glob("*.parquet")):
        for row in pq.read_table(file).to_pylist():
            belongs = row.get("release") if "release" in row else row["id"]
            tables[file.stem][belongs].append(row)
    return receipt, tables


def elements(path):
    """Give the source's own elements."""
    return list(ET.fromstring((gzip.decompress if path.suffix == ".gz" else bytes)(path.read_bytes())))  # noqa: S314 - excerpts and fixtures, no stranger's


def of(tables, name, key, **where):
    """Give rows in their order."""
    rows = [row for row in tables[name].get(key, []) if where.items() <= row.items()]
    return sorted(rows, key=lambda row: row.get("position") or 0)


def text(element, place):
    return element.findtext(place) or None


def texts(element, place):
    return [one.text for one in element.findall(place) if one.text]


def plain(name):
    return re.sub(r" \(\d+\)$", "", name)


def whole(row):
    """Put a name and the number that tells it from others together again."""
    return row["name"] + (f" ({row['disambiguation']})" if row["disambiguation"] else "")


def page(number):
    return None if number in {"0", "", None} else number


def credited(element, place):
    """Give the credit as the source has it: id, name as credited, join word."""
    return [
        (page(one.findtext("id")), text(one, "anv") or plain(one.findtext("name")), (text(one, "join") or "").strip())
        for one in element.findall(place)
    ]


def credits_of(tables, subject, key):
    rows = of(tables, "credits", key, subject=subject)
    return [(row["artist"], row["name"], row["join_phrase"].strip()) for row in rows]


def check_artist(artist, tables):
    key = artist.findtext("id")
    (row,) = of(tables, "artists", key)
    assert (whole(row), row["quality"]) == (artist.findtext("name"), text(artist, "data_quality"))
    kinds = {"real name": "realname", "name variation": "namevariations/name"}
    for kind, place in kinds.items():
        assert [one["name"] for one in of(tables, "aliases", key, type=kind)] == texts(artist, place)
    for kind, place in {"alias": "aliases/name", "group": "groups/name"}.items():
        found = [one["target"] for one in of(tables, "relations", key, type=kind)]
        assert found == [one.get("id") for one in artist.findall(place) if one.get("id")]
    members = [one["target"] for one in of(tables, "relations", key, type="member")]
    assert members == texts(artist, "members/id")
    assert [one["target"] for one in of(tables, "relations", key, target_type="url")] == texts(artist, "urls/url")


def check_label(label, tables):
    key = label.findtext("id")
    (row,) = of(tables, "labels", key)
    assert (whole(row), row["quality"]) == (label.findtext("name"), text(label, "data_quality"))
    for kind, place in {"parent label": "parentLabel", "sublabel": "sublabels/label"}.items():
        found = [one["target"] for one in of(tables, "relations", key, type=kind)]
        assert found == [one.get("id") for one in label.findall(place) if one.get("id")]
    assert [one["target"] for one in of(tables, "relations", key, target_type="url")] == texts(label, "urls/url")


def check_classes(element, tables, subject):
    for kind in ("genre", "style"):
        found = of(tables, "genres", element.get("id"), subject=subject, kind=kind)
        assert [row["name"] for row in found] == texts(element, f"{kind}s/{kind}")


def check_master(master, tables):
    key = master.get("id")
    (row,) = of(tables, "release_groups", key)
    assert (row["title"], row["quality"]) == (master.findtext("title"), text(master, "data_quality"))
    assert (row["first_release_date"] or "0") == master.findtext("year")
    (main,) = of(tables, "relations", key)
    assert main["target"] == master.findtext("main_release")
    assert credits_of(tables, "release-group", key) == credited(master, "artists/artist")
    check_classes(master, tables, "release-group")


def check_release(release, tables):
    key = release.get("id")
    (row,) = of(tables, "releases", key)
    assert row["title"] == release.findtext("title")
    assert (row["release_group"], row["quality"]) == (page(text(release, "master_id")), text(release, "data_quality"))
    assert row["date"] == re.sub("(-00)+$", "", text(release, "released") or "") or row["date"] is None
    assert (row["date"] is None) == (text(release, "released") is None)
    barcodes = [one.get("value") for one in release.findall("identifiers/identifier") if one.get("type") == "Barcode"]
    assert row["barcode"] == next(iter(barcodes), None)
    codes = COUNTRIES.get(text(release, "country"))
    assert [one["country"] for one in of(tables, "release_events", key)] == [codes] * bool(codes or row["date"])
    assert row["country"] == (codes if codes and ";" not in codes else None)
    check_classes(release, tables, "release")
    check_printed(release, tables)
    assert credits_of(tables, "release", key) == credited(release, "artists/artist")
    check_roles(release, tables, "release", key)
    check_tracks(release, tables)


def number(stated):
    return None if stated is None or stated.lower() in {"none", ""} else stated


def check_printed(release, tables):
    """Labels, companies, formats and identifiers come back."""
    labels = [
        (page(one.get("id")), plain(one.get("name")), number(one.get("catno")), None)
        for one in release.findall("labels/label")
    ] + [
        (page(text(one, "id")), plain(text(one, "name")), number(text(one, "catno")), text(one, "entity_type_name"))
        for one in release.findall("companies/company")
    ]
    rows = of(tables, "release_labels", release.get("id"))
    assert [(row["label"], row["name"], row["catalogue_number"], row["role"]) for row in rows] == labels
    assert [row["position"] for row in rows] == list(range(len(labels)))
    formats = [
        (one.get("name"), one.get("qty"), one.get("text") or None, "; ".join(texts(one, "descriptions/description")))
        for one in release.findall("formats/format")
    ]
    rows = of(tables, "release_formats", release.get("id"))
    assert [(row["name"], row["quantity"], row["text"], row["descriptions"] or "") for row in rows] == formats
    stated = [
        (one.get("type").lower(), re.sub(r"\W", "", one.get("value")).upper(), one.get("description") or None)
        for one in release.findall("identifiers/identifier")
    ]
    rows = of(tables, "identifiers", release.get("id"))
    assert [
        (row["type"].removesuffix(" as stated"), re.sub(r"\W", "", row["value"]).upper(), row["note"]) for row in rows
    ] == stated


def check_roles(element, tables, subject, key):
    rows = of(tables, "contributions", key, subject=subject)
    assert [(row["artist"], row["name"], row["role"], row["tracks"]) for row in rows] == [
        (
            page(one.findtext("id")),
            text(one, "anv") or plain(one.findtext("name")),
            text(one, "role"),
            text(one, "tracks"),
        )
        for one in element.findall("extraartists/artist")
    ]


def check_tracks(release, tables):
    """Compare the track list: order, parts, headings, positions, titles, durations, credits."""
    rows = {row["id"]: row for row in of(tables, "tracks", release.get("id"))}
    stated = {}
    for place, track in enumerate(release.findall("tracklist/track"), 1):
        stated[f"{release.get('id')}/{place}"] = track
        for part_place, part in enumerate(track.findall("sub_tracks/track"), 1):
            stated[f"{release.get('id')}/{place}.{part_place}"] = part
    assert set(rows) == set(stated)
    numbered = any(text(track, "position") for track in release.findall("tracklist/track"))
    for key, track in stated.items():
        row = rows[key]
        assert (row["number"], row["title"]) == (text(track, "position"), track.findtext("title"))
        assert row["kind"] == kind_of(track, key, numbered=numbered)
        assert row["parent"] == (key.rpartition(".")[0] or None)
        assert row["position"] == int(re.split("[/.]", key)[-1]) - 1
        duration = text(track, "duration") or ""
        assert spelled(row["length_ms"]) == (
            "" if duration in {"soon", "0:00"} else re.sub("^0([0-9])", r"\1", duration)
        )
        heard = tables["recordings"].get(key, [])
        assert [one["title"] for one in heard] == ([row["title"]] if row["kind"] in {"track", "sub-track"} else [])
        assert row["recording"] == (key if heard else None)
        assert credits_of(tables, "track", key) == credited(track, "artists/artist")
        check_roles(track, tables, "track", key)


def kind_of(track, key, *, numbered):
    if "." in key:
        return "sub-track"
    if track.find("sub_tracks") is not None:
        return "index"
    return "heading" if numbered and not text(track, "position") and not text(track, "duration") else "track"


def spelled(milliseconds):
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(milliseconds // 1_000, 60)
    return f"{minutes}:{seconds:02}" if minutes != 62 else f"1:02:{seconds:02}"


CHECKS = {"artist": check_artist, "label": check_label, "master": check_master, "release": check_release}


@pytest.mark.parametrize("kind", KINDS)
def test_every_element_of_the_fixtures_comes_back_from_the_rows(tmp_path, kind):
    """The fixtures hold every part that the shapes name: none is bad, none is unknown, all that we claim is there."""
    receipt, tables = read(FIXTURES / f"{kind}s.xml", tmp_path)
    stated = elements(FIXTURES / f"{kind}s.xml")
    assert (receipt.documents, receipt.bad_lines, receipt.drift, receipt.checksum) == (len(stated), 0, (), "absent")
    for element in stated:
        CHECKS[kind](element, tables)


@pytest.mark.parametrize("kind", KINDS)
def test_every_real_element_comes_back_from_the_rows(shared, tmp_path, kind):
    """The same for every element of the excerpts of real dumps.

    Left out on purpose: notes, profile, contactinfo, images, videos, status, is_main_release, entity_type,
    resource_url; the name beside an anv (its artist has it); the number behind a credited name; `none` as a
    catalogue number; white space around join words; countries without a code; durations that are none.
    """
    path = shared / "discogs_xml" / f"discogs_20200806_{kind}s.xml.gz"
    receipt, tables = read(path, tmp_path)
    stated = elements(path)
    assert (receipt.documents, receipt.bad_lines, receipt.drift) == (len(stated), 0, ())
    assert len(stated) >= 480
    for element in stated:
        CHECKS[kind](element, tables)


def test_what_is_absurd_is_kept_or_null(tmp_path):
    """A quantity beyond all numbers stays text; a duration of words, a year 0 and a wrong ISRC are no values."""
    _, tables = read(FIXTURES / "releases.xml", tmp_path)
    assert of(tables, "release_formats", "41")[0]["quantity"] == "123456789012345678901234567890"
    lengths = {row["title"]: row["length_ms"] for row in of(tables, "tracks", "41")}
    assert lengths == {"Side One": None, "One": 308_000, "Suite": 3_723_000, "Allegro": 252_000, "": None}
    codes = {row["type"]: row["value"] for row in of(tables, "identifiers", "41")}
    assert (codes["isrc"], codes["isrc as stated"]) == ("DE-A63-01-00001", "unreadable")
    _, tables = read(FIXTURES / "masters.xml", tmp_path)
    assert of(tables, "release_groups", "32")[0]["first_release_date"] is None


def test_names_are_joined_as_they_are_printed(tmp_path):
    """A comma stands behind its name, a word between spaces."""
    _, tables = read(FIXTURES / "masters.xml", tmp_path)
    printed = "".join(row["name"] + row["join_phrase"] for row in of(tables, "credits", "31"))
    assert printed == "S. Players, Ada Ex Feat. Bo Sample"


def test_prose_pictures_and_videos_stay_out(tmp_path):
    """Notes, profiles, contact texts and addresses of videos are in no table."""
    for kind in KINDS:
        _, tables = read(FIXTURES / f"{kind}s.xml", tmp_path)
        said = repr({name: dict(rows) for name, rows in tables.items()})
        assert "Prose" not in said
        assert "example.org/v" not in said


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("discogs_20200806_releases.xml.gz", "release"),
        ("discogs_20260101_labels.xml.gz", "label"),
        ("masters.xml", "master"),
        ("artists.xml.zst", "artist"),
        ("discogs_20200806_CHECKSUM.txt", None),
        ("releases.jsonl", None),
        ("release.tar.xz", None),
    ],
)
def test_a_dump_is_told_by_its_name(name, entity):
    """Names as published, and plain ones."""
    found = DISCOGS.entity_of(name)
    assert (found and found.name) == entity


def publish(folder, digest=None, name="discogs_20260101_releases.xml.gz"):
    """Put a dump and its checksum file into a folder."""
    path = folder / "discogs_20260101_releases.xml.gz"
    path.write_bytes(gzip.compress((FIXTURES / "releases.xml").read_bytes(), mtime=0))
    digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "discogs_20260101_CHECKSUM.txt").write_text(f"{'0' * 64} *x.gz\n{digest} *{name}\n", "ascii")
    return path


def test_the_published_checksum_is_held_against_the_dump(tmp_path):
    """A digest that fits is said to; one that does not is refused with file, expected and found; none is said."""
    path = publish(tmp_path)
    assert read(path, tmp_path / "out")[0].checksum == "verified"
    publish(tmp_path, name="discogs_20260101_masters.xml.gz")
    assert read(path, tmp_path / "out")[0].checksum == "absent"


def test_a_dump_with_another_digest_is_not_taken_in(tmp_path):
    """The error names file, found and expected digest; no table appears."""
    path = publish(tmp_path, digest="a" * 64)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(IntegrityError) as caught:
        read(path, tmp_path / "out")
    assert str(caught.value) == f"{path.name} has SHA-256 {found}, discogs_20260101_CHECKSUM.txt says {'a' * 64}"
    assert not (tmp_path / "out" / "release" / "receipt.json").exists()
