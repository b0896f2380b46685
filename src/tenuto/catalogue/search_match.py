"""What FTS5 is asked: one group for each word, the ways it may be written joined by OR, groups joined by AND.

FTS5 walks such a question in the order of rows and skips within long lists, so it costs little even where every word
is frequent. Its own prefix search is used last: it merges the lists of all words with a beginning before the first row.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tenuto.catalogue.fold import WHOLE
from tenuto.catalogue.search_asked import Asked
from tenuto.catalogue.search_words import Words

__all__ = ["MERGED", "Group", "all_but_one", "every", "group", "whole_titles"]

MERGED = 100_000
"""Most matches that FTS5 may merge to serve a beginning; about 10 ms."""

_DROPPED = 8
_RUN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A word as it is looked for."""

    question: str
    """In FTS5's words; empty where the index has nothing like it."""
    exact: frozenset[str]
    """Words that answer it as it was written."""
    words: frozenset[str]
    """Words that answer it at all."""
    beginning: str
    """What longer words that answer it begin with; empty where none do."""
    rows: int
    """Matches at most, counted by words."""
    left_out: int
    """Matches of longer words that are not asked for, since there are too many of them."""


def group(word: Asked, words: Words, *, forgiving: bool = False, merging: bool = False) -> Group:
    """Look a word up; forgiving a typing error, and letting FTS5 merge all that begins like it, where asked to."""
    forms = [*word.forms, *_short_of_a_sign(word)] if forgiving else word.forms
    exact = frozenset((word.key, *(part for form in word.forms for part in form)))
    questions, answers, rows, left_out = [], set(exact), 0, 0
    for form in forms:
        parts = []
        for part in form:
            options, missed = _options(word, (form, part), words, forgiving=forgiving)
            merged = merging and missed
            parts.append(f'"{part}" *' if merged else _any(f'"{option}"' for option in options))
            answers |= set(options)
            left_out, rows = left_out + missed, rows + sum(options.values())
        if all(parts):
            questions.append(_all(parts))
    found = _any(questions)
    if found and word.field:
        found = f"{word.field} : {found}"
    beginning = next((part for form in word.forms for part in form if word.may_go_on(form, part)), "")
    return Group(
        question=found, exact=exact, words=frozenset(answers), beginning=beginning, rows=rows, left_out=left_out
    )


def every(groups: list[Group]) -> str:
    """Ask for every word; empty where one of them is nowhere."""
    return _all([one.question for one in groups]) if all(one.question for one in groups) else ""


def all_but_one(groups: list[Group]) -> str:
    """Ask for all words but those that are nowhere; where none is, for all but any one of the rarest."""
    there = [one for one in groups if one.question]
    if len(there) < len(groups):
        return every(there)
    rarest = sorted(there, key=lambda one: one.rows)[:_DROPPED]
    return _any(every([one for one in rarest if one is not dropped]) for dropped in rarest)


def whole_titles(asked: tuple[Asked, ...], groups: list[Group]) -> str:
    """Ask for recordings whose whole title is the first or the last of the words, by an artist that has the others."""
    keys = [word.key for word in asked]
    if len(keys) > _DROPPED or any(word.field for word in asked) or not every(groups):
        return ""
    found = []
    for cut in range(1, len(keys) + 1):
        found.append(_titled(keys[:cut], groups[cut:]))
        found.append(_titled(keys[-cut:], groups[:-cut]) if cut < len(keys) else "")
    return _any(found)


def _titled(keys: list[str], others: list[Group]) -> str:
    title = f'"{WHOLE}{"".join(keys)[:32]}"'
    return _all([title, f"artist : {every(others)}"]) if others else title


def _options(
    word: Asked, place: tuple[tuple[str, ...], str], words: Words, *, forgiving: bool
) -> tuple[dict[str, int], int]:
    """Give the words that may stand for one word of a form, and how many matches of longer ones are left out."""
    form, part = place
    open_ended = word.may_go_on(form, part)
    found, missed = words.starting(part) if open_ended else (words.known([part]), 0)
    if open_ended and part not in found:
        found = words.known([part]) | found
    return (found | words.near(part) if forgiving else found), missed


def _short_of_a_sign(word: Asked) -> list[tuple[str, ...]]:
    """Give the pairs of a run without those that hold its n-th sign, for each n: any one sign may be wrong."""
    return [
        rest
        for form in word.forms
        if len(form) >= _RUN - 1 and all(len(part) == 2 for part in form)  # noqa: PLR2004 - a pair
        for place in range(len(form) + 1)
        if (rest := tuple(part for at, part in enumerate(form) if at not in {place - 1, place}))
    ]


def _any(questions: Iterable[str]) -> str:
    kept = [question for question in dict.fromkeys(questions) if question]
    return kept[0] if len(kept) == 1 else f"({' OR '.join(kept)})" if kept else ""


def _all(questions: list[str]) -> str:
    return questions[0] if len(questions) == 1 else f"({' AND '.join(questions)})" if questions else ""
