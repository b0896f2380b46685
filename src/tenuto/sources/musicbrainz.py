"""MusicBrainz's JSON dumps: artists, labels, works, release groups, releases with their tracks, recordings.

`recording` holds only recordings that stand on no release; the others are inside `release`.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import ibis

from tenuto.model.source import DumpEntity, DumpSource, TableMapping, Terms
from tenuto.sources.expressions import (
    aliases,
    credits_,
    date,
    genres,
    isrc,
    iswc,
    length_ms,
    licences,
    number,
    relations,
    texts,
    unnested,
)
from tenuto.sources.musicbrainz_shapes import ARTIST, LABEL, RECORDING, RELEASE, RELEASE_GROUP, WORK

__all__ = ["MusicBrainz"]

_SUPPLEMENT = "CC-BY-NC-SA-3.0"  # of what users voted on: tags, and the genres among them

Table = Any
"""An Ibis table; Ibis has no types of its own."""
Tables = Callable[[str], Table]
"""Gives the tables made before, by name."""


class MusicBrainz(DumpSource):
    """Maps MusicBrainz's documents to our tables; ids are MusicBrainz's own."""

    name: ClassVar[str] = "musicbrainz"
    home: ClassVar[str] = "https://musicbrainz.org/"
    terms: ClassVar[Terms] = Terms(
        summary="MusicBrainz publishes its core data for everyone as dumps, under CC0.",
        audio="It holds no audio; a `license` relationship is evidence for audio found elsewhere.",
        metadata_licence="CC0-1.0",
        limits=f"Dumps as published, fetched by the operator; genres are {_SUPPLEMENT}, tags and ratings stay out.",
        evidence=("`license` relationships of releases and recordings, with the address of the licence",),
        url="https://musicbrainz.org/doc/About/Data_License",
    )
    entities: ClassVar[tuple[DumpEntity, ...]] = (
        DumpEntity(name="artist", shape=ARTIST),
        DumpEntity(name="label", shape=LABEL),
        DumpEntity(name="work", shape=WORK),
        DumpEntity(name="release-group", shape=RELEASE_GROUP),
        DumpEntity(name="release", shape=RELEASE, repeated=("_tracks", "_recordings")),
        DumpEntity(name="recording", shape=RECORDING),
    )

    known_facts: ClassVar[Mapping[str, str]] = {"JSON_DUMPS_SCHEMA_NUMBER": "1"}

    def tables(self, entity: str) -> Mapping[str, TableMapping]:
        """Map an entity's documents to our tables."""
        return _TABLES[entity]


def _span(raw: Table) -> dict[str, Any]:
    span = raw["life-span"]
    return {"begin": date(span["begin"]), "end": date(span["end"]), "ended": span["ended"] == "true"}


def _artists(t: Tables) -> Table:
    raw = t("raw")
    plain = ("id", "name", "type", "gender", "country", "disambiguation")
    return raw.select(*plain, sort_name=raw["sort-name"], **_span(raw))


def _labels(t: Tables) -> Table:
    raw = t("raw")
    names = {"sort_name": raw["sort-name"], "label_code": raw["label-code"]}
    return raw.select("id", "name", "type", "country", "disambiguation", **names, **_span(raw))


def _agent_identifiers(subject: str) -> TableMapping:
    def identifiers(t: Tables) -> Table:
        raw = t("raw")
        return texts(raw, subject, "isni", raw.isnis).union(texts(raw, subject, "ipi", raw.ipis))

    return identifiers


def _aliases(subject: str) -> TableMapping:
    return lambda t: aliases(t("raw"), subject)


def _relations(subject: str, *targets: str) -> TableMapping:
    return lambda t: relations(t("raw"), subject, *targets)


def _genres(subject: str) -> TableMapping:
    return lambda t: genres(t("raw"), subject, _SUPPLEMENT)


def _release_genres(t: Tables) -> Table:
    own = genres(t("raw"), "release", _SUPPLEMENT)
    return own.union(genres(t("_recordings"), "recording", _SUPPLEMENT))


def _licences(subject: str) -> TableMapping:
    return lambda t: licences(t("raw"), subject)


def _release_licences(t: Tables) -> Table:
    return licences(t("raw"), "release").union(licences(t("_recordings"), "recording"))


def _iswcs(t: Tables) -> Table:
    found = texts(t("raw"), "work", "iswc", t("raw").iswcs)
    return found.mutate(value=iswc(found.value)).filter(ibis._.value.notnull())


def _works(t: Tables) -> Table:
    return t("raw").select("id", "title", "type", "language", "disambiguation")


def _release_groups(t: Tables) -> Table:
    raw = t("raw")
    facts = {"primary_type": raw["primary-type"], "first_release_date": date(raw["first-release-date"])}
    return raw.select("id", "title", "disambiguation", **facts)


def _secondary_types(t: Tables) -> Table:
    kinds = unnested(t("raw"), t("raw")["secondary-types"], "id")
    return kinds.select(release_group=kinds.id, position=kinds.position, name=kinds.item)


def _releases(t: Tables) -> Table:
    raw = t("raw")
    plain = ("id", "title", "country", "status", "packaging", "disambiguation", "asin")
    script = raw["text-representation"]
    return raw.select(
        *plain,
        date=date(raw.date),
        barcode=raw.barcode.nullif(""),
        language=script["language"],
        script=script["script"],
        release_group=raw["release-group"]["id"],
    )


