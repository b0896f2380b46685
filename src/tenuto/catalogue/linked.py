"""What linking found: pairs, clusters and the ids that were replaced, hung on the things of this catalogue."""

import ibis
from ibis import Table, _

from tenuto.catalogue.credits import prefixed
from tenuto.catalogue.engine import Workbench

__all__ = ["COLUMNS", "clusters", "links", "redirects"]

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
    """Give the ids of clusters that were merged or split, and where they lead."""
    raw = t("linked_redirects")
    return raw.group_by(id="old").agg(target=raw.new.min())
