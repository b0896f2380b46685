"""What a statement says beside a licence's name, and takes back part of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tenuto.rights.clauses import Clause, near_names, others, read_clauses
from tenuto.rights.combine import Combined, combine
from tenuto.rights.licences import licence
from tenuto.rights.mention import Mention
from tenuto.rights.phrases import contains, first_of, phrases, sentences, word_set
from tenuto.rights.words import Text

__all__ = ["doubt", "objection"]

_CODES = {"nc", "nd", "sa"}
_FORM = "all rights reserved"
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = {"track", "tracks", "song", "songs", "disc", "side"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """A statement around the names in it."""

    text: Text
    combined: Combined
    clauses: tuple[Clause, ...]
    near: tuple[Clause, ...]
    """Those that may speak of the licences."""
    outside: bool
    """Whether the licence is named elsewhere: by an identifier, or by its own text."""

    @property
    def licences(self) -> tuple[str, ...]:
        return tuple(id_ for choice in self.combined.choices for id_ in choice)


def objection(text: Text, combined: Combined, mentions: tuple[Mention, ...], *, outside: bool = False) -> str | None:
    """Say what a statement, licences' own texts left out, takes back of the licences that it names, or None."""
    clauses = read_clauses(text, tuple((mention.start, mention.end) for mention in mentions))
    beside = _Beside(
        text=text, combined=combined, clauses=clauses, near=near_names(clauses, outside=outside), outside=outside
    )
    for look in (_reserved, _restricted, _doubted, _numbered):
        found = look(beside)
        if found is not None:
            return f'It names a licence and says "{found}".'
    stray = _stray_element(beside)
    if stray is not None:
        return f'It names a licence and adds "{stray}", which that licence has not.'
    other = _of_something_else(beside, mentions)
    return None if other is None else f'It names a licence and speaks of "{other}", not plainly of the music.'


def doubt(joined: str) -> str | None:
    """Give the first words that say a licence has ended or does not hold, or None."""
    return contains(joined, "doubts", "ended") or contains(joined, "doubts", "negated")


def _reserved(beside: _Beside) -> str | None:
    """Find a reservation of rights; "all rights reserved" is mere form in the notice of a text like MIT's."""
    form = any(licence(id_).family in {"MIT", "ISC", "Zlib", "BSD"} for id_ in beside.licences)
    pairs = zip(beside.clauses, (Clause(words=()), *beside.clauses), strict=False)
    mere = form and all(_is_notice(clause, before) for clause, before in pairs if _FORM in " ".join(clause.words))
    listed = (each for each in sentences("closed", "phrases") if not (mere and each.strip() == _FORM))
    return first_of(beside.text.joined, listed)


def _is_notice(clause: Clause, before: Clause) -> bool:
    """Tell whether a reservation belongs to a copyright notice and to nothing more."""
    words = before.words + clause.words if " ".join(clause.words) == _FORM else clause.words
    about = word_set("subjects", "music") | word_set("subjects", "other")
    marked = not {"copyright", "c"}.isdisjoint(words) or any(_YEAR.fullmatch(word) for word in words)
    return marked and about.isdisjoint(words)


def _restricted(beside: _Beside) -> str | None:
    non_commercial = all(not licence(id_).commercial for id_ in beside.licences)
    found = contains(beside.text.joined, "restrictions", "phrases")
    return None if found and non_commercial and "commercial" in found else found


def _doubted(beside: _Beside) -> str | None:
    """Find words that say the licence has ended, does not hold, or holds for a part, where they may be about it."""
    near = _joined(beside.near)
    if all(not licence(id_).commercial for id_ in beside.licences):
        for harmless in sentences("doubts", "noncommercial"):
            near = near.replace(harmless, " . ")
    kinds = ("partly", "unsure")
    return doubt(near) or next((found for kind in kinds if (found := contains(near, "doubts", kind))), None)


def _joined(clauses: Iterable[Clause]) -> str:
    return " . " + " . ".join(" ".join(word for word in clause.words if word != ",") for clause in clauses) + " . "


def _numbered(beside: _Beside) -> str | None:
    """Find `track 3`: what is said of one track may not hold for another."""
    for clause in beside.near:
        for one, other in zip(clause.words, clause.words[1:], strict=False):
            if one in _COUNTED and other.isdecimal():
                return f"{one} {other}"
    return None


def _stray_element(beside: _Beside) -> str | None:
    """Find a spelled-out NonCommercial, NoDerivatives or ShareAlike outside the names that they belong to."""
    families = [licence(id_).family for id_ in beside.licences]
    words = beside.text.words
    inside = {place for start, end in beside.combined.spans for place in range(start, end)}
    for place in range(len(words)):
        found = phrases("elements").at(words, place)
        spelled = found is not None and found[0] in _CODES and words[place].text not in _CODES
        if spelled and found is not None and place not in inside and not _has(families, found[0]):
            return " ".join(word.text for word in words[place : found[1]])
    return None


def _has(families: list[str], element: str) -> bool:
    return all(element.upper() in family.split("-") for family in families)


def _of_something_else(beside: _Beside, mentions: tuple[Mention, ...]) -> str | None:
    """Name what the licence may be about instead, unless the same licence is plainly said of the music."""
    other = others(beside.near)
    if other is None:
        return None
    plain = [clause for clause in beside.clauses if clause.speaks_of_rights and clause.is_of_the_music]
    if beside.outside:
        unplain = others(clause for clause in beside.near if clause.speaks_of_rights and clause not in plain)
        return other if unplain or not plain else None
    said = combine(tuple(mentions[number] for clause in plain for number in clause.names), beside.text)
    return None if said is not None and said.choices == beside.combined.choices else other
