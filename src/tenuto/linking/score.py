"""Candidate pairs to scored links: blocking in SQL, then Splink's model on the same engine.

1. Records get keys (the kind's SQL file); records that share one are candidates. A key that more than BLOCK records
   share tells nothing (`intro`, an ISRC that stands on a thousand tracks) and is left out, so that no rule makes more
   than (BLOCK - 1) / 2 pairs a record on average, whatever the size.
2. Splink scores the candidates by the model's levels.
3. What reaches the review threshold is a link: its probability, and each level reached with its weight in bits.
"""

from dataclasses import dataclass

from splink import Linker, SettingsCreator

from tenuto.linking.engine import Engine, rows, run_file, splink_api
from tenuto.linking.fold import folded, literal, sounds
from tenuto.linking.model import Comparison, Model, model

__all__ = ["BLOCK", "Blocking", "candidates", "fold_texts", "links", "scored"]

BLOCK = 40
"""Records that may share a key."""
_TEXTS = """
SELECT name AS text FROM artists UNION SELECT name FROM aliases UNION SELECT name FROM credits
UNION SELECT title FROM releases UNION SELECT disambiguation FROM releases
UNION SELECT title FROM tracks UNION SELECT title FROM recordings UNION SELECT disambiguation FROM recordings
"""
_FILES = {"artist": "artists.sql", "release": "releases.sql", "recording": "recordings.sql"}
_PAIRS = """
CREATE OR REPLACE TEMP TABLE linking_candidates AS
WITH useful AS (
    SELECT key FROM (SELECT DISTINCT n, key FROM linking_keys) GROUP BY key HAVING count(*) BETWEEN 2 AND {block}
), kept AS (SELECT DISTINCT n, key FROM linking_keys SEMI JOIN useful USING (key))
SELECT n_l AS join_key_l, n_r AS join_key_r, 0 AS match_key
FROM (SELECT DISTINCT l.n AS n_l, r.n AS n_r FROM kept l JOIN kept r ON l.key = r.key AND l.n < r.n)
JOIN (SELECT COLUMNS('(.*)') AS '\\1_l' FROM {kind}_linking) USING (n_l)
JOIN (SELECT COLUMNS('(.*)') AS '\\1_r' FROM {kind}_linking) USING (n_r)
WHERE {worth}
"""


@dataclass(frozen=True, slots=True)
class Blocking:
    """How many records there were, and how many pairs were worth comparing."""

    records: int
    pairs: int


def fold_texts(engine: Engine) -> None:
    """Fold every name and title once, into `linking_texts`."""
    run_file(engine, "macros.sql")
    telling = sounds("replace(regexp_replace(plain, '\\b(the|a|an|and)\\b', '', 'g'), ' ', '')")
    texts = folded(f"SELECT text FROM ({_TEXTS}) WHERE text IS NOT NULL")
    engine.execute(f"CREATE OR REPLACE TEMP TABLE linking_texts AS SELECT *, {telling} AS sounds FROM ({texts})")


def candidates(engine: Engine, kind: str, *, every: bool = False) -> Blocking:
    """Make the kind's features (`KIND_linking`) and its candidate pairs (`linking_candidates`).

    To count figures, `every` pair that shares a key is a candidate, not only those worth scoring.
    """
    run_file(engine, _FILES[kind])
    run_file(engine, "letters.sql")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE {kind}_linking AS
        SELECT r.*, g.grams FROM {kind}_named r LEFT JOIN linking_grams g ON g.n = r.n AND g.name = 0
    """)
    engine.execute(_PAIRS.format(block=BLOCK, kind=kind, worth="true" if every else model(kind).worth))
    ((records,),) = rows(engine, f"SELECT count(*) FROM {kind}_linking")
    ((pairs,),) = rows(engine, "SELECT count(*) FROM linking_candidates")
    return Blocking(records, pairs)


def scored(engine: Engine, model: Model, lowest: float = 0.0) -> str:
    """Let Splink score the candidates; gives the name of its table, with levels (`gamma_…`) and weights (`mw_…`)."""
    api = splink_api(engine)
    linker = Linker(api.register(f"{model.kind}_linking"), _settings(model), log_level=None, validate_settings=False)
    linker.table_management.register_blocked_pairs_for_predict(api.register("linking_candidates"))
    found = linker.inference.predict(threshold_match_probability=lowest or None, warning_mode="never")
    name: str = found.physical_name
    return name


def links(engine: Engine, model: Model) -> None:
    """Append what reaches the review threshold to `links`."""
    table = scored(engine, model, model.thresholds.review)
    evidence = ", ".join(_evidence(comparison) for comparison in model.comparisons)
    engine.execute(f"""
        INSERT INTO links
        SELECT {literal(model.kind)}, l.source, l.id, r.source, r.id, round(match_probability, 6),
            CASE WHEN match_probability >= {model.thresholds.accept} AND ({model.acceptable})
                 THEN 'accepted' ELSE 'review' END,
            concat_ws('; ', {evidence})
        FROM {table} p
        JOIN {model.kind}_linking l ON l.n = p.n_l
        JOIN {model.kind}_linking r ON r.n = p.n_r
    """)
    engine.execute(f"DROP TABLE {table}")


def _evidence(comparison: Comparison) -> str:
    labels = ", ".join(literal(level.label) for level in reversed(comparison.levels))
    name = comparison.name
    return f"CASE WHEN gamma_{name} >= 0 THEN printf('{name}: %s %+.1f', [{labels}][gamma_{name} + 1], mw_{name}) END"


def _settings(model: Model) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="n",
        probability_two_random_records_match=model.prior,
        comparisons=[_comparison(comparison) for comparison in model.comparisons],
        blocking_rules_to_generate_predictions=[],
        retain_matching_columns=True,  # the levels come with them
        retain_intermediate_calculation_columns=True,
        linker_uid=model.kind,
    )


def _comparison(comparison: Comparison) -> dict[str, object]:
    nothing = {"sql_condition": comparison.null, "label_for_charts": "nothing", "is_null_level": True}
    levels = [
        {
            "sql_condition": level.when,
            "label_for_charts": level.label,
            "m_probability": max(level.m, 1e-6),
            "u_probability": max(level.u, 1e-6),
        }
        for level in comparison.levels
    ]
    return {"output_column_name": comparison.name, "comparison_levels": [nothing, *levels]}
