"""Things that others refer to, of observed files and of dumps alike: one row and one integer key for each.

Each function gives one table of schema.sql as an expression. `raw_*` are the tables of observed files, `dump_*` those
of dumps; columns that start with `_` serve later expressions and are not loaded: `_source` and `_own` name a thing as
its source does.
"""

import ibis
from ibis import Table, _

from tenuto.catalogue import observed
from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import clean_name, looked_up, numbered, public_id, stacked, unhex
from tenuto.catalogue.verdicts import of_dumped
from tenuto.model.ids import IdKind

__all__ = ["artists", "labels", "recordings", "release_groups", "releases", "tracks", "works"]

_MUSICBRAINZ = "musicbrainz"
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"  # any other id stays a text


def artists(t: Workbench) -> Table:
    """List the artists of dumps, those only credited there, and the names that files credit."""
    known = t("dump_artists").rename(own="id")
    places = ("dump_credits", "dump_contributions")
    credited = ibis.union(*(t(name).select("source", own=_own_or_name(t(name)), name="name") for name in places))
    found = stacked(known, _missing(credited, known), observed.artists(t).mutate(_named=True))
    found = found.mutate(sort_name=found.sort_name.nullif(found.name))
    return _keyed(t, _renamed(found), "artist", IdKind.ARTIST)


def labels(t: Workbench) -> Table:
    """List the labels of dumps, those only named by releases there, and the names that files give."""
    known = t("dump_labels").rename(own="id")
    raw = t("dump_release_labels").filter(_.label.notnull() | _.name.notnull())
    named = raw.select(
        "source", own=ibis.coalesce(raw.label, clean_name(raw.name)), name=ibis.coalesce(raw.name, raw.label)
    )
    found = stacked(known, _missing(named, known), observed.labels(t).mutate(_named=True))
    return _keyed(t, _renamed(found), "label", IdKind.LABEL)


def works(t: Workbench) -> Table:
    """List the works of dumps."""
    return _keyed(t, t("dump_works").rename(own="id"), "work", IdKind.WORK)


def release_groups(t: Workbench) -> Table:
    """List the release groups of dumps, and those that only their releases tell of."""
    known, raw = t("dump_release_groups").rename(own="id"), t("dump_secondary_types")
    named = t("dump_releases").filter(_.release_group.notnull()).select("source", own="release_group", name="title")
    kinds = raw.group_by("source", own="release_group").agg(
        secondary_types=raw.name.group_concat(sep="; ", order_by=raw.position)
    )
    found = looked_up(stacked(known, _missing(named, known).rename(title="name")), kinds, "source", "own")
    return _keyed(t, _credited(t, found, "rg"), "release_group", IdKind.RELEASE_GROUP)


def releases(t: Workbench) -> Table:
    """List the releases of dumps and those that files name."""
    dumped = t("dump_releases").rename(own="id", _group="release_group")
    found = stacked(dumped, observed.releases(t).mutate(_named=True))
    groups = t("release_groups").select("release_group", source="_source", _group="_own")
    return _keyed(t, _credited(t, looked_up(found, groups, "source", "_group"), "re"), "release", IdKind.RELEASE)


def recordings(t: Workbench) -> Table:
    """List the recordings of dumps and of files, the most listened to first, then those on most releases."""
    dumped = _every_recording(t)
    dumped = looked_up(dumped, _listens(t), "source", "own")
    dumped = looked_up(dumped, _appearances(t), "source", "own")
    heard = looked_up(observed.recordings(t), t("files").select("file", "_sha256"), "_sha256")
    performed = t("_subject_credits").filter(_.subject == "tr").select("source", "credit", _track="own")
    heard = looked_up(heard, performed, "source", "_track").mutate(_named=True)
    found = stacked(_credited(t, dumped, "rc"), heard)
    found = found.mutate(
        _first=-found.listens.fill_null(0),
        _then=-found["_releases"].fill_null(0),
        date=found.first_release_date,
        video=ibis.ifelse(found.video, True, ibis.null("boolean")),
    ).drop("first_release_date", "_releases", "_sha256", "_track")
    return _keyed(t, found, "recording", IdKind.RECORDING, "_first", "_then")


