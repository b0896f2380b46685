"""Discogs's releases to our tables.

A track that holds parts is an `index`; one without position and duration is a `heading` where other tracks of its
release have a position. The others, and the parts, are recordings of their own: Discogs knows no recordings.
"""

from collections.abc import Callable, Mapping
from typing import Any

import ibis

from tenuto.model.source import TableMapping
from tenuto.sources.discogs_countries import COUNTRIES
from tenuto.sources.discogs_expressions import classes, credits_, duration_ms, linked, plain, renumbered, track_id
from tenuto.sources.expressions import date, isrc

__all__ = ["RELEASE_TABLES"]

Table = Any
Column = Any
Tables = Callable[[str], Table]
_TRACK = "tracklist/track"
_PART = "tracklist/track/sub_tracks/track"
_HEARD = ("track", "sub-track")


def _every_release(t: Tables) -> Table:
    raw = t("raw")
    codes = ibis.cases(*((raw["country"] == name, code) for name, code in COUNTRIES.items()), else_=None)
    day = raw["released"].re_replace("(-00)+$", "")
    return raw.select("@id", "title", "data_quality", "master_id", codes=codes, date=date(day))


def _releases(t: Tables) -> Table:
    found, codes = t("_releases"), t("identifiers/identifier")
    printed = codes.filter((codes["@type"] == "Barcode") & (codes["@value"] != ""))
    first = printed.group_by("_id").agg(barcode=printed["@value"].argmin(printed["_position"]))
    found = found.left_join(first, found["@id"] == first["_id"])
    return found.select(
        "date",
        "barcode",
        id=found["@id"],
        title=found["title"].fill_null(""),
        release_group=linked(found["master_id"]),
        country=ibis.ifelse(found["codes"].length() == 2, found["codes"], None),  # noqa: PLR2004 - one code
        quality=found["data_quality"],
    )


def _release_events(t: Tables) -> Table:
    found = t("_releases")
    found = found.filter(found["date"].notnull() | found["codes"].notnull())
    return found.select("date", release=found["@id"], position=ibis.literal(0, "int64"), country=found["codes"])


def _release_labels(t: Tables) -> Table:
    """Give the labels, then the companies with what they did."""
    labels, companies = t("labels/label"), t("companies/company")
    return renumbered(
        labels.select(
            "_element",
            "_position",
            release=labels["_id"],
            label=linked(labels["@id"]),
            name=plain(labels["@name"]),
            catalogue_number=_number(labels["@catno"]),
            role=ibis.null("string"),
        ),
        companies.select(
            "_element",
            "_position",
            release=companies["_id"],
            label=linked(companies["id"]),
            name=plain(companies["name"]),
            catalogue_number=_number(companies["catno"]),
            role=companies["entity_type_name"],
        ),
        key="release",
    )


def _number(text: Column) -> Column:
    return ibis.ifelse(text.lower().isin(("none", "")), None, text)


def _formats(t: Tables) -> Table:
    formats, words = t("formats/format"), t("formats/format/descriptions/description")
    words = words.filter(words["."].notnull()).group_by("_id", "_in1")
    words = words.agg(descriptions=ibis._["."].group_concat("; ", order_by=ibis._["_position"]))
    found = formats.left_join(words, [formats["_id"] == words["_id"], formats["_position"] == words["_in1"]])
    return found.select(
        "descriptions",
        release=formats["_id"],
        position=formats["_position"],
        name=formats["@name"].nullif(""),
        quantity=formats["@qty"].nullif(""),
        text=formats["@text"].nullif(""),
    )


def _every_track(t: Tables) -> Table:
    """Give tracks and their parts."""
    tracks, parts = t(_TRACK), t(_PART)
    whole = parts.select("_id", "_in1", _holds=True).distinct()
    tracks = tracks.left_join(whole, [tracks["_id"] == whole["_id"], tracks["_position"] == whole["_in1"]])
    tracks = tracks.select("_id", "_position", "position", "title", "duration", "_holds")
    numbered = tracks["position"].notnull().any().over(ibis.window(group_by="_id"))
    heading = tracks["position"].isnull() & tracks["duration"].isnull() & numbered
    kind = ibis.cases((tracks["_holds"].notnull(), "index"), (heading, "heading"), else_="track")
    return _track_rows(tracks, kind, ibis.null("string")).union(
        _track_rows(parts, ibis.literal("sub-track"), track_id(parts))
    )


def _track_rows(rows: Table, kind: Column, parent: Column) -> Table:
    own = track_id(rows, "_position")
    heard = kind.isin(_HEARD)
    return rows.select(
        id=own,
        release=rows["_id"],
        medium=ibis.literal(0, "int64"),
        kind=kind,
        position=rows["_position"],
        number=rows["position"],
        title=rows["title"].fill_null(""),
        length_ms=duration_ms(rows["duration"]),
        recording=ibis.ifelse(heard, own, None),
        parent=parent,
    )


def _tracks(t: Tables) -> Table:
    return t("_tracks")


def _recordings(t: Tables) -> Table:
    tracks = t("_tracks")
    return tracks.filter(tracks["recording"].notnull()).select("id", "title", "length_ms")


def _credits(t: Tables) -> Table:
    places = {"artists/artist": "release", f"{_TRACK}/artists/artist": "track", f"{_PART}/artists/artist": "track"}
    return ibis.union(*(credits_(t(place), subject) for place, subject in places.items()))


def _contributions(t: Tables) -> Table:
    places = {"": "release", f"{_TRACK}/": "track", f"{_PART}/": "track"}
    found = [(t(f"{place}extraartists/artist"), subject) for place, subject in places.items()]
    return ibis.union(
        *(
            rows.select(
                subject=ibis.literal(subject),
                id=track_id(rows),
                position=rows["_position"],
                artist=linked(rows["id"]),
                name=ibis.coalesce(rows["anv"].nullif(""), plain(rows["name"])),
                role=rows["role"],
                tracks=rows["tracks"],
            ).filter(ibis._.name.notnull())
            for rows, subject in found
        )
    )


def _identifiers(t: Tables) -> Table:
    """Give identifiers by their kind in small letters; an ISRC without the form of one is `isrc as stated`."""
    rows = t("identifiers/identifier")
    kind = rows["@type"].lower().fill_null("other")
    code = ibis.ifelse(kind == "isrc", isrc(rows["@value"]), None)
    return rows.select(
        subject=ibis.literal("release"),
        id=rows["_id"],
        type=ibis.ifelse((kind == "isrc") & code.isnull(), "isrc as stated", kind),
        position=rows["_position"],
        value=ibis.coalesce(code, rows["@value"].nullif("")),
        note=rows["@description"].nullif(""),
    ).filter(ibis._.value.notnull())


RELEASE_TABLES: Mapping[str, TableMapping] = {
    "_releases": _every_release,
    "_tracks": _every_track,
    "releases": _releases,
    "release_events": _release_events,
    "release_labels": _release_labels,
    "release_formats": _formats,
    "tracks": _tracks,
    "recordings": _recordings,
    "credits": _credits,
    "contributions": _contributions,
    "genres": classes("release"),
    "identifiers": _identifiers,
}
"""Our tables, by name and in order."""
