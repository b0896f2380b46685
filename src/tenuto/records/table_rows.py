"""A table file as rows in DuckDB: CSV, TSV, JSON lines or Parquet, every field as text; bad rows are named.

`raw` has `line`, the number of a row among the rows that could be read, and the columns that are asked for.
"""

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tenuto.model.errors import SourceError
from tenuto.opening import open_file
from tenuto.records.lines import BadLine, Dump

__all__ = ["TableFile"]

_HEADER = 1 << 20  # bytes that a header may have
_FORMS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
_PACKED = {".gz": "gzip", ".zst": "zstd"}
_JSON = (".jsonl", ".ndjson", ".json")
_MOST_BAD = 100_000
_ENGINE = (duckdb.Error, UnicodeError)
_CLEAN = "replace({}, chr(0), '\ufffd')"  # nothing that reads our tables takes a NUL
_DRIFT = "SELECT key, count(*) FROM (SELECT unnest(json_keys(text)) AS key FROM lines) GROUP BY key"
_LINES = "CREATE TABLE lines (line BIGINT, text VARCHAR)"


class TableFile:
    """One table file, read into an engine once."""

    def __init__(self, path: Path, engine: duckdb.DuckDBPyConnection, delimiter: str = "") -> None:
        """Prepare to read `path`; what it is, its name tells, unless `delimiter` says that it is a text table."""
        self._path = path
        self._engine = engine
        packed, form = _split(path.name)
        self._packed, self._form = packed, ".csv" if delimiter else form
        self._delimiter = delimiter or _FORMS.get(form, "")
        self.sha256 = ""
        """Digest of the file, once it was read."""
        self.bad: list[BadLine] = []
        """Rows that could not be read, at their lines in the file."""
        self.filled: dict[str, int] = {}
        """Every column of the file, and how many rows have something in it; known once it was read."""

    def read(self, columns: Sequence[str]) -> int:
        """Make the table `raw` with these columns and give its rows.

        Raises SourceError where the file is no table, or lacks one of the columns.
        """
        try:
            if self._form in _JSON:
                self._read_json(columns)
            elif self._form == ".parquet":
                self._read_parquet(columns)
            else:
                self._read_text(columns)
            (rows,) = self._rows("SELECT count(*) FROM raw")[0]
        except _ENGINE as error:
            said = str(error).partition("\n")[0]
            raise SourceError(f"{self._path.name} cannot be read: {said}", hint=_hint(), code="table-parse") from error
        return int(rows)

    def line_of(self, row: int) -> int:
        """Give the line in the file where a row begins; of Parquet, its row."""
        if self._form in _JSON or self._form == ".parquet":
            return row
        names = [_name(name) for name in self.filled]
        breaks = " + ".join(f"coalesce(length({one}) - length(replace({one}, chr(10), '')), 0)" for one in names)
        (before,) = self._rows(f"SELECT coalesce(sum(1 + {breaks}), 0) FROM every WHERE line < {row}")[0]
        line = 2 + int(before)
        for bad in self.bad:
            line += bad.line <= line
        return line

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._engine.execute(sql, list(values)).fetchall()

    def _digest(self) -> None:
        with open_file(self._path) as file:
            self.sha256 = file.digest()

    def _take(self, columns: Sequence[str], fields: Sequence[tuple[str, str]]) -> None:
        """Keep the columns asked for, from fields given by name and expression."""
        known = dict(fields)
        missing = [name for name in columns if name not in known]
        if missing:
            raise SourceError(
                f"{self._path.name} has no column {missing[0]!r:.80}",
                hint=f"It has: {', '.join(known)[:400]}. Is its `delimiter` another one?",
                code="table-column",
            )
        counts = ", ".join(f"count(nullif({expression}, ''))" for _, expression in fields)
        self.filled = dict(zip(known, map(int, self._rows(f"SELECT {counts} FROM every")[0]), strict=True))
        taken = "".join(f", {_CLEAN.format(known[name])} AS {_name(name)}" for name in columns)
        self._engine.execute(f"CREATE TABLE raw AS SELECT line{taken} FROM every")

    def _read_parquet(self, columns: Sequence[str]) -> None:
        self._digest()
        self._engine.execute(
            f"CREATE VIEW every AS SELECT row_number() OVER () AS line, * FROM read_parquet({_text(str(self._path))})"
        )
        names = [name for name, *_ in self._rows("DESCRIBE every")][1:]
        self._take(columns, [(name, f"CAST({_name(name)} AS VARCHAR)") for name in names])

    def _read_json(self, columns: Sequence[str]) -> None:
        dump = Dump(self._path)
        self._engine.execute(_LINES)
        for chunk in dump.chunks():
            self.bad += chunk.bad
            self._engine.register("chunk", chunk.table)
            odd = self._rows(
                "SELECT line FROM chunk WHERE text IS NOT NULL AND trim(text, E' \\t\\r\\n') <> '' "
                "AND NOT (json_valid(text) AND ltrim(text)[1] = '{') ORDER BY line"
            )
            self.bad += [BadLine(line=line, code="line-json", reason="no JSON object") for (line,) in odd]
            self._engine.execute(
                "INSERT INTO lines SELECT line, text FROM chunk WHERE json_valid(text) AND ltrim(text)[1] = '{'"
            )
            self._engine.unregister("chunk")
        self.sha256, fault = dump.sha256, dump.fault
        self.bad += [fault] if fault else []
        keys = [key for key, _ in self._rows(_DRIFT)]
        shape = json.dumps(dict.fromkeys(keys, "VARCHAR") or {"": "VARCHAR"})
        self._engine.execute(f"CREATE VIEW every AS SELECT line, unnest(from_json(text, {_text(shape)})) FROM lines")
        self._take(columns, [(key, _name(key)) for key in keys])

    def _read_text(self, columns: Sequence[str]) -> None:
        self._digest()
        names = self._header()
        if len(set(names)) < len(names):
            raise SourceError(f"{self._path.name} has two columns of one name", code="table-column")
        try:
            self._scan(names, strict=True)
        except duckdb.InvalidInputException:  # line ends of two kinds, a quote inside a field
            self._engine.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
            self._scan(names, strict=False)
        found = self._rows("SELECT line, min(error_type), min(error_message) FROM reject_errors GROUP BY 1 ORDER BY 1")
        for line, kind, said in found:
            code = f"row-{str(kind).lower().replace(' ', '-')}"
            self.bad.append(BadLine(line=line, code=code, reason=str(said).partition("\n")[0][:200]))
        self._take(columns, [(name, _name(name)) for name in names])

    def _scan(self, names: Sequence[str], *, strict: bool) -> None:
        columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
        options = (
            f"auto_detect = false, header = true, columns = {{{columns}}}, delim = {_text(self._delimiter)}, "
            f"quote = '\"', escape = '\"', strict_mode = {str(strict).lower()}, compression = '{self._packed or 'none'}', "
            f"store_rejects = true, rejects_limit = {_MOST_BAD}"
        )
        self._engine.execute(
            f"CREATE OR REPLACE TABLE every AS SELECT row_number() OVER () AS line, * "
            f"FROM read_csv({_text(str(self._path))}, {options})"
        )

    def _header(self) -> list[str]:
        """Read the first record of a text table: the names of its columns."""
        kind = {"gzip": "gzip", "zstd": "zstd", "": None}[self._packed]
        with pa.input_stream(str(self._path), compression=kind) as stream:
            start = stream.read(_HEADER)
        text = start.decode("utf-8-sig", "replace")
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
        except (csv.Error, TypeError) as error:
            raise SourceError(f"{self._path.name} has no header: {error}", hint=_hint(), code="table-parse") from error
        if not any(names):
            raise SourceError(f"{self._path.name} has no header", hint=_hint(), code="table-parse")
        return names


def _split(name: str) -> tuple[str, str]:
    """Tell a file's compression and form by its name."""
    rest, packed = os.path.splitext(name.lower())  # noqa: PTH122 - a name, no path
    if packed in _PACKED:
        form = os.path.splitext(rest)[1]  # noqa: PTH122 - a name, no path
        return _PACKED[packed], form
    return "", packed


def _hint() -> str:
    return "A table is .csv, .tsv, .jsonl (also .gz, .zst) or .parquet, in UTF-8; a mapping may state its `delimiter`."


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
