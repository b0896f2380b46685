"""MusicBrainz: every field of a document that we claim comes back from the tables, and nothing drifts unseen."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source

FIXTURES = Path(__file__).parent / "fixtures" / "musicbrainz"
NAMES = ("artist", "label", "work", "release-group", "release", "recording")


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Import the fixtures, and give each entity's receipt and tables."""
    root = tmp_path_factory.mktemp("records")
    found = {}
    for name in NAMES:
        receipt = import_dump(root, dump_source("musicbrainz"), FIXTURES / f"{name}.jsonl", Silent())
        tables = {path.stem: pq.read_table(path).to_pylist() for path in (root / name).glob("*.parquet")}
        found[name] = receipt, tables
    return found


def documents(name):
    return [json.loads(line) for line in (FIXTURES / f"{name}.jsonl").read_text("utf-8").splitlines()]


def rows(imported, entity, table, **where):
    return [row for row in imported[entity][1][table] if where.items() <= row.items()]


def test_every_document_is_read_and_nothing_drifts(imported):
    """The fixtures hold every part that the shapes name: none is bad, none is unknown."""
    for name in NAMES:
        receipt, _ = imported[name]
        assert (receipt.documents, receipt.bad_lines, receipt.drift) == (len(documents(name)), 0, ())


def test_a_release_comes_back_from_its_rows(imported):
    """Title, dates, labels, events, media and tracks of each release are those of its document."""
    for document in documents("release"):
        (release,) = rows(imported, "release", "releases", id=document["id"])
        assert release["title"] == document["title"]
        assert release["date"] == (document["date"] or None)
        labels = rows(imported, "release", "release_labels", release=document["id"])
        assert [(row["label"], row["catalogue_number"]) for row in labels] == [
            ((one["label"] or {}).get("id"), one["catalog-number"] or None) for one in document["label-info"]
        ]
        media = rows(imported, "release", "media", release=document["id"])
        assert [row["format"] for row in media] == [medium["format"] for medium in document["media"]]
        for place, medium in enumerate(document["media"]):
            for kind, tracks in (
                ("track", medium.get("tracks") or []),
                ("pregap", [medium["pregap"]] if "pregap" in medium else []),
                ("data", medium.get("data-tracks") or []),
            ):
                found = rows(imported, "release", "tracks", release=document["id"], medium=place, kind=kind)
                found.sort(key=lambda row: row["position"])
                assert [(row["id"], row["title"], row["number"], row["recording"]) for row in found] == [
                    (track["id"], track["title"], track["number"], track["recording"]["id"]) for track in tracks
                ]


def test_values_without_sense_are_null(imported):
    """A negative length, 31 February, the year 0 and a nonsense ISRC are no values; a good ISRC has one spelling."""
    (track,) = rows(imported, "release", "tracks", title="Two (cover)")
    assert track["length_ms"] is None
    assert [row["date"] for row in rows(imported, "release", "release_events")][:2] == ["2001-05-04", None]
    (artist,) = rows(imported, "artist", "artists", name="Bo Sample")
    assert (artist["begin"], artist["end"], artist["ended"]) == (None, None, True)
    assert {row["value"] for row in rows(imported, "release", "identifiers")} == {"DE-A63-01-00001"}


def test_credits_keep_order_names_and_join_phrases(imported):
    """The credit of a release reads as the document has it."""
    document = documents("release")[0]
    found = rows(imported, "release", "credits", subject="release", id=document["id"])
    assert "".join(row["name"] + row["join_phrase"] for row in found) == "Ada Ex. feat. Bo Sample"
    assert [row["artist"] for row in found] == [one["artist"]["id"] for one in document["artist-credit"]]


def test_a_recording_on_several_releases_is_one_row(imported):
    """Recordings stand in every release they are on, and once in the table."""
    found = rows(imported, "release", "recordings")
    assert len(found) == len({row["id"] for row in found}) == 3


