"""From the one SQLite file alone, MusicBrainz's documents come back, for the fields that the file claims.

Not claimed: tags, ratings, genres and annotations (another licence); ids of types and areas; what the import calls
senseless (a negative length, 31 February); dots and dashes in codes; the
difference between an empty text, an empty list and nothing; and a track's missing length where its recording has one.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pytest

from tenuto.catalogue.build import build
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source

AGENTS = {"artist": ("artists", "ar"), "label": ("labels", "la")}
PLAIN = ("title", "date", "country", "barcode", "status", "packaging", "disambiguation", "asin")
NO_DATES = ("0000", "2001-13", "2001-02-31")


class File:
    """One catalogue, asked with rows as dictionaries."""

    def __init__(self, path):
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row

    def close(self):
        self._connection.close()

    def rows(self, query, *values):
        return list(map(dict, self._connection.execute(query, values)))

    def listed(self, query, *values):
        return [next(iter(row.values())) for row in self.rows(query, *values)]

    def credit(self, key):
        query = """SELECT coalesce(credited, name) AS name, join_phrase AS joinphrase, mbid
            FROM credit_names JOIN artists USING (artist) WHERE credit = ? ORDER BY position"""
        return [{**row, "mbid": spelled(row["mbid"])} for row in self.rows(query, key)]

    def codes(self, subject, owner, kind):
        query = "SELECT value FROM identifiers WHERE subject = ? AND owner = ? AND type = ? ORDER BY position"
        return self.listed(query, subject, owner, kind)

    def aliases(self, subject, owner):
        query = """SELECT name, coalesce(sort_name, name) AS "sort-name", locale, type,
              coalesce(is_primary, 0) AS "primary"
            FROM aliases WHERE subject = ? AND owner = ? ORDER BY position"""
        return self.rows(query, subject, owner)

    def relations(self, subject, owner):
        query = """SELECT relations.type, coalesce(direction, 'forward') AS direction,
              coalesce(attributes, '') AS attributes, relations.begin_date AS begin,
              relations.end_date AS "end", coalesce(target_text, artists.mbid, works.mbid) AS target
            FROM relations LEFT JOIN artists ON target_subject = 'ar' AND artist = target
            LEFT JOIN works ON target_subject = 'wo' AND work = target
            WHERE subject = ? AND owner = ? ORDER BY position"""
        return [{**row, "target": spelled(row["target"])} for row in self.rows(query, subject, owner)]


def spelled(value):
    return str(UUID(bytes=value)) if isinstance(value, bytes) else value


def plain(row):
    """Forget what is not claimed: which kind of nothing there is."""
    return {name: value for name, value in row.items() if value not in (None, "", 0, [])}


def sensible(date):
    return None if date in NO_DATES else date


def said_credit(document):
    return [
        {"name": one["name"], "joinphrase": one["joinphrase"], "mbid": one["artist"]["id"]}
        for one in document.get("artist-credit") or []
    ]


def said_relations(document):
    return [
        {
            "type": one["type"],
            "direction": one["direction"],
            "attributes": "; ".join(one["attributes"]),
            "begin": sensible(one["begin"]),
            "end": sensible(one["end"]),
            "target": one["url"]["resource"] if one["target-type"] == "url" else one[one["target-type"]]["id"],
        }
        for one in document.get("relations") or []
        if one["target-type"] in ("url", "work", "artist")
    ]


def said_aliases(document):
    names = ("name", "sort-name", "locale", "type")
    found = document.get("aliases") or []
    return [plain({**{name: one[name] for name in names}, "primary": int(one["primary"] or 0)}) for one in found]


def rebuilt_agent(file, entity, mbid):
    """Give an artist or label as its document does."""
    table, prefix = AGENTS[entity]
    (row,) = file.rows(f"SELECT * FROM {table} WHERE mbid = ?", mbid)
    owner = row[entity]
    facts = {name: row.get(name) for name in ("name", "type", "gender", "country", "disambiguation")}
    return plain(
        facts
        | {"sort-name": row.get("sort_name") or (row["name"] if entity == "artist" else None)}
        | {"begin": row["begin_date"], "end": row["end_date"], "ended": row["ended"], "code": row.get("label_code")}
        | {"isnis": file.codes(prefix, owner, "isni"), "ipis": file.codes(prefix, owner, "ipi")}
        | {"aliases": [plain(one) for one in file.aliases(prefix, owner)]}
    )


def said_agent(entity, document):
    span = document["life-span"]
    facts = {name: document.get(name) for name in ("name", "type", "gender", "country", "disambiguation")}
    code = document.get("label-code")
    return plain(
        facts
        | {"sort-name": document["sort-name"] if entity == "artist" else None}
        | {"begin": sensible(span["begin"]), "end": sensible(span["end"]), "ended": int(span["ended"] or 0)}
        | {"code": str(code) if code else None}
        | {"isnis": document.get("isnis"), "ipis": document.get("ipis"), "aliases": said_aliases(document)}
    )


def rebuilt_work(file, mbid):
    """Give a work as its document does."""
    (row,) = file.rows("SELECT * FROM works WHERE mbid = ?", mbid)
    facts = {name: row[name] for name in ("title", "type", "language", "disambiguation")}
    lists = {"iswcs": file.codes("wo", row["work"], "iswc"), "relations": file.relations("wo", row["work"])}
    return plain(facts | lists | {"aliases": [plain(one) for one in file.aliases("wo", row["work"])]})


def said_work(document):
    facts = {name: document.get(name) for name in ("title", "type", "language", "disambiguation")}
    facts["iswcs"] = [code.translate({ord("."): None, ord("-"): None}) for code in document.get("iswcs") or []]
    return plain(facts | {"relations": said_relations(document), "aliases": said_aliases(document)})


def rebuilt_group(file, mbid):
    """Give a release group as its document does."""
    (row,) = file.rows("SELECT * FROM release_groups WHERE mbid = ?", mbid)
    facts = {"title": row["title"], "type": row["primary_type"], "date": row["first_release_date"]}
    kinds = (row["secondary_types"] or "").split("; ")
    names = {"kinds": [kind for kind in kinds if kind], "credit": file.credit(row["credit"])}
    return plain(facts | names | {"disambiguation": row["disambiguation"]})


def said_group(document):
    facts = {"title": document["title"], "type": document["primary-type"], "date": document["first-release-date"]}
    names = {"kinds": document["secondary-types"], "credit": said_credit(document)}
    return plain(facts | names | {"disambiguation": document["disambiguation"]})


def rebuilt_recording(file, mbid):
    """Give a recording as its document does."""
    (row,) = file.rows("SELECT * FROM recordings WHERE mbid = ?", mbid)
    facts = {name: row[name] for name in ("title", "date", "disambiguation", "video")}
    lists = {"credit": file.credit(row["credit"]), "relations": file.relations("rc", row["recording"])}
    isrcs = [code.replace("-", "") for code in file.codes("rc", row["recording"], "isrc")]
    return plain(facts | lists | {"length": row["length_ms"], "isrcs": isrcs})


def said_recording(document):
    facts = {"title": document["title"], "date": document.get("first-release-date"), "length": document["length"]}
    facts |= {"video": int(bool(document["video"])), "disambiguation": document["disambiguation"]}
    codes = [code.replace("-", "").upper() for code in document.get("isrcs") or []]
    lists = {"credit": said_credit(document), "relations": said_relations(document)}
    return plain(facts | lists | {"isrcs": [code for code in codes if len(code) == 12]})


def rebuilt_release(file, mbid):
    """Give a release as its document does, with its media and tracks."""
    (row,) = file.rows("SELECT * FROM releases WHERE mbid = ?", mbid)
    key = row["release"]
    names = (*PLAIN, "language", "script")
    labels = file.rows(
        """SELECT catalogue_number AS number, mbid FROM release_labels LEFT JOIN labels USING (label)
        WHERE release = ? ORDER BY position""",
        key,
    )
    group = file.listed("SELECT mbid FROM release_groups WHERE release_group = ?", row["release_group"])
    media = file.rows("SELECT * FROM media WHERE release = ? ORDER BY position", key)
    return plain(
        {name: row[name] for name in names}
        | {"group": list(map(spelled, group)), "credit": file.credit(row["credit"])}
        | {"aliases": [plain(one) for one in file.aliases("re", key)], "relations": file.relations("re", key)}
        | {"labels": [plain({**one, "mbid": spelled(one["mbid"])}) for one in labels]}
        | {"events": rebuilt_events(file, row), "media": [rebuilt_medium(file, key, one) for one in media]}
    )


def rebuilt_events(file, row):
    """Give a release's events; its own date and country are its only one where none is written."""
    found = file.rows("SELECT date, country FROM release_events WHERE release = ? ORDER BY position", row["release"])
    own = {"date": row["date"], "country": row["country"]}
    return [plain(one) for one in found or ([own] if plain(own) else [])]


