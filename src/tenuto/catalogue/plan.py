"""In what order tables are made and loaded, and from which Parquet tables."""

from collections.abc import Callable

from ibis import Table

from tenuto.catalogue import credits as credited
from tenuto.catalogue import figures, leaves, linked, searched, shape, things, verdicts
from tenuto.catalogue.engine import Workbench

__all__ = ["CONTEXT", "DUMPS", "JUDGED", "KEYED", "LAST_USED", "LEAVES", "PROMISED", "RECORDS", "Step"]

Step = Callable[[Workbench], Table]

RECORDS = (
    *("tracks", "credits", "genres", "identifiers", "files", "evidence", "flags", "verdicts", "verdict_licences"),
    *("statements", "findings", "attributions", "attribution_licences", "outcomes"),
)
"""Parquet tables in the directory of each source of observed files."""

DUMPS = {
    "artists": ("id",),
    "labels": ("id",),
    "works": ("id",),
    "release_groups": ("id",),
    "secondary_types": ("release_group",),
    "releases": ("id",),
    "release_events": ("release",),
    "release_labels": ("release",),
    "media": ("release",),
    "release_formats": ("release",),
    "tracks": ("id",),
    "recordings": ("id",),
    "credits": ("subject", "id"),
    "contributions": ("subject", "id"),
    "genres": ("subject", "id"),
    "aliases": ("subject", "id"),
    "identifiers": ("subject", "id"),
    "relations": ("subject", "id"),
    "evidence": ("subject", "id"),
    "popularity": (),
    "redirects": (),
}
"""Parquet tables in the directory of each dump, and by what a later dump of the source gives way to an earlier one."""

JUDGED = ("verdicts", "verdict_licences", "findings", "outcomes", "alike")
"""Parquet tables about what dumps bring evidence for."""

CONTEXT = ("sources", "captures", "capture_facts", "licences", "packages", "torrents", "placements", "provenance")
"""Parquet tables in the context's directory."""

KEYED: dict[str, Step] = {
    "sources": shape.sources,
    "captures": shape.captures,
    "licences": shape.licences,
    "files": shape.files,
    "reasons": verdicts.reasons,
    "_judged": verdicts.judged,
    "verdicts": verdicts.verdicts,
    "_absences": verdicts.absences,
    "artists": things.artists,
    "labels": things.labels,
    "works": things.works,
    "_signed": credited.signed,
    "artist_credits": credited.artist_credits,
    "_subject_credits": credited.subject_credits,
    "release_groups": things.release_groups,
    "releases": things.releases,
    "recordings": things.recordings,
    "tracks": things.tracks,
    "genres": shape.genres,
    "statements": shape.statements,
    "packages": leaves.packages,
    "torrents": leaves.torrents,
    "verdict_licences": verdicts.verdict_licences,
    "_owners": leaves.owners,
}
"""Tables that others refer to, in the order in which they can be made."""

LAST_USED = {
    "_absences": ("_judged",),
    "_subject_credits": ("_signed",),
    "tracks": ("_subject_credits", "_absences"),
}
"""What is not used any more once a table is made: memory is worth more."""

LEAVES: dict[str, Step] = {
    "capture_facts": leaves.capture_facts,
    "provenance": leaves.provenance,
    "credit_names": credited.credit_names,
    "release_events": leaves.release_events,
    "release_labels": leaves.release_labels,
    "media": leaves.media,
    "release_formats": leaves.release_formats,
    "observations": leaves.observations,
    "contributions": credited.contributions,
    "aliases": leaves.aliases,
    "genre_uses": leaves.genre_uses,
    "identifiers": leaves.identifiers,
    "relations": leaves.relations,
    "links": linked.links,
    "clusters": linked.clusters,
    "redirects": linked.redirects,
    "evidence": leaves.evidence,
    "findings": verdicts.findings,
    "flags": leaves.flags,
    "attributions": leaves.attributions,
    "attribution_licences": leaves.attribution_licences,
    "placements": leaves.placements,
    "search": searched.search,
    "stats": figures.stats,
}
"""Tables that nothing refers to."""

PROMISED = {
    **{name: (f"raw_{name}",) for name in ("flags", "attributions", "attribution_licences", "sources", "captures")},
    **{name: (f"raw_{name}",) for name in ("capture_facts", "packages", "torrents", "provenance")},
    "works": ("dump_works",),
    "observations": ("raw_tracks",),
    "tracks": ("raw_tracks", "dump_tracks"),
}
"""Tables of the catalogue, and the tables of records that have as many rows between them."""
