"""Commands that write editions of the catalogue: parquet, small, diff, apply."""

from pathlib import Path
from typing import Annotated

import typer

from tenuto.cli.app import PLACE, Json, app, session
from tenuto.cli.output import Output, quote
from tenuto.cli.text import size
from tenuto.model.counting import counted

__all__ = ["apply", "diff", "editions_app", "parquet", "small"]

editions_app = typer.Typer(help="The catalogue in other shapes, and patches from build to build.", no_args_is_help=True)
app.add_typer(editions_app, name="editions")


@editions_app.command()
def parquet(
    context: typer.Context,
    directory: Annotated[
        Path | None, typer.Argument(**PLACE, metavar="DIR", help="Folder to write (default: the archive's).")
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Write every table as Parquet, sorted by key and cut for reads by range.

    Example: tenuto editions parquet
    """
    from tenuto.flow import editions

    out, archive = Output(as_json=json), session(context).archive()
    target = directory or editions.places(archive)[0]
    with out.bars() as bars:
        report = editions.parquet(archive, target, bars)
    if json:
        out.document(report)
        return
    rows = sum(file.rows for file in report.files if not file.path.startswith("ids/"))
    bytes_ = size(sum(file.bytes for file in report.files))
    out.line(f"{counted(rows, 'row')} in {counted(len(report.files), 'file')}, {bytes_}: {quote(str(target))}")


@editions_app.command()
def small(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(**PLACE, metavar="FILE", help="SQLite file to write (default: the archive's).")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(**PLACE, metavar="TOML", help="What to keep (default: a tenth of the size).")
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Write a small catalogue of the most listened to recordings, in the same schema.

    Example: tenuto editions small
    """
    from tenuto.flow import editions

    out, archive = Output(as_json=json), session(context).archive()
    target = file or editions.places(archive)[1]
    with out.bars() as bars:
        report = editions.small(archive, target, policy, bars)
    if json:
        out.document(report)
        return
    share = f"{size(report.bytes)} of {size(report.bytes_before)}"
    kept = f"{report.recordings:,} of {counted(report.recordings_before, 'recording')}"
    out.line(f"{kept}, {share}: {quote(str(target))}")


@editions_app.command()
def diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(**PLACE, metavar="OLD", help="An older catalogue.")],
    patch: Annotated[
        Path | None, typer.Argument(**PLACE, metavar="PATCH", help="File to write (default: the archive's).")
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Write a patch that turns an older catalogue into the archive's, byte for byte.

    Example: tenuto editions diff last-month.sqlite3
    """
    from tenuto.flow import editions

    out, archive = Output(as_json=json), session(context).archive()
    target = patch or editions.places(archive)[2]
    with out.bars() as bars:
        report = editions.diff(archive, old, target, bars)
    if json:
        out.document(report)
        return
    how = "the whole file, since its rows alone do not give the same bytes" if report.head.whole else "by rows"
    out.line(f"{size(report.bytes)} for {size(report.head.new_bytes)}, {how}: {quote(str(target))}")
    out.line(f"  from {report.head.old_sha256}")
    out.line(f"  to   {report.head.new_sha256}")


@editions_app.command()
def apply(
    patch: Annotated[Path, typer.Argument(**PLACE, metavar="PATCH", help="A patch that `editions diff` made.")],
    old: Annotated[Path, typer.Argument(**PLACE, metavar="OLD", help="The catalogue it is for.")],
    new: Annotated[
        Path | None, typer.Option("--to", **PLACE, metavar="FILE", help="Write here (default: in place of OLD).")
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Turn an older catalogue into the newer one a patch is for; checked before and after by SHA-256.

    Example: tenuto editions apply july.patch catalogue.sqlite3
    """
    from tenuto.flow import editions

    out, target = Output(as_json=json), new or old
    with out.bars() as bars:
        head = editions.apply(patch, old, target, bars)
    if json:
        out.document(head)
        return
    out.line(f"{quote(str(target))} is {head.new_sha256}, {size(head.new_bytes)}.")
