"""Ask a catalogue every chart's question, and write the page."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import vl_convert

from tenuto.catalogue.reading import reading
from tenuto.durable import write_file
from tenuto.model.progress import Progress
from tenuto.reports.chart import Chart, Row
from tenuto.reports.charts import all_charts
from tenuto.reports.page import Answered, page

__all__ = ["ask", "write_report"]

_NAME = "SELECT value FROM meta WHERE name = 'archive'"
_SIZE = "SELECT count(*) FROM tracks"


def write_report(catalogue: Path, target: Path, progress: Progress) -> int:
    """Write the report on a catalogue to `target` and give the number of charts with data; raises CatalogueError."""
    with reading(catalogue) as connection:
        name, tracks = connection.execute(_NAME).get, connection.execute(_SIZE).get
        answers = list(_answers(connection, progress))
    said = f"A catalogue of {tracks:,} tracks."
    library = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace("</script", "<\\/script")
    write_file(target, page(str(name), said, answers, library).encode("utf-8", "replace"))
    return sum(1 for one in answers if one.rows)


def ask(connection: apsw.Connection, chart: Chart) -> list[Row]:
    """Ask a chart's question."""
    cursor = connection.cursor()
    rows = cursor.execute(chart.sql)
    found = rows.fetchone()
    if found is None:
        return []
    names = [column[0] for column in cursor.get_description()]
    return [dict(zip(names, row, strict=True)) for row in (found, *rows.fetchall())]


def _answers(connection: apsw.Connection, progress: Progress) -> Iterator[Answered]:
    charts = all_charts()
    progress.start("Asking the catalogue", len(charts), "charts")
    for chart in charts:
        yield Answered(chart=chart, rows=ask(connection, chart))
        progress.advance(1)
    progress.finish()
