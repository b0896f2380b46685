"""What one statement about rights says, in whatever spelling."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tenuto.rights.combine import Combined, combine
from tenuto.rights.expressions import Choices, read_expression
from tenuto.rights.mention import meet
from tenuto.rights.mentions import find_mentions, whole_mention
from tenuto.rights.phrases import contains
from tenuto.rights.prose import names_own_text, takes_back
from tenuto.rights.titles import read_title
from tenuto.rights.words import LONGEST, Text, read_words

__all__ = ["Statement", "StatementKind", "copyright_notice", "read_statement"]

_IDENTIFIER = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n]{1,300})")
_COMMENT_END = re.compile(r"(?:\*/|-->|#}|\*\))\s*$")
_NOTICE = re.compile(r"(?i)(?:©|℗|\(c\)|\(p\))\s*\S|\bcopyright\b|\bcopr\b")
_SHORT = 300  # characters a mere copyright notice may have


class StatementKind(StrEnum):
    """What a statement amounts to."""

    LICENCES = "licences"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    SILENT = "silent"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement, read."""

    kind: StatementKind
    choices: Choices = ()
    """Alternatives, each a tuple of licence ids that apply together; empty unless the kind is `licences`."""
    reason: str
    """One sentence: what in the statement says so."""

    @property
    def licences(self) -> tuple[str, ...]:
        """Every licence id named, once, in order."""
        return tuple(dict.fromkeys(id_ for choice in self.choices for id_ in choice))


def read_statement(text: str, *, licence_field: bool = True) -> Statement:
    """Read a statement about rights, of which the first 20,000 characters count; never raises, in linear time.

    1. `SPDX-License-Identifier:` lines, all of which apply; what stands beside them must not disagree.
    2. A licence's own text: the name in its heading.
    3. An SPDX or DEP-5 expression.
    4. Names and addresses of licences in prose; two that disagree are a conflict, as is a name and a reservation.
    5. No licence: a reservation of rights is closed; a word about licensing, or a `licence_field` that holds more
       than a copyright notice, is unknown; anything else is silent.
    """
    return _read(text[:LONGEST], licence_field)


def copyright_notice(text: str) -> str | None:
    """Give the text where it holds a copyright notice, on one line and cut to 300 characters; else None."""
    line = " ".join(text[:LONGEST].split())[:_SHORT]
    return line if _NOTICE.search(line) else None


@lru_cache(maxsize=512)  # a licence text beside an album speaks of each of its files
def _read(text: str, licence_field: bool) -> Statement:  # noqa: FBT001 - a cache takes what is positional
    read = read_words(text)
    identifiers = _IDENTIFIER.findall(read.plain)
    if identifiers:  # 1
        return _identified(identifiers, _IDENTIFIER.sub(" ", read.plain))
    title = read_title(text)
    if title is not None:  # 2
        return _stated(((title,),), "It is the text of")
    return _expression(read) or _prose(read, licence_field=licence_field)  # 3, 4, 5


def _identified(identifiers: list[str], rest: str) -> Statement:
    expressions = dict.fromkeys(_COMMENT_END.sub("", line).strip() for line in identifiers)
    choices = read_expression(" AND ".join(f"({line})" for line in expressions))
    if not choices:
        return _unknown("Its SPDX-License-Identifier is none that is known.")
    beside = _prose(read_words(rest), licence_field=False)
    named = {id_ for choice in choices for id_ in choice}
    strangers = [id_ for id_ in beside.licences if not any(meet(id_, one) for one in named)]
    if beside.kind in {StatementKind.CLOSED, StatementKind.CONFLICT} or strangers:
        return _conflict("Its SPDX-License-Identifier and the words beside it disagree.")
    return _stated(choices, "Its SPDX-License-Identifier names")


def _expression(text: Text) -> Statement | None:
    choices = _whole(text) or read_expression(text.plain.strip())
    if choices is None:
        return None
    if choices:
        return _stated(choices, "It names")
    named = find_mentions(text).mentions
    return _unknown("It joins a known licence with something unknown.") if named else None


def _whole(text: Text) -> Choices | None:
    """Read a text that is nothing but a licence's name."""
    mention = whole_mention(text)
    return None if mention is None or mention.id is None else ((mention.id,),)


def _prose(text: Text, *, licence_field: bool) -> Statement:
    found = find_mentions(text)
    if any(address.about_licences and address.licence is None for address in text.addresses):
        return _unknown("It gives the address of a licence that is not known.")
    if found.negated:
        return _unknown("It says what the licence is not.")
    combined = combine(found.mentions, text)
    if combined is not None:
        return _combined(combined, text)
    return _without_licence(text, licence_field=licence_field)


def _combined(combined: Combined, text: Text) -> Statement:
    if combined.unknown:
        return _unknown("It names a licence that does not exist.")
    reservation = contains(text.joined, "closed", "phrases")
    if combined.conflict:
        return _conflict("It names licences that disagree.")
    if reservation and not names_own_text(text):
        return _conflict(f'It names a licence and says "{reservation}".')
    objection = takes_back(text, combined)
    if objection is not None:
        return _conflict(objection)
    return _stated(combined.choices, "It names")


def _without_licence(text: Text, *, licence_field: bool) -> Statement:
    reservation = contains(text.joined, "closed", "phrases") or contains(text.joined, "closed", "weak")
    if reservation:
        return Statement(kind=StatementKind.CLOSED, reason=f'It says "{reservation}".')
    if not text.words:
        return _silent("It is empty.")
    if _speaks_of_licensing(text):
        return _unknown("It speaks of licensing but names no known licence.")
    if licence_field and not _is_notice(text.plain):
        return _unknown("It stands where a licence should, and names none that is known.")
    return _silent("It says nothing about a licence.")


def _speaks_of_licensing(text: Text) -> bool:
    by_stem = any(word.text.startswith(("licen", "lizen", "sublicen")) for word in text.words)
    return by_stem or contains(text.joined, "mentions", "phrases") is not None


def _is_notice(plain: str) -> bool:
    return len(plain) <= _SHORT and _NOTICE.search(plain) is not None


def _stated(choices: Choices, verb: str) -> Statement:
    names = " or ".join(" and ".join(choice) for choice in choices)
    return Statement(kind=StatementKind.LICENCES, choices=choices, reason=f"{verb} {names}.")


def _unknown(reason: str) -> Statement:
    return Statement(kind=StatementKind.UNKNOWN, reason=reason)


def _silent(reason: str) -> Statement:
    return Statement(kind=StatementKind.SILENT, reason=reason)


def _conflict(reason: str) -> Statement:
    return Statement(kind=StatementKind.CONFLICT, reason=reason)
