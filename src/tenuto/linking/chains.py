"""Chains of links whose ends contradict each other: the weakest links give way.

One record may be like two that cannot be the same: `Song` without a length is like the take of three minutes and like
that of five. Links of such a part of the graph are taken anew, the most probable first, each only if it brings no two
records together that contradict each other; what is left over goes to review.

The work is bounded: a part of more than LARGEST records first loses the less probable half of its links, until it falls
apart; the others have at most LARGEST * (LARGEST - 1) / 2 pairs to look at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from tenuto.linking.clusters import connected
from tenuto.linking.engine import Engine, rows
from tenuto.linking.fold import literal
from tenuto.linking.model import Model
from tenuto.linking.score import scored

__all__ = ["LARGEST", "cut_chains", "kept"]

LARGEST = 200
"""Records of a part whose pairs are all looked at."""
_WHY = "; chain: leads to what contradicts"
_PARTS = """
CREATE OR REPLACE TEMP TABLE linking_chained AS
SELECT f.n, p.cluster_id AS part, count(*) OVER (PARTITION BY p.cluster_id) AS size
FROM {found} p JOIN linking_nodes o USING (n) JOIN {kind}_linking f ON f.source = o.source AND f.id = o.id
QUALIFY size > 2;

CREATE OR REPLACE TEMP TABLE linking_links AS
SELECT least(l.n, r.n) AS one, greatest(l.n, r.n) AS other, k.probability, c.part, c.size
FROM links k
JOIN {kind}_linking l ON l.source = k.left_source AND l.id = k.left_id
JOIN {kind}_linking r ON r.source = k.right_source AND r.id = k.right_id
JOIN linking_chained c ON c.n = l.n
WHERE k.kind = {name} AND k.decision = 'accepted'
"""
_WEAKER = """
SELECT one, other FROM linking_links WHERE size > {largest}
QUALIFY 2 * row_number() OVER (PARTITION BY part ORDER BY probability, one DESC, other DESC)
    <= 1 + count(*) OVER (PARTITION BY part)
"""
_PAIRS = """
CREATE OR REPLACE TEMP TABLE linking_candidates AS
SELECT l.n AS join_key_l, r.n AS join_key_r, 0 AS match_key
FROM linking_chained l JOIN linking_chained r ON l.part = r.part AND l.n < r.n
ANTI JOIN linking_links k ON k.one = l.n AND k.other = r.n
"""
_CUT = """
UPDATE links SET decision = 'review', evidence = links.evidence || {why}
FROM linking_cut k JOIN {kind}_linking l ON l.n = k.one JOIN {kind}_linking r ON r.n = k.other
WHERE links.kind = {name} AND links.left_source = l.source AND links.left_id = l.id
    AND links.right_source = r.source AND links.right_id = r.id
"""
_Pair = tuple[int, int]


def cut_chains(engine: Engine, model: Model, found: str) -> str:
    """Send links to review until no part of `found` (from `connected`) holds a contradiction; give the parts then."""
    while _parts(engine, model, found) > LARGEST:
        found = _without(engine, model, rows(engine, _WEAKER.format(largest=LARGEST)), found)
    engine.execute(_PAIRS)
    ((pairs,),) = rows(engine, "SELECT count(*) FROM linking_candidates")
    cut = list(_contradicted(engine, model)) if pairs else []
    return _without(engine, model, cut, found) if cut else found


def kept(links: Iterable[_Pair], apart: Iterable[_Pair]) -> set[_Pair]:
    """Give the links that bring no two of `apart` together, directly or through others; earlier links go first."""
    foes = defaultdict(set)
    for one, other in apart:
        foes[one].add(other)
        foes[other].add(one)
    parts: dict[int, set[int]] = {}
    taken = []
    for one, other in links:
        left, right = parts.setdefault(one, {one}), parts.setdefault(other, {other})
        if left is right or not any(foes[member] & right for member in left):
            taken.append((one, other))
            left |= right
            parts.update(dict.fromkeys(right, left))
    return {(one, other) for one, other in taken if parts[one] is parts[other]}


def _parts(engine: Engine, model: Model, found: str) -> int:
    """Gather the links of all parts that may hold a contradiction; give the size of the largest."""
    engine.execute(_PARTS.format(found=found, kind=model.kind, name=literal(model.kind)))
    ((largest,),) = rows(engine, "SELECT coalesce(max(size), 0) FROM linking_chained")
    return int(largest)


def _contradicted(engine: Engine, model: Model) -> Iterator[_Pair]:
    table = scored(engine, model)
    query = f"""
        SELECT c.part, p.n_l, p.n_r FROM {table} p JOIN linking_chained c ON c.n = p.n_l
        WHERE {model.contradicted} ORDER BY ALL
    """
    apart = {part: [pair[1:] for pair in pairs] for part, pairs in groupby(rows(engine, query), lambda row: row[0])}
    engine.execute(f"CREATE OR REPLACE TEMP TABLE linking_torn AS SELECT DISTINCT part FROM ({query})")
    engine.execute(f"DROP TABLE {table}")
    query = """
        SELECT part, one, other FROM linking_links SEMI JOIN linking_torn USING (part)
        ORDER BY part, probability DESC, one, other
    """
    for part, links in groupby(rows(engine, query), lambda row: row[0]):
        pairs = [(one, other) for _, one, other in links]
        staying = kept(pairs, apart[part])
        yield from (pair for pair in pairs if pair not in staying)


def _without(engine: Engine, model: Model, cut: list[_Pair], found: str) -> str:
    """Send the links to review, and connect anew without them."""
    engine.execute("CREATE OR REPLACE TEMP TABLE linking_cut (one BIGINT, other BIGINT)")
    values = ", ".join(f"({one}, {other})" for one, other in cut)
    engine.execute(f"INSERT INTO linking_cut VALUES {values}")
    engine.execute(_CUT.format(kind=model.kind, name=literal(model.kind), why=literal(_WHY)))
    engine.execute(f"DROP TABLE {found}")
    return connected(engine, model.kind)
