"""What kinds of music there are."""

from collections.abc import Sequence
from math import tau

import altair as alt

from tenuto.reports.chart import Chart, Drawing, Row, bars

__all__ = ["CHARTS"]

_RINGS = {"inner": (40, 130), "outer": (132, 200)}


def _sunburst(rows: Sequence[Row]) -> Drawing | None:
    """Draw genres as an inner ring, and outside each the styles that stand with it."""
    total = sum(row["things"] for row in rows)
    arcs: list[Row] = []
    at = 0.0
    inner: dict[str, Row] = {}
    for row in rows:
        turn = row["things"] / total * tau
        arcs.append({**row, "ring": "outer", "start": at, "end": at + turn})
        arc = inner.setdefault(row["genre"], {**row, "style": "", "things": 0, "ring": "inner", "start": at})
        arc["things"] += row["things"]
        arc["end"] = at = at + turn
    if not arcs:
        return None
    return alt.layer(*(_ring(list(inner.values()) + arcs, ring, *radii) for ring, radii in _RINGS.items()))


def _ring(arcs: Sequence[Row], ring: str, inner: int, outer: int) -> Drawing:
    rows = [arc for arc in arcs if arc["ring"] == ring and (ring == "inner" or arc["style"])]
    return (
        alt.Chart(alt.InlineData(values=rows), width=440, height=440)
        .mark_arc(innerRadius=inner, outerRadius=outer, stroke="white", opacity=1 if ring == "inner" else 0.6)
        .encode(
            theta=alt.Theta("start", type="quantitative", scale=None),
            theta2=alt.Theta2("end"),
            color=alt.Color("genre", type="nominal", sort=None, title=None),
            tooltip=[alt.Tooltip(name, type="nominal") for name in ("genre", "style", "things")],
        )
    )


CHARTS = (
    Chart(
        name="genres",
        title="Genres",
        note="As written by their sources, the thirty most frequent.",
        sql="""
SELECT name AS genre, count(*) AS things FROM genre_uses JOIN genres USING (genre)
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 30""",
        draw=lambda rows: bars(rows, "genre", "things", "things that have it"),
    ),
    Chart(
        name="genre-sunburst",
        title="Genres and their styles",
        note="Inside the ten most frequent genres, outside for each its five most frequent styles, then all others.",
        sql="""
WITH firsts AS (
  SELECT subject, owner, min(name) AS genre FROM genre_uses JOIN genres USING (genre) WHERE kind = 'genre'
  GROUP BY subject, owner),
styled AS (
  SELECT subject, owner, min(name) AS style FROM genre_uses JOIN genres USING (genre) WHERE kind = 'style'
  GROUP BY subject, owner),
pairs AS (
  SELECT genre, coalesce(style, '') AS style, count(*) AS things FROM firsts LEFT JOIN styled USING (subject, owner)
  GROUP BY 1, 2),
placed AS (
  SELECT genre, style, things, row_number() OVER (PARTITION BY genre ORDER BY style = '', things DESC, style) AS place,
    sum(things) OVER (PARTITION BY genre) AS whole FROM pairs),
largest AS (SELECT genre FROM pairs GROUP BY 1 ORDER BY sum(things) DESC, 1 LIMIT 10)
SELECT genre, iif(place <= 5, style, '') AS style, sum(things) AS things
FROM placed JOIN largest USING (genre) GROUP BY 1, 2 ORDER BY max(whole) DESC, genre, style = '', 3 DESC, style""",
        draw=_sunburst,
    ),
)
