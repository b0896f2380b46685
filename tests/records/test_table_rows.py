"""Tables as rows: every form and compression, and every damage named by its line in the file."""

import csv
import gzip
import hashlib
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenuto.model.errors import SourceError, UnsafeInputError
from tenuto.records.spill import connect
from tenuto.records.table_rows import TableFile


@pytest.fixture
def read(tmp_path):
    """Write a file, read it, and give its rows and itself."""
    engines = []

    def run(name, content, columns=("id", "title"), delimiter=""):
        path = tmp_path / name
        path.write_bytes(content)
        engine = connect(tmp_path, "2GB")
        engine.execute("SET preserve_insertion_order = true")
        engines.append(engine)
        file = TableFile(path, engine, tmp_path, delimiter)
        count = file.read(columns)
        rows = engine.execute('SELECT * FROM raw ORDER BY "#"').fetchall()
        assert count == len(rows)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        return [row[1:] for row in rows], file

    yield run
    for engine in engines:
        engine.close()


def parquet(rows):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue().to_pybytes()


def lines(*documents):
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


CSV = b'id,title,line,ID\n1,"a, ""b""",x,\n2,"two\nlines",y,\n'
PARQUET = parquet([{"id": 1, "title": 'a, "b"', "line": "x"}, {"id": 2, "title": "two\nlines", "line": "y"}])
JSON = lines({"id": 1, "title": 'a, "b"', "line": "x"}, {"id": 2, "title": "two\nlines", "line": "y"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", CSV),
        ("t.csv", b"\xef\xbb\xbf" + CSV),
        ("t.csv", CSV.replace(b"\n", b"\r\n").replace(b"two\r\n", b"two\n")),
        ("t.csv.gz", gzip.compress(CSV)),
        ("t.csv.zst", pa.compress(CSV, "zstd", asbytes=True)),
        ("t.tsv", CSV.replace(b",x", b"\tx").replace(b",y", b"\ty").replace(b"1,", b"1\t").replace(b"2,", b"2\t")
            .replace(b"id,title,line,ID", b"id\ttitle\tline\tID").replace(b"x,", b"x\t").replace(b"y,", b"y\t")),
        ("t.jsonl", JSON),
        ("t.jsonl.gz", gzip.compress(JSON)),
        ("t.parquet", PARQUET),
    ],
)  # fmt: skip
def test_every_form_gives_the_same_rows(read, name, content):
    """Whatever a table is written as, its fields are text; a column may be called as ours are."""
    rows, file = read(name, content, ("id", "title", "line"))
    assert rows == [("1", 'a, "b"', "x"), ("2", "two\nlines", "y")]
    assert file.bad == []
    assert file.filled["line"] == 2


def test_bad_rows_are_named_by_line(read):
    """Too many fields, too few, and no UTF-8 are bad, each at its own line; the good rows are kept."""
    content = b'id,title\n1,a\n2,b,c\n3\n4,"two\nlines"\n5,\xff\n6,f\n'
    rows, file = read("t.csv", content)
    assert rows == [("1", "a"), ("4", "two\nlines"), ("6", "f")]
    assert [(bad.line, bad.code) for bad in file.bad] == [
        (3, "row-too-many-columns"),
        (4, "row-missing-columns"),
        (7, "row-invalid-encoding"),
    ]
    assert [file.line_of(row) for row in (1, 2, 3)] == [2, 5, 8]


def test_a_line_beyond_every_buffer_is_named(read):
    """M8: a line of 40 MB, which the engine would pass over without a word, is a bad row at its line."""
    rows, file = read("t.csv", b"id,title\n1,a\n2," + b"x" * (40 << 20) + b"\n3,c\n" + b"y" * (40 << 20))
    assert rows == [("1", "a"), ("3", "c")]
    assert [bad.line for bad in file.bad] == [3, 5]


def test_a_table_of_very_many_columns_is_refused(read):
    """5,000 columns are read, more are no table."""
    names = ",".join(["id", "title", *(f"c{at}" for at in range(4_998))])
    rows, file = read("t.csv", f"{names}\n1,a{',v' * 4_998}\n".encode())
    assert (rows, file.line_of(1)) == ([("1", "a")], 2)
    with pytest.raises(SourceError, match="5,001 columns"):
        read("u.csv", f"{names},more\n".encode())


def test_a_bomb_stops_at_its_cap(read):
    """B2: a small file that holds more than a gigabyte and a hundred times its size is refused on the way."""
    content = pa.compress(b"id,title\n" + bytes(1_100 << 20), "zstd", asbytes=True)
    with pytest.raises(UnsafeInputError, match="holds more than 1,073,741,824") as caught:
        read("t.csv.zst", content)
    assert caught.value.code == "table-bomb"


