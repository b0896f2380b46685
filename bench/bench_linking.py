"""Measure linking: quality on labelled discs and on releases that are easily confused, speed beside plain Splink.

Run: python bench/bench_linking.py [--data DIR] [--records 200000] [--seeds 5] [--train]
The quality needs real records (`linking/freedb`, `linking/picard_eval`); the speed is taken on generated ones. The peer
is Splink with its own default comparisons and an exact blocking rule on title and on artist, on the same records in the
same run. `--train` prints the figures of models.toml, counted on all labelled discs.
"""

import argparse
import json
import os
import random
import resource
import statistics
import time
from pathlib import Path

import duckdb
import splink.comparison_library as library
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tenuto.linking.link import INPUTS, empty_input, link
from tenuto.linking.measuring import cross_validated, labelled, prepare
from tenuto.linking.model import model
from tenuto.linking.score import BLOCK, candidates, fold_texts, scored
from tenuto.linking.training import best_threshold, fitted

HERE = Path(__file__).resolve().parent
TARGET = 0.92
SYLLABLES = [first + last for first in "bdfghjklmnprstv" for last in "aeio"]


def main() -> None:
    """Measure what can be measured here."""
    arguments = _arguments()
    data = Path(arguments.data)
    if (data / "freedb").is_dir():
        _quality(data / "freedb", arguments.seeds, train=arguments.train)
        _confusable(data / "picard_eval")
    else:
        print(f"no labelled records at {data}: quality is not measured")
    _speed(arguments.records)


