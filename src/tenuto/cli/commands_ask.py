"""Commands that ask a finished catalogue: search, show, why, stats."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from tenuto.catalogue import ask, nouns
from tenuto.catalogue.search import question
from tenuto.catalogue.search import search as search_catalogue
from tenuto.cli.app import Json, app, session
from tenuto.cli.output import Output, quote
from tenuto.cli.text import clock_time, size
from tenuto.cli.verdicts import show_why
from tenuto.flow.folders import collection_path
from tenuto.model.errors import NotFoundError, UsageError
from tenuto.rights.rules import MEANING

__all__ = ["search", "show", "stats", "what", "why"]


def _catalogue(context: typer.Context) -> Path:
    path = session(context).archive().layout.catalogue
    if not path.is_file():
        raise NotFoundError(f"there is no catalogue at {path}", hint="Run `tenuto build` first.")
    return path


@app.command()
def search(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(help="Words of a title, artist or release; the last may be unfinished.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    offset: Annotated[int, typer.Option(min=0, max=100_000, help="How many of the best to leave out.")] = 0,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Find tracks by words of their title, artist or release; best match first.

    Words that begin with a hyphen stand after `--`: `tenuto search -- -foo`.

    Example: tenuto search singularity advanc
    """
    out, hits = Output(as_json=json), search_catalogue(_catalogue(context), " ".join(words), limit, offset)
    if json:
        out.document(hits)
        return
    if question(" ".join(words)) is None:
        out.line("Nothing was asked: a word needs a letter or a digit.")
        return
    if not hits and offset:
        out.line(f"Nothing after the first {offset:,}.")
        return
    if not hits:
        out.line("Nothing found. Fewer or shorter words may help; accents and case do not matter.")
        return
    rows = [(h.id, h.title, h.artist, h.release, clock_time(h.duration_ms), h.decision) for h in hits]
    out.table("", ("id!", "title", "artist", "release", "length#", "verdict!"), rows)
    if len(hits) == limit:
        out.line(f"[dim]There may be more: --offset {offset + limit}[/dim]")


@app.command()
def show(
    context: typer.Context,
    public_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a track, recording, release or artist.")],
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Show all the catalogue says of a track, recording, release or artist.

    Example: tenuto show tr-0123456789abcdef0123
    """
    out, page = Output(as_json=json), ask.show(_catalogue(context), public_id)
    if json:
        out.document(page)
        return
    if isinstance(page, nouns.TrackPage):
        _show_track(out, page)
        return
    out.line(
        f"[bold]{quote(page.name if isinstance(page, nouns.ArtistPage) else page.title)}[/bold]  [dim]{page.id}[/dim]"
    )
    if isinstance(page, nouns.ReleasePage):
        facts = ("by", page.artist.name if page.artist else ""), ("date", page.date or ""), ("label", page.label or "")
        out.facts([fact for fact in facts if fact[1]])
    if isinstance(page, nouns.ArtistPage) and page.releases:
        out.table("\nReleases", ("id!", "title"), [(one.id, one.name) for one in page.releases])
    _show_lines(out, page.tracks)


def _show_lines(out: Output, tracks: tuple[nouns.TrackLine, ...]) -> None:
    rows = [
        (t.id, "" if t.number is None else str(t.number), t.title, t.artist, clock_time(t.duration_ms), t.decision)
        for t in tracks
    ]
    out.table("\nTracks", ("id!", "no#", "title", "artist", "length#", "verdict!"), rows)


def _show_track(out: Output, page: nouns.TrackPage) -> None:
    out.line(f"[bold]{quote(page.title)}[/bold]{' [dim](from the file name)[/dim]' if page.title_guessed else ''}")
    facts = [
        ("id", page.id),
        ("recording", page.recording.id),
        *(("credit", f"{one.name} ({one.detail})") for one in page.credits),
        ("release", f"{page.release.name}  {page.release.id}" if page.release else ""),
        ("date", page.date or ""),
        ("genres", ", ".join(page.genres)),
        *((one.detail, one.name) for one in page.identifiers),
        ("source", f"{page.source}: {page.collection}/{page.path}" if page.path else f"{page.source}, a dump of it"),
        ("original", page.source_url or ""),
        ("copyright", page.copyright_notice or ""),
        ("verdict", f"{page.decision} ({page.code}): {page.reason}"),
        ("licence", "; ".join(f"{one.name} {one.url}" for one in page.licences)),
        ("absent", page.absent or ""),
        *((f"flag {one.name}", one.detail) for one in page.flags),
        *_file_facts(page.file),
        *(("in", f"{p.package}/{p.path} (torrent file {p.file_index}, offset {p.offset:,})") for p in page.placements),
    ]
    out.facts([fact for fact in facts if fact[1]])


def _file_facts(file: nouns.FileFacts | None) -> list[tuple[str, str]]:
    if file is None:
        return []
    rate = f", {file.bit_rate // 1000} kbit/s" if file.bit_rate else ""
    format_ = f"{file.container}/{file.codec}, {file.sample_rate} Hz, {file.channels} ch{rate}"
    return [
        ("length", clock_time(file.duration_ms)),
        ("format", f"{format_}, {size(file.size)}"),
        ("sha256", file.sha256),
    ]


@app.command()
def why(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="ID|PATH", help="Track or recording id, or a file's path.")],
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Explain a verdict: each rule's reason, the evidence, and where it was captured.

    Example: tenuto why usr/share/singularity/music/Awakening.ogg
    """
    path, archive = _catalogue(context), session(context).archive()
    out = Output(as_json=json)
    found = _explained(path, subject, collection_path(archive, subject))
    if json:
        out.document(found)
        return
    for one in found:
        show_why(out, one)


def _explained(path: Path, subject: str, place: str) -> tuple[nouns.Why, ...]:
    """Ask for the grounds; raises UsageError where nothing is asked, NotFoundError that offers similar paths."""
    if not subject.strip():
        raise UsageError("nothing was asked", hint="Give a track's id, as `tenuto search` shows it, or a file's path.")
    try:
        return ask.why(path, place)
    except NotFoundError as error:
        near = ask.ending_in(path, subject)
        if not near:
            raise
        hint = f"Did you mean {' or '.join(shlex.quote(one) for one in near)}?"
        raise NotFoundError(str(error), hint=hint) from error


@app.command()
def stats(context: typer.Context, json: Json = False) -> None:  # noqa: FBT002 - Typer's way of a flag
    """Count what the archive holds: verdicts, licences, formats, reasons for absence.

    Example: tenuto stats
    """
    out, found = Output(as_json=json), ask.stats(_catalogue(context))
    if json:
        out.document(found)
        return
    counted = f"{found.artists:,} artists, {found.releases:,} releases, {found.recordings:,} recordings"
    out.line(f"[bold]{quote(found.name)}[/bold]: {counted}")
    rows = [(c.topic, what(c), f"{c.tracks:,}", f"{c.files:,}", size(c.bytes)) for c in found.counts]
    out.table("", ("by!", "what", "tracks#", "files#", "bytes#"), rows)


def what(count: nouns.Count) -> str:
    """Name what a figure counts; a rule by its code and its meaning."""
    meaning = {rule.value: text for rule, text in MEANING.items()}.get(count.label, "")
    return f"{count.label}: {meaning}" if count.topic == "reason" and meaning else count.label
