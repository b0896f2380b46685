"""Tables: every mapped field of a row comes back from our rows, on tables of our own and on two real ones."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.model.progress import Silent
from tenuto.records.table_import import import_table
from tenuto.sources.table import mapped
from tenuto.sources.table_mapping import parse_mapping

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures" / "table"
EXAMPLES = HERE.parents[1] / "docs" / "examples"


def taken(mapping, path, root):
    """Import one file by a mapping, and give its receipt and tables."""
    source = mapped(parse_mapping(mapping.read_text("utf-8"), mapping.name))
    entity = source.entity_of(path.name)
    receipt = import_table(root, source, path, Silent())
    return receipt, {one.stem: pq.read_table(one).to_pylist() for one in (root / entity.name).glob("*.parquet")}


def by_id(rows, subject=None):
    return {row["id"]: row for row in rows if subject is None or row["subject"] == subject}


def joined(tables, subject, id_):
    found = [row for row in tables["credits"] if (row["subject"], row["id"]) == (subject, id_)]
    return "".join(row["name"] + row["join_phrase"] for row in found)


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    return taken(FIXTURES / "songs.toml", FIXTURES / "songs.csv", tmp_path_factory.mktemp("songs"))


def test_every_row_of_our_table_is_read(songs):
    """The fixture has each field a mapping can name: four rows give four recordings, and nothing drifts."""
    receipt, tables = songs
    assert (receipt.lines, receipt.documents, receipt.bad_lines, receipt.drift) == (4, 4, 0, ())
    assert [row["id"] for row in tables["recordings"]] == ["A%252/1", "A%2F1/1", "A%2F1/2", "A/3"]
    assert {row["id"]: row["release"] for row in tables["tracks"]}["A/3"] is None
    assert len(tables["tracks"]) == 4


def test_a_row_comes_back_from_our_rows(songs):
    """Title, credit, date, length, numbers, genres, holder and address are the row's."""
    _, tables = songs
    with (FIXTURES / "songs.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    recordings, tracks = by_id(tables["recordings"]), by_id(tables["tracks"])
    media = {(row["release"], row["position"]): row["number"] for row in tables["media"]}
    albums, pages = by_id(tables["releases"]), by_id(tables["relations"])
    for row in rows[:3]:
        id_ = "/".join(row[name].replace("%", "%25").replace("/", "%2F") for name in ("shelf", "no"))
        track, recording = tracks[id_], recordings[id_]
        assert (recording["title"], recording["first_release_date"]) == (row["song"], row["made"])
        assert (track["title"], track["number"], track["recording"]) == (row["song"], row["no"], id_)
        assert media[track["release"], track["medium"]] == int(row["disc"])
        assert joined(tables, "recording", id_) == row["by"]
        assert albums[track["release"]]["title"] == row["album"]
        assert joined(tables, "release", track["release"]) == row["album by"]
        assert pages.get(id_, {}).get("target", "") == row["page"]
        for kind, column in (("genre", "genres"), ("style", "styles")):
            found = [one["name"] for one in tables["genres"] if (one["id"], one["kind"]) == (id_, kind)]
            assert "|".join(found) == row[column]
    assert [row["length_ms"] for row in tables["recordings"]] == [4_000, 106_000, 3_723_000, None]


def test_values_without_sense_are_null(songs):
    """The year 1066, 99 seconds in a minute and a nonsense ISRC are no values; an empty title has its default."""
    _, tables = songs
    (empty,) = [row for row in tables["recordings"] if row["id"] == "A/3"]
    assert (empty["title"], empty["first_release_date"], empty["length_ms"]) == ("[untitled]", None, None)
    assert {row["value"] for row in tables["identifiers"]} == {"DE-A63-01-00001", "DE-A63-01-00002"}


def test_only_the_licence_line_is_evidence(songs):
    """A pattern cuts the statement out of the story; where it finds nothing the whole text stands, never none."""
    _, tables = songs
    assert [(row["statement"], row["holder"], row["licence_field"], row["place"]) for row in tables["evidence"]] == [
        ("All rights reserved", None, False, "column notes"),
        ("Licensed under CC BY 4.0", "© 2001 Ada Ex", False, "column notes"),
        ("Licenced under CC0", None, False, "column notes"),
    ]


def test_a_formula_is_text(songs):
    """What a spreadsheet would run is kept as it stands."""
    _, tables = songs
    assert "=SUM(A1:A9)" in {row["title"] for row in tables["recordings"]}


def test_releases_come_back_from_our_rows(tmp_path):
    """A table of releases gives releases with dates, barcodes, labels, credits and evidence."""
    receipt, tables = taken(FIXTURES / "songs.toml", FIXTURES / "albums.tsv", tmp_path)
    assert (receipt.entity, receipt.documents, receipt.drift) == ("albums", 2, ())
    first, second = tables["releases"]
    assert (first["title"], first["date"], first["barcode"], first["country"]) == (
        "Firsts",
        "2001-05-04",
        "4006381333931",
        "DE",
    )
    assert (second["barcode"], second["country"]) == (None, None)
    assert [(row["name"], row["catalogue_number"]) for row in tables["release_labels"]] == [("Our Label", "OL 1")]
    assert joined(tables, "release", "a2") == "Ada Ex"
    assert [row["id"] for row in tables["evidence"]] == ["a1"]


def test_netlabel_releases_come_back(shared, tmp_path):
    """All 1,156 releases of a real table are read, and every mapped field of each comes back."""
    path = shared / "freemusi_cc" / "releases.csv"
    receipt, tables = taken(EXAMPLES / "freemusi-cc.toml", path, tmp_path)
    assert (receipt.documents, receipt.bad_lines, receipt.drift) == (1156, 0, ())
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    releases, pages, said = (by_id(tables[name]) for name in ("releases", "relations", "evidence"))
    labels = {row["release"]: row for row in tables["release_labels"]}
    genres = {}
    for one in tables["genres"]:
        genres.setdefault((one["id"], one["kind"]), []).append(one["name"])
    credits_ = by_id(tables["credits"])
    for row in rows:
        id_ = row["id"]
        assert releases[id_]["title"] == (row["album"] or "[untitled]")
        assert releases[id_]["date"] == row["year"]
        assert credits_[id_]["name"] == row["artist"]
        assert (labels[id_]["name"], labels[id_]["catalogue_number"]) == (row["label"], row["catalog"])
        assert pages[id_]["target"] == row["url"]
        assert said.get(id_, {}).get("statement", "") == row["licenseurl"]
        assert genres[id_, "genre"] == [row["genre"]]
        assert ", ".join(genres.get((id_, "style"), [])) == row["style"]


def test_netlabel_tracks_come_back(shared, tmp_path):
    """Of 10,933 tracks 10,912 are read and come back; the 21 others stand twice and are named by line."""
    path = shared / "freemusi_cc" / "tracks.csv"
    receipt, tables = taken(EXAMPLES / "freemusi-cc.toml", path, tmp_path)
    assert (receipt.lines, receipt.documents, receipt.bad_lines, receipt.drift) == (10933, 10912, 21, ())
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    names = ("id", "disc", "track", "title", "trackurl")
    keys = ["/".join(row[one].replace("%", "%25").replace("/", "%2F") for one in names) for row in rows]
    again = {bad.line for bad in receipt.bad}
    assert again == {line for line, key in enumerate(keys, 2) if key in keys[: line - 2]}
    tracks, pages, credits_ = (by_id(tables[name]) for name in ("tracks", "relations", "credits"))
    discs = {(row["release"], row["position"]): row["number"] for row in tables["media"]}
    assert tracks.keys() == set(keys)
    for line, (key, row) in enumerate(zip(keys, rows, strict=True), 2):
        if line in again:
            continue
        track = tracks[key]
        assert track["title"] == (row["title"] or "[untitled]")
        assert (track["release"], track["number"]) == (row["id"], row["track"])
        assert discs[track["release"], track["medium"]] == int(row["disc"])
        assert track["length_ms"] == (int(row["duration"]) * 1000 or None)
        assert credits_.get(key, {}).get("name", "") == row["trackartist"]
        assert pages[key]["target"] == row["trackurl"]


def test_composers_own_list_comes_back(shared, tmp_path):
    """All 722 documents come back; two lengths of 0:00 and two ISRCs with the number 00000 are no values."""
    path = shared / "incompetech" / "tracks.jsonl"
    receipt, tables = taken(EXAMPLES / "incompetech.toml", path, tmp_path)
    assert (receipt.documents, receipt.bad_lines, receipt.drift) == (722, 0, ())
    recordings, codes, said = (by_id(tables[name]) for name in ("recordings", "identifiers", "evidence"))
    assert len(codes) == 720
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        found = recordings[row["usuan"]]
        minutes, seconds = divmod((found["length_ms"] or 0) // 1000, 60)
        assert (found["title"], f"{minutes}:{seconds:02}") == (row["title"], row["length"])
        assert said[row["usuan"]]["statement"] == row["description"].rpartition("\n")[2]
        code = codes.get(row["usuan"], {}).get("value", "")
        assert code.replace("-", "") == ("" if row["usuan"].endswith("00000") else row["usuan"])


def test_the_documented_mapping_is_the_example():
    """The mapping in docs/sources.md is the one in docs/examples, comments aside."""
    page = (HERE.parents[1] / "docs" / "sources.md").read_text("utf-8")
    documented = page.partition("```toml\n")[2].partition("```")[0]
    example = (EXAMPLES / "incompetech.toml").read_text("utf-8")
    assert parse_mapping(documented, "docs") == parse_mapping(example, "docs")


def test_discs_and_tracks_are_placed_by_their_numbers(tmp_path):
    """Discs of any numbering are placed from 0 in their order, and their tracks by number, then by row."""
    path = tmp_path / "songs.csv"
    head = "shelf;no;song;by;album;album by;made;time;disc;isrc;genres;styles;owner;page;notes;mood\n"
    rows = [
        f"s{at};{no};t;A;B;A;;;{disc};;;;;;;\n" for at, (no, disc) in enumerate([("10", "7"), ("9", "7"), ("1", "0")])
    ]
    path.write_text(head + "".join(rows), "utf-8")
    _, tables = taken(FIXTURES / "songs.toml", path, tmp_path / "out")
    assert [(row["position"], row["number"]) for row in tables["media"]] == [(0, 0), (1, 7)]
    found = sorted((row["medium"], row["position"], row["number"]) for row in tables["tracks"])
    assert found == [(0, 0, "1"), (1, 0, "9"), (1, 1, "10")]
