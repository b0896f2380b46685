"""A table file as rows in DuckDB: CSV, TSV, JSON lines or Parquet, every field as text; bad rows are named.

`raw` has `#`, the number of a row among the rows that could be read, and the columns that are asked for.
"""

import csv
import io
import os
import re
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
_HINT = "A table is .csv, .tsv, .jsonl (also .gz, .zst) or .parquet, in UTF-8; a mapping may state its `delimiter`."
_ENGINE = (duckdb.Error, UnicodeError)
_CLEAN = "replace({}, chr(0), '\ufffd')"  # nothing that reads our tables takes a NUL
_KEYS = "SELECT DISTINCT unnest(json_keys(text)) FROM lines"
_IS_OBJECT = "json_valid(text) AND ltrim(text)[1] = '{'"
_ODD = f"SELECT line FROM chunk WHERE trim(text, E' \\t\\r\\n') <> '' AND NOT ({_IS_OBJECT}) ORDER BY line"  # noqa: S608
_OBJECTS = f"INSERT INTO lines SELECT line, text FROM chunk WHERE {_IS_OBJECT}"  # noqa: S608 - no value in it
_REJECTED = "SELECT line, min(error_type), min(error_message) FROM reject_errors GROUP BY 1 ORDER BY 1"
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
            raise SourceError(f"{self._path.name} cannot be read: {said}", hint=_HINT, code="table-parse") from error
        return int(rows)

    def line_of(self, row: int) -> int:
        """Give the line in the file where a row begins; of Parquet, its row."""
        if self._form == ".parquet":
            return row
        if self._form in _JSON:
            return int(self._rows(f"SELECT line FROM lines ORDER BY line LIMIT 1 OFFSET {row - 1}")[0][0])  # noqa: S608
        names = [f"c{at}" for at in range(len(self.filled))]
        breaks = " + ".join(f"coalesce(length({one}) - length(replace({one}, chr(10), '')), 0)" for one in names)
        count = f'SELECT coalesce(sum(1 + {breaks}), 0) FROM every WHERE "#" < {row}'  # noqa: S608 - our own names
        line = 2 + int(self._rows(count)[0][0])
        for bad in self.bad:
            line += bad.line <= line
        return line

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._engine.execute(sql).fetchall()

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
        (found,) = self._rows(f"SELECT {counts} FROM every")  # noqa: S608 - our own names
        self.filled = dict(zip(known, map(int, found), strict=True))
        taken = "".join(f", {_CLEAN.format(known[name])} AS {_name(name)}" for name in columns)
        self._engine.execute(f'CREATE TABLE raw AS SELECT "#"{taken} FROM every')  # noqa: S608 - quoted

    def _read_parquet(self, columns: Sequence[str]) -> None:
        self._digest()
        scan = f"FROM read_parquet({_place(self._path)})"
        self._engine.execute(f'CREATE VIEW every AS SELECT row_number() OVER () AS "#", * {scan}')
        names = [name for name, *_ in self._rows("DESCRIBE every")][1:]
        self._take(columns, [(name, f"CAST({_name(name)} AS VARCHAR)") for name in names])

    def _read_json(self, columns: Sequence[str]) -> None:
        dump = Dump(self._path)
        self._engine.execute(_LINES)
        for chunk in dump.chunks():
            self.bad += chunk.bad
            self._engine.register("chunk", chunk.table)
            odd = [line for (line,) in self._rows(_ODD)]
            self.bad += [BadLine(line=line, code="line-json", reason="no JSON object") for line in odd]
            self._engine.execute(_OBJECTS)
            self._engine.unregister("chunk")
        self.sha256, fault = dump.sha256, dump.fault
        self.bad += [fault] if fault else []
        keys = sorted(key for (key,) in self._rows(_KEYS))
        places = ", ".join(_text("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)
        values = f"json_extract_string(text, [{places}]::VARCHAR[])" if keys else "[]"
        self._engine.execute(
            f'CREATE TABLE every AS SELECT row_number() OVER () AS "#", {values} AS v FROM lines'  # noqa: S608 - quoted
        )
        self._take(columns, [(key, f"v[{at}]") for at, key in enumerate(keys, 1)])

    def _read_text(self, columns: Sequence[str]) -> None:
        self._digest()
        names = self._header()
        if len(set(names)) < len(names):
            raise SourceError(f"{self._path.name} has two columns of one name", code="table-column", hint=_HINT)
        try:
            self._scan(len(names), strict=True)
        except duckdb.InvalidInputException:  # line ends of two kinds, a quote inside a field
            self._engine.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
            self._scan(len(names), strict=False)
        for line, kind, said in self._rows(_REJECTED):
            code = f"row-{str(kind).lower().replace(' ', '-')}"
            self.bad.append(BadLine(line=line, code=code, reason=str(said).partition("\n")[0][:200]))
        self._take(columns, [(name, f"c{at}") for at, name in enumerate(names)])

    def _scan(self, width: int, *, strict: bool) -> None:
        columns = ", ".join(f"c{at}: 'VARCHAR'" for at in range(width))
        options = (
            f"auto_detect = false, header = true, columns = {{{columns}}}, strict_mode = {str(strict).lower()}",
            f"delim = {_text(self._delimiter)}, quote = '\"', escape = '\"'",
            f"compression = '{self._packed or 'none'}', store_rejects = true, rejects_limit = {_MOST_BAD}",
        )
        scan = f"FROM read_csv({_place(self._path)}, {', '.join(options)})"
        self._engine.execute(f'CREATE OR REPLACE TABLE every AS SELECT row_number() OVER () AS "#", * {scan}')

    def _header(self) -> list[str]:
        """Read the first record of a text table: the names of its columns."""
        kind = {"gzip": "gzip", "zstd": "zstd", "": None}[self._packed]
        with pa.input_stream(str(self._path), compression=kind) as stream:
            start = stream.read(_HEADER)
        text = start.decode("utf-8-sig", "replace")
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
        except (csv.Error, TypeError) as error:
            raise SourceError(f"{self._path.name} has no header: {error}", hint=_HINT, code="table-parse") from error
        if not any(names):
            raise SourceError(f"{self._path.name} has no header", hint=_HINT, code="table-parse")
        return names


def _split(name: str) -> tuple[str, str]:
    """Tell a file's compression and form by its name."""
    rest, packed = os.path.splitext(name.lower())  # noqa: PTH122 - a name, no path
    if packed in _PACKED:
        form = os.path.splitext(rest)[1]  # noqa: PTH122 - a name, no path
        return _PACKED[packed], form
    return "", packed


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _place(path: Path) -> str:
    """Quote a path; its own brackets, stars and question marks are no pattern."""
    return _text(re.sub(r"([\[*?])", r"[\1]", str(path)))
