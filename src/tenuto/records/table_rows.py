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
import numpy as np

from tenuto.model.errors import SourceError
from tenuto.opening import open_file
from tenuto.records.lines import BadLine, Dump
from tenuto.records.table_text import settled

__all__ = ["TableFile"]

_HEADER = 1 << 20  # bytes that a header may have
_FORMS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
_PACKED = {".gz": "gzip", ".zst": "zstd"}
_JSON = (".jsonl", ".ndjson", ".json")
_MOST_BAD = 100_000
_MOST_COLUMNS = 5_000
_HINT = "A table is .csv, .tsv, .jsonl (also .gz, .zst) or .parquet, in UTF-8; a mapping may state its `delimiter`."
_ENGINE = (duckdb.Error, UnicodeError)
_CLEAN = "replace({}, chr(0), '\ufffd')"  # nothing that reads our tables takes a NUL
_KEYS = "SELECT DISTINCT unnest(json_keys(text)) FROM lines"
_IS_OBJECT = "json_valid(text) AND ltrim(text)[1] = '{'"
_ODD = f"SELECT line FROM chunk WHERE trim(text, E' \\t\\r\\n') <> '' AND NOT ({_IS_OBJECT}) ORDER BY line"
_OBJECTS = f"INSERT INTO lines SELECT line, text FROM chunk WHERE {_IS_OBJECT}"
_REJECTED = "SELECT line, min(error_type), min(error_message) FROM reject_errors GROUP BY 1 ORDER BY 1"
_LINES = "CREATE TABLE lines (line BIGINT, text VARCHAR)"


