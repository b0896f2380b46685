"""The search index: how it is declared, filled and finished.

Rows stand in the order of popularity, so the first matches of any question are the most popular ones, and a question
stops after as many as it needs. The index holds no text and no positions: about 35 bytes a recording. Unfinished and
mistyped words are looked up among the distinct words, of which there are few, not in the index.
"""

import apsw

from tenuto.catalogue.fold import WHOLE

__all__ = ["finish_search", "first_varint", "prepare_search"]

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


def first_varint(block: object) -> int:
    """Read the number a record of SQLite's begins with; that of `search_data` row 1 counts the rows indexed."""
    number = 0
    for byte in block[:8] if isinstance(block, bytes) else b"":
        number = number << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
            break
    return number
