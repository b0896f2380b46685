"""In what order tables are made and loaded, and from which Parquet tables."""

from collections.abc import Callable

from ibis import Table

from tenuto.catalogue import leaves, shape
from tenuto.catalogue.engine import Workbench

__all__ = ["CONTEXT", "KEYED", "LEAVES", "PROMISED", "RECORDS", "Step"]

Step = Callable[[Workbench], Table]

RECORDS = (
    *("tracks", "credits", "genres", "identifiers", "files", "evidence", "flags", "verdicts", "verdict_licences"),
    *("statements", "findings", "attributions", "attribution_licences", "outcomes"),
)
"""Parquet tables in each source's directory."""

CONTEXT = ("sources", "captures", "capture_facts", "licences", "packages", "torrents", "placements")
"""Parquet tables in the context's directory."""

KEYED: dict[str, Step] = {
    "sources": shape.sources,
    "captures": shape.captures,
    "licences": shape.licences,
    "files": shape.files,
    "artists": shape.artists,
    "releases": shape.releases,
    "sounds": shape.sounds,
    "recordings": shape.recordings,
    "tracks": shape.tracks,
    "genres": shape.genres,
    "statements": shape.statements,
    "reasons": shape.reasons,
    "packages": leaves.packages,
    "torrents": leaves.torrents,
}
"""Tables that others refer to, in the order in which they can be made."""

LEAVES: dict[str, Step] = {
    "capture_facts": leaves.capture_facts,
    "credits": leaves.credits_,
    "track_genres": leaves.track_genres,
    "identifiers": leaves.identifiers,
    "evidence": leaves.evidence,
    "verdicts": leaves.verdicts,
    "verdict_licences": leaves.verdict_licences,
    "findings": leaves.findings,
    "flags": leaves.flags,
    "ledger": leaves.ledger,
    "attributions": leaves.attributions,
    "attribution_licences": leaves.attribution_licences,
    "placements": leaves.placements,
    "search": leaves.search,
}
"""Tables that nothing refers to."""

_SAME = (
    *("tracks", "credits", "identifiers", "evidence", "flags", "verdicts", "verdict_licences", "findings"),
    *("attributions", "attribution_licences", "sources", "captures", "capture_facts", "packages", "torrents"),
)

PROMISED = {**{name: name for name in _SAME}, "track_genres": "genres", "ledger": "outcomes"}
"""Tables of the catalogue, and the Parquet tables that have as many rows."""