def test_a_huge_field_is_bad_and_alone(read):
    """A field of 3 MB is refused by name; the rows around it stay."""
    rows, file = read("t.csv", b"id,title\n1,a\n2," + b"x" * 3_000_000 + b"\n3,c\n")
    assert rows == [("1", "a"), ("3", "c")]
    assert [(bad.line, bad.code) for bad in file.bad] == [(3, "row-line-size-over-maximum")]


def test_a_nul_is_replaced(read):
    """Nothing that reads our tables takes a NUL: it becomes the sign for what cannot be shown."""
    rows, _ = read("t.csv", b"id,title\n1,a\x00b\n")
    assert rows == [("1", "a\ufffdb")]
    rows, _ = read("t.jsonl", b'{"id":"1","title":"a\\u0000b"}\n')
    assert rows in ([("1", "a\ufffdb")], [("1", None)])


def test_line_ends_of_two_kinds(read):
    """A table glued together from two still gives all its rows."""
    rows, _ = read("t.csv", b'id,title\n1,"a"\r\n2,b\n3,c')
    assert rows == [("1", "a"), ("2", "b"), ("3", "c")]


def test_a_cut_file_keeps_what_came_before(read):
    """A compressed table that ends too early gives its whole rows, and says where it ends."""
    digests = [hashlib.sha256(b"%d" % at).hexdigest() for at in range(9_000)]
    whole = "id,title\n" + "".join(f"{at},{digest}\n" for at, digest in enumerate(digests))
    rows, file = read("t.csv.gz", gzip.compress(whole.encode())[:-200_000])
    assert 0 < len(rows) < 9_000
    assert rows == [(str(at), digest) for at, digest in enumerate(digests[: len(rows)])]
    assert [(bad.line, bad.code) for bad in file.bad] == [(len(rows) + 2, "dump-cut")]


def test_bad_documents_are_named_by_line(read):
    """A line that is no JSON object is bad; an empty one is none; a cut archive says where it ends."""
    rows, file = read("t.jsonl", b'{"id":1,"title":"a"}\n[1]\n\nnonsense\n{"id":2,"title":"b","more/~":1}\n')
    assert rows == [("1", "a"), ("2", "b")]
    assert [(bad.line, bad.code) for bad in file.bad] == [(2, "line-json"), (4, "line-json")]
    assert file.filled == {"id": 2, "more/~": 1, "title": 2}
    assert [file.line_of(row) for row in (1, 2)] == [1, 5]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("t.csv", b"id;title\n1;a\n", "table-column"),
        ("t.csv", b"id,id\n1,a\n", "table-column"),
        ("t.csv", b"", "table-parse"),
        ("t.csv", b'"' + b"x" * 300_000, "table-parse"),
        ("t.csv.gz", b"no gzip", "table-parse"),
        ("t.parquet", b"PAR1 nonsense", "table-parse"),
        ("t.jsonl", b"", "table-column"),
        ("t.xlsx", b"PK\x03\x04", "table-parse"),
    ],
)
def test_what_is_no_table_is_refused(read, name, content, code):
    """Another delimiter, no header, no such form: one error that names the file and what would do."""
    with pytest.raises(SourceError) as caught:
        read(name, content)
    assert (caught.value.code, name in str(caught.value), bool(caught.value.hint)) == (code, True, True)


def test_a_path_is_no_pattern(read):
    """A star or a bracket in a file's name is a letter like any other."""
    read("ts.csv", b"id,title\n9,z\n")
    rows, _ = read("t[s]*.csv", b"id,title\n1,a\n")
    assert rows == [("1", "a")]


FIELD = st.text(st.sampled_from('ab,;"\n =\té海😀'), max_size=6)
LOOSE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LOOSE
@given(st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=12))
def test_every_written_row_comes_back(read, rows):
    """Whatever fields hold, a table that a CSV writer wrote is read whole, and no row is refused."""
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("id", "title"), *rows])
    found, file = read("t.csv", stream.getvalue().encode())
    assert [(left or "", right or "") for left, right in found] == rows
    assert file.bad == []


@LOOSE
@given(st.text(st.sampled_from('ab,"\n\r'), max_size=40))
def test_no_table_raises_anything_else(read, text):
    """Any text behind a header is read or refused by name; each of its plain lines is a row or a bad row."""
    try:
        found, file = read("t.csv", b"id,title\n1,first\n" + text.encode())
    except SourceError:
        return
    assert found[:1] == [("1", "first")] or file.bad
    if '"' not in text and "\r" not in text:
        assert len(found) + len(file.bad) == 1 + sum(bool(line) for line in text.split("\n"))
