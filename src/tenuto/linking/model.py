"""The models of models.toml: what is compared, and how strongly each level speaks."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import log2
from typing import Any

from tenuto.model.errors import ConfigError

__all__ = ["KINDS", "Comparison", "Level", "Model", "Thresholds", "model"]

KINDS = ("artist", "release", "recording")
"""What is linked."""
_DOUBT = 1e-6  # no level is impossible


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One grade of agreement."""

    label: str
    when: str
    """SQL over the columns of two records, `…_l` and `…_r`; ELSE for the rest."""
    m: float
    """Share of pairs that are the same and reach it."""
    u: float
    """Share of other candidate pairs that do."""

    @property
    def weight(self) -> float:
        """Give the bits it adds to the evidence."""
        return log2(max(self.m, _DOUBT) / max(self.u, _DOUBT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One thing that is compared; levels from the strongest agreement down."""

    name: str
    null: str
    """SQL that says when there is nothing to compare: such a pair gains and loses nothing."""
    levels: tuple[Level, ...]
    trained: bool = False
    """Whether m and u were counted rather than estimated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which probability a link counts, and from which it is shown to a person."""

    accept: float
    review: float

    def __post_init__(self) -> None:
        """Refuse thresholds that are no probabilities or stand the wrong way round."""
        if not 0 < self.review <= self.accept <= 1:
            hint = "0 < review <= accept <= 1"
            raise ConfigError(f"thresholds accept {self.accept} and review {self.review} do not fit", hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """How records of one kind are compared."""

    kind: str
    prior: float
    """Share of candidate pairs that are the same."""
    thresholds: Thresholds
    comparisons: tuple[Comparison, ...]
    worth: str
    """SQL over the columns of two records that share a key: whether they are worth scoring."""
    needs: str
    """SQL over the levels reached (`gamma_NAME`, 0 the weakest, -1 nothing to compare) that acceptance needs."""
    contradicted: str
    """SQL over the same levels: what parts two records, whatever else they share and whoever links them."""

    @property
    def acceptable(self) -> str:
        """Give the SQL of what acceptance needs besides a probability."""
        return f"({self.needs}) AND NOT ({self.contradicted})"

    def with_comparisons(self, comparisons: tuple[Comparison, ...], prior: float) -> "Model":
        """Give the same model with other figures."""
        return replace(self, comparisons=comparisons, prior=prior)


@cache
def model(kind: str) -> Model:
    """Read the model of one kind from the package's own file."""
    document = tomllib.loads(resources.files(__package__).joinpath("models.toml").read_text(encoding="utf-8"))[kind]
    return Model(
        kind=kind,
        prior=document["prior"],
        thresholds=Thresholds(accept=document["accept"], review=document["review"]),
        comparisons=tuple(_comparison(row) for row in document["comparisons"]),
        worth=document.get("worth", "true"),
        needs=document["needs"],
        contradicted=document["contradicted"],
    )


def _comparison(row: dict[str, Any]) -> Comparison:
    levels = tuple(Level(**level) for level in row["levels"])
    return Comparison(name=row["name"], null=row["null"], levels=levels, trained=row.get("trained", False))