def rebuilt_medium(file, release, medium):
    tracks = file.rows(
        """SELECT tracks.mbid, kind, tracks.position, number, recordings.mbid AS recording,
          coalesce(tracks.title, recordings.title) AS title, coalesce(tracks.credit, recordings.credit) AS credit,
          coalesce(tracks.length_ms, recordings.length_ms) AS length
        FROM tracks JOIN recordings USING (recording) WHERE release = ? AND medium = ?
        ORDER BY kind IS NOT 'pregap', kind IS NOT NULL, tracks.position""",
        release,
        medium["position"],
    )
    counted = sum(one["kind"] is None for one in tracks)
    count = medium["track_count"] if medium["track_count"] is not None else counted
    facts = {"number": medium["number"] or medium["position"] + 1, "format": medium["format"], "title": medium["title"]}
    return plain(facts | {"count": count, "tracks": [rebuilt_track(file, one) for one in tracks]})


def rebuilt_track(file, row):
    facts = {"id": spelled(row["mbid"]), "title": row["title"], "number": row["number"] or str(row["position"] + 1)}
    recording = rebuilt_recording(file, row["recording"])
    return plain(facts | {"length": row["length"], "credit": file.credit(row["credit"]), "recording": recording})


def said_release(document, recordings):
    """Give of a release's document what the file claims."""
    labels = [
        plain({"number": one["catalog-number"], "mbid": (one["label"] or {}).get("id")})
        for one in document.get("label-info") or []
    ]
    events = [
        plain({"date": sensible(one["date"]), "country": "; ".join((one["area"] or {}).get("iso-3166-1-codes") or [])})
        for one in document.get("release-events") or []
    ]
    group = document.get("release-group")
    return plain(
        {name: document.get(name) for name in PLAIN}
        | (document.get("text-representation") or {})
        | {"group": [group["id"]] if group else [], "credit": said_credit(document), "aliases": said_aliases(document)}
        | {"labels": labels, "events": events, "relations": said_relations(document)}
        | {"media": [said_medium(one, recordings) for one in document.get("media") or []]}
    )


