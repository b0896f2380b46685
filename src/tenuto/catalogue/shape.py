"""What is not music: sources, captures, licences, files, wordings; and the words that search finds.

Each function gives one table of schema.sql as an expression; columns that start with `_` serve later expressions.
"""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import looked_up, numbered, unhex
from tenuto.catalogue.search_text import search_rows

__all__ = ["captures", "dumped_genres", "files", "genres", "licences", "search", "sources", "statements"]


def sources(t: Workbench) -> Table:
    """Give every source a key, by name."""
    return numbered(t("raw_sources"), "source", "name")


def captures(t: Workbench) -> Table:
    """Give every capture a key, by id."""
    keys = t("sources").select(_number="source", source="name")
    named = t("raw_captures").inner_join(keys, "source").drop("source").rename(source="_number")
    return numbered(named, "capture", "id")


def licences(t: Workbench) -> Table:
    """Give every licence that a record names a key, by id."""
    places = ("raw_verdict_licences", "raw_attribution_licences", "judged_verdict_licences")
    named = ibis.union(*(t(place).select("licence") for place in places))
    return numbered(t("raw_licences").semi_join(named, [("id", "licence")]), "licence", "id")


def files(t: Workbench) -> Table:
    """List the same bytes once, with the facts of the first track that has them."""
    raw = t("raw_files")
    order = (raw.source, raw.key)
    facts = ("size", "container", "codec", "duration_ms", "sample_rate", "channels", "bit_rate")
    first = {name: raw[name].first(order_by=order) for name in facts}
    once = raw.group_by(_sha256=raw.sha256).agg(held=raw.held.any(), **first)
    return numbered(once, "file", "_sha256").mutate(sha256=lambda table: unhex(table["_sha256"]))


def dumped_genres(t: Workbench) -> Table:
    """Give the genres of dumps, without those whose own licence is not known to allow commercial use.

    The catalogue names one licence for each table of a source; rows of a narrower one would be under a wrong name.
    """
    free = t("raw_licences").filter(_.commercial)
    found = t("dump_genres")
    return found.filter(found.licence.isnull() | found.licence.isin(free.id))


def genres(t: Workbench) -> Table:
    """Give every genre a key, by kind and name."""
    written = t("raw_genres").select("name", kind=ibis.literal("genre"))
    return numbered(
        ibis.union(written, dumped_genres(t).select("name", "kind"), distinct=True), "genre", "kind", "name"
    )


def statements(t: Workbench) -> Table:
    """Give every wording a key, by its text."""
    files_ = t("raw_statements").select("text", "digest")
    dumped = t("dump_evidence").select(text="statement", digest=ibis.null("string"))
    once = files_.union(dumped).group_by("text").agg(_digest=_.digest.max())
    return numbered(once, "statement", "text")


def search(t: Workbench) -> Table:
    """Give the folded words of each recording: its titles, every name credited, titles of its releases."""
    found = t("recordings").select("recording", "title", "credit")
    found = looked_up(found, t("artist_credits").select("credit", artist="name"), "credit")
    found = looked_up(looked_up(found, _titles(t), "recording"), _names(t), "recording")
    return search_rows(
        found.select(
            rowid="recording",
            title=ibis.coalesce(found.title + " " + found["_titles"], found.title),
            artist=ibis.coalesce(found.artist + " " + found["_names"], found.artist, found["_names"]),
            release="_releases",
        )
    )


def _titles(t: Workbench) -> Table:
    """Give the titles of a recording's releases, and those of its tracks that differ from its own."""
    placed = looked_up(t("tracks").select("recording", "release", _titles="title"), _released(t), "release")
    placed = placed.select("recording", "_titles", "_releases")
    # most recordings are on one release, and lists cost ten times as much as texts
    several = placed.group_by("recording").agg(_tracks=_.count()).filter(_["_tracks"] > 1)
    listed = (
        placed.semi_join(several, "recording")
        .group_by("recording")
        .agg(
            _titles=_["_titles"].collect(distinct=True).sort().join(" ").nullif(""),
            _releases=_["_releases"].collect(distinct=True).sort().join(" "),
        )
    )
    return placed.anti_join(several, "recording").union(listed)


def _released(t: Workbench) -> Table:
    return t("releases").select("release", _releases="title")


def _names(t: Workbench) -> Table:
    """Give the names that files credit besides performers: the other roles, and the release's artist."""
    raw = t("raw_tracks").filter(_.release_artist.notnull())
    heard = ibis.union(
        t("raw_credits").select("source", "key", "name"), raw.select("source", "key", name="release_artist")
    )
    keys = t("tracks").select("recording", source="_source", key="_own")
    named = heard.inner_join(keys, ["source", "key"]).select("recording", "name").distinct()
    return named.group_by("recording").agg(_names=named.name.group_concat(sep=" ", order_by=named.name))
