"""Commands that take in dumps of whole catalogues."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tenuto.cli.app import PLACE, Json, app, session
from tenuto.cli.output import Output, quote
from tenuto.model.counting import counted

if TYPE_CHECKING:
    from tenuto.records.dump_receipt import DumpReceipt

__all__ = ["import_dumps"]

_SOME_FAILED = 3
_SHOWN = 20  # bad lines and new fields that are listed


@app.command("import")
def import_dumps(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="A source that is published as dumps, or a mapping (`my-table.toml`).")],
    files: Annotated[list[Path], typer.Argument(**PLACE, metavar="FILES", help="Dump files, as published.")],
    strict: Annotated[  # noqa: FBT002 - Typer's way of a flag
        bool, typer.Option("--strict", help="Fail where a dump has fields that nothing reads or ignores.")
    ] = False,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="What reads JSON dumps: DuckDB here, or Spark on a cluster.")
    ] = "duckdb",
    master: Annotated[str, typer.Option(metavar="URL", help="Spark's master, with --engine spark.")] = "",
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Take in dumps of a whole catalogue: metadata, as Parquet tables.

    Lines that cannot be read are left out and named; the exit code is then 3.

    Example: tenuto import musicbrainz release.tar.xz
    """
    from tenuto.flow import importing

    out = Output(as_json=json)
    with out.bars() as bars:
        options = importing.ImportOptions(strict=strict, engine=engine, master=master)
        receipts = importing.import_dumps(session(context).archive(), source, files, bars, options)
    if json:
        out.document(receipts)
    else:
        for one in receipts:
            _show(out, one)
    if any(one.bad_lines for one in receipts):
        raise typer.Exit(_SOME_FAILED)


def _show(out: Output, one: "DumpReceipt") -> None:
    known = "; imported before, not read again" if one.known else ""
    out.line(f"[bold]{quote(one.file)}[/bold]: {counted(one.documents, 'document')}{known}")
    out.table("", ("table", "rows#"), [(name, f"{rows:,}") for name, rows in one.rows if rows])
    if one.bad_lines:
        out.line(f"[red]{counted(one.bad_lines, 'line')} not read[/red]; all others were taken in:")
    for bad in one.bad[:_SHOWN]:
        out.line(f"[yellow]{quote(one.file)} line {bad.line:,}[/yellow]: {quote(bad.reason)} ({bad.code})")
    if one.bad_lines > _SHOWN:
        out.line(f"… and {one.bad_lines - _SHOWN:,} more; --json lists the first thousand.")
    for place, documents in one.drift[:_SHOWN]:
        out.line(f"[yellow]new field[/yellow] {quote(place)} in {counted(documents, 'document')}")
