"""Tables that hang on tracks and packages: keys are looked up, nothing refers to them."""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import clean_name, looked_up, numbered, unhex
from tenuto.catalogue.search_text import search_rows

__all__ = [
    "attribution_licences",
    "attributions",
    "capture_facts",
    "credits_",
    "evidence",
    "findings",
    "flags",
    "identifiers",
    "ledger",
    "packages",
    "placements",
    "search",
    "torrents",
    "track_genres",
    "verdict_licences",
    "verdicts",
]


def capture_facts(t: Workbench) -> Table:
    """Hang facts on captures."""
    keys = t("captures").select(_capture="capture", capture="id")
    return t("raw_capture_facts").inner_join(keys, "capture").mutate(capture="_capture")


def credits_(t: Workbench) -> Table:
    """Hang credits on tracks and artists."""
    raw = _of_track(t, "raw_credits")
    raw = raw.mutate(_clean=clean_name(raw.name))
    found = raw.inner_join(t("artists").select("artist", source="_name", _clean="name"), ["source", "_clean"])
    return found.mutate(credited=found.name.nullif(found["_clean"]))


def track_genres(t: Workbench) -> Table:
    """Hang genres on tracks."""
    return _of_track(t, "raw_genres").inner_join(t("genres"), "name")


def identifiers(t: Workbench) -> Table:
    """Hang identifiers on tracks."""
    return _of_track(t, "raw_identifiers")


def flags(t: Workbench) -> Table:
    """Hang flags on tracks."""
    return _of_track(t, "raw_flags")


def evidence(t: Workbench) -> Table:
    """Hang statements about rights on tracks, and on the captures that hold them."""
    raw = _of_track(t, "raw_evidence").rename(_digest="statement")
    raw = raw.inner_join(t("captures").select(_capture="capture", capture="id"), "capture")
    return raw.inner_join(t("statements").select("statement", "_digest"), "_digest").mutate(capture="_capture")


def verdicts(t: Workbench) -> Table:
    """Hang verdicts on tracks."""
    return _reasoned(t, "raw_verdicts")


def findings(t: Workbench) -> Table:
    """Hang findings on tracks."""
    return _reasoned(t, "raw_findings")


def ledger(t: Workbench) -> Table:
    """Hang on tracks why their audio cannot be had."""
    return _reasoned(t, "raw_outcomes")


def verdict_licences(t: Workbench) -> Table:
    """Hang the licences a verdict rests on on its track."""
    raw = _of_track(t, "raw_verdict_licences").rename(_id="licence")
    return raw.inner_join(t("licences").select("licence", _id="id"), "_id")


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


def search(t: Workbench) -> Table:
    """Give the folded words of each track: title, every name credited, title of the release."""
    found = looked_up(t("tracks"), _names(t), "track")
    found = looked_up(found, t("releases").select("release", _release="title"), "release")
    text = {"title": found.title, "artist": found["_names"], "release": found["_release"]}
    return search_rows(found.select(rowid="track", **text))


def _names(t: Workbench) -> Table:
    credited = t("raw_credits").select("source", "key", _name="name")
    released = t("raw_tracks").filter(_.release_artist.notnull()).select("source", "key", _name="release_artist")
    keys = t("tracks").select("track", source="_name", key="key")
    names = credited.union(released, distinct=True).inner_join(keys, ["source", "key"])
    return names.group_by("track").agg(_names=names["_name"].group_concat(sep=" ", order_by=names["_name"]))


def _open(t: Workbench) -> Table:
    raw = t("raw_verdicts")
    keys = t("tracks").select("track", _id="id", source="_name", key="key")
    return (
        raw.filter(raw.decision == "open")
        .select("source", "key")
        .inner_join(keys, ["source", "key"])
        .select("track", "_id")
    )


def _of_track(t: Workbench, name: str) -> Table:
    return t(name).inner_join(t("tracks").select("track", source="_name", key="key"), ["source", "key"])


def _reasoned(t: Workbench, name: str) -> Table:
    return _of_track(t, name).rename(text="reason").inner_join(t("reasons"), ["code", "text"])
