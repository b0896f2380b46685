"""ListenBrainz: which recordings count as one, and how often each was listened to; never by whom.

Ids are MusicBrainz's. `canonical_*` are the tables of a canonical dump; `listens` are listens, one JSON document each.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import ibis

from tenuto.model.source import DumpEntity, DumpSource, Shape, TableMapping, Terms

__all__ = ["ListenBrainz"]

Table = Any
"""An Ibis table; Ibis has no types of its own."""
Tables = Callable[[str], Table]

_MBID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_READ: Mapping[str, tuple[str, ...]] = {
    "canonical_musicbrainz_data": ("recording_mbid", "release_mbid"),
    "canonical_recording_redirect": ("recording_mbid", "canonical_recording_mbid"),
    "canonical_release_redirect": ("release_mbid", "canonical_release_mbid"),
}
_LEFT: Mapping[str, tuple[str, ...]] = {
    "canonical_musicbrainz_data": (
        "id",
        "artist_credit_id",
        "artist_mbids",
        "artist_credit_name",
        "release_name",
        "recording_name",
        "combined_lookup",
        "score",
    ),
    "canonical_recording_redirect": ("canonical_release_mbid",),
    "canonical_release_redirect": ("release_group_mbid",),
}
_NOT_READ: dict[str, Shape] = dict.fromkeys(
    (
        *("user_id", "user_name", "timestamp", "listened_at", "inserted_at", "created", "recording_msid"),
        *("artist_msid", "release_msid", "artist_name", "track_name", "release_name", "release_mbid", "tags"),
        *("artist_mbids", "artist_credit_mbids", "artist_credit_id"),
    ),
    "-",
)
_MAPPED: Shape = {
    "recording_mbid": "text",
    **dict.fromkeys(("recording_name", "release_mbid", "artist_mbids", "artists", "caa_id", "caa_release_mbid"), "-"),
}
_LISTEN: dict[str, Shape] = {
    **_NOT_READ,
    "recording_mbid": "text",
    "track_metadata": {
        **dict.fromkeys(("artist_name", "track_name", "release_name", "recording_msid", "brainzplayer_metadata"), "-"),
        "mbid_mapping": _MAPPED,
        "additional_info": {"recording_mbid": "text", "*": "-"},  # players write what they like
    },
}


class ListenBrainz(DumpSource):
    """Maps canonical tables to redirects and listens to counts; of listeners nothing is read."""

    name: ClassVar[str] = "listenbrainz"
    home: ClassVar[str] = "https://listenbrainz.org/"
    terms: ClassVar[Terms] = Terms(
        summary="ListenBrainz publishes listens, and MetaBrainz its canonical tables, as dumps under CC0.",
        audio="It holds no audio and no statement about any.",
        metadata_licence="CC0-1.0",
        limits="Dumps as published, fetched by the operator; of listens only counts are kept, never a user name.",
        evidence=("none: it says nothing of rights",),
        url="https://metabrainz.org/datasets",
    )
    entities: ClassVar[tuple[DumpEntity, ...]] = (
        *(
            DumpEntity(
                name=name,
                shape={**dict.fromkeys(columns, "text"), **dict.fromkeys(_LEFT[name], "-")},
                tabular=True,
            )
            for name, columns in _READ.items()
        ),
        DumpEntity(name="listens", shape=_LISTEN, personal=True),
    )

    def tables(self, entity: str) -> Mapping[str, TableMapping]:
        """Map an entity's rows or listens to our tables."""
        return _TABLES[entity]

    def entity_of(self, file_name: str) -> DumpEntity | None:
        """Tell which entity a file holds: a canonical table by its name, listens by their ending or their dump's."""
        if ".listens" in file_name or file_name.startswith(("listenbrainz-listens-dump", "listenbrainz-spark-dump")):
            return self.entities[-1]
        name = file_name.partition(".")[0]
        return next((entity for entity in self.entities if entity.name == name), None)


def _redirects(subject: str) -> TableMapping:
    def redirects(t: Tables) -> Table:
        raw = t("raw")
        rows = raw.select(id=_mbid(raw[f"{subject}_mbid"]), target=_mbid(raw[f"canonical_{subject}_mbid"]))
        rows = rows.filter((rows.id != rows.target) & rows.id.notnull() & rows.target.notnull())
        return rows.mutate(subject=ibis.literal(subject), scheme=ibis.literal("musicbrainz"))

    return redirects


def _canonical_releases(t: Tables) -> Table:
    """Say on which release a recording is best shown."""
    raw = t("raw")
    return raw.select(
        id=_mbid(raw.recording_mbid),
        target=_mbid(raw.release_mbid),
        subject=ibis.literal("recording"),
        position=ibis.literal(0, "int64"),
        type=ibis.literal("canonical release"),
        target_type=ibis.literal("release"),
    )


def _counts(t: Tables) -> Table:
    """Count the listens of each recording: what ListenBrainz mapped a listen to goes before what a player said."""
    raw = t("raw")
    told = raw.track_metadata
    found = (told["mbid_mapping"]["recording_mbid"], raw.recording_mbid, told["additional_info"]["recording_mbid"])
    rows = raw.select(id=ibis.coalesce(*map(_mbid, found)))
    counted = rows.filter(rows.id.notnull()).group_by("id").agg(listens=ibis._.count())
    return counted.mutate(subject=ibis.literal("recording"), scheme=ibis.literal("musicbrainz"))


def _mbid(text: Any) -> Any:  # noqa: ANN401 - Ibis has no types of its own
    low = text.strip().lower()
    return ibis.cases((low.re_search(_MBID), low), else_=None)


_TABLES: Mapping[str, Mapping[str, TableMapping]] = {
    "canonical_musicbrainz_data": {"relations": _canonical_releases},
    "canonical_recording_redirect": {"redirects": _redirects("recording")},
    "canonical_release_redirect": {"redirects": _redirects("release")},
    "listens": {"popularity": _counts},
}