def _release_events(t: Tables) -> Table:
    found = unnested(t("raw"), t("raw")["release-events"], release="id")
    country = found.item["area"]["iso-3166-1-codes"]
    return found.select("release", "position", date=date(found.item["date"]), country=country.join("; ").nullif(""))


def _release_labels(t: Tables) -> Table:
    found = unnested(t("raw"), t("raw")["label-info"], release="id")
    label = found.item["label"]
    number_ = found.item["catalog-number"].nullif("")
    return found.select("release", "position", label=label["id"], name=label["name"], catalogue_number=number_)


def _every_medium(t: Tables) -> Table:
    """Take media apart, once for all that lies on them."""
    found = unnested(t("raw"), t("raw").media, release="id")
    names = ("position", "format", "title", "track-count", "tracks", "pregap", "data-tracks")
    return found.select("release", medium=found.position, **{name: found.item[name] for name in names})


def _media(t: Tables) -> Table:
    media = t("_media")
    return media.select(
        "release",
        "format",
        position=media.medium,
        number=number(media.position),
        title=media.title.nullif(""),
        track_count=number(media["track-count"]),
    )


def _every_track(t: Tables) -> Table:
    """Take tracks apart: those counted, the one in the pregap, and those in the data area."""
    media = t("_media")
    pregap = media.filter(media.pregap["id"].notnull())
    parts = {
        "track": unnested(media, media.tracks, "release", "medium"),
        "pregap": pregap.select("release", "medium", item=pregap.pregap, position=ibis.literal(0, "int64")),
        "data": unnested(media, media["data-tracks"], "release", "medium"),
    }
    names = ("id", "title", "number", "length", "artist-credit", "recording")
    found = [part.mutate(kind=ibis.literal(kind)) for kind, part in parts.items()]
    return ibis.union(
        *(one.select("release", "medium", "kind", "position", **{n: one.item[n] for n in names}) for one in found)
    )


def _tracks(t: Tables) -> Table:
    found = t("_tracks")
    plain = ("id", "release", "medium", "kind", "position", "number", "title")
    return found.select(*plain, length_ms=length_ms(found["length"]), recording=found.recording["id"])


def _released_recordings(t: Tables) -> Table:
    """Give the documents of the recordings inside releases the shape of the recordings that stand alone."""
    tracks = t("_tracks").filter(ibis._.recording["id"].notnull())
    return tracks.select(**{name: tracks.recording[name] for name, part in RECORDING.items() if part != "-"})


def _recordings(place: str) -> TableMapping:
    def recordings(t: Tables) -> Table:
        raw = t(place)
        facts = {"video": raw.video == "true", "first_release_date": date(raw["first-release-date"])}
        return raw.select("id", "title", "disambiguation", length_ms=length_ms(raw["length"]), **facts)

    return recordings


def _isrcs(place: str) -> TableMapping:
    def identifiers(t: Tables) -> Table:
        coded = texts(t(place), "recording", "isrc", t(place).isrcs)
        return coded.mutate(value=isrc(coded.value)).filter(ibis._.value.notnull())

    return identifiers


def _release_credits(t: Tables) -> Table:
    raw, tracks, recordings = t("raw"), t("_tracks"), t("_recordings")
    return ibis.union(
        credits_(raw, "release", raw["artist-credit"]),
        credits_(tracks, "track", tracks["artist-credit"]),
        credits_(recordings, "recording", recordings["artist-credit"]),
    )


def _release_relations(t: Tables) -> Table:
    own = relations(t("raw"), "release", "url", "artist")
    return own.union(relations(t("_recordings"), "recording", "work", "artist", "url"))


def _credits(subject: str) -> TableMapping:
    return lambda t: credits_(t("raw"), subject, t("raw")["artist-credit"])


_TABLES: Mapping[str, Mapping[str, TableMapping]] = {
    "artist": {
        "artists": _artists,
        "aliases": _aliases("artist"),
        "genres": _genres("artist"),
        "identifiers": _agent_identifiers("artist"),
    },
    "label": {
        "labels": _labels,
        "aliases": _aliases("label"),
        "genres": _genres("label"),
        "identifiers": _agent_identifiers("label"),
    },
    "work": {
        "works": _works,
        "aliases": _aliases("work"),
        "identifiers": _iswcs,
        "relations": _relations("work", "artist", "work", "url"),
    },
    "release-group": {
        "release_groups": _release_groups,
        "secondary_types": _secondary_types,
        "credits": _credits("release-group"),
        "aliases": _aliases("release-group"),
        "genres": _genres("release-group"),
    },
    "release": {
        "_media": _every_medium,
        "_tracks": _every_track,
        "_recordings": _released_recordings,
        "releases": _releases,
        "release_events": _release_events,
        "release_labels": _release_labels,
        "media": _media,
        "tracks": _tracks,
        "recordings": _recordings("_recordings"),
        "credits": _release_credits,
        "aliases": _aliases("release"),
        "identifiers": _isrcs("_recordings"),
        "relations": _release_relations,
        "genres": _release_genres,
        "evidence": _release_licences,
    },
    "recording": {
        "recordings": _recordings("raw"),
        "credits": _credits("recording"),
        "identifiers": _isrcs("raw"),
        "relations": _relations("recording", "work", "artist", "url"),
        "genres": _genres("recording"),
        "evidence": _licences("recording"),
    },
}
