"""How good a model is on labelled pairs: cross-validated, the threshold chosen where the figures were counted.

Records that are the same, by the labels, are in one fold together; a pair is in the fold of its first record. Pairs
that are the same but were never compared count as missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tenuto.linking.engine import Engine, rows
from tenuto.linking.model import Model
from tenuto.linking.score import scored
from tenuto.linking.training import best_threshold, fitted

__all__ = ["Mistake", "Quality", "cross_validated", "labelled", "prepare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A pair on which the model and the labels differ."""

    left: str
    right: str
    same: bool
    """What the labels say."""
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How accepted links compare with the labels."""

    hits: int
    accepted: int
    same: int
    """Pairs that are the same, by the labels."""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def precision(self) -> float:
        """Give the share of accepted pairs that the labels call the same."""
        return self.hits / max(self.accepted, 1)

    @property
    def recall(self) -> float:
        """Give the share of the same pairs that were accepted."""
        return self.hits / max(self.same, 1)

    @property
    def f1(self) -> float:
        """Give the harmonic mean of precision and recall."""
        return 2 * self.hits / max(self.accepted + self.same, 1)


def prepare(engine: Engine, kind: str, labels: str) -> None:
    """Bring `labels`, a query of pairs of ids `left` and `right`, to the kind's records: table `linking_truth`."""
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE linking_truth AS
        SELECT DISTINCT least(l.n, r.n) AS one, greatest(l.n, r.n) AS other
        FROM ({labels}) k
        JOIN {kind}_linking l ON l.id = k."left" JOIN {kind}_linking r ON r.id = k."right";
        CREATE OR REPLACE TEMP TABLE linking_groups AS
        SELECT n, least(n, coalesce(min(t.one), n)) AS part
        FROM {kind}_linking LEFT JOIN linking_truth t ON t.other = n GROUP BY n;
    """)


def labelled(table: str, where: str = "true") -> str:
    """Write the query of a scored table's pairs with `same` by the labels and the pair's `part`."""
    return f"""
        SELECT p.*, (t.one IS NOT NULL)::INTEGER AS same, g.part
        FROM {table} p
        LEFT JOIN linking_truth t ON t.one = least(p.n_l, p.n_r) AND t.other = greatest(p.n_l, p.n_r)
        JOIN linking_groups g ON g.n = p.n_l
        WHERE {where}
    """


def cross_validated(engine: Engine, model: Model, *, folds: int = 5, seed: int = 0) -> Quality:
    """Train on all folds but one, choose the threshold there, accept in the one; over all folds."""
    base = scored(engine, model)
    ((same,),) = rows(engine, "SELECT count(*) FROM linking_truth")
    hits = accepted = 0
    mistakes: list[Mistake] = []
    for fold in range(folds):
        inside = f"hash(part, {seed}) % {folds} = {fold}"
        outside = f"NOT ({inside})"
        trained = fitted(engine, model, labelled(base, outside))
        table = scored(engine, trained)
        threshold = best_threshold(engine, _decided(model, labelled(table, outside)))
        for pair in _accepted(engine, model, labelled(table, inside), threshold):
            hits, accepted = hits + pair[0], accepted + pair[1]
            if pair[0] != pair[1] or not pair[1]:
                mistakes.append(pair[2])
        engine.execute(f"DROP TABLE {table}")
    engine.execute(f"DROP TABLE {base}")
    return Quality(hits=hits, accepted=accepted, same=same, mistakes=tuple(mistakes))


def _decided(model: Model, pairs: str) -> str:
    """Leave out what the model never accepts, whatever its probability."""
    return f"SELECT * FROM ({pairs}) WHERE {model.acceptable}"


def _accepted(engine: Engine, model: Model, pairs: str, threshold: float) -> Iterator[tuple[int, int, Mistake]]:
    """Give what was accepted or should have been: whether it is a hit, whether it was accepted, what it would be."""
    query = f"""
        SELECT l.id, r.id, same = 1, match_probability, match_probability >= {threshold} AND ({model.acceptable}) AS yes
        FROM ({pairs}) p JOIN {model.kind}_linking l ON l.n = n_l JOIN {model.kind}_linking r ON r.n = n_r
        WHERE yes OR same = 1 ORDER BY ALL
    """
    for left, right, same, probability, yes in rows(engine, query):
        mistake = Mistake(left=left, right=right, same=same, probability=probability)
        yield int(yes and same), int(yes), mistake