def _arguments() -> argparse.Namespace:
    shared = Path(os.environ.get("TENUTO_SHARED", HERE.parents[1] / "shared"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=str(shared / "data" / "linking"))
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--train", action="store_true")
    return parser.parse_args()


def _engine() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(config={"threads": 2})
    for name in INPUTS:
        engine.execute(f"CREATE TABLE {name} AS {empty_input(name)}")
    return engine


def _discs(engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Read disc entries as releases, each with one track that holds all titles."""
    engine.execute(f"CREATE TABLE discs AS FROM read_csv('{path}/discs.csv', all_varchar = true, header = true)")
    engine.execute(f"CREATE TABLE same AS FROM read_csv('{path}/same.csv', all_varchar = true, header = true)")
    engine.execute("""
        INSERT INTO releases (source, id, title, date) SELECT 'freedb', id, coalesce(title, ''), year FROM discs;
        INSERT INTO credits (source, subject, id, position, name)
            SELECT 'freedb', 'release', id, 0, artist FROM discs WHERE artist IS NOT NULL;
        INSERT INTO tracks (source, id, release, medium, position, kind, title, recording)
            SELECT 'freedb', id, id, 0, 0, 'track', tracks, id FROM discs WHERE tracks IS NOT NULL;
    """)


def _quality(path: Path, seeds: int, *, train: bool) -> None:
    engine = _engine()
    _discs(engine, path)
    fold_texts(engine)
    blocking = candidates(engine, "release", every=True)
    per = blocking.pairs / blocking.records
    print(f"freedb: {blocking.records} discs, {blocking.pairs} candidate pairs ({per:.1f} a disc)")
    prepare(engine, "release", 'SELECT id1 AS "left", id2 AS "right" FROM same')
    found = [cross_validated(engine, model("release"), seed=seed) for seed in range(seeds)]
    for seed, one in enumerate(found):
        print(f"  folds {seed}: F1 {one.f1:.4f}, precision {one.precision:.4f}, recall {one.recall:.4f}")
    mean = statistics.mean(one.f1 for one in found)
    print(f"  mean F1 {mean:.4f} (target {TARGET}) {'met' if mean >= TARGET else 'MISSED'}")
    for one in sorted(found[0].mistakes, key=lambda mistake: -mistake.probability):
        print(f"  labels say {'same ' if one.same else 'other'} {one.left:>6} {one.right:>6} at {one.probability:.4f}")
    if train:
        _train(engine)


def _train(engine: duckdb.DuckDBPyConnection) -> None:
    trained = fitted(engine, model("release"), labelled(scored(engine, model("release"))))
    threshold = best_threshold(
        engine, f"SELECT * FROM ({labelled(scored(engine, trained))}) WHERE {trained.acceptable}"
    )
    print(f"[release] prior = {trained.prior:.4f}  # best threshold {threshold:.4f}")
    for comparison in (one for one in trained.comparisons if one.trained):
        for level in comparison.levels:
            print(f"{comparison.name} {level.label!r}: m = {level.m}, u = {level.u}  # {level.weight:+.1f}")


def _confusable(path: Path) -> None:
    """Count how many pairs of releases that differ, though they look alike, are linked."""
    engine = _engine()
    documents = [json.loads(file.read_text("utf-8")) for file in sorted(path.glob("eval_release_*.json"))]
    for one in documents:
        facts = [one[key] or None for key in ("id", "title", "date", "country", "barcode", "disambiguation")]
        engine.execute("INSERT INTO releases VALUES ('musicbrainz', ?, ?, ?, ?, ?, ?)", facts)
        for place, credit in enumerate(one["artist-credit"]):
            engine.execute(
                "INSERT INTO credits VALUES ('musicbrainz', 'release', ?, ?, ?, ?)",
                [one["id"], place, credit["artist"]["id"], credit["name"]],
            )
        for medium, part in enumerate(one["media"]):
            for place, track in enumerate(part.get("tracks", ())):
                row = [track["id"], one["id"], medium, place, track["title"], track["length"], track["recording"]["id"]]
                engine.execute("INSERT INTO tracks VALUES ('musicbrainz', ?, ?, ?, ?, 'track', ?, ?, ?)", row)
    link(engine)
    for kind, what in (("release", len(documents)), ("recording", "their")):
        counts = dict(
            engine.execute("SELECT decision, count(*) FROM links WHERE kind = ? GROUP BY 1", [kind]).fetchall()
        )
        accepted, review = counts.get("accepted", 0), counts.get("review", 0)
        print(f"picard_eval, {what} {kind}s, no two the same: {accepted} pairs accepted, {review} for review")


def _speed(records: int) -> None:
    engine = _engine()
    _generated(engine, records)
    start = time.perf_counter()
    fold_texts(engine)
    folded = time.perf_counter()
    blocking = candidates(engine, "release")
    blocked = time.perf_counter()
    scored(engine, model("release"), 0.5)
    done = time.perf_counter()
    ours = done - start
    steps = (
        f"fold {folded - start:.1f} s, features and blocking {blocked - folded:.1f} s, scoring {done - blocked:.1f} s"
    )
    print(f"speed, {records} releases: {steps}")
    _rate("ours", records, blocking.pairs, (ours, done - blocked))
    _rules(engine, records)
    seconds, pairs, scoring = _plain(engine)
    _rate("plain Splink", records, pairs, (seconds, scoring))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  ratio of records/s {seconds / ours:.2f}; peak memory {peak:.1f} GB")


def _rate(name: str, records: int, pairs: int, seconds: tuple[float, float]) -> None:
    """Print rates over all the time and over that of scoring alone."""
    whole, scoring = seconds
    rates = f"{records / whole:,.0f} records/s, {pairs / whole:,.0f} pairs/s, {pairs / scoring:,.0f} while scoring"
    print(f"  {name}: {pairs} pairs, {pairs / records:.1f} a record; {rates}")


def _rules(engine: duckdb.DuckDBPyConnection, records: int) -> None:
    query = f"""
        WITH one AS (SELECT DISTINCT rule, n, key FROM linking_keys),
        sizes AS (SELECT rule, key, count(*) AS size FROM one GROUP BY ALL)
        SELECT rule, sum(size * (size - 1) / 2) FILTER (size <= {BLOCK}), sum(size * (size - 1) / 2)
        FROM sizes GROUP BY 1 ORDER BY 1
    """
    for rule, pairs, all_pairs in engine.execute(query).fetchall():
        free = f"{all_pairs / records:.1f} without the limit on a block"
        print(f"  rule {rule}: {(pairs or 0) / records:.1f} pairs a record ({free})")


def _plain(engine: duckdb.DuckDBPyConnection) -> tuple[float, int, float]:
    """Time Splink with default comparisons on the columns as they are; seconds, pairs, seconds of scoring."""
    engine.execute("""
        CREATE TABLE plain AS
        SELECT r.id AS unique_id, r.title, c.name AS artist, r.date AS year, k.tracks
        FROM releases r JOIN credits c ON c.id = r.id
        JOIN (SELECT release, string_agg(title, ' ' ORDER BY position) AS tracks FROM tracks GROUP BY 1) k
            ON k.release = r.id
    """)
    comparisons = [library.JaroWinklerAtThresholds(column) for column in ("title", "artist", "tracks")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*comparisons, library.ExactMatch("year")],
        blocking_rules_to_generate_predictions=[block_on("title"), block_on("artist")],
    )
    start = time.perf_counter()
    api = DuckDBAPI(connection=engine)
    linker = Linker(api.register("plain"), settings, log_level=None)
    linker.inference.compute_blocked_pairs_for_predict()
    blocked = time.perf_counter()
    found = linker.inference.predict(warning_mode="never")
    done = time.perf_counter()
    ((pairs,),) = engine.execute(f"SELECT count(*) FROM {found.physical_name}").fetchall()
    return done - start, pairs, done - blocked


def _generated(engine: duckdb.DuckDBPyConnection, records: int) -> None:
    """Make releases of artists of Zipf-like size, one in five there twice with a slip of the pen."""
    chance = random.Random(7)  # noqa: S311 - the same records each time
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(30_000)]

    def title(most: int) -> str:
        return " ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(chance.randint(1, most)))

    artists = [title(3) for _ in range(records // 8)]
    releases, credited, tracks = [], [], []
    while len(releases) < records:
        artist = artists[int(len(artists) * chance.random() ** 2)]
        name, year, songs = title(4), str(chance.randint(1960, 2024)), [title(5) for _ in range(chance.randint(3, 16))]
        for copy in range(1 + (chance.random() < 0.2)):
            key = f"r{len(releases):08}"
            slip = chance.randrange(len(name)) if copy else None
            releases.append((key, name if slip is None else name[:slip] + name[slip + 1 :] or name, year))
            credited.append((key, artist if not copy else artist.upper()))
            tracks += [(key, place, song, 1000 * chance.randint(90, 400)) for place, song in enumerate(songs)]
    _insert(engine, "releases", "'s', c0, c1, c2, NULL, NULL, NULL", releases)
    _insert(engine, "credits", "'s', 'release', c0, 0, NULL, c1", credited)
    _insert(engine, "tracks", "'s', c0 || '-' || c1, c0, 0, c1, 'track', c2, c3, c0 || '-' || c1", tracks)


def _insert(engine: duckdb.DuckDBPyConnection, table: str, columns: str, made: list[tuple[object, ...]]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only the generator needs it

    arrow = pa.table({f"c{place}": list(column) for place, column in enumerate(zip(*made, strict=True))})
    engine.register("made", arrow)
    engine.execute(f"INSERT INTO {table} SELECT {columns} FROM made")
    engine.unregister("made")


if __name__ == "__main__":
    main()
