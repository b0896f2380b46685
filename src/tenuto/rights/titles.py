"""A statement that is a licence's own text, and what it says besides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tenuto.rights.bodies import LONGEST_BODY, own_words, without
from tenuto.rights.licences import licence
from tenuto.rights.mention import Mention, meet_mentions
from tenuto.rights.mentions import find_mentions
from tenuto.rights.phrases import contains, word_set
from tenuto.rights.words import Text, Word, read_words

__all__ = ["Own", "read_own"]

_SHORTEST = 600  # characters of the shortest text with a heading
_LINES = 4  # of a heading
_FIRST_LINES = 8  # among which a heading starts
_LONGEST_LINE = 120
_START = 6_000  # characters in which they stand
_PROSE = 40  # words; a shorter statement repeats no licence
_MOST_FAMILIES = 3
_MOST_ADDED = 2_000  # words around a licence's own text; with more it is far longer than any


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A statement, told apart into a licence's own words and the rest."""

    id: str | None
    """The licence whose own text it is, by its heading or by sentences only it has; None where it is no such text."""
    headed: bool = False
    rest: Text
    """What it says in its own words, the names of licences among them."""


def read_own(text: str) -> Own:
    """Tell a licence's own words from the rest; a text counts as a licence's own by its words, not by its heading."""
    return _headed(text) or _repeating(read_words(text))


def _headed(text: str) -> Own | None:
    title = _title(text)
    if title is None:
        return None
    read = read_words(text, LONGEST_BODY)
    own = own_words(read.words, [title])
    if 2 * len(own) < len(read.words):
        return None
    rest = without(read, own)
    return Own(id=title, headed=True, rest=replace(rest, whole=read.whole and len(rest.words) <= _MOST_ADDED))


def _repeating(read: Text) -> Own:
    """Leave out whatever a statement repeats of the licences it names: a notice that the licence itself proposes."""
    if len(read.words) < _PROSE:
        return Own(id=None, rest=read)
    mentions = find_mentions(read).mentions
    id_ = _by_sentence(read.joined, [mention.id for mention in mentions if mention.id])
    named = {place for mention in mentions for place in range(mention.start, mention.end)}
    own = own_words(read.words, _families(mention.id for mention in (Mention(id=id_, start=0, end=0), *mentions)))
    return Own(id=id_, rest=without(read, own - named))


def _families(ids: Iterable[str | None]) -> list[str]:
    firsts = {licence(id_).family: id_ for id_ in reversed([id_ for id_ in ids if id_])}
    return list(reversed(firsts.values()))[:_MOST_FAMILIES]


def _by_sentence(joined: str, named: list[str]) -> str | None:
    """Give the licence whose own sentences the text holds."""
    found = next((id_ for id_ in ("MIT", "ISC", "Zlib", "Unlicense") if contains(joined, "texts", id_)), None)
    if found is None and contains(joined, "texts", "BSD") and all(licence(id_).family != "BSD" for id_ in named):
        return _bsd(joined)
    return found


def _bsd(joined: str) -> str:
    if " advertising materials mentioning " in joined:
        return "BSD-4-Clause"
    three = " neither the name " in joined or " names of its contributors " in joined
    return "BSD-3-Clause" if three else "BSD-2-Clause"


def _title(text: str) -> str | None:
    """Give the id of the licence that a text is headed with, or None."""
    if len(text) < _SHORTEST:
        return None
    lines = [line.strip() for line in text[:_START].splitlines() if line.strip()][: _FIRST_LINES + _LINES]
    for first in range(min(len(lines), _FIRST_LINES)):
        best: Mention | None = None
        for heading in _headings(lines[first : first + _LINES]):
            best = _only_name(heading) or best
        if best is not None:
            return best.id
    return None


def _headings(lines: list[str]) -> list[Text]:
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
