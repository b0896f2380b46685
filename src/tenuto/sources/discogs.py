"""Discogs's XML dumps: artists, labels, masters (our release groups), releases with their tracks.

Ids are Discogs's numbers, as text; a track has none and is named `RELEASE/PLACE`. discogs_shapes.py says what is left
alone.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import ibis

from tenuto.model.source import DumpEntity, DumpSource, TableMapping, Terms
from tenuto.sources.discogs_expressions import classes, credits_, disambiguation, linked, plain, renumbered
from tenuto.sources.discogs_releases import RELEASE_TABLES
from tenuto.sources.discogs_shapes import SHAPES
from tenuto.sources.expressions import date

__all__ = ["Discogs"]

Table = Any
"""An Ibis table; Ibis has no types of its own."""
Tables = Callable[[str], Table]
"""Gives the tables made before, by name."""
_NAME = re.compile(r"(?:discogs_[0-9]{8}_)?(artist|label|master|release)s\.xml(?:\.[a-z0-9]+)?")


class Discogs(DumpSource):
    """Maps Discogs's elements to our tables; ids are Discogs's own."""

    name: ClassVar[str] = "discogs"
    home: ClassVar[str] = "https://www.discogs.com/"
    terms: ClassVar[Terms] = Terms(
        summary="Discogs publishes its catalogue for everyone as monthly dumps, under CC0.",
        audio="It holds no audio, and says nothing about licences of audio found elsewhere.",
        metadata_licence="CC0-1.0",
        limits="Dumps as published, fetched by the operator; pictures, videos and prose (notes, profiles) stay out.",
        evidence=("none: credits and labels say who took part, not what may be shared",),
        url="https://data.discogs.com/",
    )
    entities: ClassVar[tuple[DumpEntity, ...]] = tuple(
        DumpEntity(name=name, shape=shape, format="xml") for name, shape in SHAPES.items()
    )

    def tables(self, entity: str) -> Mapping[str, TableMapping]:
        """Map an entity's elements to our tables."""
        return _TABLES[entity]

    def entity_of(self, file_name: str) -> DumpEntity | None:
        """Tell which entity a file holds: `discogs_20200806_releases.xml.gz`, `releases.xml`; or None."""
        match = _NAME.fullmatch(file_name)
        return next((entity for entity in self.entities if match and entity.name == match[1]), None)


def _named(t: Tables) -> Table:
    raw = t("raw")
    number = disambiguation(raw["name"])
    return raw.select("id", name=plain(raw["name"]), disambiguation=number, quality=raw["data_quality"])


def _listed(subject: str, rows: Table, **columns: Any) -> Table:  # noqa: ANN401 - Ibis has no types of its own
    return rows.select("_element", "_position", subject=ibis.literal(subject), id=rows["_id"], **columns)


def _aliases(t: Tables) -> Table:
    """Give the real name, other spellings, and other names that have no page of their own."""
    raw, spellings, aliases = t("raw"), t("namevariations/name"), t("aliases/name")
    real = raw.mutate(_position=ibis.literal(0, "int64"))
    unlinked = aliases.filter(linked(aliases["@id"]).isnull())
    return renumbered(
        _listed("artist", real, name=real["realname"], type=ibis.literal("real name")),
        _listed("artist", spellings, name=spellings["."], type=ibis.literal("name variation")),
        _listed("artist", unlinked, name=unlinked["."], type=ibis.literal("alias")),
    ).filter(ibis._.name.notnull())


def _members(t: Tables) -> Table:
    """Give members' ids: an attribute of the name, or else the element before it."""
    rows = t("members")
    before = rows["id"].lag().over(ibis.window(group_by="_id", order_by="_position"))
    rows = rows.mutate(_target=ibis.coalesce(rows["name/@id"], before))
    return rows.filter(rows["name"].notnull())


def _relation(subject: str, rows: Table, target: str, kind: str | None, target_type: str) -> Table:
    return _listed(
        subject,
        rows,
        type=ibis.literal(kind, "string"),
        target_type=ibis.literal(target_type),
        direction=ibis.literal("forward"),
        target=linked(rows[target]),
    ).filter(ibis._.target.notnull())


def _artist_relations(t: Tables) -> Table:
    return renumbered(
        _relation("artist", t("aliases/name"), "@id", "alias", "artist"),
        _relation("artist", _members(t), "_target", "member", "artist"),
        _relation("artist", t("groups/name"), "@id", "group", "artist"),
        _relation("artist", t("urls/url"), ".", None, "url"),
    )


def _label_relations(t: Tables) -> Table:
    parent = t("raw").mutate(_position=ibis.literal(0, "int64"))
    return renumbered(
        _relation("label", parent, "parentLabel/@id", "parent label", "label"),
        _relation("label", t("sublabels/label"), "@id", "sublabel", "label"),
        _relation("label", t("urls/url"), ".", None, "url"),
    )


def _release_groups(t: Tables) -> Table:
    raw = t("raw")
    facts = {"id": raw["@id"], "first_release_date": date(raw["year"]), "quality": raw["data_quality"]}
    return raw.select(**facts, title=raw["title"].fill_null(""))


def _main_releases(t: Tables) -> Table:
    raw = t("raw").mutate(_position=ibis.literal(0, "int64"))
    found = _relation("release-group", raw, "main_release", "main release", "release")
    return found.rename(position="_position").drop("_element")


_TABLES: Mapping[str, Mapping[str, TableMapping]] = {
    "artist": {"artists": _named, "aliases": _aliases, "relations": _artist_relations},
    "label": {"labels": _named, "relations": _label_relations},
    "master": {
        "release_groups": _release_groups,
        "credits": lambda t: credits_(t("artists/artist"), "release-group"),
        "genres": classes("release-group"),
        "relations": _main_releases,
    },
    "release": RELEASE_TABLES,
}
