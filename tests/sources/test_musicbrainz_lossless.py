"""Near-lossless: each real document of the web service comes back from its rows, in the fields we claim.

Dropped on purpose, here and in docs/sources.md: what is under another licence (tags, ratings, annotations; genres have
a test of their own), areas, cover art flags, disc ids, ids of types, relationships to what is no work, artist or
address, and the spelling of values that have one spelling here (dates off the calendar, ISRCs).
"""

import json
from collections import Counter

import pyarrow.parquet as pq
import pytest

from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source

TARGETS = {
    "release": ("url", "artist"),
    "recording": ("work", "artist", "url"),
    "work": ("artist", "work", "url"),
}


def documents(shared):
    """Give every entity and document in the samples that is whole: it has an id, and a title or a sort name."""
    kinds = {"artist": "artist", "label": "label", "release": "release", "recording": "recording", "work": "work"}
    kinds |= {"releasegroup": "release-group", "release_group": "release-group"}
    for path in sorted((shared / "musicbrainz_ws2").rglob("*.json")):
        if path.parent.name == "Search":
            continue  # answers of a search have another shape
        word = path.stem.lower()
        found = json.loads(path.read_text("utf-8"))
        kind = next((kinds[name] for name in sorted(kinds, key=len, reverse=True) if word.startswith(name)), None)
        if kind is None or not isinstance(found, dict):
            continue
        for document in found.get(f"{kind}s", [found]):
            if document.get("id") and (document.get("title") or document.get("sort-name")):
                yield kind, document


@pytest.fixture
def rows(tmp_path):
    """Give a function that imports one document, and gives the rows of a table that match."""

    def load(kind, document):
        path = tmp_path / f"{kind}.jsonl"
        path.write_text(json.dumps(document), "utf-8")
        receipt = import_dump(tmp_path / "out", dump_source("musicbrainz"), path, Silent())
        assert (receipt.documents, receipt.bad) == (1, ())
        root = tmp_path / "out" / kind
        tables = {path.stem: pq.read_table(path).to_pylist() for path in root.glob("*.parquet")}

        def found(table, **where):
            matching = [row for row in tables[table] if where.items() <= row.items()]
            return sorted(matching, key=lambda row: row.get("position") or 0)

        return found

    return load


def credit(found, subject, identity):
    return [(row["artist"], row["name"], row["join_phrase"]) for row in found("credits", subject=subject, id=identity)]


def stated_credit(document):
    return [
        ((one.get("artist") or {}).get("id"), one.get("name"), one.get("joinphrase") or "")
        for one in document.get("artist-credit") or ()
    ]


def aliases(found, identity):
    return [(row["name"], row["locale"], row["type"], bool(row["primary"])) for row in found("aliases", id=identity)]


def stated_aliases(document):
    return [
        (one["name"], one.get("locale"), one.get("type"), bool(one.get("primary")))
        for one in document.get("aliases") or ()
    ]


def relations(found, kind, identity):
    return [
        (row["type"], row["target_type"], row["direction"], row["target"], row["attributes"] or "")
        for row in found("relations", subject=kind, id=identity)
    ]


def stated_relations(kind, document):
    told = []
    for one in document.get("relations") or ():
        target = next((one[name] for name in TARGETS[kind] if one.get(name)), None)
        if target is not None:
            address = target.get("resource") or target["id"]
            attributes = "; ".join(one.get("attributes") or ())
            told.append((one["type"], one["target-type"], one.get("direction"), address, attributes))
    return told


def check_artist(found, document):
    (row,) = found("artists")
    for name in ("name", "type", "gender", "country", "disambiguation"):
        assert row[name] == document.get(name)
    assert row["sort_name"] == document["sort-name"]
    assert aliases(found, document["id"]) == stated_aliases(document)


def check_label(found, document):
    (row,) = found("labels")
    for name in ("name", "type", "country", "disambiguation"):
        assert row[name] == document.get(name)
    code = document.get("label-code")
    assert row["label_code"] == (None if code is None else str(code))
    assert aliases(found, document["id"]) == stated_aliases(document)


def check_work(found, document):
    (row,) = found("works")
    for name in ("title", "type", "language", "disambiguation"):
        assert row[name] == document.get(name)
    assert relations(found, "work", document["id"]) == stated_relations("work", document)


def check_group(found, document):
    (row,) = found("release_groups")
    assert (row["title"], row["primary_type"]) == (document["title"], document.get("primary-type"))
    assert row["first_release_date"] == (document.get("first-release-date") or None)
    kinds = [one["name"] for one in found("secondary_types")]
    assert kinds == (document.get("secondary-types") or [])
    assert credit(found, "release-group", document["id"]) == stated_credit(document)


def check_recording(found, document, *, alone=True):
    (row,) = found("recordings", id=document["id"])
    assert (row["title"], row["length_ms"]) == (document["title"], document.get("length"))
    assert bool(row["video"]) == bool(document.get("video"))
    assert credit(found, "recording", document["id"]) == stated_credit(document)
    isrcs = [one["value"].replace("-", "") for one in found("identifiers", id=document["id"], type="isrc")]
    assert isrcs == (document.get("isrcs") or [])
    if alone:
        assert relations(found, "recording", document["id"]) == stated_relations("recording", document)


def check_release(found, document):
    (row,) = found("releases")
    for name in ("title", "status", "packaging", "country", "asin", "disambiguation"):
        assert row[name] == document.get(name)
    assert row["date"] == (document.get("date") or None)
    assert row["release_group"] == (document.get("release-group") or {}).get("id")
    assert credit(found, "release", document["id"]) == stated_credit(document)
    assert relations(found, "release", document["id"]) == stated_relations("release", document)
    labels = [(one["label"], one["catalogue_number"]) for one in found("release_labels")]
    assert labels == [
        ((one.get("label") or {}).get("id"), one.get("catalog-number") or None)
        for one in document.get("label-info") or ()
    ]
    for place, medium in enumerate(document.get("media") or ()):
        check_medium(found, document["id"], place, medium)


def check_medium(found, release, place, medium):
    (row,) = found("media", release=release, position=place)
    assert (row["number"], row["format"]) == (medium.get("position"), medium.get("format"))
    pregap = [medium["pregap"]] if medium.get("pregap") else []
    for kind, tracks in (
        ("track", medium.get("tracks") or []),
        ("pregap", pregap),
        ("data", medium.get("data-tracks") or []),
    ):
        told = found("tracks", release=release, medium=place, kind=kind)
        assert [(one["id"], one["title"], one["number"], one["length_ms"]) for one in told] == [
            (one["id"], one["title"], one["number"], one.get("length")) for one in tracks
        ]
        for track in tracks:
            assert credit(found, "track", track["id"]) == stated_credit(track)
            check_recording(found, track["recording"], alone=False)


CHECKS = {
    "artist": check_artist,
    "label": check_label,
    "work": check_work,
    "release-group": check_group,
    "recording": check_recording,
    "release": check_release,
}


@pytest.mark.parametrize("kind", CHECKS)
def test_every_real_document_comes_back(shared, rows, kind):
    """Names, dates, credits, labels, media, tracks, codes, aliases and relationships are those of the document."""
    read = Counter()
    for entity, document in documents(shared):
        if entity == kind and document["id"] not in read:
            read[document["id"]] += 1
            CHECKS[kind](rows(kind, document), document)
    assert len(read) >= 1
