"""A statement as words: folded to plain lower case, addresses kept apart; linear in the text's length."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tenuto.model.rights import Licence
from tenuto.rights.licences import by_url

__all__ = ["LONGEST", "Address", "Glue", "Text", "Word", "fold", "read_words", "scan"]

LONGEST = 20_000
"""Characters of a statement that are read: a licence is named before that."""

Glue = str
"""What stands before a word: `""` nothing, `"-"` a hyphen or underscore, `" "` anything else."""

_MOST_WORDS = 3_500  # about as many as 20,000 characters of real prose have
_HOLE = "\ue000"  # private use; folding turns any in the text itself into a blank
_URL = re.compile(
    r"https?://[^\s<>\"\ue000]{1,300}|/usr/share/common-licenses/[\w.+-]{1,80}|(?<![\w/.@-])(?:www\.)?creativecommons\.org/[^\s<>\"\ue000]{1,300}"
)
_WORD = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*|\+|\ue000[0-9]+\ue000")
_GLUES = {"-": "-", "_": "-"}
_COMPOUNDS = {
    "ccby": ("by",),
    "ccbysa": ("by", "sa"),
    "ccbynd": ("by", "nd"),
    "ccbync": ("by", "nc"),
    "ccbyncsa": ("by", "nc", "sa"),
    "ccbyncnd": ("by", "nc", "nd"),
}
_TRAILING = ".,;:!?)]}'*"
_INDEXES = {
    "creativecommons.org",
    "creativecommons.org/licenses",
    "creativecommons.org/compatiblelicenses",
    "gnu.org/licenses",
    "opensource.org/licenses",
    "apache.org/licenses",
}
_DROPPED = {"Mn", "Me", "Cf"}
_BLANK = {"Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A web address inside a statement."""

    url: str
    licence: Licence | None
    odd: bool
    """Whether it was not written in plain ASCII."""

    @property
    def about_licences(self) -> bool:
        """Whether it looks like the address of a licence."""
        plain = self.url.casefold().rpartition("://")[2].removeprefix("www.").rstrip("/")
        named = any(part in plain for part in ("licen", "lizenz", "publicdomain", "rightsstatement"))
        return named and plain not in _INDEXES and not plain.startswith("/")


class Word(NamedTuple):
    """One word or number, or the place of an address."""

    text: str
    glue: Glue
    upper: bool = False
    """Whether it was written in capitals."""
    address: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A statement, read into words."""

    plain: str
    """Folded, case kept, addresses in place."""
    words: tuple[Word, ...]
    addresses: tuple[Address, ...]

    joined: str
    """All words with single blanks between, and one at either end."""


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LNS" and not unicodedata.decomposition(character):
        return character
    plain = unicodedata.normalize("NFKD", character)
    return "".join(_fold_part(part) for part in plain)


def _fold_part(part: str) -> str:
    category = unicodedata.category(part)
    if category in _DROPPED:
        return ""
    if part in "\n\r\t":
        return part
    if category == "Pd":
        return "-"
    return " " if category in _BLANK else part


def fold(text: str) -> str:
    """Fold full-width, accented and otherwise dressed-up characters to plain ones, one by one; case stays."""
    start = text[:LONGEST]
    if start.isascii() and start.isprintable():
        return start
    return "".join(map(_fold_character, start))[:LONGEST]


def read_words(text: str) -> Text:
    """Read a statement into words and addresses."""
    plain = fold(text)
    lowered = text.lower()
    addresses: list[Address] = []

    def keep(match: re.Match[str]) -> str:
        url = match[0].rstrip(_TRAILING)
        addresses.append(_address(url, lowered))
        return f" {_HOLE}{len(addresses) - 1}{_HOLE} {match[0][len(url) :]}"

    words = scan(_URL.sub(keep, _lower_scheme(plain)))
    joined = " ".join(word.text for word in words if word.address is None)
    return Text(plain=plain, words=words, addresses=tuple(addresses), joined=f" {joined} ")


def _lower_scheme(plain: str) -> str:
    return re.sub(r"(?i)https?://|creativecommons\.org/", lambda match: match[0].lower(), plain)


def _address(url: str, raw: str) -> Address:
    odd = url.lower() not in raw
    full = url if "://" in url else f"http://{url}"
    return Address(url=url, licence=None if odd else by_url(full), odd=odd)


def scan(plain: str) -> tuple[Word, ...]:
    """Split folded text into words: letters, numbers with their dots, and `+`."""
    lower = plain.lower()
    words: list[Word] = []
    end = -1
    for match in _WORD.finditer(lower):
        start = match.start()
        glue = "" if start == end else _GLUES.get(lower[end:start], " ") if end >= 0 else " "
        end = match.end()
        words.extend(_split(match[0], glue, upper=plain[start:end].isupper()))
        if len(words) >= _MOST_WORDS:
            break
    return tuple(words)


def _split(piece: str, glue: Glue, *, upper: bool) -> tuple[Word, ...]:
    if piece[0] == _HOLE:
        return (Word(piece, " ", address=int(piece.strip(_HOLE))),)
    parts = _COMPOUNDS.get(piece)
    if parts is None:
        return (Word(piece, glue, upper),)
    return (Word("cc", glue, upper), *(Word(part, "", upper) for part in parts))
