"""A model's figures from pairs: counted where labels are known, expected (the EM algorithm) where none are.

Both count, level by level, how many pairs that are the same reach it, and how many others do. With labels a pair counts
as the one or the other; without, it counts as both, by the probability that the model of the round before gives it.
"""

from dataclasses import replace

from tenuto.linking.engine import Engine, rows
from tenuto.linking.model import Comparison, Level, Model
from tenuto.linking.score import scored

__all__ = ["best_threshold", "blended", "expected", "fitted"]

_DOUBT = 0.5  # pairs that are added to every count, so that what was never seen is not impossible


def fitted(engine: Engine, model: Model, pairs: str, *, every: bool = False) -> Model:
    """Give the model the figures of `pairs`: a query with `same` (0 to 1) and the levels (`gamma_…`) of each pair.

    Only comparisons that are marked as trained change, unless `every`.
    """
    comparisons = tuple(
        _counted(engine, comparison, pairs) if every or comparison.trained else comparison
        for comparison in model.comparisons
    )
    ((share,),) = rows(engine, f"SELECT (sum(same) + 0.5) / (count(*) + 1.0) FROM ({pairs})")
    return model.with_comparisons(comparisons, share)


def blended(counted: Model, estimated: Model, share: float = 0.02) -> Model:
    """Keep a share of the estimates in what was counted: a level that no pair reached keeps its weight."""

    def mixed(one: float, other: float) -> float:
        return round((1 - share) * one + share * other, 6)

    comparisons = tuple(
        replace(
            comparison,
            levels=tuple(
                replace(level, m=mixed(level.m, guess.m), u=mixed(level.u, guess.u))
                for level, guess in zip(comparison.levels, estimate.levels, strict=True)
            ),
        )
        for comparison, estimate in zip(counted.comparisons, estimated.comparisons, strict=True)
    )
    return replace(counted, comparisons=comparisons)


def expected(engine: Engine, model: Model, rounds: int = 10) -> Model:
    """Fit the model to the candidates with no label at all, from its own figures on."""
    for _ in range(rounds):
        table = scored(engine, model)
        model = fitted(engine, model, f"SELECT *, match_probability AS same FROM {table}")
        engine.execute(f"DROP TABLE {table}")
    return model


def best_threshold(engine: Engine, pairs: str) -> float:
    """Give the probability from which accepting gives the best F1 on `pairs` (`match_probability`, `same` 0 or 1).

    Between the last probability accepted and the next one it is their mean, in bits.
    """
    query = f"""
        WITH ranked AS (
            SELECT match_weight, sum(same) OVER w AS hits, count(*) OVER w AS accepted,
                   coalesce(lead(match_weight) OVER (ORDER BY match_weight DESC), match_weight - 1) AS next
            FROM ({pairs}) WINDOW w AS (ORDER BY match_weight DESC)
        ), total AS (SELECT sum(same) AS same FROM ({pairs}))
        SELECT (match_weight + next) / 2 FROM ranked, total WHERE next < match_weight
        ORDER BY 2 * hits / (accepted + total.same) DESC, match_weight DESC LIMIT 1
    """
    ((weight,),) = rows(engine, query)
    return float(1 / (1 + 2**-weight))


def _counted(engine: Engine, comparison: Comparison, pairs: str) -> Comparison:
    gamma = f"gamma_{comparison.name}"
    counts = rows(engine, f"SELECT {gamma}, sum(same), sum(1 - same) FROM ({pairs}) WHERE {gamma} >= 0 GROUP BY 1")
    known = {level: (float(same), float(other)) for level, same, other in counts}
    numbers = [known.get(level, (0.0, 0.0)) for level in range(len(comparison.levels))]
    all_same, all_other = (sum(column) + _DOUBT * len(numbers) for column in zip(*numbers, strict=True))
    levels = zip(comparison.levels, reversed(numbers), strict=True)
    return replace(comparison, levels=tuple(_level(level, count, all_same, all_other) for level, count in levels))


def _level(level: Level, count: tuple[float, float], all_same: float, all_other: float) -> Level:
    same, other = count
    return replace(level, m=round((same + _DOUBT) / all_same, 6), u=round((other + _DOUBT) / all_other, 6))
