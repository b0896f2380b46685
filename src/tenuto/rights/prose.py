"""What a statement says beside a licence's name, and takes back part of it."""

from tenuto.rights.combine import Combined
from tenuto.rights.licences import licence
from tenuto.rights.phrases import contains, phrases
from tenuto.rights.words import Text, Word

__all__ = ["names_own_text", "takes_back"]

_SHORT = 400  # words; longer texts explain licences, and speak of what each forbids
_CODES = {"nc", "nd", "sa"}


def names_own_text(text: Text) -> bool:
    """Tell whether a text is a licence's own, where "all rights reserved" is mere form."""
    return any(contains(text.joined, "texts", id_) for id_ in ("MIT", "ISC", "Zlib", "BSD"))


def takes_back(text: Text, combined: Combined) -> str | None:
    """Say what a short statement takes back of the licence it names, or None."""
    if len(text.words) > _SHORT or names_own_text(text):
        return None
    non_commercial = all(not licence(id_).commercial for choice in combined.choices for id_ in choice)
    restriction = contains(text.joined, "restrictions", "phrases")
    if restriction and not (non_commercial and "commercial" in restriction):
        return f'It names a licence and adds "{restriction}".'
    stray = _stray_element(text.words, combined)
    return None if stray is None else f'It names a licence and adds "{stray}", which that licence has not.'


def _stray_element(words: tuple[Word, ...], combined: Combined) -> str | None:
    """Find a spelled-out NonCommercial, NoDerivatives or ShareAlike outside the names that they belong to."""
    families = [licence(id_).family for choice in combined.choices for id_ in choice]
    inside = {place for start, end in combined.spans for place in range(start, end)}
    for place in range(len(words)):
        found = phrases("elements").at(words, place)
        spelled = found is not None and found[0] in _CODES and words[place].text not in _CODES
        if spelled and found is not None and place not in inside and not _has(families, found[0]):
            return " ".join(word.text for word in words[place : found[1]])
    return None


def _has(families: list[str], element: str) -> bool:
    return all(element.upper() in family.split("-") for family in families)
