"""Full-text search that no input can break (M3): every word is quoted, so none is an operator."""

import unicodedata
from pathlib import Path

from tenuto.catalogue.fold import folded
from tenuto.catalogue.lines import TRACK
from tenuto.catalogue.nouns import Hit
from tenuto.catalogue.reading import reading

__all__ = ["question", "search"]

_CHARACTERS = 256
_WORDS = 32
_LIMIT = 1_000
_OFFSET = 100_000

_QUERY = f"""
SELECT found.id, found.title, found.artist, released, duration_ms, decision, held, score
FROM (
  SELECT rowid AS recording, bm25(search, 10.0, 5.0, 2.0) AS score FROM search WHERE search MATCH ?
  ORDER BY score, recording LIMIT ? OFFSET ?
)
JOIN ({TRACK}) AS found USING (recording) JOIN verdicts USING (verdict)
ORDER BY score, recording, track
"""


def search(path: Path, words: str, limit: int = 20, offset: int = 0) -> tuple[Hit, ...]:
    """Find tracks that hold every word, best first; any text may be asked, and the last word may be unfinished."""
    asked = question(words)
    if asked is None:
        return ()
    bounds = (min(max(limit, 0), _LIMIT), min(max(offset, 0), _OFFSET))
    with reading(path) as connection:
        return tuple(_hit(*row) for row in connection.execute(_QUERY, (asked, *bounds)))


def question(words: str) -> str | None:
    """Turn any text into a question FTS5 accepts, of at most 32 quoted words; None where nothing is asked."""
    text = folded(words[:_CHARACTERS].encode("utf-8", "ignore").decode().replace("\0", " "))
    kept = [word for word in text.split() if any(_is_searched(character) for character in word)][:_WORDS]
    quoted = ['"' + word.replace('"', " ") + '"' for word in kept]
    return " ".join(quoted) + "*" if quoted else None


def _is_searched(character: str) -> bool:
    """Tell whether SQLite's tokenizer keeps a character: letters, numbers, private use."""
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Co"


def _hit(*row: object) -> Hit:
    names = ("id", "title", "artist", "release", "duration_ms", "decision", "held", "score")
    values = dict(zip(names, row, strict=True))
    return Hit(**values | {"held": bool(values["held"])})  # type: ignore[arg-type]
