"""Count the figures of recordings and artists on labelled copies, and try them on other catalogues.

Run: python bench/bench_linking_labels.py [--data DIR] [--print]
For each of three catalogues of real records the figures are counted on the others and tried on it. A share of 2 % of
them stays that of models.toml, which was counted on all three; the levels were made with an eye on all three, too.
`--print` prints the figures of models.toml, counted on all of them.
"""

import argparse
import os
from pathlib import Path

import duckdb

from linking_labels import Catalogue, artists, catalogues, engine, mixed, recordings
from tenuto.linking.measuring import labelled, prepare
from tenuto.linking.model import Model, model
from tenuto.linking.score import candidates, fold_texts, scored
from tenuto.linking.training import best_threshold, blended, fitted

HERE = Path(__file__).resolve().parent
FALSE = """
SELECT regexp_extract(l.what || r.what, '~([a-zA-Z. ()\\[\\]-]*)', 1) AS other, count(*)
FROM ({pairs}) p JOIN {kind}_linking a ON a.n = n_l JOIN {kind}_linking b ON b.n = n_r
JOIN whats l ON l.id = a.id JOIN whats r ON r.id = b.id
WHERE same = 0 AND {accepted} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8
"""


def main() -> None:
    """Measure both kinds."""
    shared = Path(os.environ.get("TENUTO_SHARED", HERE.parents[1] / "shared"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=str(shared / "data"))
    parser.add_argument("--print", action="store_true")
    arguments = parser.parse_args()
    found = catalogues(Path(arguments.data))
    if not found:
        print(f"no records at {arguments.data}: nothing is measured")
        return
    for kind in ("recording", "artist"):
        _crossed(kind, found)
        if arguments.print:
            _print(*_trained(kind, [song for songs in found.values() for song in songs]))


def _crossed(kind: str, found: dict[str, Catalogue]) -> None:
    for name, songs in found.items():
        others = [song for other, more in found.items() if other != name for song in more]
        trained, threshold = _trained(kind, others)
        thresholds = f"best threshold there {threshold:.2f}, ours {trained.thresholds.accept}"
        print(f"{kind}s of {name}, figures from the others, {thresholds}")
        sets = {
            "recording": {
                "little dirt": lambda: recordings(songs, 3, 0.3),  # noqa: B023 - called in this round
                "much dirt": lambda: recordings(songs, 3, 1),  # noqa: B023 - called in this round
                "much dirt, one source": lambda: recordings(songs, 3, 1, sources="a"),  # noqa: B023 - called in this round
            },
            "artist": {
                "two sources": lambda: artists(songs, 7),  # noqa: B023 - called in this round
                "one source": lambda: artists(songs, 7, sources="a"),  # noqa: B023 - called in this round
            },
        }
        for what, make in sets[kind].items():
            _tried(what, engine(kind, make()), trained)


def _trained(kind: str, songs: Catalogue) -> tuple[Model, float]:
    one = engine(kind, mixed(songs, 1) if kind == "recording" else artists(songs, 1))
    settings = model(kind)
    _candidates(one, kind, every=True)
    counted = blended(fitted(one, settings, labelled(scored(one, settings))), settings)
    pairs = f"SELECT * FROM ({labelled(scored(one, counted))}) WHERE {counted.acceptable}"
    return counted, best_threshold(one, pairs)


def _tried(what: str, one: duckdb.DuckDBPyConnection, trained: Model) -> None:
    compared = _candidates(one, trained.kind)
    pairs = labelled(scored(one, trained))
    accepted = f"match_probability >= {trained.thresholds.accept} AND ({trained.acceptable})"
    ((same,),) = one.execute("SELECT count(*) FROM linking_truth").fetchall()
    ((blocked,),) = one.execute(f"SELECT sum(same) FROM ({pairs})").fetchall()
    ((linked, hits),) = one.execute(f"SELECT count(*), sum(same) FROM ({pairs}) WHERE {accepted}").fetchall()
    rates = f"precision {hits / linked:.4f}, recall {hits / same:.4f}, F1 {2 * hits / (linked + same):.4f}"
    print(f"  {what}: {same} pairs the same, {blocked / same:.4f} of them among {compared} candidates; {rates}")
    if trained.kind == "recording":
        false = one.execute(FALSE.format(pairs=pairs, kind=trained.kind, accepted=accepted)).fetchall()
        said = ", ".join(f"{name or 'others'} {count}" for name, count in false)
        print(f"    linked and not the same: {said}")


def _candidates(one: duckdb.DuckDBPyConnection, kind: str, *, every: bool = False) -> int:
    fold_texts(one)
    found = candidates(one, kind, every=every)
    prepare(one, kind, "FROM truth")
    return found.pairs


def _print(trained: Model, threshold: float) -> None:
    print(f"[{trained.kind}] prior = {trained.prior:.4f}  # best threshold {threshold:.4f}")
    for comparison in (one for one in trained.comparisons if one.trained):
        for level in comparison.levels:
            print(f"{comparison.name} {level.label!r}: m = {level.m}, u = {level.u}  # {level.weight:+.1f}")


if __name__ == "__main__":
    main()
