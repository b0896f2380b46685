"""Shapes of the documents in MusicBrainz's JSON dumps: which parts are read, which are known and left alone.

Each line is a document in the shape of the web service, version 2. Tags, ratings and annotations are under another
licence (CC BY-NC-SA) than the rest (CC0), and are left alone; genres are too, and are read with their licence.
"""

from tenuto.model.source import Shape

__all__ = ["ARTIST", "LABEL", "RECORDING", "RELEASE", "RELEASE_GROUP", "WORK"]


def _read(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, "text")


def _left(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, "-")


_TYPED: dict[str, Shape] = {"type": "text", "type-id": "-"}
_GENRES: Shape = [{"name": "text", "id": "-", "count": "-", "disambiguation": "-"}]
_UNDER_ANOTHER_LICENCE: dict[str, Shape] = {
    **dict.fromkeys(("annotation", "tags", "user-tags", "user-genres", "rating", "user-rating", "collections"), "-"),
    "genres": _GENRES,
}
_AREA: Shape = {
    "iso-3166-1-codes": ["text"],
    "name": "text",
    **_left("id", "sort-name", "disambiguation", "type", "type-id", "iso-3166-2-codes", "life-span"),
}
_ALIASES: Shape = [{**_read("name", "sort-name", "locale", "primary"), **_left("begin", "end", "ended"), **_TYPED}]
_AGENT: dict[str, Shape] = {
    **_read("id", "name"),
    **_left("sort-name", "disambiguation", "aliases", "country", "type", "type-id", "label-code"),
    **_left("annotation", "genres", "tags"),
}
_CREDIT: Shape = [{"name": "text", "joinphrase": "text", "artist": _AGENT}]
_WORK: Shape = {
    **_read("id", "title"),
    "iswcs": ["text"],
    **_left("type", "type-id", "language", "languages", "attributes", "disambiguation", "relations", "aliases"),
    "annotation": "-",
}
_RELATIONS: Shape = [
    {
        **_read("type", "target-type", "direction", "begin", "end"),
        "attributes": ["text"],
        "url": {"id": "-", "resource": "text"},
        "work": _WORK,
        "artist": _AGENT,
        **_left("label", "recording", "release", "release_group", "release-group", "place", "area", "event", "series"),
        **_left("instrument", "genre", "ended", "type-id", "attribute-ids", "attribute-values", "attribute-credits"),
        **_left("source-credit", "target-credit", "ordering-key"),
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
    **_left("primary-type-id", "secondary-type-ids", "releases", "relations"),
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
            "label": _AGENT,
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
            **_left("id", "format-id", "track-offset", "discs"),
        }
    ],
    "relations": _RELATIONS,
    **_left("status-id", "packaging-id", "quality", "cover-art-archive", "artwork"),
    **_UNDER_ANOTHER_LICENCE,
}
ARTIST: dict[str, Shape] = {
    **dict.fromkeys(("id", "name", "sort-name", "gender", "country", "disambiguation"), "text"),
    **_TYPED,
    "aliases": _ALIASES,
    "life-span": _SPAN,
    "isnis": ["text"],
    "ipis": ["text"],
    **_left("gender-id", "area", "begin_area", "end_area", "begin-area", "end-area", "relations"),
    **_left("recordings", "releases", "release-groups", "works"),
    **_UNDER_ANOTHER_LICENCE,
}
LABEL: dict[str, Shape] = {
    **dict.fromkeys(("id", "name", "sort-name", "country", "label-code", "disambiguation"), "text"),
    **_TYPED,
    "aliases": _ALIASES,
    "life-span": _SPAN,
    "isnis": ["text"],
    "ipis": ["text"],
    **_left("area", "relations", "releases"),
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
    "genres": "-",
}
