"""A statement as words: folded to plain lower case, addresses kept apart; linear in the text's length."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tenuto.model.rights import Licence
from tenuto.rights.licences import by_url

__all__ = ["Address", "Glue", "Text", "Word", "fold", "read_words", "scan"]

Glue = str
"""What stands before a word: `""` nothing, `"-"` a hyphen or underscore, `" "` anything else."""

_HOLE = "\ue000"  # private use; folding turns any in the text itself into a blank
_URL = re.compile(r"https?://[^\s<>\"\ue000]{1,300}|(?<![\w/.@-])(?:www\.)?creativecommons\.org/[^\s<>\"\ue000]{1,300}")
_WORD = re.compile(r"\ue000[0-9]+\ue000|[a-z]+|[0-9]+(?:\.[0-9]+)*|\+|[-_]+(?=[a-z0-9])|[^\sa-z0-9_+-]+|\s+|[-_]+")
_COMPOUNDS = {f"ccby{rest}": ("cc", "by", *parts) for rest, parts in (
    ("", ()), ("sa", ("sa",)), ("nd", ("nd",)), ("nc", ("nc",)), ("ncsa", ("nc", "sa")), ("ncnd", ("nc", "nd")),
)}
_TRAILING = ".,;:!?)]}'*"
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
        plain = self.url.casefold()
        home = plain.rstrip("/").removesuffix("/licenses").endswith("creativecommons.org")
        return not home and any(part in plain for part in ("licen", "lizenz", "publicdomain", "rightsstatement"))


@dataclass(frozen=True, slots=True)
class Word:
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

    @property
    def joined(self) -> str:
        """All words with single blanks between, and one at either end."""
        return " " + " ".join(word.text for word in self.words if word.address is None) + " "


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
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
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_fold_character, text))


def read_words(text: str) -> Text:
    """Read a statement into words and addresses."""
    plain = fold(text)
    lowered = text.lower()
    addresses: list[Address] = []

    def keep(match: re.Match[str]) -> str:
        url = match[0].rstrip(_TRAILING)
        addresses.append(_address(url, lowered))
        return f" {_HOLE}{len(addresses) - 1}{_HOLE} {match[0][len(url) :]}"

    return Text(plain=plain, words=scan(_URL.sub(keep, _lower_scheme(plain))), addresses=tuple(addresses))


def _lower_scheme(plain: str) -> str:
    return re.sub(r"(?i)https?://|creativecommons\.org/", lambda match: match[0].lower(), plain)


def _address(url: str, raw: str) -> Address:
    odd = url.lower() not in raw
    full = url if url.startswith("http") else f"http://{url}"
    return Address(url=url, licence=None if odd else by_url(full), odd=odd)


def scan(plain: str) -> tuple[Word, ...]:
    """Split folded text into words: letters, numbers with their dots, and `+`."""
    words: list[Word] = []
    glue = " "
    for match in _WORD.finditer(plain.lower()):
        piece = match[0]
        if piece[0] == _HOLE:
            words.append(Word(piece, " ", address=int(piece.strip(_HOLE))))
            glue = " "
        elif piece[0].isascii() and (piece[0].isalnum() or piece[0] == "+"):
            upper = plain[match.start() : match.end()].isupper()
            words.extend(_split(piece, glue, upper=upper))
            glue = ""
        elif piece[0] in "-_":
            glue = "-" if glue == "" and len(piece) == 1 else " "
        else:
            glue = " "
    return tuple(words)


def _split(piece: str, glue: Glue, *, upper: bool) -> tuple[Word, ...]:
    first, *rest = _COMPOUNDS.get(piece, (piece,))
    return (Word(first, glue, upper=upper), *(Word(part, "", upper=upper) for part in rest))
