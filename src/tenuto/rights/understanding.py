"""What of a statement is not understood, word by word: whatever no list of harmless words has."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenuto.rights.licences import licence
from tenuto.rights.mention import Mention
from tenuto.rights.mentions import find_mentions
from tenuto.rights.notices import notice_places
from tenuto.rights.phrases import Phrases, phrases, word_set
from tenuto.rights.words import Text, Word, read_words

__all__ = ["Said", "name_runs", "names_somebody", "not_understood", "said"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_NAME = 12  # words; a longer one is a sentence
_MOST_QUOTED = 5
_LONGEST_QUOTE = 40
_ELSEWHERE = ("term", "condition", "legal", "polic", "copyright", "rights", "restrict", "forbid", "agree")

Run = tuple[str, ...]
"""Words in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of a statement, and which of them are not understood."""

    words: tuple[str, ...] = ()
    strange: tuple[int, ...] = ()
    """Places of the words that are neither part of a licence's name or text, nor harmless."""

    def beyond(self, names: frozenset[Run]) -> tuple[str, ...]:
        """List the words not understood, each once, in order, less those that stand in one of some names."""
        if not self.strange:
            return ()
        known = set(_known(self.words, names))
        return tuple(dict.fromkeys(self.words[place] for place in self.strange if place not in known))


def _known(words: tuple[str, ...], names: frozenset[Run]) -> Iterator[int]:
    """Give the places of words in names, and of a year behind one; a name counts whole, its words by themselves not."""
    by_first: dict[str, list[Run]] = {}
    for name in names:
        by_first.setdefault(name[0], []).append(name)
    for place, word in enumerate(words):
        for name in by_first.get(word, ()):
            if words[place : place + len(name)] == name:
                end = place + len(name)
                yield from range(place, end + bool(end < len(words) and _YEAR.fullmatch(words[end])))


def said(text: Text, mentions: Iterable[Mention], ids: Iterable[str] = ()) -> Said:
    """Find the words of a statement that are not understood; linear in its words.

    Understood are the names of licences, addresses that point to no terms, copyright notices, and the words and
    phrases of wording.toml that are harmless in every sentence; beside licences without commercial use, that too.
    """
    words = text.words
    inside = {place for mention in mentions for place in range(mention.start, mention.end)} | notice_places(words)
    named = list(ids)
    unpaid = bool(named) and all(not licence(id_).commercial for id_ in named)
    inside.update(_phrased(words, phrases("understood_phrases")))
    inside.update(_phrased(words, phrases("understood_unpaid")) if unpaid else ())
    strange = (
        place
        for place, word in enumerate(words)
        if place not in inside and not _is_harmless(word) and not _is_plain_address(text, word)
    )
    return Said(words=tuple(_spelled(text, word) for word in words), strange=tuple(strange))


def _spelled(text: Text, word: Word) -> str:
    return word.text if word.address is None else text.addresses[word.address].url


def _is_plain_address(text: Text, word: Word) -> bool:
    """Tell whether a word is an address, and none where further terms may stand."""
    if word.address is None:
        return False
    address = text.addresses[word.address]
    host, _, page = address.url.lower().partition("://")[2].partition("/")
    known = address.licence is not None or host.removeprefix("www.") in word_set("understood", "hosts")
    return known or not any(part in page for part in _ELSEWHERE)


def _phrased(words: tuple[Word, ...], listed: Phrases) -> Iterator[int]:
    for place in range(len(words)):
        found = listed.at(words, place)
        if found is not None:
            yield from range(place, found[1])


def _is_harmless(word: Word) -> bool:
    return word.glue != "-" and word.address is None and word.text in word_set("understood", "words")


def not_understood(words: tuple[str, ...]) -> str:
    """Say which words are not understood, the first few of them."""
    quoted = ", ".join(f'"{word[:_LONGEST_QUOTE]}"' for word in words[:_MOST_QUOTED])
    more = " and more" if len(words) > _MOST_QUOTED else ""
    return f"it says {quoted}{more}, which is not understood."


def name_runs(text: str) -> frozenset[Run]:
    """Give a name as words; nothing where it is no name: it names a licence, or is as long as a sentence."""
    read = read_words(text)
    run = tuple(word.text for word in read.words if word.address is None)
    plain = 0 < len(run) <= _LONGEST_NAME and not find_mentions(read).mentions
    return frozenset({run}) if plain else frozenset()


def names_somebody(text: str) -> bool:
    """Tell whether a holder or notice has a word beside licences, harmless words, addresses and years; or a mailbox."""
    read = read_words(text)
    inside = {place for one in find_mentions(read).mentions for place in range(one.start, one.end)}
    mailbox = any("@" in address.url for address in read.addresses)
    return mailbox or any(
        place not in inside and word.address is None and not word.text[0].isdigit() and not _is_harmless(word)
        for place, word in enumerate(read.words)
    )
