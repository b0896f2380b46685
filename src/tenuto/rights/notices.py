"""Copyright notices inside a statement: a mark, years, and a name of few words; or a name and that it waives rights."""

import re

from tenuto.rights.phrases import phrases, word_set
from tenuto.rights.words import Word

__all__ = ["holder_runs", "notice_places"]

_MOST = 3  # words of a name; with more it may be the start of a sentence
_ABBREVIATION = 3  # letters; a longer word in capitals may be one of a sentence
_YEARS = re.compile(r"(?:19|20)\d\d")
_SHORT_YEAR = re.compile(r"\d\d?")


def notice_places(words: tuple[Word, ...]) -> set[int]:
    """Give the places of the words in copyright notices."""
    found: set[int] = set()
    for place, word in enumerate(words):
        if _is_mark(word):
            found.update(range(place, _years_end(words, place + 1)), _name(words, place))
        waiver = phrases("waivers").at(words, place)
        if waiver is not None:
            found.update(range(place, waiver[1]), _name_before(words, place))
    return found


def holder_runs(words: tuple[Word, ...]) -> frozenset[tuple[str, ...]]:
    """Give the names that copyright notices hold."""
    runs: set[tuple[str, ...]] = set()
    for place, word in enumerate(words):
        if _is_mark(word):
            runs.add(tuple(words[each].text for each in _name(words, place)))
    return frozenset(run for run in runs if run)


def _name(words: tuple[Word, ...], place: int) -> range:
    """Give where the holder's name stands: behind a sign or year, or before a sign; "copyright" alone shows none."""
    years = _years_end(words, place + 1)
    if words[years - 1].text not in word_set("notices", "signs") and not words[years - 1].text.isdecimal():
        return range(0)
    return _name_after(words, years) or _name_before(words, place)


def _is_mark(word: Word) -> bool:
    return word.address is None and word.text in word_set("notices", "marks")


def _years_end(words: tuple[Word, ...], place: int) -> int:
    while place < len(words) and _goes_on(words[place]):
        place += 1
    return place


def _goes_on(word: Word) -> bool:
    short = word.glue == "-" and _SHORT_YEAR.fullmatch(word.text)
    return _is_mark(word) or word.text == "by" or bool(short or _YEARS.fullmatch(word.text))


def _name_after(words: tuple[Word, ...], start: int) -> range:
    """Give where the name behind a mark stands: words with capitals, up to the end of the item."""
    end = start
    most = min(len(words), start + _MOST)
    while end < most and _is_of_name(words[end]) and (end == start or not _parts(words, end)):
        end += 1
    return range(start, end)


def _name_before(words: tuple[Word, ...], end: int) -> range:
    """Give where the name before a mark stands, if it starts its item: `GPL; Ann Example (C) 2004`."""
    start = end
    while start and end - start < _MOST and not _parts(words, start) and _is_of_name(words[start - 1]):
        start -= 1
    starts = start < end and (start == 0 or _parts(words, start))
    return range(start, end) if starts else range(end, end)


def _parts(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether something ends before a word; the full stop behind an initial ends nothing."""
    initial = words[place].stop == "." and len(words[place - 1].text) == 1
    return bool(words[place].stop) and not initial


def _is_of_name(word: Word) -> bool:
    """Tell whether a word looks like part of a name; one all in capitals does only if it is short."""
    if word.text in word_set("notices", "groups"):
        return True
    plain = word.address is None and word.title and word.text.isascii()
    short = not word.upper or len(word.text) <= _ABBREVIATION
    return plain and short and word.text not in word_set("notices", "never")
