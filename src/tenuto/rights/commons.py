"""Reading the name of a Creative Commons licence: `CC BY-SA 3.0 DE`, `Attribution-NonCommercial 4.0 International`."""

import re
from dataclasses import dataclass, field
from functools import cache

from tenuto.rights.licences import find
from tenuto.rights.mention import Mention
from tenuto.rights.phrases import Phrases, phrases, word_set
from tenuto.rights.tables import ports
from tenuto.rights.words import Word

__all__ = ["read_commons"]

_LONGEST = 40  # words in a name
_VERSION = re.compile(r"[1-5](?:\.[0-9])?")
_ZERO_TAIL = {"universal", "public", "domain", "dedication"}
_FAMILIES = {
    frozenset({"by"}): "CC-BY",
    frozenset({"by", "sa"}): "CC-BY-SA",
    frozenset({"by", "nd"}): "CC-BY-ND",
    frozenset({"by", "nc"}): "CC-BY-NC",
    frozenset({"by", "nc", "sa"}): "CC-BY-NC-SA",
    frozenset({"by", "nc", "nd"}): "CC-BY-NC-ND",
    frozenset({"nd"}): "CC-ND",
    frozenset({"nc"}): "CC-NC",
    frozenset({"sa"}): "CC-SA",
    frozenset({"nc", "sa"}): "CC-NC-SA",
    frozenset({"nc", "nd"}): "CC-NC-ND",
    frozenset({"sampling"}): "CC-Sampling",
    frozenset({"sampling", "plus"}): "CC-Sampling-Plus",
    frozenset({"nc", "sampling", "plus"}): "CC-NC-Sampling-Plus",
    frozenset({"devnations"}): "CC-DevNations",
    frozenset({"zero"}): "CC0",
}


@dataclass(slots=True, kw_only=True)
class _Name:
    """What has been read of a name so far."""

    words: tuple[Word, ...]
    start: int
    place: int
    end: int
    brand: bool = False
    spelled_out: bool = False
    glued: bool = False
    generic: bool = False
    elements: set[str] = field(default_factory=set)
    last: str = ""
    version: str | None = None
    port: str | None = None


def read_commons(words: tuple[Word, ...], start: int) -> tuple[Mention | None, int]:
    """Read the Creative Commons licence whose name starts at word `start`, and say how far the reading went."""
    opening = phrases("brand").at(words, start) or phrases("elements").at(words, start)
    if opening is None or opening[0] in {"plus", "zero"}:
        return None, start
    name = _Name(words=words, start=start, place=start, end=start)
    while name.place < min(len(words), start + _LONGEST) and _step(name):
        pass
    return (_mention(name), name.end) if _counts(name) else (None, name.place)


def _step(name: _Name) -> bool:
    """Read one part of the name and move on; False where the name has ended."""
    return any(read(name) for read in (_brand, _element, _version, _port, _filler, _joint))


def _brand(name: _Name) -> bool:
    found = phrases("brand").at(name.words, name.place)
    if found is None or (name.elements and name.version):
        return False
    name.brand = name.brand or name.place == name.start
    name.place = found[1]
    name.last = "brand"
    return True


def _element(name: _Name) -> bool:
    found = phrases("elements").at(name.words, name.place)
    if found is None or not _fits(name, found[0]):
        return False
    word = name.words[name.place]
    name.spelled_out = name.spelled_out or (not name.elements and word.text != "by")
    name.glued = name.glued or (bool(name.elements) and word.glue != " ")
    name.elements.add(found[0])
    name.last = found[0]
    name.place = name.end = found[1]
    return True


def _fits(name: _Name, element: str) -> bool:
    if element == "zero":
        return name.last == "brand"
    if element == "plus":
        return name.last == "sampling"
    if "zero" in name.elements:
        return False
    return element != "by" or _by_is_element(name)


def _by_is_element(name: _Name) -> bool:
    """Tell `CC BY` from `Creative Commons music by somebody`."""
    word = name.words[name.place]
    following = name.place + 1
    if name.version and name.elements:
        return False
    return (
        word.text != "by"
        or name.place == name.start
        or word.upper
        or word.glue != " "
        or name.last == "brand"
        or phrases("elements").at(name.words, following) is not None
    )


def _version(name: _Name) -> bool:
    word = name.words[name.place]
    if name.version or not _VERSION.fullmatch(word.text) or not (name.brand or name.elements):
        return False
    name.version = word.text if "." in word.text else f"{word.text}.0"
    name.place += 1
    name.end = name.place
    return True


def _port(name: _Name) -> bool:
    if name.version is None or name.port is not None:
        return False
    found = _port_names().at(name.words, name.place) or _port_code(name)
    if found is None:
        return False
    name.port, name.place = found
    name.end = name.place
    return True


@cache
def _port_names() -> Phrases:
    return Phrases({port.code: port.names for port in ports()})


@cache
def _port_codes() -> frozenset[str]:
    return frozenset(port.code for port in ports())


def _port_code(name: _Name) -> tuple[str, int] | None:
    """Read a two-letter code where it cannot be a common word: behind a hyphen, in capitals, or at the very end."""
    word = name.words[name.place]
    final = name.place + 1 == len(name.words)
    plain = word.text in _port_codes() and (word.glue == "-" or word.upper or final)
    return (word.text, name.place + 1) if plain else None


def _filler(name: _Name) -> bool:
    word = name.words[name.place].text
    name.generic = name.generic or word in word_set("fillers", "generic")
    tail = word in word_set("fillers", "generic") or ("zero" in name.elements and word in _ZERO_TAIL)
    if not tail and word not in word_set("fillers", "words"):
        return False
    name.place += 1
    name.last = "filler"
    name.end = name.place if tail else name.end
    return True


def _joint(name: _Name) -> bool:
    """Read the `and` in `Attribution and ShareAlike`."""
    following = name.place + 1
    joined = bool(name.elements) and name.words[name.place].text in {"and", "et", "und", "y"}
    if not joined or phrases("elements").at(name.words, following) is None:
        return False
    name.place = following
    return True


def _counts(name: _Name) -> bool:
    """Tell a licence's name from common words that look like one."""
    whole = name.start == 0 and name.end == len(name.words)
    if not name.elements:
        return False
    if name.brand or whole:
        return True
    if "by" not in name.elements or len(name.elements) + (name.version is not None) == 1:
        return False
    return name.spelled_out or name.glued


def _mention(name: _Name) -> Mention:
    family = _FAMILIES.get(frozenset(name.elements))
    version = "1.0" if family == "CC0" else name.version
    parts = (family, version, name.port if version else None)
    found = None if family is None else find("-".join(part for part in parts if part))
    return Mention(
        id=None if found is None else found.id,
        start=name.start,
        end=name.end,
        loose=name.port is None and not name.generic,
    )
