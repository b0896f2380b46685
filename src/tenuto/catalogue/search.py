"""Full-text search that no input can break (M3), for people: for each recording found one of its tracks."""

import json
from pathlib import Path

from tenuto.catalogue.lines import TRACK
from tenuto.catalogue.nouns import Hit
from tenuto.catalogue.reading import reading
from tenuto.catalogue.search_asked import asked
from tenuto.catalogue.search_find import find

__all__ = ["NAMES", "question", "search"]

_LIMIT = 1_000
_OFFSET = 100_000
_TRACKS = 100
"""So many tracks of a recording are looked at for an open one: some are on thousands of compilations."""

NAMES = """
SELECT recording, title, coalesce(name, (
  SELECT by.name FROM tracks LEFT JOIN releases USING (release)
  JOIN artist_credits AS by ON by.credit = coalesce(tracks.credit, releases.credit)
  WHERE tracks.recording = recordings.recording ORDER BY track LIMIT 1), '')
FROM recordings LEFT JOIN artist_credits USING (credit) WHERE recording IN (SELECT value FROM json_each(?))
"""
"""Title and performers of recordings whose keys are given as a JSON array; those of a track where it has none."""

_HITS = f"""
SELECT found.id, found.title, found.artist, released, duration_ms, decision, held, json_each.key + ?
FROM json_each(?) JOIN ({TRACK}) AS found ON found.recording = value JOIN verdicts USING (verdict)
WHERE found.track = (
  SELECT track FROM (SELECT track, verdict FROM tracks WHERE tracks.recording = value ORDER BY track LIMIT {_TRACKS})
  JOIN verdicts USING (verdict) ORDER BY decision != 'open', track LIMIT 1)
ORDER BY json_each.key
"""


def search(path: Path, words: str, limit: int = 20, offset: int = 0) -> tuple[Hit, ...]:
    """Find recordings by words, best first; any text may be asked, and the last word may be unfinished."""
    with reading(path) as connection:
        most, passed = min(max(limit, 0), _LIMIT), min(max(offset, 0), _OFFSET)
        found = find(connection, words, NAMES, most, passed)
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
