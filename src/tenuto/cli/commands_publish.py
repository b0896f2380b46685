"""Commands that publish and verify: pack, torrents, seed, verify."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenuto.cli.app import PLACE, Json, app, session
from tenuto.cli.output import Output, quote
from tenuto.cli.text import size
from tenuto.ledger.chain import Anchor
from tenuto.model.errors import UsageError

if TYPE_CHECKING:
    from tenuto.flow.verifying import Check

__all__ = ["pack", "seed", "torrents", "verify"]

_FAULTS = 6


@app.command()
def pack(context: typer.Context, json: Json = False) -> None:  # noqa: FBT002 - Typer's way of a flag
    """Put everything that may be shared and is in no bag yet into BagIt bags.

    Example: tenuto pack
    """
    from tenuto.flow import publish

    out = Output(as_json=json)
    with out.bars() as bars:
        report = publish.pack(session(context).archive(), bars)
    if json:
        bags = [{"name": bag.name, "files": len(bag.files), "bytes": _bytes(bag.files)} for bag in report.made]
        told = {"made": bags, "tracks_before": report.tracks_before, "mended": report.mended}
        out.document(told | {"excluded": report.excluded})
        return
    rows = [(bag.name, str(len(bag.files)), size(_bytes(bag.files))) for bag in report.made]
    if rows:
        out.table("", ("bag", "files#", "bytes#"), rows)
    for one in report.excluded:
        out.line(f"not packed: {one.track_id} ({one.code}): {quote(one.reason)}")
    if report.mended:
        out.line(f"{report.mended} files of older bags were mended from the store.")
    out.line(f"{len(rows)} new bags; {report.tracks_before:,} tracks were packed before. Next: `tenuto torrents`")


def _bytes(files: tuple[object, ...]) -> int:
    return sum(file.digest.size for file in files)  # type: ignore[attr-defined]  # bag files


@app.command()
def torrents(context: typer.Context, json: Json = False) -> None:  # noqa: FBT002 - Typer's way of a flag
    """Write a hybrid torrent for every bag, and place every track in the catalogue.

    Example: tenuto torrents
    """
    from tenuto.flow import publish

    out = Output(as_json=json)
    with out.bars() as bars:
        report = publish.make_torrents(session(context).archive(), bars)
    if json:
        made = [{"file": name, "v1": one.infohash_v1, "v2": one.infohash_v2} for name, one in report.made]
        out.document({"made": made, "before": report.before})
        return
    for name, one in report.made:
        out.line(f"[bold]{quote(name)}[/bold]")
        for version, infohash in (("v1", one.infohash_v1), ("v2", one.infohash_v2)):
            out.line(f"  {version} {infohash or '-'}")
    next_ = "`tenuto seed`" if report.made or report.before else "`tenuto pack`, which found nothing to share yet"
    out.line(f"{len(report.made)} torrents written, {report.before} stood already. Next: {next_}")


@app.command()
def seed(
    context: typer.Context,
    seconds: Annotated[float | None, typer.Option(min=0, help="Stop after so long (default: until Ctrl-C).")] = None,
    listen: Annotated[
        str | None, typer.Option(metavar="IP:PORT", help="Where to listen, comma-separated (default: tenuto.toml's).")
    ] = None,
    peer: Annotated[
        list[str] | None, typer.Option(metavar="IP:PORT", help="A peer to connect to; may be repeated.")
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Serve the archive's torrents; what may no longer be shared is not served.

    Example: tenuto seed --listen 127.0.0.1:6881 --seconds 60
    """
    from tenuto.flow import seeding

    out = Output(as_json=json)
    wanted = seeding.SeedRequest(seconds=seconds, listen=listen, peers=tuple(peer or ()))
    with out.bars() as bars:
        report = seeding.seed(session(context).archive(), wanted, bars)
    if json:
        out.document(report)
        return
    out.line(f"Served {len(report.served)} torrents, sent {size(report.uploaded)}.")
    for name, reason in report.withheld:
        out.line(f"[yellow]withheld[/yellow] {quote(name)}: {quote(reason)}")
    for url, reason in report.dropped:
        out.line(f"[yellow]not called[/yellow] {quote(url)}: {quote(reason)}")


@app.command()
def verify(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(**PLACE, metavar="PATHS", help="Bags, torrents or catalogues (default: the whole archive)."),
    ] = None,
    ledger_head: Annotated[
        str | None,
        typer.Option(metavar="SEQ:HASH", help="A head noted before: fail unless the ledger still passes through it."),
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Check every byte: store, bags, torrents, catalogue, ledger.

    Example: tenuto verify
    """
    from tenuto.flow import verifying

    out, noted = Output(as_json=json), None if ledger_head is None else Anchor.read(ledger_head)
    if paths and noted:
        raise UsageError("--ledger-head is about a whole archive", hint="Leave out the paths.")
    with out.bars() as bars:
        if paths:
            checks = verifying.verify_paths(paths, bars)
        else:
            checks = verifying.verify_archive(session(context).archive(), bars, noted)
    if json:
        out.document(checks)
    else:
        _show_checks(out, checks)
    if any(check.faults for check in checks):
        raise typer.Exit(_FAULTS)


def _show_checks(out: Output, checks: "tuple[Check, ...]") -> None:
    for check in checks:
        mark = "[green]✓[/green]" if not check.faults else "[red]✗[/red]"
        out.line(f"{mark} {check.kind} {quote(check.subject)}: {quote(check.summary)}")
        for fault in check.faults:
            out.line(f"    [red]{quote(fault)}[/red]")
    for head in (check.head for check in checks if check.head):
        out.line(f"The ledger's head is [bold]{head}[/bold].")
        out.line("Note it outside the archive: given to a later `tenuto verify --ledger-head`, it tells whether the")
        out.line("ledger was cut or written anew since, which the archive alone cannot.")
