"""Commands about links between records: find, review."""

from typing import Annotated

import typer

from tenuto.cli.app import Json, app, session
from tenuto.cli.output import Output

__all__ = ["find", "links_app", "review"]

links_app = typer.Typer(help="Which records of different sources are the same.", no_args_is_help=True)
app.add_typer(links_app, name="links")

_KINDS = ("artist", "release", "recording")
_THRESHOLD = "KIND=NUMBER"


@links_app.command("find")
def find(
    context: typer.Context,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar=_THRESHOLD, help="From which probability a link of that kind counts; may be repeated."),
    ] = None,
    review: Annotated[
        list[str] | None,
        typer.Option(metavar=_THRESHOLD, help="From which it is listed for a person; may be repeated."),
    ] = None,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """Find which artists, releases and recordings of imported dumps are the same; `tenuto build` takes it up.

    Example: tenuto links find --accept recording=0.8
    """
    from tenuto.flow.linking import find_links
    from tenuto.flow.relinking import adjusted, read_probabilities

    out, archive = Output(as_json=json), session(context).archive()
    chosen = adjusted(archive.config.links, read_probabilities(accept or ()), read_probabilities(review or ()))
    with out.bars() as bars:
        found = find_links(archive, bars, chosen)
    if json:
        out.document(found)
        return
    rows = [(one.kind, f"{one.records:,}", f"{one.pairs:,}", f"{one.accepted:,}", f"{one.review:,}") for one in found]
    out.table("", ("kind", "records#", "pairs compared#", "same#", "in doubt#"), rows)
    tried = " --no-links" if accept or review else ""
    out.line(f"Next: `tenuto links review`, `tenuto build{tried}`")


@links_app.command("review")
def review(
    context: typer.Context,
    kind: Annotated[str, typer.Option(help="Only links of artist, release or recording.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of each kind at most.")] = 20,
    json: Json = False,  # noqa: FBT002 - Typer's way of a flag
) -> None:
    """List doubtful links, the most probable first, with the evidence for and against each.

    Example: tenuto links review --kind release
    """
    from tenuto.flow.linking import doubtful_links

    if kind and kind not in _KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(_KINDS)}", param_hint="--kind")
    out, found = Output(as_json=json), doubtful_links(session(context).archive(), kind or None, limit)
    if json:
        out.document(found)
        return
    if not found:
        out.line("No link is in doubt.")
        return
    rows = [
        (f"{one.probability:.3f}", one.left, one.left_name, one.right, one.right_name, one.evidence) for one in found
    ]
    out.table("", ("probability#", "left!", "name", "right!", "name", "evidence"), rows)
