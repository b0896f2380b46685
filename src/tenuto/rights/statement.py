"""What one statement about rights says, in whatever spelling."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tenuto.rights.combine import Combined, combine
from tenuto.rights.expressions import Choices, read_expression
from tenuto.rights.mention import Mention, meet
from tenuto.rights.mentions import find_mentions, whole_mention
from tenuto.rights.phrases import contains
from tenuto.rights.prose import doubt, objection
from tenuto.rights.titles import Own, read_own
from tenuto.rights.words import LONGEST, Text, fold

__all__ = ["Statement", "StatementKind", "copyright_notice", "read_statement"]

_IDENTIFIER = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n]+)")
_COMMENT_END = re.compile(r"(?:\*/|-->|#}|\*\))\s*$")
_NOTICE = re.compile(r"(?i)(?:©|℗|\(c\)|\(p\))\s*\S|\bcopyright\b|\bcopr\b")
_QUESTION = re.compile(r"\?(?:[\s)\]\"']|$)")
_SHORT = 300  # characters a mere copyright notice may have
_ASIDE = 80  # characters of a text in which a question is about the licence


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
    """Read a statement about rights; never raises, in time linear in its length.

    1. A text too long to be read whole grants nothing, whatever its beginning says.
    2. `SPDX-License-Identifier:` lines, all of which apply; what stands beside them must not disagree.
    3. An SPDX or DEP-5 expression.
    4. A licence's own text, or names and addresses of licences in prose. Two that disagree are a conflict, and so are
       a licence and words that take it back, or that speak of something else than the music.
    5. No licence: a reservation of rights is closed; a word about licensing, or a `licence_field` that holds more
       than a copyright notice, is unknown; anything else is silent.
    """
    return _read(text.strip(), licence_field)


def copyright_notice(text: str) -> str | None:
    """Give the text where it holds a copyright notice, on one line and cut to 300 characters; else None."""
    line = " ".join(text[:LONGEST].split())[:_SHORT]
    return line if _NOTICE.search(line) else None


@lru_cache(maxsize=512)  # a licence text beside an album speaks of each of its files
def _read(text: str, licence_field: bool) -> Statement:  # noqa: FBT001 - a cache takes what is positional
    identifiers = _IDENTIFIER.findall(fold(text)[0])
    own = read_own(_IDENTIFIER.sub(" ", text) if identifiers else text)
    if not own.rest.whole:  # 1
        return _too_long(own, named=bool(identifiers))
    if identifiers:  # 2
        return _identified(identifiers, own)
    return _expression(own.rest) or _prose(own, licence_field=licence_field)  # 3, 4, 5


def _too_long(own: Own, *, named: bool) -> Statement:
    """Judge a text by its beginning alone, which may close and never opens."""
    if named or own.id is not None or find_mentions(own.rest).mentions:
        return _conflict("It names a licence and is too long to be read whole.")
    reservation = contains(own.rest.joined, "closed", "phrases")
    if reservation:
        return Statement(kind=StatementKind.CLOSED, reason=f'It says "{reservation}".')
    return _unknown("It is too long to be read whole.")


def _identified(identifiers: list[str], own: Own) -> Statement:
    expressions = dict.fromkeys(_COMMENT_END.sub("", line).strip() for line in identifiers)
    choices = read_expression(" AND ".join(f"({line})" for line in expressions))
    if not choices:
        return _unknown("Its SPDX-License-Identifier is none that is known.")
    found = _mentions(own)
    beside = _named(own, found, Combined(choices=choices)) or _stated(choices, "Its SPDX-License-Identifier names")
    named = {id_ for choice in choices for id_ in choice}
    strangers = [one for one in found if one.id is None or not any(meet(one.id, id_) for id_ in named)]
    if beside.kind is not StatementKind.LICENCES or strangers:
        return _conflict("Its SPDX-License-Identifier and the words beside it disagree.")
    return beside


def _expression(text: Text) -> Statement | None:
    choices = _whole(text) or read_expression(text.plain.strip())
    if choices is None or _QUESTION.search(text.plain) or doubt(text.joined):
        return None
    if choices:
        return _stated(choices, "It names")
    named = find_mentions(text).mentions
    return _unknown("It joins a known licence with something unknown.") if named else None


def _whole(text: Text) -> Choices | None:
    """Read a text that is nothing but a licence's name."""
    mention = whole_mention(text)
    return None if mention is None or mention.id is None else ((mention.id,),)


def _mentions(own: Own) -> tuple[Mention, ...]:
    """List what a statement names, first the licence whose own text it is."""
    body = () if own.id is None else (Mention(id=own.id, start=0, end=0),)
    return (*body, *find_mentions(own.rest).mentions)


def _prose(own: Own, *, licence_field: bool) -> Statement:
    mentions = _mentions(own)
    combined = combine(mentions, own.rest)
    if combined is None:
        return _unknown_address(own.rest) or _without_licence(own.rest, licence_field=licence_field)
    return _named(own, mentions, combined) or _stated(
        combined.choices, "It is the text of" if own.headed else "It names"
    )


def _named(own: Own, mentions: tuple[Mention, ...], combined: Combined) -> Statement | None:
    """Say what stands against the licences that a statement names, or None."""
    text = own.rest
    if find_mentions(text).negated:
        return _unknown("It says what the licence is not.")
    if combined.unknown:
        return _unknown("It names a licence that does not exist.")
    if combined.conflict:
        return _conflict("It names licences that disagree.")
    if len(text.plain) <= _ASIDE and _QUESTION.search(text.plain):
        return _conflict("It names a licence and asks.")
    outside = own.id is not None or not combined.spans
    objected = objection(text, combined, mentions, outside=outside)
    return _unknown_address(text) if objected is None else _conflict(objected)


def _unknown_address(text: Text) -> Statement | None:
    addresses = [text.addresses[word.address] for word in text.words if word.address is not None]
    if any(address.about_licences and address.licence is None for address in addresses):
        return _unknown("It gives the address of a licence that is not known.")
    return None


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
