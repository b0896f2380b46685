"""The search index: how it is declared, filled and finished.

Rows stand in the order of popularity, so the first matches of any question are the most popular ones, and a question
stops after as many as it needs. The index holds no text and no positions: about 35 bytes a recording. Unfinished and
mistyped words are looked up among the distinct words, of which there are few, not in the index.
"""

import apsw

from tenuto.catalogue.fold import WHOLE

__all__ = ["DECLARED", "finish_search", "prepare_search"]

DECLARED = """
-- Words of recordings, without text of its own: its rowid is recordings.recording, and words are folded by the search.
CREATE VIRTUAL TABLE search USING fts5 (
  title, -- words of the title, and one word, marked by U+E000, for the whole of it
  artist, -- words of the names credited
  release, -- words of the titles of its releases
  content = '', columnsize = 0, detail = column, tokenize = 'ascii'
);

-- Distinct words of the search index, among which unfinished and mistyped words are looked up.
CREATE TABLE search_words (
  word TEXT NOT NULL PRIMARY KEY, -- word as the index holds it
  recordings INTEGER NOT NULL -- recordings that hold it
) STRICT, WITHOUT ROWID;
"""
"""The tables of the index, as schema.sql declares tables."""

_HASH_BYTES = 64 << 20
"""Rows are sorted in memory of this size before they are written; each fill makes one segment to merge."""


def prepare_search(connection: apsw.Connection) -> None:
    """Set an empty index up for one long load."""
    for option, value in (("hashsize", _HASH_BYTES), ("automerge", 0)):
        connection.execute("INSERT INTO search (search, rank) VALUES (?, ?)", (option, value))


def finish_search(connection: apsw.Connection) -> None:
    """Merge what was loaded into one segment, and list its words."""
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    connection.execute("CREATE VIRTUAL TABLE temp.loaded_words USING fts5vocab ('main', 'search', 'row')")
    connection.execute(
        "INSERT INTO search_words SELECT term, doc FROM temp.loaded_words WHERE substr(term, 1, 1) != ?", (WHOLE,)
    )
    connection.execute("DROP TABLE temp.loaded_words")
