"""Accepted links to clusters whose ids outlive a build.

A cluster is a connected part of the graph of accepted links. It keeps the id of the former cluster that gave it most
members (of equals, the one first by id); each former id goes to the part that holds most of its members (of equals,
the one whose first member comes first). The rest get new ids, which no cluster ever had. Where a former id is gone
(`merge`) or lost members to another cluster (`split`), a redirect says where they are; a record that is gone (`gone`)
leads from its public id to the cluster it was in. Redirects are passed on from build to build, end where a record comes
back, and always lead to a cluster there is.
"""

from splink.clustering import cluster_pairwise_predictions_at_threshold

from tenuto.linking.engine import Engine, splink_api
from tenuto.linking.fold import literal
from tenuto.model.ids import IdKind

__all__ = ["cluster", "connected"]

_RECORDS = {
    "artist": "SELECT source, id FROM artists",
    "release": "SELECT source, id FROM releases",
    "recording": "SELECT source, id FROM recording_all",
}
_EDGES = """
CREATE OR REPLACE TEMP TABLE linking_edges AS
SELECT l.n AS n_l, r.n AS n_r, 1.0 AS match_probability
FROM links k
JOIN linking_nodes l ON l.source = k.left_source AND l.id = k.left_id
JOIN linking_nodes r ON r.source = k.right_source AND r.id = k.right_id
WHERE k.kind = {kind} AND k.decision = 'accepted'
"""
_PARTS = """
CREATE OR REPLACE TEMP TABLE linking_parts AS
SELECT o.source, o.id, o.n, p.cluster_id AS part FROM linking_nodes o JOIN {found} p USING (n);

-- How many members each part has of each former cluster, and which part a former id goes to.
CREATE OR REPLACE TEMP TABLE linking_shares AS
SELECT p.part, f.cluster AS former, count(*) AS members
FROM linking_parts p JOIN former_clusters f ON f.kind = {kind} AND f.source = p.source AND f.id = p.id
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE linking_heirs AS
SELECT DISTINCT ON (former) former, part, members FROM linking_shares ORDER BY former, members DESC, part;

CREATE OR REPLACE TEMP TABLE linking_named AS
WITH kept AS (SELECT DISTINCT ON (part) part, former AS cluster FROM linking_heirs ORDER BY part, members DESC, former),
taken AS (
    SELECT cluster FROM former_clusters WHERE kind = {kind} UNION SELECT old FROM former_redirects WHERE kind = {kind}
), fresh AS (
    SELECT part, first(source ORDER BY n) AS source, first(id ORDER BY n) AS id
    FROM linking_parts ANTI JOIN kept USING (part) GROUP BY part
), named AS (
    SELECT part, source, id, {new} AS cluster FROM (SELECT *, 0 AS attempt FROM fresh)
), again AS (
    SELECT part, attempt, {new} AS cluster
    FROM (SELECT *, unnest(range(1, 100)) AS attempt FROM named SEMI JOIN taken USING (cluster))
)
FROM kept
UNION ALL SELECT part, cluster FROM named ANTI JOIN taken USING (cluster)
UNION ALL (SELECT DISTINCT ON (part) part, cluster FROM again ANTI JOIN taken USING (cluster) ORDER BY part, attempt);

INSERT INTO clusters SELECT {kind}, p.source, p.id, n.cluster FROM linking_parts p JOIN linking_named n USING (part);

INSERT INTO redirects
WITH moved AS (
    SELECT s.former AS old, n.cluster AS new, s.part = h.part AS heir
    FROM linking_shares s JOIN linking_named n USING (part) JOIN linking_heirs h USING (former)
    WHERE n.cluster <> s.former
), living AS (SELECT DISTINCT cluster FROM linking_named),
gone AS (
    SELECT {public} AS old, n.cluster AS new, 'gone' AS reason
    FROM (SELECT * FROM former_clusters WHERE kind = {kind}) f ANTI JOIN linking_nodes USING (source, id)
    JOIN linking_heirs h ON h.former = f.cluster JOIN linking_named n USING (part)
), settled AS (SELECT old FROM gone UNION ALL SELECT {public} FROM linking_nodes),
now AS (
    SELECT old, new, CASE WHEN heir THEN 'merge' ELSE 'split' END AS reason FROM moved
), passed AS (
    SELECT r.old, coalesce(w.new, r.new) AS new, r.reason
    FROM (FROM former_redirects ANTI JOIN settled USING (old)) r LEFT JOIN now w ON w.old = r.new AND w.reason = 'merge'
    WHERE r.kind = {kind}
)
SELECT {kind}, old, new, min(reason)
FROM (FROM now UNION ALL FROM passed UNION ALL FROM gone) SEMI JOIN (SELECT cluster AS new FROM living) USING (new)
GROUP BY old, new
"""
_PUBLIC = "{prefix} || '-' || left(sha256(concat_ws(chr(31), {prefix}, source, id)), 20)"  # as model.ids.public_id
_PREFIXES = {"artist": IdKind.ARTIST, "release": IdKind.RELEASE, "recording": IdKind.RECORDING}
_NEW = "{kind} || '-' || left(sha256(concat_ws(chr(31), {kind}, source, id, attempt)), 20)"


def connected(engine: Engine, kind: str) -> str:
    """Give the name of a table with the connected part (`cluster_id`) of every record (`n` of `linking_nodes`)."""
    records = f"SELECT row_number() OVER (ORDER BY source, id) AS n, source, id FROM ({_RECORDS[kind]})"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE linking_nodes AS {records}")
    engine.execute(_EDGES.format(kind=literal(kind)))
    api = splink_api(engine)
    found = cluster_pairwise_predictions_at_threshold(
        api.register("linking_nodes"), api.register("linking_edges"), api, node_id_column_name="n"
    )
    name: str = found.physical_name
    return name


def cluster(engine: Engine, kind: str, found: str) -> None:
    """Append the kind's clusters and redirects, from the parts `found`, `former_clusters` and `former_redirects`."""
    name = literal(kind)
    public = _PUBLIC.format(prefix=literal(_PREFIXES[kind].value))
    engine.execute(_PARTS.format(kind=name, found=found, new=_NEW.format(kind=name), public=public))
    engine.execute(f"DROP TABLE {found}")