def tracks(t: Workbench) -> Table:
    """Give every track its release and recording, and what differs from the recording's own facts."""
    found = stacked(_dumped_tracks(t), _observed_tracks(t))
    of = t("recordings").select("recording", _title="title", _credit="credit", _length="length_ms")
    found = _credited(t, looked_up(found, of, "recording"), "tr")
    found = found.mutate(
        title=found.title.nullif(found["_title"]),
        credit=found.credit.nullif(found["_credit"]),
        length_ms=found.length_ms.nullif(found["_length"]),
        number=found.number.nullif((found.position + 1).cast("string")),
        _unreleased=found.release.isnull(),
    ).drop("_title", "_credit", "_length", "_release", "_recording", "_by_tr", "_by_rc", "_by_re", "parent")
    order = ("_unreleased", "release", "medium", "position", "source", "own")
    return _identified(t, numbered(found, "track", *order), IdKind.TRACK).mutate(
        id=lambda table: ibis.ifelse(_is_placed(table), ibis.null("string"), table.id)
    )


def _is_placed(table: Table) -> Table:
    """Tell whether release, medium and place name a track, so that it needs no public id of its own."""
    named = table.release.notnull() & table.medium.notnull() & table.position.notnull()
    return named & table.kind.isnull() & ~table["_named"]


def _every_recording(t: Workbench) -> Table:
    """Give the recordings of dumps, and those that only their tracks tell of."""
    known, raw = t("dump_recordings").rename(own="id"), t("dump_tracks")
    named = raw.select("source", own=ibis.coalesce(raw.recording, raw.id), name="title")
    return stacked(known, _missing(named, known).rename(title="name"))


def _dumped_tracks(t: Workbench) -> Table:
    raw = t("dump_tracks").rename(own="id", _release="release", _recording="recording")
    raw = raw.mutate(_recording=ibis.coalesce(raw["_recording"], raw.own))
    releases_ = t("releases").select("release", source="_source", _release="_own")
    recordings_ = t("recordings").select("recording", source="_source", _recording="_own")
    found = looked_up(raw, releases_, "source", "_release").inner_join(recordings_, ["source", "_recording"])
    return of_dumped(t, found.mutate(kind=found.kind.nullif("track"), _named=False))


def _observed_tracks(t: Workbench) -> Table:
    raw = observed.tracks(t).inner_join(t("recordings").select("recording", "_sound"), "_sound").drop("_sound")
    releases_ = t("releases").select("release", source="_source", _release="_own")
    judged = t("_absences").filter(_.subject == "tr").select("source", "own", "verdict", "absence")
    raw = looked_up(raw, judged, "source", "own")
    return looked_up(raw, releases_, "source", "_release").mutate(_named=True)


def _listens(t: Workbench) -> Table:
    """Sum the listens of each recording of MusicBrainz, an id that was replaced counting for the one that counts."""
    raw = t("dump_popularity").filter(_.subject == "recording").select("id", "listens")
    moved = t("dump_redirects").filter(_.subject == "recording").group_by("id").agg(target=_.target.min())
    found = looked_up(raw, moved, "id")
    counted = found.mutate(own=ibis.coalesce(found.target, found.id)).group_by("own").agg(listens=_.listens.sum())
    return counted.mutate(source=ibis.literal(_MUSICBRAINZ))


def _appearances(t: Workbench) -> Table:
    return t("dump_tracks").group_by("source", own="recording").agg(_releases=_.count())


def _own_or_name(raw: Table) -> Table:
    return ibis.coalesce(raw.artist, clean_name(raw.name))


def _missing(named: Table, known: Table) -> Table:
    """Give what is only referred to, under the first of its names."""
    found = named.anti_join(known, ["source", "own"])
    return found.group_by("source", "own").agg(name=found.name.min())


def _renamed(table: Table) -> Table:
    """Call dates by names that are no words of SQL."""
    return table.rename(begin_date="begin", end_date="end")


def _credited(t: Workbench, table: Table, subject: str) -> Table:
    by = t("_subject_credits")
    return looked_up(table, by.filter(by.subject == subject).select("source", "own", "credit"), "source", "own")


def _keyed(t: Workbench, table: Table, key: str, kind: IdKind, *order: str) -> Table:
    """Count a table's rows by source and own id, after what `order` says, and give them public ids."""
    return _identified(t, numbered(table, key, *order, "source", "own"), kind)


def _identified(t: Workbench, table: Table, kind: IdKind) -> Table:
    found = table.mutate(id=public_id(kind, table.source, table.own), _source="source", _own="own")
    named = found["_named"].fill_null(False) if "_named" in found.columns else ibis.literal(False)
    is_mbid = (found.source == _MUSICBRAINZ) & ~named & found.own.re_search(_UUID)
    found = found.mutate(
        mbid=ibis.ifelse(is_mbid, unhex(found.own.replace("-", "")), ibis.null("binary")),
        key=ibis.ifelse(is_mbid | named, ibis.null("string"), found.own),
        _named=named,
    )
    sources = t("sources").select(_number="source", _source="name")
    return found.drop("source").inner_join(sources, "_source").rename(source="_number")
