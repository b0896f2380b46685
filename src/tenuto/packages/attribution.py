"""What travels with every shared file: ATTRIBUTION.json, ATTRIBUTION.txt and LICENSES/ (docs/packages.md)."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from tenuto.model.ids import TrackId
from tenuto.model.package import Attribution, PackItem
from tenuto.model.rights import Licence
from tenuto.packages.licence_texts import licence_file, may_travel
from tenuto.packages.plan import BagPlan

__all__ = ["Exclusion", "attribution_files", "packable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An item that may be shared, but cannot be given what its licence asks for."""

    track_id: TrackId
    code: str
    reason: str


def packable(
    items: Iterable[PackItem], licences: Mapping[str, Licence]
) -> tuple[tuple[PackItem, ...], tuple[Exclusion, ...]]:
    """Part items that can carry their attribution and licence texts from those that cannot, in the order given.

    A licence missing from `licences` is taken to ask for its full text, unless it is a Creative Commons one.
    """
    kept: list[PackItem] = []
    excluded: list[Exclusion] = []
    for item in items:
        fault = _fault(item, licences)
        if fault is None:
            kept.append(item)
        else:
            excluded.append(Exclusion(track_id=item.track_id, code=fault[0], reason=fault[1]))
    return tuple(kept), tuple(excluded)


def _fault(item: PackItem, licences: Mapping[str, Licence]) -> tuple[str, str] | None:
    names = item.attribution.licences
    if not names:
        return "P-NO-LICENCE", "no licence is named, so none can travel with the file"
    if len(names) != len(item.attribution.licence_urls):
        return "P-LICENCE-URLS", f"{len(names)} licences are named with {len(item.attribution.licence_urls)} addresses"
    missing = [name for name in names if not may_travel(name, licences)]
    if missing:
        return "P-NO-LICENCE-TEXT", f"the text of {missing[0]} must travel with the file and is not known"
    return None


def attribution_files(plan: BagPlan, licences: Mapping[str, Licence]) -> dict[str, bytes]:
    """Write a bag's attribution and licence files: path inside the bag → bytes."""
    return {
        "ATTRIBUTION.json": _as_json(plan),
        "ATTRIBUTION.txt": _as_text(plan),
        **{f"LICENSES/{name}.txt": licence_file(*about) for name, about in _licences(plan, licences).items()},
        "records/tracks.jsonl": _as_records(plan),
    }


def _licences(plan: BagPlan, licences: Mapping[str, Licence]) -> dict[str, tuple[str, str, str]]:
    """Each licence of the bag, in order of its id: id, name, address."""
    urls: dict[str, str] = {}
    for _, item in plan.placed():
        urls.update(zip(item.attribution.licences, item.attribution.licence_urls, strict=True))
    return {key: (key, licences[key].name if key in licences else key, urls[key]) for key in sorted(urls)}


def _as_json(plan: BagPlan) -> bytes:
    files = [{"path": path, "track": item.track_id, **_fields(item.attribution)} for path, item in plan.placed()]
    return (json.dumps({"package": plan.name, "files": files}, ensure_ascii=True, indent=1) + "\n").encode()


def _fields(noun: PackItem | Attribution) -> dict[str, object]:
    return {field.name: getattr(noun, field.name) for field in fields(noun)}


def _as_text(plan: BagPlan) -> bytes:
    head = f"Who made what is in {plan.name}, and on which terms it may be shared.\n"
    return "\n".join([head, *("\n".join(_paragraph(path, item)) for path, item in plan.placed())]).encode()


def _paragraph(path: str, item: PackItem) -> Iterator[str]:
    told = item.attribution
    yield path
    yield f"  {_line(told.title)}, by {_line(told.creator)}"
    yield f"  Copyright: {_line(told.copyright_notice)}"
    for name, url in zip(told.licences, told.licence_urls, strict=True):
        yield f"  Licence: {name} <{_line(url)}> (LICENSES/{name}.txt)"
    yield f"  Source: {_line(told.source_url)}"
    yield f"  Changes: {_line(told.changes)}"
    yield f"  Disclaimer: {_line(told.disclaimer)}"
    yield ""


def _line(text: str) -> str:
    """Text as one line that can pretend nothing: no control, no bidirectional override, no lone surrogate."""
    if text.isascii() and text.isprintable():
        return text or "not stated"
    plain = "".join(" " if char.isspace() else char for char in text)
    return "".join(char for char in plain if unicodedata.category(char) not in {"Cc", "Cf", "Cs"}) or "not stated"


def _as_records(plan: BagPlan) -> bytes:
    lines = ({"path": path, **_fields(item), "attribution": _fields(item.attribution)} for path, item in plan.placed())
    return "".join(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n" for line in lines).encode()
