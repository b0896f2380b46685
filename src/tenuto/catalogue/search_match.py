"""What FTS5 is asked: one group for each word, the ways it may be written joined by OR, groups joined by AND.

FTS5 walks such a question in the order of rows and skips within long lists, so it costs little even where every word
is frequent. Its own prefix search is used last: it merges the lists of all words with a beginning before the first row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenuto.catalogue.fold import LONGEST, SIZE, WHOLE
from tenuto.catalogue.search_asked import Asked, stands_unspaced
from tenuto.catalogue.search_words import STARTING, Words

__all__ = ["MERGED", "Group", "all_but_one", "every", "group", "near_names", "whole_names"]

MERGED = 100_000
"""Most matches that FTS5 may merge to serve a beginning; about 10 ms."""

_DROPPED = 8
_BRIEF = 8
_RUN, _LONG_RUN = 3, 16


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
    forms = [*word.forms, *_bent(word), *words.halves(word.key)] if forgiving else word.forms
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


def whole_names(asked: tuple[Asked, ...], groups: list[Group]) -> list[str]:
    """Ask for recordings that have every word and one more at most; and for those with a whole name among the words.

    That is a title, or performers, made of the first or the last words; the others must stand in the other name.
    """
    question, keys = every(groups), _keys(asked)
    if not (question and keys):
        return []
    found = [
        _named(name, whole, f"{other} : {every(rest)}" if rest else "")
        for name, other in (("title", "artist"), ("artist", "title"))
        for whole, rest in _cuts(keys, groups)
    ]
    return [_all([question, _sizes(len(keys), len(keys) + 1)]), _any(found)]


def near_names(asked: tuple[Asked, ...], groups: list[Group]) -> list[str]:
    """Ask for recordings of about as many words as are asked that lack any one, or have a whole name among them."""
    keys = _keys(asked)
    if not keys:
        return []
    sizes = _sizes(len(keys) - 1, len(keys) + 1)
    lacking = all_but_one(groups) if len(keys) > 1 else ""
    found = [_named(name, whole, sizes) for name in ("title", "artist") for whole, _ in _cuts(keys, groups)]
    return [_all([one, sizes]) for one in (every(groups), lacking) if one] + [_any(found)]


def _keys(asked: tuple[Asked, ...]) -> list[str]:
    """Give the words of a question short and free enough to name names."""
    return [] if len(asked) > _DROPPED or any(word.field for word in asked) else [word.key for word in asked]


def _cuts(keys: list[str], groups: list[Group]) -> Iterator[tuple[list[str], list[Group]]]:
    """Give each beginning and each end of the words, with the others."""
    for cut in range(1, len(keys) + 1):
        yield keys[:cut], groups[cut:]
    for cut in range(1, len(keys)):
        yield keys[cut:], groups[:cut]


def _sizes(least: int, most: int) -> str:
    return _any(f'"{SIZE}{size}"' for size in range(least, most + 1))


def _named(name: str, keys: list[str], rest: str) -> str:
    whole = f'{name} : "{WHOLE}{"".join(keys)[:LONGEST]}"'
    return _all([whole, rest]) if rest else whole


def _options(
    word: Asked, place: tuple[tuple[str, ...], str], words: Words, *, forgiving: bool
) -> tuple[dict[str, int], int]:
    """Give the words that may stand for one word of a form, and how many matches of longer ones are left out."""
    form, part = place
    open_ended = word.may_go_on(form, part)
    found, missed = words.starting(part, _BRIEF if forgiving else STARTING) if open_ended else (words.known([part]), 0)
    if open_ended and part not in found:
        found = words.known([part]) | found
    return (found | words.near(part) if forgiving and not stands_unspaced(part) else found), missed


def _bent(word: Asked) -> list[tuple[str, ...]]:
    """Give other ways to write a run without spaces, in which one sign, or the order of two, may be wrong.

    These are its pairs without those that hold its n-th sign, for each n; the pairs where two neighbours are swapped;
    and its pairs without the letter of another script that was hit beside it.
    """
    found = []
    for form in word.forms:
        kept = tuple(part for part in form if stands_unspaced(part))
        if 0 < len(kept) < len(form):
            found.append(kept)
        elif len(form) >= _RUN - 1 and all(len(part) == 2 for part in form) and len(kept) == len(form):  # noqa: PLR2004 - a pair
            found += [
                rest
                for place in range(len(form) + 1)
                if (rest := tuple(part for at, part in enumerate(form) if at not in {place - 1, place}))
            ]
    return found + _swapped(word.key) if found else []


def _swapped(run: str) -> list[tuple[str, ...]]:
    if len(run) > _LONG_RUN or not all(map(stands_unspaced, run)):
        return []
    ways = (run[:at] + run[at + 1] + run[at] + run[at + 2 :] for at in range(len(run) - 1))
    return [tuple(dict.fromkeys(way[at : at + 2] for at in range(len(way) - 1))) for way in ways]


def _any(questions: Iterable[str]) -> str:
    kept = [question for question in dict.fromkeys(questions) if question]
    return kept[0] if len(kept) == 1 else f"({' OR '.join(kept)})" if kept else ""


def _all(questions: list[str]) -> str:
    return questions[0] if len(questions) == 1 else f"({' AND '.join(questions)})" if questions else ""
