"""Finding known phrases in a list of words, longest first, in one pass."""

from collections.abc import Iterable, Mapping
from functools import cache

from tenuto.rights.tables import table
from tenuto.rights.words import Word, scan

__all__ = ["Phrases", "contains", "first_of", "phrases", "sentences", "word_set"]


class Phrases:
    """A dictionary of phrases, each under a key."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for key, spellings in groups.items():
            for spelling in spellings:
                parts = tuple(word.text for word in scan(spelling.lower()))
                self._by_first.setdefault(parts[0], []).append((parts, key))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    @property
    def openings(self) -> frozenset[str]:
        """The words that a phrase can start with."""
        return frozenset(self._by_first)

    def at(self, words: tuple[Word, ...], start: int) -> tuple[str, int] | None:
        """Give the key of the longest phrase that starts at `start`, and where it ends; None where none does."""
        for parts, key in self._by_first.get(words[start].text, ()) if start < len(words) else ():
            end = start + len(parts)
            if tuple(word.text for word in words[start:end]) == parts:
                return key, end
        return None


@cache
def phrases(section: str) -> Phrases:
    """Give the phrases of one section of wording.toml."""
    return Phrases(table("wording.toml")[section])


@cache
def word_set(section: str, key: str) -> frozenset[str]:
    """Give a list of single words from wording.toml."""
    return frozenset(table("wording.toml")[section][key])


@cache
def sentences(section: str, key: str) -> tuple[str, ...]:
    """Give a list of phrases from wording.toml as `Text.joined` would hold them."""
    listed = table("wording.toml")[section][key]
    return tuple(" " + " ".join(word.text for word in scan(item.lower())) + " " for item in listed)


def contains(joined: str, section: str, key: str) -> str | None:
    """Give the first phrase of a list that the joined words hold, or None."""
    return first_of(joined, sentences(section, key))


def first_of(joined: str, listed: Iterable[str]) -> str | None:
    """Give the first of some phrases, blanks around each, that the joined words hold, or None."""
    return next((sentence.strip() for sentence in listed if sentence in joined), None)
