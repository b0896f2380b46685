"""Somebody's table, described by a mapping: a source of its own, with its own terms."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import ibis

from tenuto.model.source import DumpEntity, DumpSource, TableMapping, Terms
from tenuto.sources.expressions import date, isrc, length_ms, number
from tenuto.sources.table_fields import duration_ms, named, pieces, row_id, text
from tenuto.sources.table_mapping import TableMap, Tables

__all__ = ["Table", "mapped"]

Rows = Any
"""An Ibis table; Ibis has no types of its own."""
Known = Callable[[str], Rows]
"""Gives the tables made before, by name."""
_SUBJECTS = {"tracks": "recording", "releases": "release"}


class Table(DumpSource):
    """Any table: what its columns are, a mapping says; by itself it takes nothing in."""

    name: ClassVar[str] = "table"
    home: ClassVar[str] = "https://toml.io/"
    terms: ClassVar[Terms] = Terms(
        summary="A table's mapping states why it may be collected; one without terms is refused.",
        audio="It holds no audio; its licence column is evidence for audio found elsewhere.",
        metadata_licence="as the mapping states it",
        limits="Files named by the operator; nothing is fetched.",
        evidence=("the columns that the mapping names as `licence`",),
    )
    entities: ClassVar[tuple[DumpEntity, ...]] = ()
    maps: ClassVar[Mapping[str, TableMap]] = {}

    def tables(self, entity: str) -> Mapping[str, TableMapping]:
        """Map an entity's rows to our tables."""
        found = self.maps[entity]
        return _track_tables(found) if found.rows == "tracks" else _release_tables(found)

    def entity_of(self, file_name: str) -> DumpEntity | None:
        """Tell which table a file is by the first word of its name, or as the only one that is mapped."""
        return self.entities[0] if len(self.entities) == 1 else DumpSource.entity_of(self, file_name)


def mapped(mapping: Tables) -> DumpSource:
    """Make the source that a mapping describes."""

    class Mapped(Table):
        name: ClassVar[str] = mapping.name
        home: ClassVar[str] = mapping.home
        terms: ClassVar[Terms] = mapping.terms
        entities: ClassVar[tuple[DumpEntity, ...]] = tuple(
            DumpEntity(name=one.name, shape=one.shape, tabular=True, delimiter=one.delimiter) for one in mapping.tables
        )
        maps: ClassVar[Mapping[str, TableMap]] = {one.name: one for one in mapping.tables}

    return Mapped()


def _track_tables(found: TableMap) -> dict[str, TableMapping]:
    parts: dict[str, TableMapping] = {"_rows": lambda t: _track_rows(t("raw"), found), "recordings": _recordings}
    parts |= {"_tracks": _placed, "tracks": _tracks}
    if {"release", "release_key"} & found.columns.keys():
        parts["media"] = _media
    if "release" in found.columns and "release_key" not in found.columns:
        parts["releases"] = _track_releases
    parts["identifiers"] = _isrcs
    return parts | _shared(found)


def _release_tables(found: TableMap) -> dict[str, TableMapping]:
    parts: dict[str, TableMapping] = {"_rows": lambda t: _release_rows(t("raw"), found), "releases": _releases}
    return parts | {"release_labels": _labels} | _shared(found)


def _shared(found: TableMap) -> dict[str, TableMapping]:
    subject, columns = _SUBJECTS[found.rows], found.columns
    releases = "release" in columns and "release_key" not in columns
    return {
        "credits": lambda t: _credits(t("_rows"), found, releases=releases),
        "artists": lambda t: _artists(_credits(t("_rows"), found, releases=releases)),
        "genres": lambda t: _genres(t("_rows"), found),
        "evidence": lambda t: _evidence(t("_rows"), found),
        "relations": lambda t: _addresses(t("_rows"), subject),
    }


def _facts(raw: Rows, found: TableMap) -> dict[str, Any]:
    names = ("title", "artist", "genres", "styles", "licence", "holder", "source_url")
    texts = {name: text(raw, found.columns.get(name)) for name in names}
    return texts | {"id": row_id(raw, found.key), "date": date(text(raw, found.columns.get("date")))}


def _track_rows(raw: Rows, found: TableMap) -> Rows:
    columns = found.columns
    facts = {name: text(raw, columns.get(name)) for name in ("release", "release_key", "number", "disc")}
    artist = text(raw, columns.get("release_artist", columns.get("artist")))
    unit = columns["duration"].unit if "duration" in columns else "ms"
    length = length_ms(duration_ms(text(raw, columns.get("duration")), unit))
    if "release_key" not in columns:
        parts = [part.fill_null("").replace("%", "%25").replace("/", "%2F") for part in (artist, facts["release"])]
        facts["release_key"] = ibis.cases((facts["release"].notnull(), ibis.literal("/").join(parts)), else_=None)
    code = isrc(text(raw, columns.get("isrc")))
    return raw.select(line=raw["#"], **_facts(raw, found), **facts, release_artist=artist, length_ms=length, isrc=code)