def said_medium(medium, recordings):
    pregap = [medium["pregap"]] if medium.get("pregap") else []
    tracks = [*pregap, *(medium.get("tracks") or []), *(medium.get("data-tracks") or [])]
    facts = {"number": medium["position"], "format": medium["format"], "title": medium.get("title")}
    told = [said_track(one, recordings) for one in tracks]
    return plain(facts | {"count": medium["track-count"], "tracks": told})


def said_track(track, recordings):
    recording = said_recording(recordings[track["recording"]["id"]])
    own = track["length"] if (track["length"] or -1) > 0 else None
    facts = {name: track[name] for name in ("id", "title", "number")}
    return plain(
        facts | {"length": own or recording.get("length"), "credit": said_credit(track), "recording": recording}
    )


def first_said(releases):
    """Tell what the first document that has a recording says of it: that counts."""
    found = {}
    for document in releases:
        for medium in document.get("media") or []:
            for kind in ("pregap", "tracks", "data-tracks"):
                part = medium.get(kind) or []
                for track in part if isinstance(part, list) else [part]:
                    found.setdefault(track["recording"]["id"], track["recording"])
    return found


@pytest.fixture
def file(with_dumps):
    """Open the catalogue of the fixtures."""
    with closing(File(with_dumps.path)) as opened:
        yield opened


