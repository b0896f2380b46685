"""From the licences a statement names, in order, to one choice among them, or a conflict."""

import itertools
from dataclasses import dataclass

from tenuto.rights.expressions import Choices
from tenuto.rights.mention import Mention, meet_mentions
from tenuto.rights.mentions import MOST
from tenuto.rights.phrases import word_set
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
    if not mentions:
        return None
    if any(mention.id is None for mention in mentions) or len(mentions) > MOST:
        return Combined(unknown=True)
    alternatives: list[list[Mention]] = [[mentions[0]]]
    for previous, mention in itertools.pairwise(mentions):
        if not _agree(alternatives, mention) and not _join(
            alternatives, mention, _between(text.words, previous, mention)
        ):
            return Combined(conflict=True)
    return Combined(choices=_choices(alternatives), spans=tuple((mention.start, mention.end) for mention in mentions))


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
