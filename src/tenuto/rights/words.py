"""A statement as words: folded to plain lower case, addresses kept apart; linear in the text's length."""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from tenuto.model.rights import Licence
from tenuto.rights.licences import by_url

__all__ = ["LONGEST", "Address", "Glue", "Stop", "Text", "Word", "fold", "read_words", "scan"]

LONGEST = 20_000
"""Characters of a statement that are read; of a longer one only a licence's own text is read whole."""

Glue = str
"""What stands before a word: `""` nothing, `"-"` a hyphen or underscore, `" "` anything else."""

Stop = str
"""What ends before a word: `""` nothing, `","` an item of a list, `"\\n"` a line or paragraph, `"."` a sentence."""

_CHARACTERS_A_WORD = 5  # of real prose at least so many go to a word, its blank counted
_HOLE = "\ue000"  # private use; folding turns any in the text itself into a blank
_URL = re.compile(
    r"https?://[^\s<>\"\ue000]{1,300}|/usr/share/common-licenses/[\w.+-]{1,80}|(?<![\w/.@-])(?:www\.)?creativecommons\.org/[^\s<>\"\ue000]{1,300}"
)
_WORD = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*|\+|\ue000[0-9]+\ue000")
_GLUES = {"": "", "-": "-", "_": "-"}
_PLAIN_GAPS = {"", " ", "-", "_", "."}
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
_SENTENCE = re.compile(r"[.;!?|\u2022](?:[\s)\]\"']|$)|\s-+\s")
_PARAGRAPH = re.compile(r"\n\s*[\n*=#>-]")
_ITEM = re.compile(r"[,/&+]")
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
    stop: Stop = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A statement, read into words."""

    plain: str
    """Folded, case kept, addresses in place."""
    words: tuple[Word, ...]
    addresses: tuple[Address, ...]

    joined: str
    """All words with single blanks between, and one at either end."""
    whole: bool = True
    """Whether nothing was left unread for its length."""


class _Folds(dict[int, str]):
    """What each character is folded to; it fills itself. Marks are not sorted, which takes quadratic time."""

    def __missing__(self, code: int) -> str:
        folded = "".join(map(_folded, unicodedata.normalize("NFKD", chr(code))))
        if len(self) < _MOST_FOLDS:
            self[code] = folded
        return folded


def _folded(part: str) -> str:
    category = unicodedata.category(part)
    if category in _DROPPED:
        return ""
    if part in "\n\r\t":
        return part
    if category == "Pd":
        return "-"
    return " " if category in _BLANK else part


_MOST_FOLDS = 1 << 16
_FOLDS = _Folds()


def fold(text: str, longest: int = LONGEST) -> tuple[str, bool]:
    """Fold full-width, accented and otherwise dressed-up characters to plain ones, and tell whether all were read."""
    start = text[:longest]
    if not (start.isascii() and start.isprintable()):
        start = start.translate(_FOLDS)
    return start[:longest], len(text) <= longest and len(start) <= longest


def read_words(text: str, longest: int = LONGEST) -> Text:
    """Read a statement into words and addresses, as far as `longest` characters and as many words as that is."""
    plain, whole = fold(text, longest)
    lowered = text[:longest].lower()
    written = {match.rstrip(_TRAILING) for match in _URL.findall(lowered)}
    addresses: list[Address] = []

    def keep(match: re.Match[str]) -> str:
        url = match[0].rstrip(_TRAILING)
        addresses.append(_address(url, odd=url.lower() not in written and url.lower() not in lowered))
        return f" {_HOLE}{len(addresses) - 1}{_HOLE} {match[0][len(url) :]}"

    most = longest // _CHARACTERS_A_WORD
    words = scan(_URL.sub(keep, _lower_scheme(plain)), most)
    joined = " ".join(word.text for word in words if word.address is None)
    return Text(
        plain=plain,
        words=words[:most],
        addresses=tuple(addresses),
        joined=f" {joined} ",
        whole=whole and len(words) <= most,
    )


def _lower_scheme(plain: str) -> str:
    return re.sub(r"(?i)https?://|creativecommons\.org/", lambda match: match[0].lower(), plain)


def _address(url: str, *, odd: bool) -> Address:
    full = url if "://" in url else f"http://{url}"
    return Address(url=url, licence=None if odd else by_url(full), odd=odd)


def scan(plain: str, most: int = LONGEST) -> tuple[Word, ...]:
    """Split folded text into words: letters, numbers with their dots, and `+`; stop when there are more than `most`."""
    lower = plain.lower()
    words: list[Word] = []
    end = -1
    for match in _WORD.finditer(lower):
        start = match.start()
        gap = lower[end:start] if end >= 0 else " "
        end = match.end()
        first = plain[start]
        stop = _stop(gap, starts=not first.islower() and first != _HOLE) if gap not in _PLAIN_GAPS else ""
        words.append(Word(match[0], _GLUES.get(gap, " "), plain[start:end].isupper(), None, stop))
        if first == _HOLE or match[0] in _COMPOUNDS:
            words.extend(_split(words.pop()))
        if len(words) > most:
            break
    return tuple(words)


def _stop(gap: str, *, starts: bool) -> Stop:
    """Tell what ends in a gap between words; a line break ends a clause where the next word `starts` like one."""
    if _SENTENCE.search(gap):
        return "."
    if _PARAGRAPH.search(gap) or (starts and "\n" in gap):
        return "\n"
    return "," if _ITEM.search(gap) else ""


def _split(word: Word) -> tuple[Word, ...]:
    if word.text[0] == _HOLE:
        return (word._replace(glue=" ", upper=False, address=int(word.text.strip(_HOLE))),)
    rest = (Word(part, "", word.upper) for part in _COMPOUNDS[word.text])
    return (word._replace(text="cc"), *rest)
