"""Machine-readable debian/copyright files (copyright format 1.0), and which paragraph speaks of an installed file."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from debian import copyright as machine_readable
from debian.deb822 import Deb822

from tenuto.model.rights import Confidence
from tenuto.sources.globs import Glob, dep5_glob
from tenuto.sources.text import LONGEST_LINE, clean_line, clean_text

__all__ = ["Claim", "Paragraph", "claims", "exact_claim", "parse", "unreadable"]

logging.getLogger("debian.copyright").addHandler(logging.NullHandler())  # else its remarks reach the terminal

_MALFORMED = (machine_readable.Error, ValueError, KeyError, TypeError, AttributeError)
_MEMBER = "!/"
_PACKAGING = ("usr", "local", "share", "games", "lib", "var", "opt")
_ENOUGH = 2  # shared folders that make up for a missing beginning: `audio/music` of `data/audio/music`
_FOLDER, _OWN_FOLDER, _FILE = 2, 1, 3  # how much one shared name says of where the source tree begins

_Fields = Mapping[str, str]
_Root = tuple[int, tuple[str, ...]]
"""Where the source tree begins: so many leading components of the installed path become these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A Files paragraph."""

    number: int
    """Among all paragraphs, the header being 1."""
    globs: tuple[Glob, ...]
    licence: str
    """Short name or expression; empty where the paragraph has none that can be read."""
    holder: str

    @property
    def unread(self) -> str:
        """Why its licence is not known, a phrase for Evidence.unread; empty where it is."""
        return "" if self.licence else "its paragraph names no licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one paragraph says of one file, by which pattern, how surely."""

    paragraph: Paragraph
    glob: Glob
    confidence: Confidence


@lru_cache(maxsize=32)
def parse(text: str) -> tuple[Paragraph, ...] | None:
    """Read the Files paragraphs; None where the text is not machine-readable; what is malformed is passed over."""
    try:
        document = machine_readable.Copyright(text.splitlines(keepends=True), strict=False)
        paragraphs = list(_numbered(_fields(part) for part in document.all_paragraphs()))
    except _MALFORMED:
        if not _has_format(text):
            return None
        paragraphs = _tolerated(text)
    return tuple(paragraph for paragraph in paragraphs if paragraph.globs)


def unreadable(paragraphs: tuple[Paragraph, ...] | None) -> str:
    """Say why a file gives no paragraphs, a phrase for Evidence.unread; empty where it does."""
    if paragraphs is None:
        return "it is no machine-readable copyright file"
    return "" if paragraphs else "it has no paragraph about files that can be read"


def _fields(part: machine_readable.AllParagraphTypes) -> dict[str, str]:
    names = ("files", "license", "copyright")
    held = {str(name).lower() for name in cast("Iterable[object]", part)}
    return {name: str(part[name]) for name in names if name in held}


def _tolerated(text: str) -> list[Paragraph]:
    """Read what can be read of a malformed file: repeated fields, stray lines."""
    try:
        parts = list(Deb822.iter_paragraphs(text.splitlines(), use_apt_pkg=False))
        return list(_numbered({str(name).lower(): str(part[name]) for name in part} for part in parts))
    except _MALFORMED:
        return []


def _has_format(text: str) -> bool:
    head = text[:2000].lower()
    return head.lstrip("\ufeff\n ").startswith(("format:", "format-specification:")) and "copyright-format" in head


def _numbered(parts: Iterable[_Fields]) -> Iterator[Paragraph]:
    for number, fields in enumerate(parts, 1):
        if fields.get("files", "").strip():
            yield Paragraph(
                number=number,
                globs=tuple(dep5_glob(pattern) for pattern in fields["files"].split()),
                licence=_short_name(fields.get("license", "")),
                holder=_holder(fields.get("copyright", "")),
            )


def _short_name(raw: str) -> str:
    first = (raw.splitlines() or [""])[0]
    return "" if len(first) > LONGEST_LINE else clean_line(first)


def _holder(raw: str) -> str:
    lines = (clean_line(line) for line in clean_text(raw, 4_000).splitlines())
    return "; ".join(line for line in lines if line not in {"", "."})


def exact_claim(paragraphs: tuple[Paragraph, ...], path: str) -> Claim | None:
    """Give the claim on a file of the source tree itself: the last match wins."""
    found = _last_match(paragraphs, path)
    if found is None:
        return None
    paragraph, glob = found
    confidence = Confidence.DEFAULT if glob.is_catch_all else Confidence.EXACT
    return Claim(paragraph=paragraph, glob=glob, confidence=confidence)


def claims(paragraphs: tuple[Paragraph, ...], path: str) -> tuple[Claim, ...]:
    """Give the claim on an installed file, none, or several AMBIGUOUS ones.

    The source tree's root is inferred from the longest run of names that any pattern shares with the path; every
    pattern is then asked about the path as it is in the source tree.
    """
    archive, separator, member = path.rpartition(_MEMBER)
    if not separator:
        return _claims(paragraphs, path)
    inside = _claims(paragraphs, f"{archive.rpartition('/')[0]}/{member}".lstrip("/"))
    whole = _claims(paragraphs, archive)
    specific = [claim for claim in (*inside, *whole) if claim.confidence is not Confidence.DEFAULT]
    return _settled(specific) if specific else inside


