"""One HTML page for all charts: self-contained, everything from the catalogue escaped, no network when opened."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tenuto.reports.chart import Chart, Row

__all__ = ["Answered", "page"]

_POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
_STYLE = """
:root { color-scheme: light; --line: #d8dee3; --quiet: #5b6770; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem; background: #fcfcfb; color: #1c2429;
  font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 0 0 .25rem; }
p { margin: 0 0 1rem; } .quiet, summary, figcaption { color: var(--quiet); }
nav { columns: 3 14rem; margin: 1.5rem 0 2.5rem; } nav a { display: block; color: #2f6f8f; text-decoration: none; }
section { border-top: 1px solid var(--line); padding: 1.5rem 0; }
.chart { overflow-x: auto; } pre { overflow-x: auto; background: #f1f4f5; padding: .75rem; font-size: .85rem; }
table { border-collapse: collapse; font-size: .9rem; } th, td { text-align: left; padding: .2rem 1rem .2rem 0; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } td { unicode-bidi: isolate; }
"""
_DRAW = """
for (const place of document.querySelectorAll('.chart')) {
  const spec = JSON.parse(document.getElementById('spec-' + place.id).textContent);
  window.vegaEmbed(place, spec, {actions: false, renderer: 'svg'})
    .then(() => { place.dataset.state = 'drawn'; })
    .catch(error => { place.dataset.state = 'failed'; place.textContent = String(error); });
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A chart with the rows that answer its question."""

    chart: Chart
    rows: Sequence[Row]


def page(name: str, built: str, answers: Sequence[Answered], library: str) -> str:
    """Write the page; `library` is the JavaScript that draws, in full."""
    drawn = [one for one in answers if one.rows]
    missing = [one.chart.title for one in answers if not one.rows]
    links = "".join(f'<a href="#{one.chart.name}">{escape(one.chart.title)}</a>' for one in drawn)
    sections = "".join(_section(one) for one in drawn)
    rest = f"<p class=quiet>Not drawn, for want of data: {escape('; '.join(missing))}.</p>" if missing else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(name)}: report</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" '
        f'content="{_POLICY}"><style>{_STYLE}</style></head><body><h1>{escape(name)}</h1>'
        f"<p class=quiet>{escape(built)} Each chart has its question in SQL and the figures beside it.</p>"
        f"<nav>{links}</nav>{sections}{rest}<script>{library}</script><script>{_DRAW}</script></body></html>\n"
    )


def _section(one: Answered) -> str:
    chart = one.chart
    drawing = chart.draw(one.rows)
    figure = ""
    if drawing is not None:
        spec = drawing.configure_view(stroke=None).to_dict()
        figure = (
            f'<div class="chart" id="{chart.name}-chart"></div>'
            f'<script type="application/json" id="spec-{chart.name}-chart">{_json(spec)}</script>'
        )
    is_open = " open" if drawing is None else ""
    return (
        f'<section id="{chart.name}"><h2>{escape(chart.title)}</h2><p class=quiet>{escape(chart.note)}</p>{figure}'
        f"<details{is_open}><summary>Figures</summary>{_table(one)}</details>"
        f"<details><summary>SQL</summary><pre><code>{escape(chart.sql.strip())}</code></pre></details></section>"
    )


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON that cannot end its script element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _table(one: Answered) -> str:
    names = list(one.rows[0])
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    shown = one.rows[: one.chart.shown]
    body = "".join(f"<tr>{''.join(_cell(row[name]) for name in names)}</tr>" for row in shown)
    more = len(one.rows) - len(shown)
    rest = f"<p class=quiet>and {more:,} more</p>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<td class="number">{value:,}</td>'
    return f"<td>{escape('' if value is None else str(value))}</td>"
