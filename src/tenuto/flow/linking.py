"""Linking an archive's records: Parquet in, Parquet out, the engine between.

records/SOURCE/ENTITY/TABLE.parquet      what dumps gave; where two entities of a source give a row, one is taken
links/links.parquet                      pairs with probability, decision and evidence
links/clusters.parquet                   which cluster each record is in; the next build starts from it
links/redirects.parquet                  ids that are gone or lost members, and where those are
links/links.seal                         what all three rest on; where that is as it was, a build links nothing
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tenuto.durable import TEMPORARY, storage, writing
from tenuto.flow.archive import Archive
from tenuto.flow.relinking import links_place, seal, thresholds, unseal
from tenuto.linking.link import INPUTS, OUTPUTS, Linked, empty_input, link
from tenuto.linking.model import KINDS, Thresholds
from tenuto.model.errors import NotFoundError, StorageError
from tenuto.model.links import LinksConfig
from tenuto.model.progress import Progress
from tenuto.records.spill import connect

__all__ = ["DoubtfulLink", "FoundLinks", "doubtful_links", "find_links", "link_records"]

_MEMORY = "2GB"
_BATCH = 50_000
_KEYS = {"artists": "source, id", "releases": "source, id", "recordings": "source, id", "tracks": "source, id"}
_NAMES = {"artist": ("artists", "name"), "release": ("releases", "title"), "recording": ("recordings", "title")}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulLink:
    """A pair of records that a person should look at."""

    kind: str
    left: str
    """`source:id`."""
    left_name: str
    right: str
    right_name: str
    probability: float
    evidence: str
    """Each comparison, the level reached and its weight in bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLinks:
    """What linking found for one kind of record."""

    kind: str
    records: int
    pairs: int
    """Pairs that were compared."""
    accepted: int
    review: int
    """Links that a person should look at."""


def find_links(archive: Archive, progress: Progress, config: LinksConfig) -> list[FoundLinks]:
    """Link all records of dumps, and count what was found; raises like `link_records`.

    Raises ConfigError where thresholds do not fit together.
    """
    chosen = thresholds(config)
    with archive.locked():
        found = link_records(archive, chosen, progress)
    rows = pq.read_table(links_place(archive) / "links.parquet", columns=["kind", "decision"]).to_pylist()
    counted = Counter((row["kind"], row["decision"]) for row in rows)
    return [
        FoundLinks(
            kind=one.kind,
            records=one.blocking.records,
            pairs=one.blocking.pairs,
            accepted=counted[one.kind, "accepted"],
            review=counted[one.kind, "review"],
        )
        for one in found
    ]


def link_records(archive: Archive, chosen: Mapping[str, Thresholds], progress: Progress) -> tuple[Linked, ...]:
    """Link all records of dumps and write links/; the last links/ are where ids of clusters come from.

    Raises StorageError where the disk or the memory does not suffice; the last links stay.
    """
    place = links_place(archive)
    with storage(place):
        place.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=place)
    with scratch as directory, connect(Path(directory), _MEMORY) as engine:
        try:
            _read(engine, archive)
            progress.start("Linking records", len(KINDS), "kinds")
            found = link(engine, chosen, progress)
            progress.finish()
            unseal(archive)
            for name, columns in reversed(
                OUTPUTS.items()
            ):  # what the next linking starts from last: a rerun is the same
                _write(place / f"{name}.parquet", engine, name, columns.split())
            seal(archive, chosen)
        except duckdb.Error as error:
            raise StorageError(f"linking failed: {error}") from error
        except pa.ArrowInvalid as error:
            hint = f"Restore {place} from a copy, or import the dumps again; without {place} clusters get new ids."
            raise StorageError(f"a table of records or links is damaged: {error}", hint=hint) from error
    return found


def doubtful_links(archive: Archive, kind: str | None = None, limit: int = 20) -> list[DoubtfulLink]:
    """List links between the thresholds, the most probable first; raises NotFoundError where nothing was linked yet."""
    path = links_place(archive) / "links.parquet"
    if not path.is_file():
        raise NotFoundError(f"there are no links at {path}", hint="Run `tenuto links find` first.")
    with connect(links_place(archive), _MEMORY) as engine:
        engine.register("links", ds.dataset(path, format="parquet"))
        _read(engine, archive)
        return [one for each in (KINDS if kind is None else (kind,)) for one in _doubtful(engine, each, limit)]


def _doubtful(engine: duckdb.DuckDBPyConnection, kind: str, limit: int) -> Iterator[DoubtfulLink]:
    table, name = _NAMES[kind]
    query = f"""
        WITH chosen AS (
            SELECT * FROM links WHERE kind = ? AND decision = 'review'
            ORDER BY probability DESC, left_source, left_id, right_source, right_id LIMIT ?
        ), known AS (
            SELECT source, id, {name} AS name FROM {table}
            UNION ALL SELECT source, recording, min(title) FROM tracks WHERE '{kind}' = 'recording' GROUP BY ALL
        ), named AS (SELECT source, id, first(name) AS name FROM known GROUP BY ALL)
        SELECT c.*, l.name, r.name FROM chosen c
        LEFT JOIN named l ON l.source = c.left_source AND l.id = c.left_id
        LEFT JOIN named r ON r.source = c.right_source AND r.id = c.right_id
        ORDER BY c.probability DESC, 2, 3, 4, 5
    """  # noqa: S608 - names of our own tables
    for row in engine.execute(query, [kind, limit]).fetchall():
        _, left, left_id, right, right_id, probability, _, evidence, left_name, right_name = row
        yield DoubtfulLink(
            kind=kind,
            left=f"{left}:{left_id}",
            left_name=left_name or "",
            right=f"{right}:{right_id}",
            right_name=right_name or "",
            probability=probability,
            evidence=evidence,
        )


def _read(engine: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Give the engine every input of linking: what there is of it, or no rows."""
    for name in INPUTS:
        parts = [empty_input(name)]
        if name.startswith("former_"):
            files = [
                path for path in (links_place(archive) / f"{name.removeprefix('former_')}.parquet",) if path.is_file()
            ]
        else:
            files = sorted(archive.layout.records.glob(f"*/*/{name}.parquet"))
        for number, path in enumerate(files):
            found = ds.dataset(path, format="parquet")
            engine.register(f"file_{name}_{number}", found)
            parts.append(_columns(name, f"file_{name}_{number}", path.parent.parent.name, found.schema.names))
        rows = f"FROM ({' UNION ALL '.join(parts)})"
        query = (
            f"SELECT DISTINCT ON ({_KEYS[name]}) * {rows} ORDER BY ALL"
            if name in _KEYS
            else f"SELECT DISTINCT * {rows}"
        )
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")


def _columns(name: str, table: str, source: str, there: list[str]) -> str:
    wanted = INPUTS[name].split()
    columns = (f'"{one}"' if one in there else f"'{source}'" if one == "source" else "NULL" for one in wanted)
    return f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - names of our own tables


def _write(path: Path, engine: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> None:
    key = ", ".join(columns[:-3] if name == "links" else columns)
    reader = engine.sql(f"FROM {name} ORDER BY {key}").to_arrow_reader(_BATCH)
    with writing(path) as stream, pq.ParquetWriter(stream, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=reader.schema))