class TableFile:
    """One table file, read into an engine once."""

    def __init__(self, path: Path, engine: duckdb.DuckDBPyConnection, scratch: Path, delimiter: str = "") -> None:
        """Prepare to read `path`; what it is, its name tells, unless `delimiter` says that it is a text table."""
        self._scratch = scratch
        self.path = path
        self._engine = engine
        packed, form = _split(path.name)
        self._packed, self._form = packed, ".csv" if delimiter else form
        self._delimiter = delimiter or _FORMS.get(form, "")
        self._width = 0
        self._rejected = np.array([], dtype=np.int64)
        self._broken: tuple[Any, Any] | None = None
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
            raise SourceError(f"{self.path.name} cannot be read: {said}", hint=_HINT, code="table-parse") from error
        return int(rows)

    def line_of(self, row: int) -> int:
        """Give the line in the file where a row begins; of Parquet, its row."""
        if self._form == ".parquet":
            return row
        if self._form in _JSON:
            return int(self._rows(f"SELECT line FROM lines ORDER BY line LIMIT 1 OFFSET {row - 1}")[0][0])
        before = np.searchsorted(self._rejected - np.arange(len(self._rejected)), row + 1, side="right")
        return row + 1 + int(before) + self._breaks(row - 1)

    def _breaks(self, rows: int) -> int:
        """Count the line ends inside the fields of the first so many rows."""
        if self._broken is None:
            names = [f"c{at}" for at in range(self._width)]
            breaks = ", ".join(f"length({one}) - length(replace({one}, chr(10), ''))" for one in names)
            counted = f'SELECT "#" AS row, coalesce(list_sum([{breaks}]), 0)::BIGINT AS breaks FROM every'
            found = self._engine.execute(f"SELECT * FROM ({counted}) WHERE breaks > 0 ORDER BY row").fetchnumpy()
            self._broken = np.asarray(found["row"]), np.concatenate([[0], np.cumsum(found["breaks"])])
        places, total = self._broken
        return int(total[np.searchsorted(places, rows, side="right")])

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._engine.execute(sql).fetchall()

    def _digest(self) -> None:
        with open_file(self.path) as file:
            self.sha256 = file.digest()

    def _take(self, columns: Sequence[str], fields: Sequence[tuple[str, str]]) -> None:
        """Keep the columns asked for, from fields given by name and expression."""
        known = dict(fields)
        missing = [name for name in columns if name not in known]
        if missing:
            raise SourceError(
                f"{self.path.name} has no column {missing[0]!r:.80}",
                hint=f"It has: {', '.join(known)[:400]}. Is its `delimiter` another one?",
                code="table-column",
            )
        counts = ", ".join(f"count(nullif({expression}, ''))" for _, expression in fields)
        (found,) = self._rows(f"SELECT {counts} FROM every")
        self.filled = dict(zip(known, map(int, found), strict=True))
        taken = "".join(f", {_CLEAN.format(known[name])} AS {_name(name)}" for name in columns)
        self._engine.execute(f'CREATE TABLE raw AS SELECT "#"{taken} FROM every')

    def _read_parquet(self, columns: Sequence[str]) -> None:
        self._digest()
        scan = f"FROM read_parquet({_place(self.path)})"
        self._engine.execute(f'CREATE VIEW every AS SELECT row_number() OVER () AS "#", * {scan}')
        names = [name for name, *_ in self._rows("DESCRIBE every")][1:]
        self._take(columns, [(name, f"CAST({_name(name)} AS VARCHAR)") for name in names])

    def _read_json(self, columns: Sequence[str]) -> None:
        dump = Dump(self.path)
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
        self._engine.execute(f'CREATE TABLE every AS SELECT row_number() OVER () AS "#", {values} AS v FROM lines')
        self._take(columns, [(key, f"v[{at}]") for at, key in enumerate(keys, 1)])

    def _read_text(self, columns: Sequence[str]) -> None:
        self._digest()
        plain, fault = settled(self.path, self._scratch, self._packed)
        names = self._header(plain)
        self._width = len(names)
        if len(names) > _MOST_COLUMNS:
            said = f"{self.path.name} has {len(names):,} columns, and {_MOST_COLUMNS:,} at most are read"
            raise SourceError(said, code="table-column", hint=_HINT)
        if len(set(names)) < len(names):
            raise SourceError(f"{self.path.name} has two columns of one name", code="table-column", hint=_HINT)
        self._scan(plain)
        self._reject(fault)
        self._take(columns, [(name, f"c{at}") for at, name in enumerate(names)])

    def _scan(self, plain: Path) -> None:
        columns = ", ".join(f"c{at}: 'VARCHAR'" for at in range(self._width))
        options = (
            f"auto_detect = false, header = true, columns = {{{columns}}}, strict_mode = true, store_rejects = true",
            f"delim = {_text(self._delimiter)}, quote = '\"', escape = '\"'",
        )
        scan = f"FROM read_csv({_place(plain)}, {', '.join(options)})"
        self._engine.execute(f'CREATE TABLE every AS SELECT row_number() OVER () AS "#", * {scan}')

    def _reject(self, fault: str) -> None:
        """Name what the engine could not read; it counts records, of which one may have several lines."""
        found = self._rows(_REJECTED)
        if len(found) > _MOST_BAD:
            said = f"{self.path.name}: more than {_MOST_BAD:,} rows cannot be read, first line {found[0][0]}"
            raise SourceError(said, hint=_HINT, code="table-parse")
        self._rejected = np.array([record for record, *_ in found], dtype=np.int64)
        for at, (record, kind, said) in enumerate(found):
            code = f"row-{str(kind).lower().replace(' ', '-')}"
            reason = str(said).partition("\n")[0][:200]
            self.bad.append(BadLine(line=record + self._breaks(record - 2 - at), code=code, reason=reason))
        if fault:
            (rows,) = self._rows("SELECT count(*) FROM every")[0]
            self.bad.append(BadLine(line=self.line_of(rows + 1), code="dump-cut", reason=fault))

    def _header(self, plain: Path) -> list[str]:
        """Read the first record of a text table: the names of its columns."""
        with plain.open("rb") as stream:
            start = stream.read(_HEADER)
        text = start.decode("utf-8-sig", "replace")
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
        except (csv.Error, TypeError) as error:
            raise SourceError(f"{self.path.name} has no header: {error}", hint=_HINT, code="table-parse") from error
        if not any(names):
            raise SourceError(f"{self.path.name} has no header", hint=_HINT, code="table-parse")
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
