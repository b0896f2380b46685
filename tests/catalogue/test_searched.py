"""What search finds in catalogues of real documents, and by which names."""

import json
import random
from dataclasses import replace

import apsw
import pytest

from tenuto.catalogue.build import build
from tenuto.catalogue.search import NAMES
from tenuto.catalogue.search_find import find
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.records.judged import Context
from tenuto.records.write import write_context, write_records
from tenuto.sources import all_sources, dump_source

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def real(shared, with_dumps, tmp_path_factory):
    """Build a catalogue of the real excerpts of Discogs and the real answers of MusicBrainz, and open it."""
    root = tmp_path_factory.mktemp("real")
    dumps = []
    for path in sorted((shared / "discogs_xml").glob("*.xml.gz")):
        receipt = import_dump(root / "discogs", dump_source("discogs"), path, Silent())
        dumps.append(("discogs", root / "discogs" / receipt.entity))
    for entity, documents in answers(shared / "musicbrainz_ws2").items():
        (root / f"{entity}.jsonl").write_text("\n".join(map(json.dumps, documents.values())), "utf-8")
        import_dump(root / "musicbrainz", dump_source("musicbrainz"), root / f"{entity}.jsonl", Silent())
        dumps.append(("musicbrainz", root / "musicbrainz" / entity))
    write_context(root / "context", Context(sources=all_sources()))
    write_records(root / "files", "files", ())
    inputs = replace(with_dumps.inputs, records=(root / "files",), context=root / "context", dumps=tuple(dumps))
    build(inputs, root / "x.sqlite3", Silent())
    connection = apsw.Connection(str(root / "x.sqlite3"), flags=apsw.SQLITE_OPEN_READONLY)
    yield connection
    connection.close()


def answers(root):
    """Give the documents of releases, recordings and artists by id."""
    found = {"release": {}, "recording": {}, "artist": {}}
    for path in sorted(root.glob("*/**/*.json")):
        document = json.loads(path.read_text("utf-8"))
        if isinstance(document, dict) and "id" in document:
            if document.get("media") and document["media"][0].get("tracks"):
                found["release"][document["id"]] = document
            elif "artist-credit" in document and "length" in document:
                found["recording"][document["id"]] = document
            elif {"sort-name", "name", "type"} <= document.keys():
                found["artist"][document["id"]] = document
    return found


def sampled(connection, among="1"):
    """Give title and performers of recordings, always the same ones."""
    query = f"SELECT recording FROM recordings WHERE title != '' AND {among} ORDER BY recording"
    rows = [row for (row,) in connection.execute(query)]
    chosen = random.Random(3).sample(rows, min(len(rows), 400))  # noqa: S311 - the same sample every time
    return [row[1:] for row in connection.execute(NAMES, (json.dumps(sorted(chosen)),))]


def share(connection, questions):
    """Tell the share of questions whose name is among the first ten."""
    hits = 0
    for words, name in questions:
        rows = json.dumps(find(connection, words, NAMES, 10))
        hits += name in {row[1:] for row in connection.execute(NAMES, (rows,))}
    return hits / len(questions)


def without_one(dice, words):
    parts = words.split()
    del parts[dice.randrange(len(parts))]
    return " ".join(parts)


def mistyped(dice, words):
    at, letter = dice.randrange(len(words)), dice.choice(LETTERS)
    return dice.choice((words[:at] + words[at + 1 :], words[:at] + letter + words[at + dice.randrange(2) :]))


def test_real_names_are_found(real):
    """As given, with one typing error, and without one of their words (Discogs's artists stand on its releases)."""
    names = [(" ".join(name), name) for name in sampled(real)]
    dice = random.Random(4)  # noqa: S311 - the same sample every time
    shares = (
        share(real, names),
        share(real, [(mistyped(dice, words), name) for words, name in names]),
        share(real, [(without_one(dice, words), name) for words, name in names if len(words.split()) > 1]),
    )
    assert [found >= least for found, least in zip(shares, (0.99, 0.97, 0.95), strict=True)] == [True] * 3, shares


@pytest.mark.parametrize("alphabet", ["[а-яё]", "[ぁ-ヿ]", "[一-鿿]", "[ء-ي]"])
def test_real_names_in_other_alphabets_are_found(real, alphabet):
    """Cyrillic, Japanese, Chinese and Arabic names are found by their title with their performers, and mistyped."""
    letters = f"*{alphabet}*"
    names = sampled(
        real, f"(title GLOB '{letters}' OR credit IN (SELECT credit FROM artist_credits WHERE name GLOB '{letters}'))"
    )
    asked = [(" ".join(name), name) for name in names]
    dice = random.Random(5)  # noqa: S311 - the same sample every time
    assert len(names) > 0
    assert share(real, asked) == 1.0
    assert share(real, [(mistyped(dice, words), name) for words, name in asked]) >= 0.8


def test_artists_are_found_by_their_aliases(real):
    """Every recording by an artist with aliases is found by its title and one of them."""
    query = """
      SELECT r.title, a.name FROM aliases AS a JOIN credit_names ON artist = owner JOIN releases USING (credit)
      JOIN tracks AS t USING (release) JOIN recordings AS r USING (recording)
      WHERE subject = 'ar' AND a.position < 6 AND t.credit IS NULL AND r.credit IS NULL GROUP BY recording"""
    found = [(title, alias) for title, alias in real.execute(query) if alias.isascii()]
    assert len(found) > 0
    hits = [title in titles(real, f"{title} {alias}") for title, alias in found]
    assert sum(hits) / len(hits) >= 0.95


def titles(connection, words):
    rows = json.dumps(find(connection, words, NAMES, 10))
    return {row[1] for row in connection.execute(NAMES, (rows,))}