def test_licences_covers_and_composers_are_relations(imported):
    """A licence is kept as evidence with its address; a cover says that it is one."""
    (licence,) = rows(imported, "release", "relations", type="license")
    assert licence["target"] == "https://creativecommons.org/licenses/by/4.0/"
    (cover,) = rows(imported, "release", "relations", type="performance")
    assert (cover["target_type"], cover["attributes"], cover["begin"]) == ("work", "cover; live", "1999")
    (composer,) = rows(imported, "work", "relations")
    assert (composer["type"], composer["target_type"]) == ("composer", "artist")


def test_licences_are_evidence(imported):
    """The address of a `license` relationship is a statement in a place that exists to state one."""
    (found,) = rows(imported, "release", "evidence")
    assert (found["statement"], found["licence_field"], found["place"]) == (
        "https://creativecommons.org/licenses/by/4.0/",
        True,
        "relations.license",
    )


def test_genres_carry_their_own_licence(imported):
    """Genres are votes, under CC BY-NC-SA: each row says so, that a build may leave it out."""
    found = rows(imported, "release", "genres")
    assert {(row["subject"], row["name"], row["licence"]) for row in found} == {("release", "polka", "CC-BY-NC-SA-3.0")}


def test_codes_have_one_spelling(imported):
    """An ISWC has neither dots nor dashes."""
    assert [row["value"] for row in rows(imported, "work", "identifiers")] == ["T0000000010"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("036000291452", "036000291452"),
        ("0 36000 29145-2", "0 36000 29145-2"),
        ("036000291453", "036000291453"),
        ("none", "none"),
        ("", None),
        (None, None),
    ],
)
def test_barcodes_are_kept_as_stated(tmp_path, written, expected):
    """A barcode with a wrong check digit is what the cover says, too; linking compares digits."""
    path = tmp_path / "release.jsonl"
    path.write_text(json.dumps({"id": "r", "title": "t", "barcode": written}), "utf-8")
    import_dump(tmp_path / "out", dump_source("musicbrainz"), path, Silent())
    (row,) = pq.read_table(tmp_path / "out" / "release" / "releases.parquet").to_pylist()
    assert expected == row["barcode"]


def test_what_is_under_another_licence_stays_out(imported):
    """Tags, ratings and annotations (CC BY-NC-SA) are in no table."""
    text = json.dumps([tables for _, tables in imported.values()])
    assert "noise" not in text
    assert "under another licence" not in text


@pytest.mark.parametrize("name", ["Artist", "Label", "ReleaseGroup", "Release"])
def test_real_answers_of_the_web_service_are_read(shared, tmp_path, name):
    """Real documents in this shape are read whole: no part of them is unknown."""
    document = json.loads((shared / "musicbrainz_ws2" / "papposilene" / "Lookup" / f"{name}.json").read_text("utf-8"))
    entity = "release-group" if name == "ReleaseGroup" else name.lower()
    path = tmp_path / f"{entity}.jsonl"
    path.write_text(json.dumps(document), "utf-8")
    receipt = import_dump(tmp_path / "out", dump_source("musicbrainz"), path, Silent())
    assert (receipt.documents, receipt.bad_lines) == (1, 0)
    assert receipt.drift == ()


def test_real_releases_of_a_tagger_are_read(shared, tmp_path):
    """Every real release document of the tagger's samples gives its tracks."""
    found = []
    for path in sorted((shared / "musicbrainz_ws2" / "picard_ws_data").glob("release*.json")):
        document = json.loads(path.read_text("utf-8"))
        if "media" in document and all(medium.get("tracks") for medium in document["media"]):
            found.append({**document, "id": f"{len(found)}"})
    path = tmp_path / "release.jsonl"
    path.write_text("\n".join(map(json.dumps, found)), "utf-8")
    receipt = import_dump(tmp_path / "out", dump_source("musicbrainz"), path, Silent())
    assert receipt.documents == len(found) >= 2
    expected = {
        track["id"]
        for document in found
        for medium in document["media"]
        for track in (*medium["tracks"], *medium.get("data-tracks", ()))
    }
    assert expected <= set(pq.read_table(tmp_path / "out" / "release" / "tracks.parquet")["id"].to_pylist())
