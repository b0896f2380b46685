"""Names of licences inside a statement: Creative Commons codes and titles, GNU and other families, addresses."""

from dataclasses import dataclass
from functools import cache

from tenuto.rights.commons import read_commons
from tenuto.rights.families import family_names, read_family
from tenuto.rights.mention import Mention
from tenuto.rights.phrases import phrases, word_set
from tenuto.rights.words import Text, Word

__all__ = ["MOST", "Found", "find_mentions", "whole_mention"]

MOST = 64
"""Namings in one statement that are compared with one another; a text with more is no statement."""

_PACKAGING_REACH = 24
_NEGATION_REACH = 5  # words before a name in which a "not" is about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a statement names."""

    mentions: tuple[Mention, ...]
    negated: bool = False
    """Whether one of them stands behind a "not"."""


def find_mentions(text: Text) -> Found:
    """List the licences a statement names, in order, up to one more than `MOST`; linear in its words."""
    words = text.words
    mentions: list[Mention] = []
    place = tried = 0
    openings = _openings()
    while place < len(words) and len(mentions) <= MOST:
        if words[place].address is None and words[place].text not in openings:
            place += 1
            continue
        mention, reached = _at(text, place, commons=place >= tried)
        tried = max(tried, reached)
        if mention is not None and (mention.exact or not _is_aside(words, place)):
            mentions.append(mention)
        place = place + 1 if mention is None else mention.end
    return Found(mentions=tuple(mentions), negated=any(_negated(words, mention.start) for mention in mentions))


@cache
def _openings() -> frozenset[str]:
    return phrases("brand").openings | phrases("elements").openings | family_names().openings


def whole_mention(text: Text) -> Mention | None:
    """Give the one licence that a statement is nothing but the name of, or None."""
    words = text.words
    if not words or text.addresses:
        return None
    alone = phrases("licences_alone").at(words, 0)
    if alone is not None and alone[1] == len(words):
        return Mention(id=alone[0], start=0, end=alone[1])
    mention = read_commons(words, 0)[0] or read_family(words, 0)
    return mention if mention is not None and mention.end == len(words) else None


def _at(text: Text, place: int, *, commons: bool) -> tuple[Mention | None, int]:
    """Give the naming that starts at a word, and up to where no Creative Commons name can start any more."""
    word = text.words[place]
    if word.address is not None:
        licence = text.addresses[word.address].licence
        return (None if licence is None else Mention(id=licence.id, start=place, end=place + 1, exact=True)), place
    mention, reached = read_commons(text.words, place) if commons else (None, place)
    return mention or read_family(text.words, place), reached


def _is_aside(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a name is an example ("e.g."), points to a text, or is about the packaging and not the music."""
    before = [word.text for word in words[max(place - _PACKAGING_REACH, 0) : place]]
    return before[-2:] == ["e", "g"] or before[-3:] == ["text", "of", "the"] or "packaging" in before


def _negated(words: tuple[Word, ...], start: int) -> bool:
    before = words[max(start - _NEGATION_REACH, 0) : start]
    return any(word.text in word_set("negations", "words") for word in before)
