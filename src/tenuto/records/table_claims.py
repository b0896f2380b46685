"""What a source's tables say of the rights in each thing, grouped: equal statements about equally named things are one.

A statement about a release is a statement about each recording on it, too, less surely so.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from tenuto.model.errors import StorageError
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.spill import connect

__all__ = ["Claim", "Stated", "claims"]

_READ = ("evidence", "tracks", "releases", "recordings", "credits", "relations")
_SCHEMAS = {table.name: table.schema for table in DUMP_TABLES}
_MEMORY = "1GB"
_BATCH = 1_000  # claims that are in Python at once
_BARE = r"\s*https?://\S+\s*"
_EDGES = r"^[\s\p{Z}\x1c-\x1f\x85]+|[\s\p{Z}\x1c-\x1f\x85]+$"  # what Python strips
# what is found alike is given in portions: no list of things takes more memory than a small part of them all
_CLAIMS = """
WITH stated AS (
    SELECT subject, id, position, statement, holder, licence_field, place, true AS own FROM evidence
    UNION ALL
    SELECT 'recording', tracks.recording, position, statement, holder, licence_field, place, false
    FROM (SELECT DISTINCT release, recording FROM tracks WHERE recording IS NOT NULL
          AND release IN (SELECT id FROM evidence WHERE subject = 'release')) AS tracks
    JOIN evidence ON evidence.subject = 'release' AND evidence.id = tracks.release
),
pieces AS (
    SELECT subject, id, list(DISTINCT {'statement': statement, 'holder': holder, 'licence_field': licence_field,
                                       'place': place, 'own': own}) AS pieces,
           bool_and(holder IS NULL AND regexp_full_match(statement, $bare)) AS bare
    FROM stated GROUP BY ALL
),
titles AS (
    SELECT subject, id, min(title) AS title
    FROM (SELECT 'release' AS subject, id, title FROM releases UNION ALL SELECT 'recording', id, title FROM recordings)
    SEMI JOIN pieces USING (subject, id) GROUP BY ALL
),
names AS (
    SELECT subject, id, list({'name': name, 'join_phrase': join_phrase} ORDER BY position) AS names,
           bool_or(lower(regexp_replace(name, $edges, '', 'g')) NOT IN (SELECT unnest($nobodies))) AS somebody
    FROM (SELECT DISTINCT subject, id, position, name, join_phrase FROM credits)
    SEMI JOIN pieces USING (subject, id) GROUP BY ALL
),
hosts AS (
    SELECT subject, id, min(regexp_extract(target, '^https?://[^/]*')) AS host
    FROM relations WHERE type = 'source' AND target_type = 'url' GROUP BY ALL
)
SELECT * EXCLUDE portion FROM (
    SELECT list_sort(pieces) AS pieces,
           CASE WHEN bare THEN '' ELSE coalesce(title, '') END AS title,
           CASE WHEN bare AND somebody THEN [{'name': 'Somebody', 'join_phrase': ''}] WHEN bare THEN []
                ELSE coalesce(names, []) END AS names,
           coalesce(host, '') AS host, left(id, 2) AS portion,
           list({'subject': subject, 'id': id} ORDER BY subject, id) AS subjects
    FROM pieces LEFT JOIN titles USING (subject, id) LEFT JOIN names USING (subject, id)
    LEFT JOIN hosts USING (subject, id) GROUP BY ALL
) ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One statement about something's rights."""

    statement: str
    holder: str | None
    licence_field: bool
    place: str
    own: bool
    """Whether it was made about the thing itself, and not about the release it is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is stated of all things that have the same title and the same credit.

    Where nothing but addresses is stated there are no words that the title or a name could explain: such things are
    one claim without a title, credited to "Somebody" where anybody is.
    """

    stated: tuple[Stated, ...]
    title: str
    """Empty where the tables do not have it."""
    credit: tuple[tuple[str, str], ...]
    """Name and join phrase, in order."""
    host: str
    """Scheme and host of the address where the original is found; empty where none is told."""
    subjects: tuple[tuple[str, str], ...]
    """Kind and id of each thing."""


def claims(folder: Path, nobodies: Collection[str]) -> Iterator[Claim]:
    """Give the claims in all tables of a source (`records/SOURCE`), each combination once for ids that begin alike.

    `nobodies` are names, in lower case, that credit nobody. Raises StorageError where a table cannot be read.
    """
    with TemporaryDirectory(prefix="claims-") as scratch:
        engine = connect(Path(scratch), _MEMORY)
        try:
            for name in _READ:
                _register(engine, name, sorted(folder.glob(f"[!.]*/{name}.parquet/*.parquet")))
            values = {"bare": _BARE, "edges": _EDGES, "nobodies": sorted(nobodies)}
            reader = engine.sql(_CLAIMS, params=values).to_arrow_reader(_BATCH)
            for batch in reader:
                yield from map(_claim, batch.to_pylist())
        except duckdb.Error as error:
            raise StorageError(f"{folder}: its tables cannot be read: {error}") from error
        finally:
            engine.close()


def _register(engine: duckdb.DuckDBPyConnection, name: str, files: list[Path]) -> None:
    if files:
        engine.read_parquet([str(file) for file in files], union_by_name=True).create_view(name)
    else:
        engine.register(name, _SCHEMAS[name].empty_table())


def _claim(row: dict[str, Any]) -> Claim:
    return Claim(
        stated=tuple(Stated(**piece) for piece in row["pieces"]),
        title=row["title"],
        credit=tuple((one["name"], one["join_phrase"]) for one in row["names"]),
        host=row["host"],
        subjects=tuple((one["subject"], one["id"]) for one in row["subjects"]),
    )
