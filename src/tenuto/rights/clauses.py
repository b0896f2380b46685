"""A statement as clauses, each with the licences it names, and what each clause speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass

from tenuto.rights.phrases import phrases, word_set
from tenuto.rights.words import Text, Word

__all__ = ["NAME", "Clause", "near_names", "others", "read_clauses"]

NAME = "|"
"""What stands for a licence's name among the words of a clause."""

_ENDS = {"\n", "."}
_HEADING = 6  # words a line may have that says what the next one is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Words up to the end of a sentence or line."""

    words: tuple[str, ...]
    """Names are `|`, and `,` stands between the items of a list."""
    names: tuple[int, ...] = ()
    """Which of the statement's namings stand in it."""
    is_line: bool = False
    """Whether it ends with its line and not with a full stop, as a heading does."""

    @property
    def speaks_of_rights(self) -> bool:
        """Tell whether it is about a licence, named or not."""
        return bool(self.names) or not word_set("subjects", "rights").isdisjoint(self.words)

    @property
    def subjects(self) -> frozenset[str]:
        """What it speaks of that is not the music."""
        return word_set("subjects", "other").intersection(self.words)

    @property
    def is_of_the_music(self) -> bool:
        """Tell whether it plainly speaks of the music: of nothing else, or in a list that it starts with."""
        music = word_set("subjects", "music")
        if not self.subjects:
            return not music.isdisjoint(self.words)
        items, rest = _leading_list(self.words)
        plain = all(item <= music or item <= word_set("subjects", "other") for item in items)
        return plain and any(item <= music for item in items) and not rest & word_set("subjects", "other")

    @property
    def starts_with_another(self) -> bool:
        """Tell whether what it speaks of first is not the music, as a heading does."""
        first = next((word for word in self.words if word not in word_set("subjects", "determiners")), "")
        return first in word_set("subjects", "other")

    @property
    def leans_on_others(self) -> bool:
        """Tell whether it does not say what it speaks of, so that what stands before it may."""
        return self.words[0] in word_set("subjects", "leaning") | word_set("subjects", "rights") | {NAME}


def _leading_list(words: tuple[str, ...]) -> tuple[list[frozenset[str]], frozenset[str]]:
    """Give the items of the list that a clause starts with, and all words behind it."""
    things = word_set("subjects", "music") | word_set("subjects", "other")
    items: list[set[str]] = [set()]
    for place, word in enumerate(words):
        if word in things:
            items[-1].add(word)
        elif word in word_set("subjects", "joiners"):
            items.append(set())
        elif word not in word_set("subjects", "determiners"):
            return [frozenset(item) for item in items if item], frozenset(words[place:])
    return [frozenset(item) for item in items if item], frozenset()


def read_clauses(text: Text, spans: tuple[tuple[int, int], ...]) -> tuple[Clause, ...]:
    """Split a statement into clauses; `spans` are where its namings stand, from which word to which."""
    starts = {start: (number, end) for number, (start, end) in enumerate(spans) if end > start}
    found: list[Clause] = []
    words: list[str] = []
    names: list[int] = []
    place = 0
    while place < len(text.words):
        word = text.words[place]
        if word.stop in _ENDS and words:
            found.append(Clause(words=tuple(words), names=tuple(names), is_line=word.stop == "\n"))
            words, names = [], []
        words += [","] * (word.stop == ",")
        number, end = starts.get(place, (None, _neutral(text.words, place)))
        if number is not None:
            words.append(NAME)
            names.append(number)
        elif end == place and word.address is None:
            words.append(word.text)
        place = max(end, place + 1)
    return (*found, Clause(words=tuple(words), names=tuple(names), is_line=True)) if words else tuple(found)


def _neutral(words: tuple[Word, ...], place: int) -> int:
    found = phrases("neutral").at(words, place)
    return place if found is None else found[1]


def near_names(clauses: tuple[Clause, ...], *, outside: bool) -> tuple[Clause, ...]:
    """List the clauses that may speak of the licences named: those of rights, those behind the first name, headings.

    Where the licence is named `outside` of them, all may.
    """
    first = next((place for place, clause in enumerate(clauses) if clause.names), len(clauses))
    before = [clause for place, clause in enumerate(clauses[:first]) if outside or _is_near(clauses, place, first)]
    return (*before, *clauses[first:])


def _is_near(clauses: tuple[Clause, ...], place: int, first: int) -> bool:
    clause = clauses[place]
    leans = first < len(clauses) and clauses[first].leans_on_others
    last = place == first - 1 and (clause.is_line or leans)
    heads = clause.starts_with_another or len(clause.words) <= _HEADING
    return clause.speaks_of_rights or (last and heads) or (leans and clause.starts_with_another)


def others(clauses: Iterable[Clause]) -> str | None:
    """Name something that some clauses speak of and that is not the music, or None."""
    found = next((clause for clause in clauses if clause.subjects), None)
    return None if found is None else next(word for word in found.words if word in word_set("subjects", "other"))
