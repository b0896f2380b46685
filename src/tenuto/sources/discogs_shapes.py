"""Shapes of the elements in Discogs's XML dumps: which parts are read, which are known and left alone.

Left alone on purpose: notes, profiles and contact texts (prose), pictures and videos (addresses of others' works),
the state of an entry, and what another field or dump says as well.
"""

from collections.abc import Mapping

from tenuto.model.source import Shape

__all__ = ["SHAPES"]


def _read(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, "text")


def _left(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, "-")


_NAMED: Shape = [{"@id": "text", ".": "text"}]
_ARTISTS: Shape = {"artist": [_read("id", "name", "anv", "join", "role", "tracks")]}
_CLASSED: dict[str, Shape] = {"genres": {"genre": ["text"]}, "styles": {"style": ["text"]}}
_TRACK: dict[str, Shape] = {
    **_read("position", "title", "duration"),
    "artists": _ARTISTS,
    "extraartists": _ARTISTS,
}

_ARTIST: dict[str, Shape] = {
    **_read("id", "name", "realname", "data_quality"),
    "namevariations": {"name": ["text"]},
    "aliases": {"name": _NAMED},
    "members": {"*": [{"id": "text", "name": {"@id": "text", ".": "text"}}]},  # an id before each name
    "groups": {"name": _NAMED},
    "urls": {"url": ["text"]},
    **_left("profile", "images"),
}
_LABEL: dict[str, Shape] = {
    **_read("id", "name", "data_quality"),
    "parentLabel": {"@id": "text", ".": "text"},
    "sublabels": {"label": _NAMED},
    "urls": {"url": ["text"]},
    **_left("profile", "contactinfo", "images"),
}
_MASTER: dict[str, Shape] = {
    **_read("@id", "main_release", "title", "year", "data_quality"),
    "artists": _ARTISTS,
    **_CLASSED,
    **_left("notes", "images", "videos"),
}
_RELEASE: dict[str, Shape] = {
    **_read("@id", "title", "country", "released", "data_quality"),
    "master_id": {".": "text", "@is_main_release": "-"},
    "artists": _ARTISTS,
    "extraartists": _ARTISTS,
    "labels": {"label": [_read("@id", "@name", "@catno")]},
    "formats": {"format": [{**_read("@name", "@qty", "@text"), "descriptions": {"description": ["text"]}}]},
    **_CLASSED,
    "tracklist": {"track": [{**_TRACK, "sub_tracks": {"track": [_TRACK]}}]},
    "identifiers": {"identifier": [_read("@type", "@description", "@value")]},
    "companies": {
        "company": [{**_read("id", "name", "catno", "entity_type_name"), **_left("entity_type", "resource_url")}]
    },
    **_left("@status", "notes", "images", "videos"),
}
SHAPES: Mapping[str, Mapping[str, Shape]] = {"artist": _ARTIST, "label": _LABEL, "master": _MASTER, "release": _RELEASE}
"""By the name of the element."""
