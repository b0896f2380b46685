import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import apsw
import pytest

from tenuto.model.progress import Silent
from tenuto.reports.chart import Chart, numbers
from tenuto.reports.charts import all_charts
from tenuto.reports.page import Answered, page
from tenuto.reports.report import ask, write_report

SPECS = re.compile(r'<script type="application/json" id="spec-([a-z-]+)-chart">(.*?)</script>')
ROWS = (Path(__file__).parent / "rows.sql").read_text("utf-8")


@pytest.fixture
def catalogue(tmp_path, empty_catalogue):
    """Make a catalogue in which every chart has something to draw."""
    path = empty_catalogue(tmp_path / "small.sqlite3")
    connection = apsw.Connection(str(path))
    connection.execute(ROWS)
    connection.close()
    return path


@pytest.fixture
def written(catalogue, tmp_path):
    """Write the report once."""
    target = tmp_path / "report.html"
    write_report(catalogue, target, Silent())
    return target


def test_every_chart_draws_what_its_question_answers(catalogue, written):
    """The figures in the page are those of the SQL that stands beside them."""
    specs = {name: json.loads(text) for name, text in SPECS.findall(written.read_text("utf-8"))}
    connection = apsw.Connection(str(catalogue), flags=apsw.SQLITE_OPEN_READONLY)
    for chart in all_charts():
        rows = ask(connection, chart)
        assert rows, chart.name
        if chart.name not in {"genre-sunburst", "top-tracks"}:
            assert [rows] == list(specs[chart.name]["datasets"].values()), chart.name
    arcs = [arc for ring in specs["genre-sunburst"]["datasets"].values() for arc in ring]
    assert {(arc["genre"], arc["style"], arc["things"]) for arc in arcs} == {("Rock", "", 2), ("Rock", "Krautrock", 1)}


def test_known_figures(catalogue):
    """A few answers counted by hand."""
    connection = apsw.Connection(str(catalogue), flags=apsw.SQLITE_OPEN_READONLY)
    answers = {chart.name: [tuple(row.values()) for row in ask(connection, chart)] for chart in all_charts()}
    assert answers["years"] == [("1999", 2)]
    assert answers["durations"] == [("1:00", 1), ("15:00", 1)]
    assert answers["sizes"] == [(2, 1)]
    assert answers["isrcs-per-recording"] == [(0, 1), (1, 2)]
    assert answers["recordings-per-isrc"] == [(2, 1)]
    assert answers["overlap"] == [("one and two: artists", 1)]
    assert answers["popularity"] == [("10^1", 1), ("10^3", 1)]
    assert answers["coverage"] == [(1, 99.04), (2, 100.0)]
    assert answers["verdicts"] == [("metadata-only", 2), ("open", 1)]
    assert answers["licences"] == [("CC-BY-4.0", 1)]
    assert answers["absences"] == [("audio-absent", 2)]


def test_nothing_from_the_catalogue_acts(written):
    """Names that are HTML or templates are text, and no script element ends early (M1)."""
    text = written.read_text("utf-8")
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{7*7}}" in text
    assert "<title>Sämpler &lt;b&gt;: report</title>" in text
    assert "default-src 'none'" in text


def test_the_page_names_no_address(written):
    """Opened, it asks no network: no element refers to anything outside."""
    own = re.sub(r"<script>.*?</script>", "", written.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", own)


def test_a_chart_without_data_is_named_and_not_drawn():
    """What the catalogue does not know is said in one line."""
    chart = Chart(name="keys", title="Keys", note="n", sql="SELECT 1", draw=numbers)
    text = page("x", "y", [Answered(chart=chart, rows=[])], "")
    assert "Not drawn, for want of data: Keys." in text
    assert 'id="keys"' not in text


def test_every_question_stands_in_the_page(written):
    """Beside each chart its SQL, word for word."""
    text = html.unescape(written.read_text("utf-8"))
    for chart in all_charts():
        assert chart.sql.strip() in text


@pytest.mark.slow
@pytest.mark.skipif(
    "CI" not in os.environ and shutil.which("chromium") is None, reason="needs chromium: apt install chromium"
)
def test_chromium_draws_every_chart(written, tmp_path):
    """A real browser draws marks for each chart, without an error and without a network."""
    arguments = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
    sealed = (
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--disable-background-networking",
        f"--user-data-dir={tmp_path}/p",
    )
    command = ["chromium", *arguments, *sealed, "--virtual-time-budget=30000", "--dump-dom", written.as_uri()]
    dom = subprocess.run(command, capture_output=True, check=True, timeout=240, text=True).stdout
    places = re.findall(r'<div class="chart[^"]*" id="([a-z-]+)-chart"[^>]*data-state="([a-z]+)"', dom)
    drawn = [chart.name for chart in all_charts() if chart.name != "top-tracks"]
    assert dict(places) == dict.fromkeys(drawn, "drawn")
    for name in drawn:
        svg = dom.split(f'id="{name}-chart"', 1)[1].split("</svg>", 1)[0]
        marks = re.findall(r'<path aria-label="[^"]+" role="graphics-symbol"', svg)
        assert marks, name
