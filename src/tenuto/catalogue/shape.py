"""What is not music: sources, captures, licences, files, wordings.

Each function gives one table of schema.sql as an expression; columns that start with `_` serve later expressions.
"""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import numbered, unhex

__all__ = ["captures", "dumped_genres", "files", "genres", "licences", "sources", "statements"]


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
