"""The licence that a whole licence text is headed with."""

from tenuto.rights.mention import Mention, meet_mentions
from tenuto.rights.mentions import find_mentions
from tenuto.rights.phrases import contains, word_set
from tenuto.rights.words import Text, Word, read_words

__all__ = ["read_title"]

_SHORTEST = 600  # characters of the shortest licence text
_LINES = 4
_LONGEST_LINE = 120
_BODY = 6_000  # characters in which a licence text shows what it is


def read_title(text: str) -> str | None:
    """Give the id of the licence whose own text this is, by its heading; None where it is no licence text."""
    if len(text) < _SHORTEST:
        return None
    best: Mention | None = None
    for heading in _headings(text):
        best = _only_name(heading) or best
    return best.id if best is not None and _is_licence_text(text[:_BODY]) else None


def _is_licence_text(start: str) -> bool:
    return contains(read_words(start).joined, "titles", "bodies") is not None


def _headings(text: str) -> list[Text]:
    lines = [line.strip() for line in text[:_BODY].splitlines() if line.strip()][:_LINES]
    short = [line for line in lines if len(line) <= _LONGEST_LINE]
    return [read_words(" ".join(short[: count + 1])) for count in range(len(short))]


def _only_name(heading: Text) -> Mention | None:
    """Give the one licence that a heading names and says nothing beside."""
    mentions = find_mentions(heading).mentions
    if not mentions or any(not _plain(word) for word in _beside(heading.words, mentions)):
        return None
    agreed: Mention | None = mentions[0]
    for mention in mentions[1:]:
        agreed = None if agreed is None else meet_mentions(agreed, mention)
    return agreed


def _beside(words: tuple[Word, ...], mentions: tuple[Mention, ...]) -> list[Word]:
    inside = {place for mention in mentions for place in range(mention.start, mention.end)}
    return [word for place, word in enumerate(words) if place not in inside]


def _plain(word: Word) -> bool:
    return word.address is not None or word.text[0].isdigit() or word.text in word_set("titles", "words")
