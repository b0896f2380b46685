from tenuto.linking.measuring import Quality, cross_validated, labelled, prepare
from tenuto.linking.model import model
from tenuto.linking.score import candidates, fold_texts, scored
from tenuto.linking.training import best_threshold, expected, fitted

DISCS = """
CREATE TABLE discs AS FROM read_csv('{path}/discs.csv', all_varchar = true, header = true);
INSERT INTO releases (source, id, title, date) SELECT 'freedb', id, coalesce(title, ''), year FROM discs;
INSERT INTO credits (source, subject, id, position, name)
    SELECT 'freedb', 'release', id, 0, artist FROM discs WHERE artist IS NOT NULL;
INSERT INTO tracks (source, id, release, medium, position, kind, title, recording)
    SELECT 'freedb', id, id, 0, 0, 'track', tracks, id FROM discs WHERE tracks IS NOT NULL;
"""
SAME = """SELECT id1 AS "left", id2 AS "right" FROM read_csv('{path}/same.csv', all_varchar = true, header = true)"""
WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jetty", "knoll", "larch"]


def pairs_of_releases(records):
    """Put twelve releases in twice, and label them."""
    for number, word in enumerate(WORDS):
        tracks = [f"{word} {other}" for other in WORDS if other != word][:4]
        records.release("a", f"a{word}", f"The {word}", f"Band {word}", tracks, date=str(1990 + number))
        records.release("b", f"b{word}", word.upper(), f"Band {word}", tracks, date=str(1990 + number))
    fold_texts(records.engine)
    candidates(records.engine, "release")
    prepare(records.engine, "release", "SELECT 'a' || w AS \"left\", 'b' || w AS \"right\" FROM words")


def labels(records):
    records.engine.execute("CREATE TABLE words AS SELECT unnest(?) AS w", [WORDS])
    pairs_of_releases(records)


def test_labelled_discs_are_linked(records, shared):
    """On real disc entries, cross-validated, F1 is at least 0.92; few pairs are compared."""
    path = shared / "freedb"
    records.engine.execute(DISCS.format(path=path))
    fold_texts(records.engine)
    blocking = candidates(records.engine, "release")
    prepare(records.engine, "release", SAME.format(path=path))
    found = cross_validated(records.engine, model("release"))
    assert blocking.pairs <= 50 * blocking.records
    assert found.f1 >= 0.92


def test_all_that_is_labelled_the_same_is_found(records):
    """Twelve releases, each there twice, are linked in twelve pairs."""
    labels(records)
    found = cross_validated(records.engine, model("release"), folds=3)
    assert (found.hits, found.same) == (12, 12)
    assert tuple(one for one in found.mistakes if one.same) == ()


def test_quality_is_counted_as_usual():
    """Precision, recall and F1 are those of the pairs."""
    found = Quality(hits=6, accepted=8, same=12)
    assert (found.precision, found.recall, found.f1) == (0.75, 0.5, 0.6)


def test_training_counts_labelled_pairs(records):
    """Levels that the labelled pairs reach gain, and the prior is their share of the candidates."""
    labels(records)
    table = scored(records.engine, model("release"))
    ((share,),) = records.engine.execute(f"SELECT avg(same) FROM ({labelled(table)})").fetchall()
    trained = fitted(records.engine, model("release"), labelled(table))
    title = next(one for one in trained.comparisons if one.name == "title")
    assert title.levels[0].m > 0.7
    assert abs(trained.prior - share) < 0.1


def test_training_without_labels_keeps_the_order_of_levels(records):
    """Expectation and maximisation find by themselves that the same title speaks for a pair."""
    labels(records)
    trained = expected(records.engine, model("release"), rounds=2)
    title = next(one for one in trained.comparisons if one.name == "title")
    assert title.levels[0].weight > title.levels[-1].weight


def test_the_best_threshold_parts_good_from_bad(records):
    """The threshold lies between the worst pair that is the same and the best that is not."""
    rows = "(VALUES (9.0, 1), (6.0, 1), (2.0, 0), (-3.0, 0)) AS t(match_weight, same)"
    assert best_threshold(records.engine, f"SELECT * FROM {rows}") == 1 / (1 + 2**-4.0)
