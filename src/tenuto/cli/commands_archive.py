"""Commands that make and fill an archive: init, source, harvest, build."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenuto.cli.app import PLACE, Json, app, harvest_app, session, source_app
from tenuto.cli.output import Output, quote
from tenuto.cli.text import size, span
from tenuto.flow.archive import init_archive
from tenuto.model.source import Source

if TYPE_CHECKING:
    from tenuto.flow.intake import Tally

__all__ = ["build", "harvest_debian_packages", "harvest_folder", "init", "list_sources", "show_source"]

_SOME_FAILED = 3
_SUFFIXES = ".mp3, .flac, .ogg, .oga, .opus, .m4a, .wav, .aif or .aiff"


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(**PLACE, metavar="DIRECTORY", help="Folder to make; it may exist.")],
    name: Annotated[str, typer.Option(help="Short name for files (default: the folder's).")] = "",
    operator: Annotated[str, typer.Option(help="Who runs the archive.")] = "",
    contact: Annotated[str, typer.Option(help="Where the operator is reached.")] = "",
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Make an archive.

    Example: tenuto init my-archive --operator "Open Label Berlin" --contact music@example.org
    """
    out = Output(as_json=json)
    path = init_archive(directory, name=name, operator=operator, contact=contact)
    if json:
        out.document({"archive": str(directory), "configuration": str(path)})
        return
    out.line(f"Made an archive in [bold]{quote(str(directory))}[/bold].")
    out.line(f"Next: edit {quote(str(path))}, then `tenuto --archive {quote(str(directory))} harvest folder PATH`.")


@source_app.command("list")
def list_sources(json: Json = False) -> None:  # noqa: FBT002 - Typer's way of a flag
    """List the sources that can be harvested.

    Example: tenuto source list
    """
    from tenuto.sources import all_sources

    out = Output(as_json=json)
    found = sorted(all_sources(), key=lambda one: one.name)
    if json:
        out.document([_source_document(one) for one in found])
        return
    out.table("", ("source!", "what", "home!"), [(one.name, one.terms.summary, one.home) for one in found])


@source_app.command("show")
def show_source(
    name: Annotated[str, typer.Argument(help="A name from `tenuto source list`.")],
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Show a source's terms: why it may be collected, what counts as evidence.

    Example: tenuto source show debian
    """
    from tenuto.sources import source

    out, found = Output(as_json=json), source(name)
    if json:
        out.document(_source_document(found))
        return
    terms = found.terms
    out.line(f"[bold]{quote(found.name)}[/bold]  {quote(found.home)}")
    said = (
        ("why", terms.summary),
        ("audio", terms.audio),
        ("metadata", terms.metadata_licence),
        ("limits", terms.limits),
        *(("evidence", one) for one in terms.evidence),
        ("terms", terms.url),
    )
    out.facts([row for row in said if row[1]])


def _source_document(one: Source) -> dict[str, object]:
    return {"name": one.name, "home": one.home, "terms": one.terms}


@harvest_app.command("folder")
def harvest_folder(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(**PLACE, metavar="PATHS", help="Folders of audio files.")],
    name: Annotated[str | None, typer.Option(help="Name to file it under (default: the folder's).")] = None,
    again: Annotated[bool, typer.Option("--again", help="Read files again that were read before.")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Take in folders of your own music files.

    Example: tenuto harvest folder ~/Music/our-label
    """
    from tenuto.flow.harvest import harvest_folders

    out = Output(as_json=json)
    with out.bars() as bars:
        tallies = harvest_folders(session(context).archive(), paths, name, bars, again=again)
    _show_tallies(out, tallies)


@harvest_app.command("debian")
def harvest_debian_packages(
    context: typer.Context,
    packages: Annotated[list[str], typer.Argument(help="Names of binary packages.")],
    again: Annotated[bool, typer.Option("--again", help="Read packages again that were read before.")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Take in the music of Debian packages, through this machine's package client.

    Example: tenuto harvest debian singularity-music hyperrogue-music
    """
    from tenuto.flow.harvest import harvest_debian

    out = Output(as_json=json)
    with out.bars() as bars:
        tallies = harvest_debian(session(context).archive(), packages, bars, again=again)
    _show_tallies(out, tallies)
    if any(tally.failure for tally in tallies):
        raise typer.Exit(_SOME_FAILED)


def _show_tallies(out: Output, tallies: "list[Tally]") -> None:
    if out.as_json:
        out.document([_tally_document(tally) for tally in tallies])
        return
    rows = [
        (
            t.collection,
            str(t.considered),
            str(t.known),
            str(t.kept),
            size(t.kept_bytes),
            str(t.considered - t.known - t.kept),
        )
        for t in tallies
    ]
    out.table("", ("collection", "files#", "known#", "kept#", "kept bytes#", "not kept#"), rows)
    reasons = [(t.collection, what, code, str(n)) for t in tallies for (what, code), n in sorted(t.outcomes.items())]
    if reasons:
        out.table("\nWhy", ("collection", "decision!", "rule!", "files#"), reasons)
    for tally in tallies:
        if tally.considered == 0 and tally.failure is None:
            out.line(f"No new audio was found in {quote(tally.collection)}. Files count that end in {_SUFFIXES}.")
        if tally.failure is not None:
            out.line(f"[red]{quote(tally.collection)} failed:[/red] {quote(str(tally.failure))}")
    out.line("Next: `tenuto build`")


def _tally_document(tally: "Tally") -> dict[str, object]:
    counted = [{"decision": what, "code": code, "files": n} for (what, code), n in sorted(tally.outcomes.items())]
    return {
        "source": tally.source,
        "collection": tally.collection,
        "considered": tally.considered,
        "known": tally.known,
        "kept": tally.kept,
        "kept_bytes": tally.kept_bytes,
        "read_bytes": tally.read_bytes,
        "outcomes": counted,
        "failure": None if tally.failure is None else str(tally.failure),
    }


@app.command()
def build(
    context: typer.Context,
    again: Annotated[bool, typer.Option("--again", help="Build even if nothing has changed.")] = False,  # noqa: FBT002
    accept_loss: Annotated[  # noqa: FBT002 - Typer's way of a flag
        bool, typer.Option("--accept-loss", help="Go on without captures that are gone for good, and record it.")
    ] = False,
    no_links: Annotated[  # noqa: FBT002 - Typer's way of a flag
        bool, typer.Option("--no-links", help="Link no records of dumps; take the links there are.")
    ] = False,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Build the catalogue: one SQLite file, checked, then put in place.

    Example: tenuto build
    """
    from tenuto.flow import build as flow_build

    out, archive = Output(as_json=json), session(context).archive()
    with archive.locked(), out.bars() as bars:
        report = flow_build.build(archive, bars, again=again, accept_loss=accept_loss, links=not no_links)
    if json:
        out.document({"catalogue": str(archive.layout.catalogue), "report": report})
        return
    rows = dict(report.rows)
    out.line(
        f"[bold]{quote(str(archive.layout.catalogue))}[/bold]: {rows.get('tracks', 0):,} tracks, "
        f"{rows.get('releases', 0):,} releases, {rows.get('artists', 0):,} artists, {size(report.bytes)}, "
        f"{span(sum(seconds for _, seconds in report.seconds))}"
    )
    out.line("Next: `tenuto search WORDS`, `tenuto stats`, `tenuto pack`")
