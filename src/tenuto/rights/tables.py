"""The licence tables, read once from the package's own TOML files."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from tenuto.model.rights import Gate, Licence

__all__ = ["Entry", "Port", "entries", "port_name", "ports", "table"]

_CC = "creativecommons.org/licenses"
_GNU = "gnu.org/licenses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One licence with the addresses it is known under."""

    licence: Licence
    urls: tuple[str, ...] = ()
    """Canonical form: no scheme, no `www.`, lower case, no trailing slash."""
    floating: bool = False
    """Whether it is a family whose version is not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A jurisdiction that Creative Commons licences were adapted to."""

    code: str
    names: tuple[str, ...]


@cache
def table(name: str) -> dict[str, Any]:
    """Read one of the package's TOML files."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def ports() -> tuple[Port, ...]:
    """List the jurisdictions with their names in English and at home."""
    return tuple(Port(code=code, names=tuple(names)) for code, names in table("ports.toml")["ports"].items())


def entries() -> tuple[Entry, ...]:
    """List every licence there is a table row for; an id may stand more than once, with other addresses."""
    return (*_creative_commons(), *_others(), *_gnu(), *_rights_statements(), *_families())


def _creative_commons() -> Iterator[Entry]:
    document = table("creative_commons.toml")
    for row in document["code"]:
        only: dict[str, str] = row.get("only", document["ports"])
        for version, narrowed in only.items():
            for port in (narrowed or document["ports"][version]).split():
                yield _ported(row, version, None if port == "-" else port)


def _ported(row: dict[str, Any], version: str, port: str | None) -> Entry:
    suffix = "" if port is None else f"-{port.upper()}"
    path = f"{_CC}/{row['code']}/{version}" + ("" if port is None else f"/{port}")
    place = "" if port is None else f" ({port_name(port)})"
    licence = Licence(
        id=f"{row['family']}-{version}{suffix}",
        name=f"Creative Commons {row['name']} {version}{place}",
        url=f"https://{path}/",
        family=row["family"],
        version=version,
        jurisdiction=port,
        gate=Gate(row.get("gate", "open")),
        commercial=row.get("commercial", False),
        adapt=row.get("adapt", False) and f"{version}/{port}" not in row.get("stricter", ()),
        attribution=row.get("attribution", True),
        text_required=False,
    )
    return Entry(licence=licence, urls=(path,))


def port_name(code: str) -> str:
    """Name a jurisdiction in English."""
    return next(port.names[0] for port in ports() if port.code == code)


def _others() -> Iterator[Entry]:
    for row in table("other_licences.toml")["licence"]:
        licence = Licence(
            id=row["id"],
            name=row["name"],
            url=row["url"],
            family=row["family"],
            version=row.get("version"),
            gate=Gate(row.get("gate", "open")),
            commercial=True,
            adapt=True,
            attribution=row.get("credit", True),
            text_required=row.get("text", True),
        )
        yield Entry(licence=licence, urls=(*_canonical(row["url"]), *row.get("urls", ())))


def _canonical(url: str) -> tuple[str, ...]:
    bare = url.removeprefix("https://").removeprefix("www.").rstrip("/").lower()
    return (bare,) if bare else ()


def _gnu() -> Iterator[Entry]:
    for row in table("other_licences.toml")["gnu"]:
        for version in row["versions"]:
            for suffix in row["suffixes"]:
                for kind in ("-only", "-or-later"):
                    yield _gnu_entry(row, version, suffix + kind)


def _gnu_entry(row: dict[str, Any], version: str, suffix: str) -> Entry:
    page = f"{_GNU}/{_gnu_page(row['page'], version)}"
    wrapper = f"{_CC}/{row['family'].lower()}/{version}"
    licence = Licence(
        id=f"{row['family']}-{version}{suffix}",
        name=f"{row['name']} {version}{suffix.replace('-', ' ')}",
        url=f"https://www.{page}.html",
        family=row["family"],
        version=version,
        gate=Gate.OPEN,
        commercial=True,
        adapt=True,
        attribution=True,
        text_required=True,
    )
    urls = (f"{page}.html", page, f"{page}.txt", wrapper) if suffix == "-only" else ()
    return Entry(licence=licence, urls=urls)


def _gnu_page(page: str, version: str) -> str:
    newest = version in {"3.0", "1.3"}
    return f"{page}-{version}" if newest else f"old-licenses/{page}-{version}"


def _rights_statements() -> Iterator[Entry]:
    rows = table("other_licences.toml")["rights_statements"]
    for gate in (Gate.CLOSED, Gate.REVIEW):
        for code in rows[gate.value]:
            licence = Licence(
                id=f"RS-{code}-1.0",
                name=rows["names"][code],
                url=f"http://rightsstatements.org/vocab/{code}/1.0/",
                family=f"RS-{code}",
                version="1.0",
                gate=gate,
                commercial=False,
                adapt=False,
                attribution=False,
                text_required=False,
            )
            places = (f"rightsstatements.org/{kind}/{code.lower()}/1.0" for kind in ("vocab", "page"))
            yield Entry(licence=licence, urls=tuple(places))


def _families() -> Iterator[Entry]:
    """Make an entry of each family whose version nobody stated: its members' strictest permissions, for review."""
    versioned = [entry.licence for entry in (*_creative_commons(), *_others(), *_gnu()) if entry.licence.version]
    members: dict[str, list[Licence]] = {}
    for licence in versioned:
        members.setdefault(licence.family, []).append(licence)
    for family, group in members.items():
        yield Entry(licence=_unversioned(family, group), urls=_unversioned_urls(family), floating=True)


def _unversioned(family: str, group: list[Licence]) -> Licence:
    closed = all(member.gate is Gate.CLOSED for member in group)
    return replace(
        group[0],
        id=family,
        name=f"{family}, version not stated",
        url="",
        version=None,
        jurisdiction=None,
        gate=Gate.CLOSED if closed else Gate.REVIEW,
        commercial=all(member.commercial for member in group),
        adapt=all(member.adapt for member in group),
    )


def _unversioned_urls(family: str) -> tuple[str, ...]:
    pages = {row["family"]: row["page"] for row in table("other_licences.toml")["gnu"]}
    page = pages.get(family)
    return () if page is None else tuple(f"gnu.org/{place}/{page}.html" for place in ("licenses", "copyleft"))
