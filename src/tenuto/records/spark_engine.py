"""Documents to tables on Apache Spark: the expressions and the answers are those of dump_engine.py.

1. Lines are parsed once into the entity's shape, together with what of them is no JSON object and what they hold;
   that is kept as Parquet in a folder that every executor reaches.
2. Line numbers, bad lines and schema drift are read off that.
3. Documents, and what may stand in several of them, lose what came before with the same id, in the dump's order.
4. The source's expressions, written in Spark's SQL by Ibis, give our tables, each in the order of its key.

Spark is imported when it is used: it is not needed for anything else.
"""

import json
import re
import socket
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from tenuto.model.errors import SourceError, TenutoError, UsageError
from tenuto.model.source import DumpEntity, DumpSource, Shape
from tenuto.records.drift import Drift
from tenuto.records.dump_engine import Parsed, ibis_type, written
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.lines import BadLine
from tenuto.records.spark_structure import structure

__all__ = ["Session", "SparkEngine", "on_spark"]

Session = Any
"""A session of Spark; its type is known where PySpark is installed."""

_SETTINGS = {
    "spark.sql.ansi.enabled": "false",  # a list read behind its end is null, as everywhere else
    "spark.sql.caseSensitive": "true",  # as names in JSON are
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.variant.allowDuplicateKeys": "true",  # one of them is read, as elsewhere
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_PARSED = """
SELECT id, file, start, is_valid_utf8(text) AS valid, from_json(text, '{schema}') AS document,
    CASE WHEN structure LIKE 'ARRAY<OBJECT<%' AND NOT second AND is_valid_utf8(text) THEN structure END AS structure
FROM (
    SELECT *, schema_of_variant(parsed) AS structure, variant_get(parsed, '$[1]') IS NOT NULL AS second
    FROM (SELECT *, try_parse_json('[' || text || ']') AS parsed FROM lines)
)
"""
_STRUCTURES = "SELECT structure, count(*) FROM _parsed WHERE structure IS NOT NULL GROUP BY structure"
_DOCUMENTS = """
SELECT parsed.id + blocks.offset AS line, parsed.document.*
FROM _parsed AS parsed JOIN (VALUES {blocks}) AS blocks (file, start, offset) USING (file, start)
WHERE parsed.structure IS NOT NULL
"""
_NUMBERED = "SELECT *, row_number() OVER (PARTITION BY id ORDER BY line) AS `#` FROM _documents"
_LEFT_OUT = "SELECT line, coalesce(id, '') FROM _numbered WHERE coalesce(id, '') = '' OR `#` > 1"
_FIRST_DOCUMENTS = "SELECT * EXCEPT (`#`) FROM _numbered WHERE id <> '' AND `#` = 1 ORDER BY line"
_PLACE = "monotonically_increasing_id() AS `#`"
_FIRST = "row_number() OVER (PARTITION BY id ORDER BY `#`) AS `##`"
_LINES = (
    "value AS text",
    "monotonically_increasing_id() AS id",
    "_metadata.file_path AS file",
    "_metadata.file_block_start AS start",
)
_KEPT = "SELECT {names} FROM `{table}` WHERE {needed}"
_SPARK_TYPES = {pa.string(): "STRING", pa.int64(): "BIGINT", pa.bool_(): "BOOLEAN"}
_PATIENCE = 5  # seconds
_INSTALL = "Install it with `pip install 'tenuto[spark]'`; it needs Java 17 (Debian: openjdk-17-jre-headless)."
_START = "Start a master and workers as docs/operations.md says, or import without --engine."
_NAMES = {table.name: table for table in DUMP_TABLES}


@contextmanager
def on_spark(master: str) -> Iterator[Session]:
    """Start a session on a master (`spark://HOST:PORT`) and stop it at the end.

    Raises UsageError where PySpark or Java is missing or no master answers; SourceError for what fails on Spark later.
    """
    with warnings.catch_warnings():  # PySpark warns of a pandas that is newer than it knows; none is used
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        session = _session(master)
    try:
        with _told(SourceError, "Spark could not go on", "spark-failed"):
            yield session
    finally:
        session.stop()


class SparkEngine:
    """Parses the files of one entity on a session of Spark, and gives its tables."""

    def __init__(self, source: DumpSource, entity: DumpEntity, scratch: Path, session: Session) -> None:
        """Prepare; `scratch` is a folder that every executor reaches under the same name."""
        self._source = source
        self._entity = entity
        self._shape = {name: part for name, part in entity.shape.items() if part != "-"}
        self._scratch = scratch
        self._spark = session
        self._bounds: dict[tuple[str, int], int] = {}
        self.lines = 0
        """Lines of the files that were parsed."""

    def parse(self, files: Sequence[Path]) -> Parsed:
        """Take in files of plain lines, that follow each other, in the place of those before.

        Bad lines are left out and told, their number counted from the first line of the first file.
        """
        paths = [str(path) for path in files]
        plain = self._spark.read.option("lineSep", "\n").text(paths)
        plain.selectExpr(*_LINES).createOrReplaceTempView("lines")
        schema = ", ".join(f"`{name}` {_spark_type(part)}" for name, part in self._shape.items())
        self._keep("_parsed", self._spark.sql(_PARSED.format(schema=schema)))
        self._count_lines(paths)
        bad = [*self._bad(), *self._first_documents()]
        (documents,) = self._rows("SELECT count(*) FROM raw")[0]
        return Parsed(documents, tuple(sorted(bad, key=lambda one: one.line)), self._drift())

    def tables(self) -> Iterator[tuple[str, Path]]:
        """Give each table as a folder of Parquet files; by their names they are in the order of the key."""
        for name, sql in self._written().items():
            found = self._spark.sql(sql)
            if name.startswith("_"):
                self._keep_in_order(name, found)
            else:
                found.createOrReplaceTempView(name)
                target = self._scratch / name
                self._ordered(name).write.mode("overwrite").parquet(str(target))
                yield name, target

    def _ordered(self, name: str) -> Any:  # noqa: ANN401 - PySpark is not imported here
        """Order a table by its key; rows of one key meet in one partition."""
        schema, key = _NAMES[name].schema, _NAMES[name].key
        typed = ", ".join(f"CAST(`{field.name}` AS {_SPARK_TYPES[field.type]}) AS `{field.name}`" for field in schema)
        needed = " AND ".join(f"`{field.name}` IS NOT NULL" for field in schema if not field.nullable)
        rows = self._spark.sql(_KEPT.format(names=typed, table=name, needed=needed))
        keys = schema.names[:key]
        parts = 3 * self._spark.sparkContext.defaultParallelism
        return rows.repartitionByRange(parts, *keys).sortWithinPartitions(*schema.names)

    def _first_documents(self) -> Iterator[BadLine]:
        """Give `raw` the documents in their order, the first of each id; those that are left out are told."""
        if "id" not in self._shape:
            self._documents().orderBy("line").createOrReplaceTempView("raw")
            return
        self._documents().createOrReplaceTempView("_documents")
        self._keep("_numbered", self._spark.sql(_NUMBERED))
        self._spark.sql(_FIRST_DOCUMENTS).createOrReplaceTempView("raw")
        for line, id_ in self._rows(_LEFT_OUT):
            if id_:
                yield BadLine(line=line, code="line-double", reason="a document with its id came before")
            else:
                yield BadLine(line=line, code="line-id", reason="the document has no id")

    def _documents(self) -> Any:  # noqa: ANN401 - PySpark is not imported here
        blocks = (f"({_quoted(file)}, {start}L, {offset}L)" for (file, start), offset in self._bounds.items())
        return self._spark.sql(_DOCUMENTS.format(blocks=", ".join(blocks)))

    def _keep_in_order(self, name: str, found: Any) -> None:  # noqa: ANN401 - PySpark is not imported here
        """Make a table once, its rows in the order they come, the first of each id where it is one that repeats."""
        rows = found.selectExpr("*", _PLACE)
        if name in self._entity.repeated:
            rows = rows.where("id IS NOT NULL").selectExpr("*", _FIRST).where("`##` = 1").drop("##")
        self._keep(name, rows)
        self._spark.table(name).orderBy("#").drop("#").createOrReplaceTempView(name)

    def _keep(self, name: str, found: Any) -> None:  # noqa: ANN401 - PySpark is not imported here
        """Make a table once, for all that reads it."""
        place = str(self._scratch / f"made{name}")  # Spark reads no folder whose name starts with _
        found.write.mode("overwrite").parquet(place)
        self._spark.read.parquet(place).createOrReplaceTempView(name)

    def _written(self) -> dict[str, str]:
        """Write the source's expressions as Spark's SQL."""
        raw = ibis.table({"line": "int64", **{name: ibis_type(part) for name, part in self._shape.items()}}, name="raw")
        known = {"raw": raw}
        return written(self._source.tables(self._entity.name), known, "pyspark")

    def _count_lines(self, paths: Sequence[str]) -> None:
        """Learn which line each block of the files begins with: a block is what one task reads."""
        order = {path: at for at, path in enumerate(paths)}
        found = self._rows("SELECT file, start, min(id), count(*) FROM _parsed GROUP BY file, start")
        blocks = sorted((_position(order, file), start, file, least, lines) for file, start, least, lines in found)
        line = 1
        for _, start, file, least, lines in blocks:
            self._bounds[file, start] = line - least
            line += lines
        self.lines = line - 1

    def _bad(self) -> Iterator[BadLine]:
        bad = "SELECT file, start, id, valid FROM _parsed WHERE structure IS NULL"
        rows = [(self._bounds[file, start] + id_, valid) for file, start, id_, valid in self._rows(bad)]
        for line, valid in sorted(rows):
            if valid:
                yield BadLine(line=line, code="line-json", reason="no JSON object")
            else:
                yield BadLine(line=line, code="line-encoding", reason="no UTF-8")

    def _drift(self) -> Counter[str]:
        drift: Counter[str] = Counter()
        known = Drift(self._entity.shape)
        for said, documents in self._rows(_STRUCTURES):
            (found,) = structure(said)
            for place in known.strangers(json.dumps(found, separators=(",", ":"))):
                drift[place] += documents
        return drift

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._spark.sql(sql).collect()]


