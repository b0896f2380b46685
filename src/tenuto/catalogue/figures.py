"""Figures that reports draw: tracks, distinct files and their bytes for each case of each topic."""

import ibis
from ibis import Table, _

from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import looked_up

__all__ = ["stats"]


def stats(t: Workbench) -> Table:
    """Count all tracks, those held, those shareable; then by decision, reason, licence, source and container."""
    tracks = _tracks(t)
    licences = t("verdict_licences").inner_join(t("licences").select("licence", _licence="id"), "licence")
    cases = {
        "decision": tracks.mutate(label="decision"),
        "reason": tracks.filter(_["_code"].notnull()).mutate(label="_code"),
        "licence": tracks.inner_join(licences.select("verdict", label="_licence"), "verdict"),
        "source": tracks.mutate(label="_source"),
        "container": tracks.filter(_.container.notnull()).mutate(label="container"),
    }
    totals = {
        "all": tracks,
        "held": tracks.filter(_.held.fill_null(False)),
        "shareable": tracks.filter(_.absence.isnull()),
    }
    counted = [_counted(table, topic) for topic, table in cases.items()]
    summed = [_counted(table.mutate(label=ibis.literal(label)), "total") for label, table in totals.items()]
    return ibis.union(*counted, *summed)


def _tracks(t: Workbench) -> Table:
    tracks = t("tracks").select("recording", "verdict", "absence", "_source")
    tracks = looked_up(tracks, t("recordings").select("recording", "file"), "recording")
    tracks = looked_up(tracks, t("files").select("file", "size", "container", "held"), "file")
    tracks = tracks.inner_join(t("verdicts").select("verdict", "decision"), "verdict")
    return looked_up(tracks, t("reasons").select(absence="reason", _code="code"), "absence")


def _counted(table: Table, topic: str) -> Table:
    """Count each label; a file that several tracks share counts once."""
    once = table.group_by("label", "file").agg(tracks=_.count(), size=_["size"].max())
    return (
        once.group_by("label")
        .agg(
            tracks=_.tracks.sum().cast("int64"),
            files=_.file.count(),
            bytes=_["size"].sum().fill_null(0).cast("int64"),
        )
        .mutate(topic=ibis.literal(topic))
        .select("topic", "label", "tracks", "files", "bytes")
    )
