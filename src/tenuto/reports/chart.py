"""A chart: a question in SQL, and how its answer is drawn; what the catalogue does not know is not drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

__all__ = ["ACCENT", "Chart", "Drawing", "Row", "bars", "columns", "line", "numbers"]

Drawing = Any
"""An Altair chart; Altair's own types do not survive its methods."""
Row = dict[str, Any]
"""A row of the answer: column and value."""

ACCENT = "#2f6f8f"
_WIDTH = 640
_WIDEST = 64  # pixels of one column


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart of the report."""

    name: str
    """Names it on the page: lower-case words with hyphens."""
    title: str
    note: str
    """One sentence: what is counted, and what is not."""
    sql: str
    """The question; its columns are what `draw` takes."""
    draw: Callable[[Sequence[Row]], Drawing | None]
    """Draws the answer; None where a table says it better."""
    shown: int = 100
    """Rows of the answer that the page lists."""


def bars(rows: Sequence[Row], label: str, value: str, title: str) -> Drawing:
    """Draw a bar for each row, in the order of the rows."""
    return (
        alt.Chart(_of(rows), width=_WIDTH)
        .mark_bar(color=ACCENT)
        .encode(
            x=alt.X(value, type="quantitative", title=title),
            y=alt.Y(label, type="nominal", sort=None, title=None),
            tooltip=_tips(label, value),
        )
    )


def columns(rows: Sequence[Row], label: str, value: str, titles: tuple[str, str], *, log: bool = False) -> Drawing:
    """Draw a column for each row, in the order of the rows; `titles` name both axes."""
    scale = alt.Scale(type="symlog") if log else alt.Scale()
    return (
        alt.Chart(_of(rows), width=min(_WIDTH, _WIDEST * len(rows)))
        .mark_bar(color=ACCENT)
        .encode(
            x=alt.X(label, type="ordinal", sort=None, title=titles[0], axis=alt.Axis(labelOverlap=True)),
            y=alt.Y(value, type="quantitative", title=titles[1], scale=scale),
            tooltip=_tips(label, value),
        )
    )


def line(rows: Sequence[Row], x: str, y: str, titles: tuple[str, str]) -> Drawing:
    """Draw a line over a logarithmic axis; `titles` name both axes."""
    return (
        alt.Chart(_of(rows), width=_WIDTH)
        .mark_line(color=ACCENT, point=True)
        .encode(
            x=alt.X(x, type="quantitative", title=titles[0], scale=alt.Scale(type="log")),
            y=alt.Y(y, type="quantitative", title=titles[1]),
            tooltip=_tips(x, y),
        )
    )


def numbers(rows: Sequence[Row]) -> None:
    """Draw nothing: the table says it."""
    del rows


def _of(rows: Sequence[Row]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def _tips(label: str, value: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(label, type="nominal"), alt.Tooltip(value, type="quantitative", format=",")]
