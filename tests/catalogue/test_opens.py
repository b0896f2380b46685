"""The file opens in what people have: Python's SQLite, Datasette, pandas, and DuckDB by way of Arrow."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import adbc_driver_sqlite.dbapi as adbc
import duckdb
import pandas as pd

BY_DECISION = "SELECT decision, count(*) AS tracks FROM tracks JOIN verdicts USING (verdict) GROUP BY 1 ORDER BY 1"


def opened(path):
    return closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))


def expected(ask):
    return [tuple(row) for row in ask(BY_DECISION)]


def test_python_s_sqlite_reads_every_table(with_dumps):
    """The interpreter's own SQLite counts as many rows as the build did, and finds a word."""
    with opened(with_dumps.path) as connection:
        for table, rows in with_dumps.report.rows:
            assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (rows,)
        assert connection.execute("SELECT count(*) FROM search WHERE search MATCH 'hidden'").fetchone() == (1,)
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_pandas_reads_a_query(with_dumps, ask):
    """A query is a frame with its columns' names."""
    with opened(with_dumps.path) as connection:
        frame = pd.read_sql(BY_DECISION, connection)
    assert list(frame.itertuples(index=False, name=None)) == expected(ask)


def test_duckdb_reads_it_through_arrow(with_dumps, ask):
    """DuckDB's own reader of SQLite is an extension it fetches; Arrow's driver needs none."""
    tables = {}
    with adbc.connect(f"{with_dumps.path.as_uri()}?mode=ro") as connection, connection.cursor() as cursor:
        for name in ("tracks", "verdicts"):
            cursor.execute(f"SELECT * FROM {name}")
            tables[name] = cursor.fetch_arrow_table()
    with duckdb.connect() as engine:
        for name, table in tables.items():
            engine.register(name, table)
        assert engine.sql(BY_DECISION).fetchall() == expected(ask)


def test_datasette_serves_a_query(with_dumps, ask):
    """Datasette answers in JSON without a setting, and shows the table of descriptions."""
    address = f"/test.json?_shape=arrays&sql={BY_DECISION.replace(' ', '+')}"
    command = [sys.executable, "-m", "datasette", str(with_dumps.path), "--get", address]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert [tuple(row) for row in json.loads(done.stdout)["rows"]] == expected(ask)