def _release_rows(raw: Rows, found: TableMap) -> Rows:
    names = ("barcode", "country", "label", "catalogue_number")
    return raw.select(
        line=raw["#"], **_facts(raw, found), **{name: text(raw, found.columns.get(name)) for name in names}
    )


def _recordings(t: Known) -> Rows:
    rows = t("_rows")
    return rows.select("id", "title", "length_ms", first_release_date=rows.date)


def _placed(t: Known) -> Rows:
    """Place the discs of a release in the order of their numbers, and the tracks on each disc.

    Tracks without a release are in the order of the table.
    """
    rows = t("_rows")
    by_disc = [number(rows.disc), rows.disc]
    rows = rows.mutate(medium=ibis.dense_rank().over(group_by=rows.release_key, order_by=by_disc))
    by_number = [number(rows.number), rows.number, rows.line]
    return rows.mutate(position=ibis.row_number().over(group_by=[rows.release_key, rows.medium], order_by=by_number))


def _tracks(t: Known) -> Rows:
    rows = t("_tracks")
    plain = ("id", "medium", "position", "number", "title", "length_ms")
    return rows.select(*plain, release=rows.release_key, kind=ibis.literal("track"), recording=rows.id)


def _media(t: Known) -> Rows:
    rows = t("_tracks").filter(ibis._.release_key.notnull())
    return rows.select(release=rows.release_key, position=rows.medium, number=number(rows.disc)).distinct()


def _track_releases(t: Known) -> Rows:
    rows = t("_rows").filter(ibis._.release_key.notnull())
    return rows.group_by(id=rows.release_key).agg(title=ibis._.release.min())


def _releases(t: Known) -> Rows:
    return t("_rows").select("id", "title", "date", "barcode", "country")


def _labels(t: Known) -> Rows:
    rows = t("_rows").filter(ibis._.label.notnull() | ibis._.catalogue_number.notnull())
    return rows.select("catalogue_number", release=rows.id, position=ibis.literal(0, "int64"), name=rows.label)


def _credits(rows: Rows, found: TableMap, *, releases: bool) -> Rows:
    columns = found.columns
    own = named(rows, _SUBJECTS[found.rows], "artist", columns.get("artist"))
    if not releases:
        return own
    albums = rows.filter(ibis._.release_key.notnull()).select(id=ibis._.release_key, artist=ibis._.release_artist)
    return own.union(
        named(albums.distinct(), "release", "artist", columns.get("release_artist", columns.get("artist")))
    )


def _artists(credited: Rows) -> Rows:
    return credited.select(id=credited.artist, name=credited.name).distinct()


def _genres(rows: Rows, found: TableMap) -> Rows:
    """List genres, and styles behind them."""
    genres = pieces(rows, "genres", found.columns.get("genres"))
    separator = getattr(found.columns.get("genres"), "separator", "")
    before = rows.genres.split(separator).length() if separator else rows.genres.notnull().cast("int64")
    styles = pieces(rows, "styles", found.columns.get("styles"), before=ibis.coalesce(before, 0))
    kinds = (
        genres.select("id", "item", "position", kind=ibis.literal("genre")),
        styles.select("id", "item", position=styles.position + styles.before, kind=ibis.literal("style")),
    )
    both = ibis.union(*kinds).filter(ibis._.item != "")
    return both.select("id", "position", "kind", subject=ibis.literal(_SUBJECTS[found.rows]), name=both.item)


def _evidence(rows: Rows, found: TableMap) -> Rows:
    stated = rows.filter(ibis._.licence.notnull())
    field = found.columns.get("licence")
    place = f"column {field.column}" if field is not None and field.column else "the mapping"
    return stated.select(
        "id",
        "holder",
        subject=ibis.literal(_SUBJECTS[found.rows]),
        position=ibis.literal(0, "int64"),
        statement=stated.licence,
        licence_field=ibis.literal(field is not None and not field.mentions),
        place=ibis.literal(place),
    )


def _isrcs(t: Known) -> Rows:
    rows = t("_rows").filter(ibis._.isrc.notnull())
    facts = {"subject": ibis.literal("recording"), "type": ibis.literal("isrc")}
    return rows.select("id", **facts, position=ibis.literal(0, "int64"), value=rows.isrc)


def _addresses(rows: Rows, subject: str) -> Rows:
    found = rows.filter(ibis._.source_url.notnull())
    facts = {"subject": ibis.literal(subject), "type": ibis.literal("source"), "target_type": ibis.literal("url")}
    return found.select("id", **facts, position=ibis.literal(0, "int64"), target=found.source_url)
