"""From the licences a statement names, in order, to one choice among them, or a conflict."""

import itertools
from dataclasses import dataclass

from tenuto.rights.expressions import Choices
from tenuto.rights.licences import licence
from tenuto.rights.mention import Mention, meet_mentions
from tenuto.rights.mentions import MOST
from tenuto.rights.phrases import contains, word_set
from tenuto.rights.words import Text, Word

__all__ = ["Combined", "combine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """What the namings of one statement amount to."""

    choices: Choices = ()
    spans: tuple[tuple[int, int], ...] = ()
    """From which word to which each name goes."""
    conflict: bool = False
    unknown: bool = False
    """Whether one name is of a licence that does not exist."""


def combine(mentions: tuple[Mention, ...], text: Text) -> Combined | None:
    """Combine the namings of a statement; None where there is none.

    A naming that agrees with an earlier one makes it more precise. `or` between two offers a choice, `and` asks for
    both, and two that merely stand in one text and disagree are a conflict.
    """
    named = (*mentions, *_own_text(text, mentions))
    if not named:
        return None
    if any(mention.id is None for mention in named) or len(mentions) > MOST:
        return Combined(unknown=True)
    alternatives: list[list[Mention]] = [[named[0]]]
    for previous, mention in itertools.pairwise(named):
        if not _agree(alternatives, mention) and not _join(
            alternatives, mention, _between(text.words, previous, mention)
        ):
            return Combined(conflict=True)
    return Combined(choices=_choices(alternatives), spans=tuple((mention.start, mention.end) for mention in named))


def _own_text(text: Text, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Name the licence whose own sentences the text holds."""
    joined = text.joined
    for id_ in ("MIT", "ISC", "Zlib", "Unlicense"):
        if contains(joined, "texts", id_):
            return (Mention(id=id_, start=len(text.words), end=len(text.words)),)
    named = any(mention.id is not None and licence(mention.id).family == "BSD" for mention in mentions)
    if contains(joined, "texts", "BSD") and not named:
        return (Mention(id=_bsd(joined), start=len(text.words), end=len(text.words)),)
    return ()


def _bsd(joined: str) -> str:
    if " advertising materials mentioning " in joined:
        return "BSD-4-Clause"
    return (
        "BSD-3-Clause" if " neither the name " in joined or " names of its contributors " in joined else "BSD-2-Clause"
    )


def _agree(alternatives: list[list[Mention]], mention: Mention) -> bool:
    for group in alternatives:
        for place, known in enumerate(group):
            agreed = meet_mentions(known, mention)
            if agreed is not None:
                group[place] = agreed
                return True
    return False


def _between(words: tuple[Word, ...], previous: Mention, mention: Mention) -> frozenset[str]:
    return frozenset(word.text for word in words[previous.end : mention.start])


def _join(alternatives: list[list[Mention]], mention: Mention, between: frozenset[str]) -> bool:
    if not between <= word_set("joining", "words"):
        return False
    if "or" in between:
        alternatives.append([mention])
    elif "and" in between:
        alternatives[-1].append(mention)
    return bool(between & {"or", "and"})


def _choices(alternatives: list[list[Mention]]) -> Choices:
    chosen = (tuple(dict.fromkeys(mention.id for mention in group if mention.id)) for group in alternatives)
    return tuple(dict.fromkeys(chosen))
