"""All of linking: tables of records in, `links`, `clusters` and `redirects` out, in the engine that is handed in.

The engine holds, as tables or views shaped like the records of dumps with a column `source` before the others (only
these columns are read; INPUTS):

    artists releases tracks recordings credits aliases identifiers
    former_clusters, former_redirects        what the last build gave; empty at first

Results are tables of the engine, in no order; OUTPUTS says by what to sort them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenuto.linking.chains import cut_chains
from tenuto.linking.clusters import cluster, connected
from tenuto.linking.engine import Engine
from tenuto.linking.model import KINDS, Thresholds, model
from tenuto.linking.score import Blocking, candidates, fold_texts, links
from tenuto.model.progress import Progress, Silent

__all__ = ["INPUTS", "OUTPUTS", "Linked", "empty_input", "link"]

INPUTS: dict[str, str] = {
    "artists": "source id name type country begin",
    "releases": "source id title date country barcode disambiguation",
    "tracks": "source id release medium position kind title length_ms recording",
    "recordings": "source id title length_ms disambiguation",
    "credits": "source subject id position artist name",
    "aliases": "source subject id name",
    "identifiers": "source subject id type value",
    "former_clusters": "kind source id cluster",
    "former_redirects": "kind old new reason",
}
"""The columns read of each input."""
_INTEGERS = {"medium", "position", "length_ms"}
OUTPUTS: dict[str, str] = {
    "links": "kind left_source left_id right_source right_id probability decision evidence",
    "clusters": "kind source id cluster",
    "redirects": "kind old new reason",
}
"""The columns of each result; all but a link's last three are its key, by which to sort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What linking did for one kind of record."""

    kind: str
    blocking: Blocking


def link(
    engine: Engine, thresholds: Mapping[str, Thresholds] | None = None, progress: Progress | None = None
) -> tuple[Linked, ...]:
    """Link artists, releases and recordings; `thresholds` replace the model's own, `progress` hears of each kind."""
    for name, columns in OUTPUTS.items():
        typed = ", ".join(
            f"{column} {'DOUBLE' if column == 'probability' else 'VARCHAR'}" for column in columns.split()
        )
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({typed})")
    fold_texts(engine)
    chosen = {kind: model(kind).thresholds for kind in KINDS} | dict(thresholds or {})
    return tuple(_kind(engine, kind, chosen[kind], progress or Silent()) for kind in KINDS)


def _kind(engine: Engine, kind: str, thresholds: Thresholds, progress: Progress) -> Linked:
    settings = replace(model(kind), thresholds=thresholds)
    blocking = candidates(engine, kind)
    if blocking.pairs:
        links(engine, settings)
    cluster(engine, kind, cut_chains(engine, settings, connected(engine, kind)))
    progress.advance(1)
    return Linked(kind=kind, blocking=blocking)


def empty_input(name: str) -> str:
    """Write the SQL of an input that has no rows."""
    typed = (f'NULL::{"BIGINT" if column in _INTEGERS else "VARCHAR"} AS "{column}"' for column in INPUTS[name].split())
    return f"SELECT {', '.join(typed)} WHERE false"
