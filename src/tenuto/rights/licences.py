"""Canonical licences: by id, by address, and as SPDX writes them."""

import re
from functools import cache

from license_expression import get_spdx_licensing

from tenuto.model.errors import NotFoundError
from tenuto.model.rights import Licence
from tenuto.rights.tables import entries

__all__ = ["all_licences", "by_url", "find", "is_spdx", "is_unversioned", "licence", "spdx_expression"]

_LONGEST_URL = 300
_URL = re.compile(r"https?://(?:www\.)?([a-z0-9.-]{1,60}(?:/[a-z0-9._+-]{1,60}){0,8})/?")
_VIEW = re.compile(r"(?:deed|legalcode)(?:\.[a-z]{2,3}(?:[-_][a-z0-9]{2,8})?)?")
_CC = "creativecommons.org/"
_SPDX = re.compile(r"spdx\.org/licenses/([a-z0-9.+-]+?)(?:\.html)?")


@cache
def _by_id() -> dict[str, Licence]:
    known: dict[str, Licence] = {}
    for entry in entries():
        known.setdefault(entry.licence.id, entry.licence)
    return dict(sorted(known.items()))


@cache
def _by_url() -> dict[str, str]:
    return {url: entry.licence.id for entry in reversed(entries()) for url in entry.urls}


@cache
def _by_lower_id() -> dict[str, str]:
    return {id_.lower(): id_ for id_ in _by_id()}


@cache
def _unversioned() -> frozenset[str]:
    return frozenset(entry.licence.id for entry in entries() if entry.floating)


@cache
def _spdx_ids() -> frozenset[str]:
    symbols = get_spdx_licensing().known_symbols
    return frozenset(key for key, symbol in symbols.items() if not symbol.is_exception)


def licence(id_: str) -> Licence:
    """Look a licence up by its id, exactly; raises NotFoundError where there is none."""
    found = _by_id().get(id_)
    if found is None:
        raise NotFoundError(f"no licence has the id {id_[:80]!r}", hint="docs/rights.md#licences lists the families.")
    return found


def find(id_: str) -> Licence | None:
    """Look a licence up by its id in any case, or say None."""
    exact = _by_lower_id().get(id_.lower())
    return None if exact is None else _by_id()[exact]


def all_licences() -> tuple[Licence, ...]:
    """List every licence in order of id, families without a version among them."""
    return tuple(_by_id().values())


def is_unversioned(id_: str) -> bool:
    """Tell whether an id names a family whose version is not stated: `CC-BY-SA`, `GPL`."""
    return id_ in _unversioned()


def is_spdx(id_: str) -> bool:
    """Tell whether SPDX's licence list has the id."""
    return id_ in _spdx_ids() and not id_.startswith("LicenseRef-")


def spdx_expression(id_: str) -> str:
    """Write a licence id as SPDX expressions allow: `LicenseRef-…` where SPDX's list does not have it."""
    return id_ if is_spdx(id_) else f"LicenseRef-{licence(id_).id}"


def by_url(url: str) -> Licence | None:
    """Find the licence at an address, exactly, after putting the address in canonical form; anything odd is None.

    Canonical form drops scheme, `www.`, case, one trailing slash and, at Creative Commons, a last part
    `deed`, `deed.xx`, `legalcode` or `legalcode.xx`.
    """
    if len(url) > _LONGEST_URL or not url.isascii():
        return None
    match = _URL.fullmatch(url.lower())
    if match is None:
        return None
    place = _without_view(match[1])
    id_ = _by_url().get(place)
    return _by_spdx_page(place) if id_ is None else _by_id()[id_]


def _without_view(place: str) -> str:
    head, _, last = place.rpartition("/")
    return head if place.startswith(_CC) and _VIEW.fullmatch(last) else place


def _by_spdx_page(place: str) -> Licence | None:
    match = _SPDX.fullmatch(place)
    found = find(match[1]) if match else None
    return found if found and is_spdx(found.id) else None
