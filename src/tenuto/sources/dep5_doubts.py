"""What a machine-readable copyright file says beside its short names, and what of it no rule of the format reads."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tenuto.model.capture import CaptureHead
from tenuto.model.rights import Evidence, EvidenceKind
from tenuto.sources.dep5 import Claim
from tenuto.sources.globs import dep5_glob
from tenuto.sources.reserving import reserves
from tenuto.sources.text import clean_line, clean_text

__all__ = ["doubts", "statement"]

_FIELD = re.compile(r"([^\s:][^:\n]*?)[ \t]*:(.*)", re.DOTALL)
_KNOWN = frozenset({"files", "license", "copyright", "comment"})
_MISSPELT = re.compile(r"[^\x20-\x7e]|^(?:files?|licen[cs]es?|copyrights?)\W*$")
_REMARKS = ("comment", "copyright")
_LONGEST_BODY = 400  # words; licences of their own are longer, and what takes something back is short
_LIKE_PATTERNS = re.compile(r"[,{}]")
_UNCLEAR = "only a person can tell what it takes back"

_Stanza = tuple[tuple[str, str], ...]
"""The fields of a paragraph as they stand: lower-case name and content, repeated ones too."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    place: str
    said: str
    why: str


def statement(text: str, claim: Claim) -> str:
    """Give the short name a claim rests on, with the words below it where they are few and may take something back."""
    name = claim.paragraph.licence
    bodies = [body for body in _bodies(_stanzas(text), claim) if _may_reserve(body)]
    return clean_text("\n".join((name, *bodies))) if name and bodies else name


def doubts(head: CaptureHead, where: str, text: str, path: str, found: Iterable[Claim]) -> tuple[Evidence, ...]:
    """Give as evidence what may take back what the claims on a file say, and what may have been another claim."""
    stanzas = _stanzas(text)
    told = [*_oddities(stanzas), *_excluded(stanzas[:1], path), *_remarks(stanzas[:1])]
    for claim in found:
        told += _remarks([stanza for stanza in stanzas[1:] if _is_of(stanza, claim)])
    kind = EvidenceKind.REUSE if where.endswith("dep5") else EvidenceKind.DEP5
    return tuple(
        Evidence(
            kind=kind,
            statement=clean_text(doubt.said),
            where=clean_line(f"{where}, {doubt.place}"),
            capture=head.id,
            unread=doubt.why,
        )
        for doubt in dict.fromkeys(told)
    )


@lru_cache(maxsize=32)
def _stanzas(text: str) -> tuple[_Stanza, ...]:
    """Split a file into paragraphs and fields without any tolerance: a line that is no field is one without a name."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if not line.strip():
            blocks.append([])
        elif line[0] in " \t" and blocks[-1]:
            blocks[-1][-1] += f"\n{line}"
        elif not line.startswith("#"):
            blocks[-1].append(line)
    return tuple(tuple(_field(field) for field in block) for block in blocks if block)


def _field(raw: str) -> tuple[str, str]:
    found = _FIELD.fullmatch(raw)
    return (found[1].lower(), found[2].strip()) if found else ("", raw)


def _oddities(stanzas: tuple[_Stanza, ...]) -> Iterator[_Doubt]:
    """Find paragraphs that may be about any file, for they are not what the format knows."""
    for number, stanza in enumerate(stanzas, 1):
        why = _oddity(stanza, is_header=number == 1)
        if why:
            yield _Doubt(f"paragraph {number}", "", why)


def _oddity(stanza: _Stanza, *, is_header: bool) -> str:
    names = Counter(name for name, _ in stanza)
    if any(count > 1 and name in _KNOWN for name, count in names.items()):
        return "one of its fields stands there twice"
    if is_header:
        return ""
    if any(name not in _KNOWN and _MISSPELT.search(name) for name in names):
        return "it has a field that is not known"
    if "license" in names and "copyright" in names and "files" not in names:
        return "it names a licence and a holder, and no files"
    if _LIKE_PATTERNS.search(dict(stanza).get("files", "")):
        return "its files are not patterns as the format knows them"
    return ""


def _excluded(header: tuple[_Stanza, ...], path: str) -> Iterator[_Doubt]:
    parts = path.replace("!/", "/").split("/")
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    for patterns in (content for stanza in header for name, content in stanza if name == "files-excluded"):
        if any(dep5_glob(pattern).matches(tail) for pattern in patterns.split() for tail in tails):
            yield _Doubt("paragraph 1 (Files-Excluded)", "", "it names the file as one that is left out")


def _remarks(stanzas: Iterable[_Stanza]) -> Iterator[_Doubt]:
    """Find words beside a licence that reserve: remarks, and a copyright notice that does more than name a holder."""
    for name, content in (field for stanza in stanzas for field in stanza):
        if name == "disclaimer" or (name in _REMARKS and reserves(" ".join(content.split()))):
            yield _Doubt(name.capitalize(), content, _UNCLEAR)


def _is_of(stanza: _Stanza, claim: Claim) -> bool:
    return dict(stanza).get("files", "").split() == [glob.text for glob in claim.paragraph.globs]


def _bodies(stanzas: tuple[_Stanza, ...], claim: Claim) -> Iterator[str]:
    """Yield what stands below the short name, in the claim's paragraph and in those that define the name."""
    names = {claim.paragraph.licence.casefold(), *claim.paragraph.licence.casefold().replace(",", " ").split()}
    for stanza in stanzas[1:]:
        fields = dict(stanza)
        name, _, body = fields.get("license", "").partition("\n")
        alone = "files" not in fields and clean_line(name).casefold() in names
        if body.strip() and (alone or _is_of(stanza, claim)):
            yield body


def _may_reserve(body: str) -> bool:
    words = " ".join(body.split())
    return len(body.split()) < _LONGEST_BODY and (reserves(words) or " only" in words)