def _claims(paragraphs: tuple[Paragraph, ...], path: str) -> tuple[Claim, ...]:
    parts = tuple(path.split("/"))
    own = _own_folder(parts)
    found = [_claim(paragraphs, root, parts, own) for root in _roots(paragraphs, parts, own)]
    return _settled([claim for claim in found if claim is not None], unsure=None in found)


def _settled(found: list[Claim], *, unsure: bool = False) -> tuple[Claim, ...]:
    """Keep one claim where all agree about the licence, else every licence once, as AMBIGUOUS."""
    order = list(Confidence)
    ranked = sorted(found, key=lambda claim: (order.index(claim.confidence), claim.paragraph.number))
    licences = {claim.paragraph.licence.casefold(): claim for claim in reversed(ranked)}
    if len(licences) == 1 and not unsure:
        return (ranked[0],)
    each = sorted(licences.values(), key=lambda claim: claim.paragraph.number)
    return tuple(Claim(paragraph=claim.paragraph, glob=claim.glob, confidence=Confidence.AMBIGUOUS) for claim in each)


def _claim(paragraphs: tuple[Paragraph, ...], root: _Root, parts: tuple[str, ...], own: int | None) -> Claim | None:
    dropped, added = root
    found = _last_match(paragraphs, "/".join((*added, *parts[dropped:])))
    if found is None:
        return None
    paragraph, glob = found
    return Claim(paragraph=paragraph, glob=glob, confidence=_confidence(glob, root, parts, own))


def _confidence(glob: Glob, root: _Root, parts: tuple[str, ...], own: int | None) -> Confidence:
    dropped, added = root
    if glob.is_catch_all:
        return Confidence.DEFAULT
    if glob.parts == (None,):
        return Confidence.TAIL  # no folder is named, so the root does not matter
    if not dropped and not added:
        return Confidence.EXACT
    if glob.is_literal and glob.parts[-2:] == parts[-2:]:
        return Confidence.TAIL  # file and folder are named, whatever is above them
    only_own_folder = own is not None and glob.parts == (parts[own], None)
    unmet = added and _met(glob, added, None if own is None else parts[own]) < _ENOUGH
    return Confidence.PARTIAL if only_own_folder or unmet else Confidence.TAIL


def _met(glob: Glob, added: tuple[str, ...], own: str | None) -> int:
    """Count the folders a pattern names that are in the path itself, the package's own and packaging's left out."""
    return sum(part not in {None, own, *_PACKAGING} for part in glob.parts[len(added) : -1])


def _last_match(paragraphs: tuple[Paragraph, ...], path: str) -> tuple[Paragraph, Glob] | None:
    for paragraph in reversed(paragraphs):
        fitting = [glob for glob in paragraph.globs if glob.matches(path)]
        if fitting:
            return paragraph, max(fitting, key=lambda glob: len(glob.prefix))
    return None


def _own_folder(parts: tuple[str, ...]) -> int | None:
    """Give the place of the package's own folder: the first one that packaging does not dictate."""
    return next((place for place, part in enumerate(parts[:-1]) if part not in _PACKAGING), None)


def _roots(paragraphs: tuple[Paragraph, ...], parts: tuple[str, ...], own: int | None) -> list[_Root]:
    """Give the likeliest places of the source tree's root: those with the longest run of shared names."""
    weights: dict[_Root, int] = {}
    for glob in dict.fromkeys(glob for paragraph in paragraphs for glob in paragraph.globs):
        for root, weight in _shared(glob.parts, parts, own):
            weights[root] = max(weight, weights.get(root, 0))
    most = max(weights.values(), default=0)
    if most == 0:
        return [(dropped, ()) for dropped in range(len(parts))]
    return sorted(root for root, weight in weights.items() if weight == most)


def _shared(pattern: tuple[str | None, ...], parts: tuple[str, ...], own: int | None) -> Iterator[tuple[_Root, int]]:
    """Yield each maximal run of names that a pattern and a path share, as a root and its weight."""
    for start, name in enumerate(pattern):
        if name is None or name not in parts:
            continue
        added = tuple(part for part in pattern[:start] if part is not None)
        for place in range(len(parts)):
            first = start == 0 or place == 0 or pattern[start - 1] != parts[place - 1]
            if first and _same(pattern, start, parts, place):
                yield (place, added), _weight(pattern, start, parts, place, own)


def _same(pattern: tuple[str | None, ...], start: int, parts: tuple[str, ...], place: int) -> bool:
    """Tell whether two names are equal and both a folder's or both a file's."""
    if start >= len(pattern) or place >= len(parts):
        return False
    return pattern[start] == parts[place] and (start == len(pattern) - 1) == (place == len(parts) - 1)


def _weight(pattern: tuple[str | None, ...], start: int, parts: tuple[str, ...], place: int, own: int | None) -> int:
    total = 0
    while _same(pattern, start, parts, place):
        total += _worth(place, parts, own)
        start, place = start + 1, place + 1
    return total


def _worth(place: int, parts: tuple[str, ...], own: int | None) -> int:
    if place == len(parts) - 1:
        return _FILE
    if own is None or place < own:
        return 0
    return _OWN_FOLDER if place == own else _FOLDER
