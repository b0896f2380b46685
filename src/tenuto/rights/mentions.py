"""Names of licences inside a statement: Creative Commons codes and titles, GNU and other families, addresses."""

from dataclasses import dataclass

from tenuto.rights.commons import read_commons
from tenuto.rights.families import read_family
from tenuto.rights.mention import Mention
from tenuto.rights.phrases import phrases, word_set
from tenuto.rights.words import Text, Word

__all__ = ["Found", "find_mentions", "whole_mention"]

_NEGATION_REACH = 5  # words before a name in which a "not" is about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a statement names."""

    mentions: tuple[Mention, ...]
    negated: bool = False
    """Whether one of them stands behind a "not"."""


def find_mentions(text: Text) -> Found:
    """List the licences a statement names, in order; linear in its words."""
    words = text.words
    mentions: list[Mention] = []
    place = 0
    while place < len(words):
        mention = _at(text, place)
        if mention is not None:
            mentions.append(mention)
        place = place + 1 if mention is None else mention.end
    return Found(mentions=tuple(mentions), negated=any(_negated(words, mention.start) for mention in mentions))


def whole_mention(text: Text) -> Mention | None:
    """Give the one licence that a statement is nothing but the name of, or None."""
    words = text.words
    if not words or text.addresses:
        return None
    alone = phrases("licences_alone").at(words, 0)
    if alone is not None and alone[1] == len(words):
        return Mention(id=alone[0], start=0, end=alone[1])
    mention = read_commons(words, 0) or read_family(words, 0)
    return mention if mention is not None and mention.end == len(words) else None


def _at(text: Text, place: int) -> Mention | None:
    word = text.words[place]
    if word.address is not None:
        licence = text.addresses[word.address].licence
        return None if licence is None else Mention(id=licence.id, start=place, end=place + 1, exact=True)
    if _is_example(text.words, place):
        return None
    return read_commons(text.words, place) or read_family(text.words, place)


def _is_example(words: tuple[Word, ...], place: int) -> bool:
    return [word.text for word in words[max(place - 2, 0) : place]] == ["e", "g"]


def _negated(words: tuple[Word, ...], start: int) -> bool:
    before = words[max(start - _NEGATION_REACH, 0) : start]
    return any(word.text in word_set("negations", "words") for word in before)
