"""Verdicts: tracks that are judged alike share one, with its licences and findings.

`raw_*` judge observed files track by track; `judged_*` judge what dumps bring evidence for, the first of things that
are judged alike for all of them, and, under a source without a name, whatever has none.
"""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import looked_up, numbered

__all__ = ["absences", "findings", "judged", "of_dumped", "reasons", "verdict_licences", "verdicts"]

_KEY = ("source", "subject", "own")


def reasons(t: Workbench) -> Table:
    """Give every code with its sentence a key."""
    names = ("verdicts", "findings", "outcomes")
    said = [t(f"{place}_{name}").select("code", text="reason") for place in ("raw", "judged") for name in names]
    return numbered(ibis.union(*said, distinct=True), "reason", "code", "text")


def judged(t: Workbench) -> Table:
    """Write each verdict as one text: decision, rule, licences and findings."""
    found = _both(t, "verdicts", "decision", "code", "reason")
    licences = _both(t, "verdict_licences", "position", "licence")
    named = licences.group_by(*_KEY).agg(
        _licences=licences.licence.group_concat(sep="\x1f", order_by=licences.position)
    )
    words = _both(t, "findings", "position", "code", "reason", "evidence")
    word = words.code + "\x1f" + words.reason + "\x1f" + words.evidence.cast("string").fill_null("")
    said = words.group_by(*_KEY).agg(_said=word.group_concat(sep="\x1e", order_by=words.position))
    found = looked_up(looked_up(found, named, *_KEY), said, *_KEY)
    parts = (found.decision, found.code, found.reason, found["_licences"].fill_null(""), found["_said"].fill_null(""))
    signature = parts[0]
    for part in parts[1:]:
        signature = signature + "\x1d" + part
    return found.select(*_KEY, "decision", "code", "reason", _signature=signature)


def verdicts(t: Workbench) -> Table:
    """Give each different verdict a key; `_source`, `_subject` and `_own` name the first that was judged so."""
    raw = t("_judged")
    place = ibis.row_number().over(group_by="_signature", order_by=[raw[name] for name in _KEY])
    first = raw.mutate(_place=place).filter(_["_place"] == 0).rename(text="reason")
    named = first.inner_join(t("reasons"), ["code", "text"])
    return numbered(named.rename(_source="source", _subject="subject", _own="own"), "verdict", "_signature")


def absences(t: Workbench) -> Table:
    """Tell the verdict of each thing that was judged, and why its audio cannot be had."""
    keys = t("verdicts").select("verdict", "_signature")
    found = t("_judged").inner_join(keys, "_signature").select(*_KEY, "verdict")
    why = _both(t, "outcomes", "code", "reason").rename(text="reason").inner_join(t("reasons"), ["code", "text"])
    first = looked_up(found, why.select(*_KEY, absence="reason"), *_KEY)
    others = t("judged_alike").select("source", "subject", "as_subject", "as_id", _id="id")
    same = first.rename(as_subject="subject", as_id="own")
    others = others.inner_join(same, ["source", "as_subject", "as_id"]).rename(own="_id")
    return first.union(others.select(*first.columns))


def of_dumped(t: Workbench, tracks: Table) -> Table:
    """Give a dump's tracks their verdicts: their own, their recording's, their release's, or that of all others."""
    known = t("_absences")
    for subject, own in (("tr", "own"), ("rc", "_recording"), ("re", "_release")):
        by = known.filter(known.subject == subject).select("source", "verdict", **{own: known.own})
        tracks = looked_up(tracks, by.rename(**{f"_by_{subject}": "verdict"}), "source", own)
    rest = known.filter(known.source == "")
    return tracks.mutate(
        verdict=ibis.coalesce(tracks["_by_tr"], tracks["_by_rc"], tracks["_by_re"], rest.verdict.as_scalar()),
        absence=rest.absence.as_scalar(),
    )


def verdict_licences(t: Workbench) -> Table:
    """Hang on each verdict the licences it rests on."""
    raw = _of_verdict(t, "verdict_licences", "position", "licence").rename(_id="licence")
    return raw.inner_join(t("licences").select("licence", _id="id"), "_id")


def findings(t: Workbench) -> Table:
    """Hang on each verdict what every rule said."""
    raw = _of_verdict(t, "findings", "position", "code", "reason", "evidence").rename(text="reason")
    return raw.inner_join(t("reasons"), ["code", "text"])


def _of_verdict(t: Workbench, name: str, *columns: str) -> Table:
    keys = t("verdicts").select("verdict", source="_source", subject="_subject", own="_own")
    return _both(t, name, *columns).inner_join(keys, [*_KEY])


def _both(t: Workbench, name: str, *columns: str) -> Table:
    raw, dumped = t(f"raw_{name}"), t(f"judged_{name}")
    files = raw.select("source", *columns, subject=ibis.literal("tr"), own="key")
    return files.union(dumped.select("source", *columns, "subject", own="id").select(*files.columns))
