"""What search finds a recording by: its titles, every name of those credited, titles of its releases.

Words are folded once for each credit and release, not for each recording that has it.
"""

import ibis
from ibis import Table, _
from ibis.expr.types import StringValue

from tenuto.catalogue.credits import credit_names
from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.fold import SIZE
from tenuto.catalogue.identity import clean_name, looked_up
from tenuto.catalogue.leaves import aliases
from tenuto.catalogue.search_text import worded

__all__ = ["ALIASES", "search"]

ALIASES = 6
"""Most aliases of one artist that are found: those marked as primary, then in their own order."""


def search(t: Workbench) -> Table:
    """Give the folded words of each recording, its key as `rowid`."""
    found = worded(t("recordings").select("recording", "credit", text="title"))
    found = looked_up(found.select("recording", "credit", _own="marked", _size="size"), _performed(t), "recording")
    found = found.mutate(credit=ibis.coalesce(found.credit, found["_credit"]))
    named = worded(t("artist_credits").select("credit", text="name"))
    for other, key in (
        (_credited(t, named), "credit"),
        (_titles(t), "recording"),
        (_placed(t), "recording"),
        (_named(t, named), "recording"),
    ):
        found = looked_up(found, other, key)
    size = (found["_size"] + found["_performers"].fill_null(0)).cast("string")
    return found.select(
        rowid="recording",
        title=_together(found["_own"], ibis.literal(SIZE) + size, found["_titles"]),
        artist=_together(found["_artist"], found["_names"]),
        release=found["_releases"].fill_null(""),
    )


def _together(*texts: StringValue) -> StringValue:
    """Put texts side by side; what is null is left out."""
    first, *others = (text.fill_null("") for text in texts)
    for other in others:
        first = first + " " + other
    return first


def _performed(t: Workbench) -> Table:
    """Give recordings without a credit that of their first track, or of its release."""
    alone = t("recordings").filter(_.credit.isnull()).select("recording")
    tracks = t("tracks").select("track", "recording", "release", "credit").semi_join(alone, "recording")
    tracks = looked_up(tracks, t("releases").select("release", _by="credit"), "release")
    by = tracks.select("track", "recording", credit=ibis.coalesce(tracks.credit, tracks["_by"]))
    return by.group_by("recording").agg(_credit=by.credit.first(order_by=by.track))


def _credited(t: Workbench, named: Table) -> Table:
    """Give the words of each credit, and after them those of other names of its artists."""
    named = looked_up(named, _other_names(t, named), "credit")
    return named.select("credit", _artist=_together(named.marked, named["_others"]), _performers="size")


def _other_names(t: Workbench, named: Table) -> Table:
    """Give the words of the names that a credit's artists have elsewhere: sorted, uncredited, aliases."""
    artists = t("artists").select("artist", "name", "sort_name")
    written = ibis.union(
        artists.select("artist", text="name"),
        artists.filter(_.sort_name.notnull()).select("artist", text="sort_name"),
        _aliases(t),
    )
    # most artists have one name, credited as it is: there is nothing to tell apart
    names = credit_names(t).select("credit", "artist", "credited")
    several = written.group_by("artist").agg(_count=_.count()).filter(_["_count"] > 1).select("artist")
    renamed = names.filter(names.credited.notnull()).select("artist")
    wanted = written.semi_join(ibis.union(several, renamed, distinct=True), "artist")
    words = _words_apart(worded(wanted), "artist").inner_join(names.select("credit", "artist"), "artist")
    words = words.select("credit", "word").distinct()
    others = words.anti_join(_words_apart(named, "credit"), ["credit", "word"])
    return others.group_by("credit").agg(_others=others.word.group_concat(sep=" ", order_by=others.word))


def _words_apart(table: Table, key: str) -> Table:
    apart = table.select(key, word=table.words.split(" ").unnest())
    return apart.filter(apart.word != "").distinct()


def _aliases(t: Workbench) -> Table:
    raw = aliases(t).filter(_.subject == "ar")
    order = [raw.is_primary.fill_null(False).desc(), raw.position]
    ranked = raw.mutate(_rank=ibis.row_number().over(group_by=raw.owner, order_by=order))
    return ranked.filter(ranked["_rank"] < ALIASES).select(artist="owner", text="name")


def _titles(t: Workbench) -> Table:
    """Give the words of tracks' titles that differ from their recording's own."""
    tracks = t("tracks").filter(_.title.notnull()).select("recording", text="title").distinct()
    words = worded(tracks)
    return words.group_by("recording").agg(_titles=words.marked.group_concat(sep=" ", order_by=words.marked))


def _placed(t: Workbench) -> Table:
    """Give the words of the titles of a recording's releases."""
    releases = worded(t("releases").select("release", text="title")).select("release", "words")
    placed = looked_up(t("tracks").select("recording", "release"), releases, "release").select("recording", "words")
    # most recordings are on one release, and lists cost ten times as much as texts
    several = placed.group_by("recording").agg(_tracks=_.count()).filter(_["_tracks"] > 1)
    listed = placed.semi_join(several, "recording").distinct()
    listed = listed.group_by("recording").agg(_releases=listed.words.group_concat(sep=" ", order_by=listed.words))
    return placed.anti_join(several, "recording").rename(_releases="words").union(listed)


def _named(t: Workbench, named: Table) -> Table:
    """Give the words of names besides those of a recording's own credit: its tracks', and those that files give."""
    tracks = t("tracks").filter(_.credit.notnull()).select("recording", "credit")
    words = tracks.distinct().inner_join(named.select("credit", "words"), "credit").select("recording", "words")
    words = words.union(worded(_filed(t)).select("recording", "words"))
    return words.group_by("recording").agg(_names=words.words.group_concat(sep=" ", order_by=words.words))


def _filed(t: Workbench) -> Table:
    """Give the names that files credit but the recording's own credit has not: other roles, other tracks, releases."""
    credited, raw = t("raw_credits"), t("raw_tracks").filter(_.release_artist.notnull())
    named = credited.select("source", "key", "role", text=clean_name(credited.name))
    by = raw.select("source", "key", text=clean_name(raw.release_artist))
    filed = t("raw_tracks").select("source").distinct()  # most are of sources without files: they need no look
    tracks, recordings = (
        t(name).select("recording", source="_source", key="_own").semi_join(filed, "source")
        for name in ("tracks", "recordings")
    )
    heard = ibis.union(named.drop("role"), by).inner_join(tracks, ["source", "key"]).select("recording", "text")
    performed = named.filter(_.role == "performer").inner_join(recordings, ["source", "key"])
    return heard.distinct().anti_join(performed, ["recording", "text"])