@pytest.mark.parametrize("entity", ["artist", "label"])
def test_artists_and_labels_come_back(file, documents, entity):
    """Names, life spans, codes and aliases are those of each document."""
    for document in documents(entity):
        assert rebuilt_agent(file, entity, UUID(document["id"]).bytes) == said_agent(entity, document)


def test_works_come_back(file, documents):
    """Title, language, codes and who wrote it are those of each document."""
    for document in documents("work"):
        assert rebuilt_work(file, UUID(document["id"]).bytes) == said_work(document)


def test_release_groups_come_back(file, documents):
    """Types, dates and credits are those of each document."""
    for document in documents("release-group"):
        assert rebuilt_group(file, UUID(document["id"]).bytes) == said_group(document)


def test_recordings_come_back(file, documents):
    """Length, ISRCs, credits and relationships are those of each document."""
    for document in documents("recording"):
        assert rebuilt_recording(file, UUID(document["id"]).bytes) == said_recording(document)


def test_releases_come_back(file, documents):
    """Events, labels, media, and every track with its recording are those of each document."""
    known = first_said(documents("release"))
    for document in documents("release"):
        assert rebuilt_release(file, UUID(document["id"]).bytes) == said_release(document, known)


def rebuilt_from(root, with_dumps, entity, found):
    """Build a catalogue of documents and open it."""
    path = root / f"{entity}.jsonl"
    path.write_text("\n".join(map(json.dumps, found)), "utf-8")
    import_dump(root / "records", dump_source("musicbrainz"), path, Silent())
    inputs = replace(with_dumps.inputs, dumps=(("musicbrainz", root / "records" / entity),))
    build(inputs, root / "x.sqlite3", Silent())
    return closing(File(root / "x.sqlite3"))


@pytest.mark.parametrize("name", ["Artist", "Label", "ReleaseGroup"])
def test_real_documents_come_back(shared, tmp_path, with_dumps, name):
    """A real artist, label and release group come back as the web service gave them."""
    document = json.loads((shared / "musicbrainz_ws2" / "papposilene" / "Lookup" / f"{name}.json").read_text("utf-8"))
    entity = "release-group" if name == "ReleaseGroup" else name.lower()
    with rebuilt_from(tmp_path, with_dumps, entity, [document]) as file:
        mbid = UUID(document["id"]).bytes
        if name == "ReleaseGroup":
            assert rebuilt_group(file, mbid) == said_group(document)
        else:
            assert rebuilt_agent(file, entity, mbid) == said_agent(entity, document)


def test_real_releases_come_back(shared, tmp_path, with_dumps):
    """Every real release document with its tracks comes back, with all recordings on it."""
    root = shared / "musicbrainz_ws2"
    paths = (*sorted(root.glob("picard_ws_data/release*.json")), root / "papposilene" / "Lookup" / "Release.json")
    found = [json.loads(path.read_text("utf-8")) for path in paths]
    found = [one for one in found if "id" in one and one.get("media") and one["media"][0].get("tracks")]
    assert len(found) >= 2
    known = first_said(found)
    with rebuilt_from(tmp_path, with_dumps, "release", found) as file:
        for document in found:
            assert rebuilt_release(file, UUID(document["id"]).bytes) == said_release(document, known)
