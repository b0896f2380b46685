"""The records' tables to the catalogue's: who is whom, and an integer key for each thing.

Each function gives one table of schema.sql as an expression. `raw_*` are the Parquet tables;
columns that start with `_` serve later expressions and are not loaded.
"""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import clean_name, directory, looked_up, numbered, public_id, unhex
from tenuto.model.ids import IdKind

__all__ = [
    "artists",
    "captures",
    "files",
    "genres",
    "licences",
    "reasons",
    "recordings",
    "releases",
    "sounds",
    "sources",
    "statements",
    "tracks",
]

_RELEASE = ("date", "label", "catalogue_number")


def sources(t: Workbench) -> Table:
    """Give every source a key, by name."""
    return numbered(t("raw_sources"), "source", "name")


def captures(t: Workbench) -> Table:
    """Give every capture a key, by id."""
    return numbered(_of_source(t, t("raw_captures")), "capture", "id").mutate(source="_source")


def licences(t: Workbench) -> Table:
    """Give every licence that a record names a key, by id."""
    named = t("raw_verdict_licences").select("licence").union(t("raw_attribution_licences").select("licence"))
    return numbered(t("raw_licences").semi_join(named, [("id", "licence")]), "licence", "id")


def files(t: Workbench) -> Table:
    """List the same bytes once, with the facts of the first track that has them."""
    raw = t("raw_files")
    order = (raw.source, raw.key)
    facts = ("size", "container", "codec", "duration_ms", "sample_rate", "channels", "bit_rate")
    first = {name: raw[name].first(order_by=order) for name in facts}
    once = raw.group_by(_sha256=raw.sha256).agg(held=raw.held.any(), **first)
    return numbered(once, "file", "_sha256").mutate(sha256=lambda table: unhex(table["_sha256"]))


def artists(t: Workbench) -> Table:
    """Make one artist of each name within a source, credited on a track or on a release."""
    credited = t("raw_credits").select("source", _.name.pipe(clean_name).name("name"))
    released = _named_releases(t).filter(_["_artist"] != "").select("source", name="_artist")
    names = _of_source(t, credited.union(released, distinct=True))
    named = names.mutate(id=public_id(IdKind.ARTIST, names.source, names.name), _name=names.source)
    return numbered(named, "artist", "_name", "name").mutate(source="_source")


def releases(t: Workbench) -> Table:
    """Make one release of each title by one release artist, or in one directory where no artist is named."""
    raw = _named_releases(t)
    facts = {name: raw[f"release_{name}"].first(order_by=raw.key) for name in _RELEASE}
    once = _of_source(t, raw.group_by("source", "_artist", "_place", "title").agg(**facts))
    key = public_id(IdKind.RELEASE, once.source, once["_artist"], once["_place"], once.title)
    by = t("artists").select("artist", _name="_name", _artist="name")
    found = looked_up(once.mutate(id=key, _name=once.source), by, "_name", "_artist")
    return numbered(found, "release", "_name", "_artist", "_place", "title").mutate(source="_source")


def recordings(t: Workbench) -> Table:
    """Make one recording of all tracks with the same bytes, and one of every other track."""
    same = t("sounds")
    place = ibis.row_number().over(group_by="_sound", order_by=[same.source, same.key])
    first = same.mutate(_first=place).filter(_["_first"] == 0)
    named = first.mutate(id=public_id(IdKind.RECORDING, first.source, first.key))
    return numbered(named, "recording", "source", "key").select("recording", "id", "title", "file", "_sound")


def sounds(t: Workbench) -> Table:
    """Tell for every track its file and what it shares with tracks that sound the same: its bytes, else its own key."""
    raw = t("raw_tracks").select("source", "key", "title")
    bytes_of = t("raw_files").select("source", "key", _sha256="sha256")
    found = looked_up(raw, bytes_of, "source", "key")
    found = looked_up(found, t("files").select("file", "_sha256"), "_sha256")
    own = found.source + "\x1f" + found.key
    return found.select("source", "key", "title", "file", _sound=ibis.coalesce(found["_sha256"], own))


def tracks(t: Workbench) -> Table:
    """Give every track its keys: source, capture, recording, release and file."""
    raw = _of_source(t, _placed(t("raw_tracks")))
    raw = raw.inner_join(t("captures").select(_capture="capture", capture="id"), "capture")
    raw = raw.inner_join(t("sounds").drop("title"), ["source", "key"])
    raw = raw.inner_join(t("recordings").select("recording", "_sound"), "_sound")
    release = t("releases").select("release", _title="title", source="_name", _artist="_artist", _place="_place")
    raw = looked_up(raw, release, "source", "_artist", "_place", "_title")
    raw = looked_up(raw, _performers(t), "source", "key")
    artist = ibis.coalesce(raw["_performers"], raw["_artist"], "")
    named = raw.mutate(id=public_id(IdKind.TRACK, raw.source, raw.key), artist=artist, _name=raw.source)
    return numbered(named, "track", "_name", "key").mutate(source="_source", capture="_capture")


def genres(t: Workbench) -> Table:
    """Give every genre a key, by name."""
    return numbered(t("raw_genres").select("name").distinct(), "genre", "name")


def statements(t: Workbench) -> Table:
    """Give every wording a key, by its text."""
    return numbered(t("raw_statements").select("text", _digest="digest").distinct(), "statement", "text")


def reasons(t: Workbench) -> Table:
    """Give every code with its sentence a key."""
    said = [t(name).select("code", text="reason") for name in ("raw_verdicts", "raw_findings", "raw_outcomes")]
    return numbered(ibis.union(*said, distinct=True), "reason", "code", "text")


def _of_source(t: Workbench, table: Table) -> Table:
    """Add the key of a table's source as `_source`."""
    return table.inner_join(t("sources").select(_source="source", source="name"), "source")


def _placed(raw: Table) -> Table:
    """Add what identifies a release within its source: title, artist, and a directory where no artist is named."""
    artist = clean_name(raw.release_artist)
    place = ibis.ifelse(artist == "", directory(raw.key), "")
    return raw.mutate(_title=clean_name(raw.release_title), _artist=artist, _place=place)


def _named_releases(t: Workbench) -> Table:
    raw = _placed(t("raw_tracks"))
    return raw.filter(raw["_title"].notnull()).drop("title").rename(title="_title")


def _performers(t: Workbench) -> Table:
    """Read each track's performers as one line, with the join phrases between them."""
    raw = t("raw_credits")
    raw = raw.filter(raw.role == "performer")
    following = raw.name.lead().over(group_by=[raw.source, raw.key], order_by=raw.position)
    phrase = ibis.ifelse(raw.join_phrase == "", ", ", raw.join_phrase)
    line = raw.mutate(_part=raw.name + ibis.ifelse(following.isnull(), "", phrase))
    return line.group_by("source", "key").agg(_performers=line["_part"].group_concat(sep="", order_by=line.position))
