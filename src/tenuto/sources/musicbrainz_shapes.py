"""Shapes of the documents in MusicBrainz's JSON dumps: which parts are read, which are known and left alone.

Each line is a document in the shape of the web service, version 2. Tags, ratings, genres and annotations are under
another licence (CC BY-NC-SA) than the rest (CC0), and are left alone.
"""

from tenuto.model.source import Shape

__all__ = ["ARTIST", "LABEL", "RECORDING", "RELEASE", "RELEASE_GROUP", "WORK"]

_TYPED = {"type": "text", "type-id": "-"}
_UNDER_ANOTHER_LICENCE: dict[str, Shape] = dict.fromkeys(
    ("annotation", "tags", "user-tags", "genres", "user-genres", "rating", "user-rating", "collections"), "-"
)
_AREA: Shape = {
    "iso-3166-1-codes": ["text"],
    "name": "text",
    **dict.fromkeys(("id", "sort-name", "disambiguation", "type", "type-id", "iso-3166-2-codes", "life-span"), "-"),
}
_ALIASES: Shape = [
    {
        "name": "text",
        "sort-name": "text",
        "locale": "text",
        "primary": "text",
        "begin": "-",
        "end": "-",
        "ended": "-",
        **_TYPED,
    }
]
_PERSON: Shape = {
    "id": "text",
    "name": "text",
    **dict.fromkeys(("sort-name", "disambiguation", "aliases", "country", "type", "type-id", "annotation"), "-"),
    **dict.fromkeys(("genres", "tags"), "-"),
}
_CREDIT: Shape = [{"name": "text", "joinphrase": "text", "artist": _PERSON}]
_TARGETS = (
    "artist",
    "label",
    "recording",
    "release",
    "release_group",
    "release-group",
    "work",
    "place",
    "area",
    "event",
)
_RELATIONS: Shape = [
    {
        "type": "text",
        "target-type": "text",
        "direction": "text",
        "attributes": ["text"],
        "begin": "text",
        "end": "text",
        "url": {"id": "-", "resource": "text"},
        "work": {
            "id": "text",
            "title": "text",
            "iswcs": ["text"],
            **dict.fromkeys(("type", "type-id", "language"), "-"),
        }
        | dict.fromkeys(("languages", "attributes", "disambiguation", "relations", "aliases", "annotation"), "-"),
        "artist": {"id": "text", "name": "text"}
        | dict.fromkeys(("sort-name", "disambiguation", "type", "type-id", "country", "aliases", "annotation"), "-"),
        **{target: "-" for target in (*_TARGETS, "series", "instrument", "genre") if target not in {"work", "artist"}},
        **dict.fromkeys(("ended", "type-id", "attribute-ids", "attribute-values", "attribute-credits"), "-"),
        **dict.fromkeys(("source-credit", "target-credit", "ordering-key"), "-"),
    }
]
_SPAN: Shape = {"begin": "text", "end": "text", "ended": "text"}
RECORDING: dict[str, Shape] = {
    "id": "text",
    "title": "text",
    "length": "text",
    "video": "text",
    "disambiguation": "text",
    "first-release-date": "text",
    "isrcs": ["text"],
    "artist-credit": _CREDIT,
    "relations": _RELATIONS,
    "aliases": "-",
    "releases": "-",
    **_UNDER_ANOTHER_LICENCE,
}
_TRACK: Shape = {
    "id": "text",
    "title": "text",
    "number": "text",
    "position": "text",
    "length": "text",
    "artist-credit": _CREDIT,
    "recording": RECORDING,
}
RELEASE_GROUP: dict[str, Shape] = {
    "id": "text",
    "title": "text",
    "primary-type": "text",
    "secondary-types": ["text"],
    "first-release-date": "text",
    "disambiguation": "text",
    "artist-credit": _CREDIT,
    "aliases": _ALIASES,
    **dict.fromkeys(("primary-type-id", "secondary-type-ids", "releases", "relations"), "-"),
    **_UNDER_ANOTHER_LICENCE,
}
RELEASE: dict[str, Shape] = {
    **dict.fromkeys(("id", "title", "date", "country", "barcode", "status", "packaging", "disambiguation"), "text"),
    "asin": "text",
    "text-representation": {"language": "text", "script": "text"},
    "artist-credit": _CREDIT,
    "aliases": _ALIASES,
    "release-group": {"id": "text", "title": "-", **{name: "-" for name in RELEASE_GROUP if name != "id"}},
    "label-info": [
        {
            "catalog-number": "text",
            "label": {"id": "text", "name": "text"}
            | dict.fromkeys(("label-code", "sort-name", "disambiguation", "aliases", "type", "type-id", "country"), "-")
            | {"annotation": "-", "genres": "-", "tags": "-"},
        }
    ],
    "release-events": [{"date": "text", "area": _AREA}],
    "media": [
        {
            "position": "text",
            "format": "text",
            "title": "text",
            "track-count": "text",
            "tracks": [_TRACK],
            "pregap": _TRACK,
            "data-tracks": [_TRACK],
            **dict.fromkeys(("id", "format-id", "track-offset", "discs"), "-"),
        }
    ],
    "relations": _RELATIONS,
    **dict.fromkeys(("status-id", "packaging-id", "quality", "cover-art-archive", "artwork"), "-"),
    **_UNDER_ANOTHER_LICENCE,
}
ARTIST: dict[str, Shape] = {
    **dict.fromkeys(("id", "name", "sort-name", "gender", "country", "disambiguation"), "text"),
    **_TYPED,
    "aliases": _ALIASES,
    "life-span": _SPAN,
    "isnis": ["text"],
    "ipis": ["text"],
    **dict.fromkeys(("gender-id", "area", "begin_area", "end_area", "begin-area", "end-area", "relations"), "-"),
    **dict.fromkeys(("recordings", "releases", "release-groups", "works"), "-"),
    **_UNDER_ANOTHER_LICENCE,
}
LABEL: dict[str, Shape] = {
    **dict.fromkeys(("id", "name", "sort-name", "country", "label-code", "disambiguation"), "text"),
    **_TYPED,
    "aliases": _ALIASES,
    "life-span": _SPAN,
    "isnis": ["text"],
    "ipis": ["text"],
    **dict.fromkeys(("area", "relations", "releases"), "-"),
    **_UNDER_ANOTHER_LICENCE,
}
WORK: dict[str, Shape] = {
    **dict.fromkeys(("id", "title", "language", "disambiguation"), "text"),
    **_TYPED,
    "iswcs": ["text"],
    "languages": ["text"],
    "aliases": _ALIASES,
    "relations": _RELATIONS,
    "attributes": "-",
    **_UNDER_ANOTHER_LICENCE,
}
