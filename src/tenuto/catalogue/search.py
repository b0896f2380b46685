"""Full-text search that no input can break (M3), for people: tracks with what a list shows."""

import json
from pathlib import Path

from tenuto.catalogue.nouns import Hit
from tenuto.catalogue.reading import reading
from tenuto.catalogue.search_asked import asked
from tenuto.catalogue.search_find import find

__all__ = ["question", "search"]

_LIMIT = 1_000
_OFFSET = 100_000

_NAMES = "SELECT track, title, artist FROM tracks WHERE track IN (SELECT value FROM json_each(?))"

_HITS = """
SELECT tracks.id, tracks.title, tracks.artist, coalesce(releases.title, ''), duration_ms, decision,
  coalesce(held, 0), json_each.key + ?
FROM json_each(?)
JOIN tracks ON track = value JOIN verdicts USING (track) LEFT JOIN releases USING (release) LEFT JOIN files USING (file)
ORDER BY json_each.key
"""


def search(path: Path, words: str, limit: int = 20, offset: int = 0) -> tuple[Hit, ...]:
    """Find tracks by words, best first; any text may be asked, and the last word may be unfinished."""
    with reading(path) as connection:
        most, passed = min(max(limit, 0), _LIMIT), min(max(offset, 0), _OFFSET)
        found = find(connection, words, _NAMES, most, passed)
        return tuple(_hit(*row) for row in connection.execute(_HITS, (passed, json.dumps(found))))


def question(words: str) -> str | None:
    """Give the words asked as plain FTS5 text for a query of one's own; None where nothing is asked."""
    taken = asked(words)
    written = " AND ".join(f'"{part}"' for word in taken for part in word.forms[0])
    return written + "*" if taken else None


def _hit(*row: object) -> Hit:
    names = ("id", "title", "artist", "release", "duration_ms", "decision", "held", "score")
    values = dict(zip(names, row, strict=True))
    return Hit(**values | {"held": bool(values["held"])})  # type: ignore[arg-type]
