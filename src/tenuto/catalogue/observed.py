"""What observed files say, as things of their source: a source without ids of its own tells them apart by name.

Each function gives rows of one kind with columns `source` and `own`, the thing's id within its source.
"""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import clean_name, directory, looked_up

__all__ = ["artists", "credit_names", "labels", "recordings", "releases", "tracks"]

_SEPARATOR = "\x1f"


def artists(t: Workbench) -> Table:
    """Make one artist of each name within a source, credited on a track or on a release."""
    credited = t("raw_credits").select("source", name=clean_name(t("raw_credits").name))
    released = _named_releases(t).filter(_["_artist"] != "").select("source", name="_artist")
    return credited.union(released, distinct=True).mutate(own="name")


def labels(t: Workbench) -> Table:
    """Make one label of each name within a source."""
    raw = t("raw_tracks")
    names = raw.select("source", name=clean_name(raw.release_label)).filter(_.name != "")
    return names.distinct().mutate(own="name")


def releases(t: Workbench) -> Table:
    """Make one release of each title by one release artist, or in one directory where no artist is named."""
    raw = _named_releases(t)
    facts = {name: raw[f"release_{name}"].first(order_by=raw.key) for name in ("date", "label", "catalogue_number")}
    once = raw.group_by("source", "own", "_artist", title="_title").agg(**facts)
    return once.mutate(_label=clean_name(once.label)).drop("label")


def recordings(t: Workbench) -> Table:
    """Make one recording of all tracks with the same bytes, and one of every other track."""
    same = _sounds(t)
    place = ibis.row_number().over(group_by="_sound", order_by=[same.source, same.key])
    first = same.mutate(_first=place).filter(_["_first"] == 0)
    return first.select("source", "title", "_sound", "_sha256", own="key", _track="key")


def tracks(t: Workbench) -> Table:
    """Give every observed track, with the recording, release and file it is."""
    raw = _placed(t("raw_tracks"))
    sounds = _sounds(t).select("source", "key", "_sound")
    raw = raw.inner_join(sounds, ["source", "key"])
    counted = (raw.number >= 1).fill_null(False)
    return raw.select(
        "source",
        "_sound",
        "title",
        own="key",
        _release=ibis.ifelse(raw["_title"].notnull(), raw.own, ibis.null("string")),
        medium=ibis.ifelse(raw.disc >= 1, raw.disc - 1, ibis.null("int64")),
        position=ibis.ifelse(counted, raw.number - 1, ibis.null("int64")),
        number=ibis.ifelse(counted, ibis.null("string"), raw.number.cast("string")),
    )


def credit_names(t: Workbench) -> Table:
    """Give the names of every artist credit: the performers of tracks, and the release artist of releases."""
    raw = t("raw_credits")
    raw = raw.filter(raw.role == "performer")
    following = raw.name.lead().over(group_by=[raw.source, raw.key], order_by=raw.position)
    phrase = ibis.ifelse(raw.join_phrase == "", ", ", raw.join_phrase)
    performers = raw.select(
        "source",
        "position",
        "name",
        subject=ibis.literal("tr"),
        own="key",
        artist=clean_name(raw.name),
        join_phrase=ibis.ifelse(following.isnull(), "", phrase),
    )
    released = _named_releases(t).filter(_["_artist"] != "").select("source", "own", artist="_artist").distinct()
    by = released.mutate(
        subject=ibis.literal("re"), position=ibis.literal(0, "int64"), name="artist", join_phrase=ibis.literal("")
    )
    return performers.union(by.select(*performers.columns))


def _sounds(t: Workbench) -> Table:
    """Tell for every track what it shares with tracks that sound the same: its bytes, else its own key."""
    raw = t("raw_tracks").select("source", "key", "title")
    found = looked_up(raw, t("raw_files").select("source", "key", _sha256="sha256"), "source", "key")
    own = found.source + _SEPARATOR + found.key
    return found.mutate(_sound=ibis.coalesce(found["_sha256"], own))


def _placed(raw: Table) -> Table:
    """Add what identifies a release within its source: title, artist, and a directory where no artist is named."""
    artist = clean_name(raw.release_artist)
    place = ibis.ifelse(artist == "", directory(raw.key), "")
    placed = raw.mutate(_title=clean_name(raw.release_title), _artist=artist, _place=place)
    own = placed["_artist"] + _SEPARATOR + placed["_place"] + _SEPARATOR + placed["_title"]
    return placed.mutate(own=own)


def _named_releases(t: Workbench) -> Table:
    raw = _placed(t("raw_tracks"))
    return raw.filter(raw["_title"].notnull())
