"""The command that draws what a catalogue holds."""

from pathlib import Path
from typing import Annotated

import typer

from tenuto.cli.app import PLACE, Json, app, session
from tenuto.cli.output import Output, quote

__all__ = ["report"]


@app.command()
def report(
    context: typer.Context,
    out_file: Annotated[Path, typer.Option("--out", **PLACE, metavar="FILE", help="Where to write the page.")] = Path(
        "report.html"
    ),
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Draw what the catalogue holds: one page of charts, with the SQL and the figures beside each.

    Example: tenuto report --out music.html
    """
    from tenuto.flow.report import write_report

    out = Output(as_json=json)
    with out.bars() as bars:
        charts = write_report(session(context).archive(), out_file, bars)
    if json:
        out.document({"file": str(out_file), "charts": charts})
    else:
        out.line(f"Wrote {charts} charts to [bold]{quote(str(out_file))}[/bold]; it opens without a network.")