def _session(master: str) -> Session:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("PySpark is not installed", hint=_INSTALL, code="spark-missing") from error
    _reach(master)
    builder = SparkSession.builder.master(master).appName("tenuto import")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    with _told(UsageError, "Spark does not start", "spark-start"):
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session


def _reach(master: str) -> None:
    """Find out whether a master listens: Spark itself would try for a minute."""
    if found := re.fullmatch(r"spark://([^:,/]+):(\d+)", master):
        try:
            socket.create_connection((found[1], int(found[2])), _PATIENCE).close()
        except OSError as error:
            raise UsageError(
                f"no Spark master answers at {master}: {error}", hint=_START, code="spark-master"
            ) from error


@contextmanager
def _told(kind: type[TenutoError], what: str, code: str) -> Iterator[None]:
    """Raise an error of ours in place of one of Spark's."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except (PySparkException, Py4JError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise kind(f"{what}: {reason}", hint=_INSTALL if kind is UsageError else None, code=code) from error


def _position(order: dict[str, int], place: str) -> int:
    """Find a file's place in the list by the address that Spark has for it."""
    path = re.sub("^file:/+", "/", place)
    return order[path]


def _quoted(text: str) -> str:
    """Quote a text for Spark's SQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _spark_type(shape: Shape) -> str:
    if isinstance(shape, str):
        return "STRING"
    if isinstance(shape, list):
        return f"ARRAY<{_spark_type(shape[0])}>"
    parts = (f"`{name}`: {_spark_type(part)}" for name, part in shape.items() if part != "-")
    return f"STRUCT<{', '.join(parts)}>"
