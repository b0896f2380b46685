"""Artist credits: the same names in the same order are one credit, whatever bears it."""

import ibis
from ibis import Table, _

from tenuto.catalogue import observed
from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import clean_name, numbered

__all__ = ["artist_credits", "contributions", "credit_names", "owned", "prefixed", "signed", "subject_credits"]

_BEARER = ("source", "subject", "own")
SUBJECTS = {
    "artist": "ar",
    "label": "la",
    "release": "re",
    "release-group": "rg",
    "recording": "rc",
    "track": "tr",
    "work": "wo",
}
"""What dumps call a thing, and the prefix of its public ids."""


def signed(t: Workbench) -> Table:
    """Write each credit as one text, that of whoever bears it: names, artists and what stands between them."""
    raw = t("dump_credits")
    dumped = raw.select(
        "source",
        "position",
        "name",
        "join_phrase",
        subject=prefixed(raw.subject),
        own="id",
        artist=ibis.coalesce(raw.artist, clean_name(raw.name)),
    )
    names = ibis.union(dumped, observed.credit_names(t).select(*dumped.columns))
    parts = names.select(
        *_BEARER,
        "position",
        _signature=names.artist + "\x1f" + _plain(names.name) + "\x1f" + _plain(names.join_phrase),
    )
    # most credits are one name, and grouping all with their order takes thirty times as long
    several = parts.filter(parts.position > 0).select(*_BEARER).distinct()
    joined = parts.semi_join(several, [*_BEARER])
    joined = joined.group_by(*_BEARER).agg(
        _signature=joined["_signature"].group_concat(sep="\x1e", order_by=joined.position)
    )
    return parts.anti_join(several, [*_BEARER]).drop("position").union(joined)


def _plain(text: ibis.Value) -> ibis.Value:
    """Leave out the two characters that take a signature apart, which hardly any text has."""
    has_one = text.contains("\x1e") | text.contains("\x1f")
    return ibis.ifelse(has_one, text.replace("\x1e", "").replace("\x1f", ""), text)


def artist_credits(t: Workbench) -> Table:
    """Give each different credit of a source a key."""
    once = t("_signed").select("source", "_signature").distinct()
    names = once["_signature"].split("\x1e").map(lambda item: item.split("\x1f")[1] + item.split("\x1f")[2])
    return numbered(once.mutate(name=names.join("")), "credit", "source", "_signature")


def subject_credits(t: Workbench) -> Table:
    """Tell the credit of each release group, release, recording and track."""
    keys = t("artist_credits").select("credit", "source", "_signature")
    return t("_signed").inner_join(keys, ["source", "_signature"]).select("source", "subject", "own", "credit")


def credit_names(t: Workbench) -> Table:
    """Take credits apart into names, each with its artist."""
    raw = t("artist_credits")
    numbered_ = (
        raw["_signature"].split("\x1e").map(lambda item, position: ibis.struct({"item": item, "position": position}))
    )
    rows = raw.select("source", "credit", _row=numbered_.unnest())
    parts = rows["_row"]["item"].split("\x1f")
    names = rows.select(
        "credit",
        source="source",
        position=rows["_row"]["position"],
        _artist=parts[0],
        _name=parts[1],
        join_phrase=parts[2],
    )
    return _by_artist(t, names)


def contributions(t: Workbench) -> Table:
    """Hang on their subjects what others did: of dumps, and the roles besides performing in files' tags."""
    raw = t("dump_contributions")
    dumped = raw.select(
        "source",
        "position",
        "tracks",
        subject=prefixed(raw.subject),
        own="id",
        role=raw.role.fill_null(""),
        _artist=ibis.coalesce(raw.artist, clean_name(raw.name)),
        _name="name",
    )
    tags = t("raw_credits").filter(_.role != "performer")
    heard = tags.select(
        "source",
        "position",
        tracks=ibis.null("string"),
        subject=ibis.literal("tr"),
        own="key",
        role="role",
        _artist=clean_name(tags.name),
        _name="name",
    )
    return _by_artist(t, owned(t, ibis.union(dumped, heard.select(*dumped.columns))))


def owned(t: Workbench, table: Table) -> Table:
    """Add the key of what a row belongs to as `owner`; rows of what this catalogue lacks are left out."""
    return table.inner_join(t("_owners"), ["source", "subject", "own"])


def prefixed(subject: ibis.Value) -> ibis.Value:
    """Give the prefix of public ids for what a dump calls a thing."""
    return ibis.cases(*((subject == name, prefix) for name, prefix in SUBJECTS.items()), else_=subject)


def _by_artist(t: Workbench, names: Table) -> Table:
    artists = t("artists").select("artist", source="_source", _artist="_own", _known="name")
    found = names.inner_join(artists, ["source", "_artist"])
    return found.mutate(credited=found["_name"].nullif(found["_known"]))
