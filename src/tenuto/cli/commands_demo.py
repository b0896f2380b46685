"""`tenuto demo`: the whole way once."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenuto.cli.app import PLACE, Json, app, session
from tenuto.cli.commands_ask import what
from tenuto.cli.output import Output, quote
from tenuto.cli.text import clock_time, size, span

if TYPE_CHECKING:
    from tenuto.demo.run import DemoReport

__all__ = ["demo"]

_DEFAULT = ("singularity-music", "hyperrogue-music", "marsshooter-data")


@app.command()
def demo(
    context: typer.Context,
    directory: Annotated[Path, typer.Option(**PLACE, metavar="DIR", help="Where the demo's archive goes.")] = Path(
        "demo-archive"
    ),
    offline: Annotated[  # noqa: FBT002 - Typer's way of a flag
        bool, typer.Option("--offline", help="Use twelve pieces rendered here: no network, no Debian.")
    ] = False,
    package: Annotated[
        list[str] | None, typer.Option(help="Debian package instead of the three; may be repeated.")
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Do the main job on real music: harvest, judge, catalogue, pack, seed, download again, verify.

    Example: tenuto demo --offline
    """
    from tenuto.demo.run import DemoRequest
    from tenuto.demo.run import demo as run_demo

    out = Output(as_json=json)
    wanted = DemoRequest(directory=directory, packages=tuple(package or _DEFAULT), offline=offline)
    with out.bars() as bars:
        report = run_demo(wanted, session(context).clock, bars)
        seconds = bars.seconds
    if json:
        out.document({"report": report, "seconds": [list(one) for one in seconds]})
        return
    _show(out, report)
    if seconds:
        out.table("\nTime", ("stage", "took#"), [(stage, span(took)) for stage, took in seconds])
    out.line("\n[bold]What to try next[/bold]")
    why = [f"why {report.why}"] if report.why else []
    for command in (f"search {report.words}", *why, "stats", "verify", "seed --listen 127.0.0.1:6881"):
        out.line(quote(f"  {shlex.join([sys.argv[0], '--archive', str(directory)])} {command}"))


def _show(out: Output, report: "DemoReport") -> None:
    out.line(f"\n[bold]{report.tracks:,} tracks in {quote(report.catalogue)}[/bold]")
    rows = [(c.topic, what(c), f"{c.tracks:,}", size(c.bytes)) for c in report.counts]
    out.table("", ("by", "what", "tracks#", "bytes#"), rows)
    out.line("")
    for bag in report.bags:
        clients = " and ".join(bag.clients)
        out.line(f"{quote(bag.name)}: {bag.files:,} files, {size(bag.bytes)}; downloaded by {quote(clients)};")
        out.line("  [green]bagit.py agrees about every byte that arrived[/green]")
    hits = [(h.title, h.artist, h.release, clock_time(h.duration_ms), h.decision) for h in report.hits]
    out.table(f"\nSearch for “{report.words}”", ("title", "artist", "release", "length#", "verdict"), hits)
