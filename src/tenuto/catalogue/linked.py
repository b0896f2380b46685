"""What linking found: pairs, clusters and the ids that were replaced, hung on the things of this catalogue."""

import ibis
from ibis import Table, _
from ibis.expr.types import StringValue

from tenuto.catalogue.credits import prefixed
from tenuto.catalogue.engine import Workbench
from tenuto.catalogue.identity import public_id, stacked
from tenuto.model.ids import IdKind

__all__ = ["COLUMNS", "clusters", "links", "redirects"]

_GONE = "gone"
_PAIR = ("left_source", "left_id", "right_source", "right_id")
COLUMNS: dict[str, ibis.Schema] = {
    "links": ibis.schema(
        {"kind": "string", **dict.fromkeys(_PAIR, "string"), "probability": "float64"}
        | {"decision": "string", "evidence": "string"}
    ),
    "clusters": ibis.schema(dict.fromkeys(("kind", "source", "id", "cluster"), "string")),
    "redirects": ibis.schema(dict.fromkeys(("kind", "old", "new", "reason"), "string")),
}
"""The Parquet tables of links, and their columns."""


def links(t: Workbench) -> Table:
    """Hang links on both of their ends."""
    raw = t("linked_links").mutate(subject=prefixed(t("linked_links").kind))
    left = t("_owners").select("subject", left_source="source", left_id="own", left_owner="owner")
    right = t("_owners").select("subject", right_source="source", right_id="own", right_owner="owner")
    found = raw.inner_join(left, ["subject", "left_source", "left_id"])
    found = found.inner_join(right, ["subject", "right_source", "right_id"])
    return found.mutate(accepted=found.decision == "accepted")


def clusters(t: Workbench) -> Table:
    """Tell of each member of a cluster which one it is in; what stands alone is left out."""
    raw = t("linked_clusters")
    several = raw.group_by("cluster").agg(_members=_.count()).filter(_["_members"] > 1)
    members = raw.semi_join(several, "cluster").mutate(subject=prefixed(raw.kind)).rename(own="id")
    return members.inner_join(t("_owners"), ["source", "subject", "own"])


def redirects(t: Workbench) -> Table:
    """Give the ids of clusters and things that are gone, and where they lead; for things a source's own word is first.

    A thing that is gone leads to the first by id of those that were the same.
    """
    raw = t("linked_redirects")
    clusters_ = raw.filter(raw.reason != _GONE).group_by(id="old").agg(target=_.new.min())
    replaced = _replaced(t)
    return stacked(clusters_, replaced, _gone(t).anti_join(replaced, "id"))


def _replaced(t: Workbench) -> Table:
    """Give what a source says replaced a thing that is not here."""
    raw = t("dump_redirects")
    ends = raw.select(
        source=ibis.coalesce(raw.scheme, raw.source), subject=prefixed(raw.subject), own="id", to="target"
    )
    known = t("_owners").select("source", "subject", "own")
    ends = ends.anti_join(known, ["source", "subject", "own"])
    ends = ends.semi_join(known.rename(to="own"), ["source", "subject", "to"])
    return ends.group_by(id=_public(ends, ends.own)).agg(target=_public(ends, ends.to).min())


def _gone(t: Workbench) -> Table:
    """Give the things that were in a cluster at an earlier build, and what is left of it."""
    raw, members = t("linked_redirects"), t("linked_clusters").rename(own="id", new="cluster")
    found = raw.filter(raw.reason == _GONE).inner_join(members, ["kind", "new"])
    found = found.mutate(subject=prefixed(found.kind)).semi_join(t("_owners"), ["source", "subject", "own"])
    return found.group_by(id="old").agg(target=_public(found, found.own).min())


def _public(table: Table, own: StringValue) -> StringValue:
    """Derive the public id of a thing of any kind that is linked or replaced."""
    return ibis.cases(*((table.subject == kind.value, public_id(kind, table.source, own)) for kind in IdKind))
