"""One naming of a licence inside a statement, and when two namings agree."""

from dataclasses import dataclass

from tenuto.rights.licences import is_unversioned, licence

__all__ = ["Mention", "meet", "meet_mentions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One naming of a licence: which, and from which word to which."""

    id: str | None
    """None where the name is of a licence that does not exist: CC BY-SA 5.0."""
    start: int
    end: int
    loose: bool = False
    """Whether it leaves the port open, as prose does."""
    exact: bool = False
    """Whether it is an address."""


def meet(one: str, other: str) -> str | None:
    """Give the more precise of two licence ids that agree, or None where they do not.

    A family without a version agrees with each of its members; version 2 alone with version 2 or later.
    """
    if one == other:
        return one
    return _narrower(one, other) or _narrower(other, one)


def _narrower(wide: str, narrow: str) -> str | None:
    if is_unversioned(wide) and licence(narrow).family == wide:
        return narrow
    stem = wide.removesuffix("-or-later")
    return narrow if stem != wide and narrow == f"{stem}-only" else None


def meet_mentions(one: Mention, other: Mention) -> Mention | None:
    """Give the more precise of two namings in one text, or None where they disagree."""
    if one.id is None or other.id is None:
        return None
    agreed = meet(one.id, other.id)
    if agreed is not None:
        return one if agreed == one.id and not (one.loose and other.exact) else other
    if _same_but_port(one, other) or (one.id == "public-domain" and other.id == "CC0-1.0"):
        return other
    return one if _same_but_port(other, one) or (other.id == "public-domain" and one.id == "CC0-1.0") else None


def _same_but_port(loose: Mention, ported: Mention) -> bool:
    if not loose.loose or loose.id is None or ported.id is None:
        return False
    one, other = licence(loose.id), licence(ported.id)
    return (one.family, one.version) == (other.family, other.version) and one.jurisdiction is None
