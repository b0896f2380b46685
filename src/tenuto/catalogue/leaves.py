"""Tables that hang on things: keys are looked up, nothing refers to them."""

import ibis
from ibis import Table, _

from tenuto.catalogue.credits import owned, prefixed
from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import clean_name, looked_up, numbered, stacked, unhex
from tenuto.catalogue.shape import dumped_genres

__all__ = [
    "aliases",
    "attribution_licences",
    "attributions",
    "capture_facts",
    "evidence",
    "flags",
    "genre_uses",
    "identifiers",
    "media",
    "observations",
    "owners",
    "packages",
    "placements",
    "provenance",
    "relations",
    "release_events",
    "release_formats",
    "release_labels",
    "torrents",
]

_OWNERS = {
    "ar": ("artists", "artist"),
    "la": ("labels", "label"),
    "re": ("releases", "release"),
    "rg": ("release_groups", "release_group"),
    "rc": ("recordings", "recording"),
    "tr": ("tracks", "track"),
    "wo": ("works", "work"),
}


def owners(t: Workbench) -> Table:
    """List all things that others hang on, by source, kind and own id."""
    return ibis.union(
        *(
            t(name).select(source="_source", subject=ibis.literal(prefix), own="_own", owner=key)
            for prefix, (name, key) in _OWNERS.items()
        )
    )


def capture_facts(t: Workbench) -> Table:
    """Hang facts on captures."""
    keys = t("captures").select(_capture="capture", capture="id")
    return t("raw_capture_facts").inner_join(keys, "capture").mutate(capture="_capture")


def provenance(t: Workbench) -> Table:
    """Tell for each source and table the dump its rows are from, and the licence of that data."""
    raw = t("raw_provenance").rename(_capture="capture")
    raw = raw.inner_join(t("sources").select(_number="source", source="name"), "source")
    return looked_up(raw, t("captures").select("capture", _capture="id"), "_capture").mutate(source="_number")


def observations(t: Workbench) -> Table:
    """Say of each track that was seen in a collection where and when."""
    raw = _of_track(t, "raw_tracks").rename(_id="capture")
    return raw.inner_join(t("captures").select("capture", _id="id"), "_id")


def release_events(t: Workbench) -> Table:
    """List where and when a release came out, where that is more than its own date and country say."""
    raw = _of_release(t, "dump_release_events")
    own = t("releases").select("release", _date="date", _country="country")
    several = raw.group_by("release").agg(_events=_.count())
    found = looked_up(looked_up(raw, own, "release"), several, "release")
    same = (found.date.fill_null("") == found["_date"].fill_null("")) & (
        found.country.fill_null("") == found["_country"].fill_null("")
    )
    return found.filter(~(same & (found["_events"] == 1)))


def release_labels(t: Workbench) -> Table:
    """List the labels of releases, and their numbers for them."""
    raw = _of_release(t, "dump_release_labels")
    dumped = raw.mutate(_label=ibis.coalesce(raw.label, clean_name(raw.name))).drop("label")
    files = t("releases").filter(_["_named"] & (_["_label"].notnull() | _.catalogue_number.notnull()))
    heard = files.select("release", "_label", "catalogue_number", source="_source", position=ibis.literal(0, "int64"))
    labels = t("labels").select("label", source="_source", _label="_own")
    return looked_up(stacked(dumped, heard), labels, "source", "_label")


def media(t: Workbench) -> Table:
    """List media, leaving out numbers that follow from their places."""
    raw = _of_release(t, "dump_media")
    counted = t("tracks").filter(_.kind.isnull() & _.medium.notnull())
    tracks = counted.group_by("release", position=counted.medium).agg(_tracks=_.count())
    found = looked_up(raw, tracks, "release", "position")
    return found.mutate(
        number=found.number.nullif(found.position + 1), track_count=found.track_count.nullif(found["_tracks"])
    )


def release_formats(t: Workbench) -> Table:
    """List the kinds of media a release states as a whole."""
    return _of_release(t, "dump_release_formats")


def aliases(t: Workbench) -> Table:
    """Hang other names on what has them."""
    raw = _dumped(t, "dump_aliases").rename(is_primary="primary")
    return raw.mutate(
        sort_name=raw.sort_name.nullif(raw.name), is_primary=ibis.ifelse(raw.is_primary, True, ibis.null("boolean"))
    )


def genre_uses(t: Workbench) -> Table:
    """Hang genres on what has them."""
    raw = dumped_genres(t)
    dumped = owned(t, raw.mutate(subject=prefixed(raw.subject), own="id"))
    files = _of_file(t, "raw_genres").mutate(kind=ibis.literal("genre"))
    return stacked(dumped, files).inner_join(t("genres"), ["name", "kind"])


def identifiers(t: Workbench) -> Table:
    """Hang identifiers on what they identify; those that files give of their release are the release's."""
    raw = t("raw_identifiers")
    of_track = _of_file(t, "raw_identifiers").filter(_.subject_ == "track")
    of_release = raw.filter(raw.subject == "release").rename(own="key")
    keys = t("tracks").filter(_.release.notnull()).select(source="_source", own="_own", owner="release")
    distinct = of_release.inner_join(keys, ["source", "own"]).select("owner", "type", "value").distinct()
    place = ibis.row_number().over(group_by="owner", order_by=[distinct.type, distinct.value])
    named = distinct.mutate(position=place, subject=ibis.literal("re"))
    return stacked(_dumped(t, "dump_identifiers"), of_track, named)


def relations(t: Workbench) -> Table:
    """Hang relationships on what they start from, and look up what they lead to."""
    raw = _dumped(t, "dump_relations").rename(_target="target", begin_date="begin", end_date="end")
    led = raw.mutate(target_subject=prefixed(raw.target_type))
    ends = t("_owners").select("source", target_subject="subject", _target="own", target="owner")
    found = looked_up(led, ends, "source", "target_subject", "_target")
    return found.mutate(
        direction=found.direction.nullif("forward"),
        target_subject=found.target_subject.nullif("url"),
        target_text=ibis.ifelse(found.target.isnull(), found["_target"], ibis.null("string")),
    )


def evidence(t: Workbench) -> Table:
    """Hang statements about rights on what they are about, and on the captures that hold them."""
    raw = _of_file(t, "raw_evidence").rename(_digest="statement", _id="capture")
    raw = raw.inner_join(t("captures").select("capture", _id="id"), "_id")
    files = raw.inner_join(t("statements").select("statement", "_digest"), "_digest")
    said = _dumped(t, "dump_evidence").rename(text="statement")
    dumped = said.inner_join(t("statements").select("statement", "text"), "text")
    kinds = {"kind": ibis.literal("dump"), "confidence": ibis.literal("exact")}
    return stacked(files.drop("_digest"), dumped.mutate(**kinds).drop("text"))


def flags(t: Workbench) -> Table:
    """Hang flags on tracks."""
    return _of_track(t, "raw_flags")


def attributions(t: Workbench) -> Table:
    """Hang attributions on tracks."""
    return _of_track(t, "raw_attributions")


def attribution_licences(t: Workbench) -> Table:
    """Hang the licences an attribution names on its track; only one without id may be missing."""
    raw = _of_track(t, "raw_attribution_licences").rename(_id="licence")
    found = looked_up(raw, t("licences").select("licence", _id="id"), "_id")
    return found.filter((found["_id"] == "") | found.licence.notnull())


def packages(t: Workbench) -> Table:
    """Count for each bag the tracks in it that may no longer be shared; a track nobody knows any more is one."""
    placed = t("raw_placements").anti_join(_open(t), [("track", "_id")])
    withheld = placed.group_by(name="package").agg(_withheld=_.count())
    found = looked_up(t("raw_packages"), withheld, "name")
    return numbered(found.mutate(withheld=ibis.coalesce(found["_withheld"], 0)), "package", "name")


def torrents(t: Workbench) -> Table:
    """Give every torrent of a known bag a key."""
    raw = t("raw_torrents").rename(_name="package")
    return numbered(raw.inner_join(t("packages").select("package", _name="name"), "_name"), "torrent", "_name")


def placements(t: Workbench) -> Table:
    """Hang on open tracks where they lie in torrents."""
    raw = t("raw_placements").rename(_id="track", _name="package")
    raw = raw.inner_join(_open(t), "_id").inner_join(t("torrents").select("torrent", "package", "_name"), "_name")
    return raw.mutate(pieces_root=unhex(raw.pieces_root.nullif("")))


def _open(t: Workbench) -> Table:
    verdicts = t("verdicts").filter(_.decision == "open").select("verdict")
    return t("tracks").filter(_.id.notnull()).semi_join(verdicts, "verdict").select("track", _id="id")


def _of_track(t: Workbench, name: str) -> Table:
    raw = t(name).rename(**{f"{column}_": column for column in ("track", "id") if column in t(name).columns})
    return raw.inner_join(t("tracks").select("track", source="_source", key="_own"), ["source", "key"])


def _of_file(t: Workbench, name: str) -> Table:
    """Give rows of observed files as rows that belong to tracks."""
    raw = t(name)
    raw = raw.rename(subject_="subject") if "subject" in raw.columns else raw
    return owned(t, raw.mutate(subject=ibis.literal("tr"), own="key"))


def _of_release(t: Workbench, name: str) -> Table:
    keys = t("releases").select("release", source="_source", _release="_own")
    return t(name).rename(_release="release").inner_join(keys, ["source", "_release"])


def _dumped(t: Workbench, name: str) -> Table:
    raw = t(name)
    return owned(t, raw.mutate(subject=prefixed(raw.subject), own="id"))
