"""Free-text debian/copyright files: evidence only where a sentence names a licence for the music."""

import itertools
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from tenuto.model.rights import Confidence
from tenuto.sources.text import clean_text, unread_part

__all__ = ["Naming", "namings"]

_MUSIC = re.compile(
    r"\b(songs?|music|musical|soundtracks?|tracks?|sounds?|audio|tunes?|recordings?|performances?|samples?|albums?)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/|\bcc[ -]?(?:0|zero|by)\b|\bcreative commons\W+(?:\w+\W+)?attribut"
    r"|\bpublic domain\b|\b(?:a|l)?gpl\b|general public licen[cs]e|free documentation licen[cs]e|\bgfdl\b"
    r"|free art licen"
    r"|\blicence art libre|\b(?:mit|expat|bsd|isc|zlib|apache|artistic|mozilla)[ -](?:style )?(?:public )?licen[cs]e",
    re.IGNORECASE,
)
_GRANT = re.compile(r"licen[cs]|released|distribut|available|public domain|redistribut|terms", re.IGNORECASE)
_PACKAGING = re.compile(r"\bdebian\W+packag|\bpackaging\b|\bdebiani[sz]|\bdebian/\*", re.IGNORECASE)
_POINTER = re.compile(r"/usr/share/common-licenses|\byou should have received\b|\bcan be found\b", re.IGNORECASE)
_PROGRAM = re.compile(r"\b(programs?|software|librar(?:y|ies)|engine|source code|src/)", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:it|they|these|this|all of (?:it|them))\b", re.IGNORECASE)
_LEGAL_CODE = re.compile(
    r"^\W*(?:creative commons legal code|the work \(as defined below\)|gnu general public license\s+version|"
    r"terms and conditions|preamble\b|\d+\. definitions)",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"all rights (?:are )?reserved|no longer|revoked|withdrawn|personal use|proprietary", re.IGNORECASE
)
_BLANK = re.compile(r"\n[ \t.]*\n")
_SENTENCE = re.compile(r"(?:(?<=[a-z0-9)>/:\"'])|(?<=[A-Z]{2}))[.;](?=\s+[A-Z(\"'])")  # an initial ends no sentence
_PERMISSION = re.compile(r"permission (?:is hereby granted|to use)", re.IGNORECASE)
_DOUBT = re.compile(
    r"all rights (?:are )?reserved|\bnot (?:covered|licen[cs]ed|included|under|free)\b"
    r"|\bexcept(?:ing|ions?)?\b|\bexclud"
    r"|\bno longer\b|\brevoked\b|\bwithdrawn\b|\bpersonal use\b|\bunknown licen[cs]e|\bproprietary\b|\bnon-?free\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A sentence that names a licence, and how directly it speaks of the music."""

    statement: str
    paragraph: int
    """Counting blank-line separated blocks from 1."""
    confidence: Confidence


@lru_cache(maxsize=32)
def namings(text: str, *, music_only: bool) -> tuple[Naming, ...]:
    """Find the sentences that name a licence for the music.

    TAIL where the sentence itself speaks of songs, music or sounds; PARTIAL where it says `it is licensed` after one
    that does. Where there is none, the first general notice: DEFAULT if it does not speak of a program and the package
    holds no program (`music_only`), else AMBIGUOUS. Sentences about the packaging never count. All are AMBIGUOUS where
    a sentence about the music, wherever it stands, takes something back, or where the text is too long to be kept.
    """
    cleaned = clean_text(text)
    sentences = _sentences(cleaned)
    direct = [naming for naming in map(_direct, sentences, [(0, ""), *sentences]) if naming is not None]
    found = tuple(direct) or _granted(sentences) or _general(sentences, music_only=music_only)
    if unread_part(text) or _doubted(cleaned):
        return tuple(replace(naming, confidence=Confidence.AMBIGUOUS) for naming in found)
    return found


def _sentences(text: str) -> list[tuple[int, str]]:
    """Give the sentences before any licence's full text, each with its block's number."""
    found = []
    for number, block in enumerate(_BLANK.split(text), 1):
        if _LEGAL_CODE.match(block):
            break
        found += [(number, " ".join(part.split())) for part in _SENTENCE.split(block)]
    return [(number, sentence) for number, sentence in found if sentence]


def _doubted(text: str) -> bool:
    """Tell whether some line of the text, behind a licence's full text too, takes back what is said of the music."""
    blocks = _BLANK.split(text)
    legal = next((place for place, block in enumerate(blocks) if _LEGAL_CODE.match(block)), len(blocks))
    parts = [part for block in blocks[:legal] for part in _SENTENCE.split(block)]
    after = [part for block in blocks[legal:] for part in _SENTENCE.split(block) if _RESERVED.search(part)]
    return any(_MUSIC.search(part) and _DOUBT.search(part) for part in (*parts, *after))


def _direct(numbered: tuple[int, str], before: tuple[int, str]) -> Naming | None:
    number, sentence = numbered
    if not _names(sentence):
        return None
    if _MUSIC.search(sentence):
        return Naming(statement=sentence, paragraph=number, confidence=Confidence.TAIL)
    if _PRONOUN.match(sentence) and _MUSIC.search(before[1]) and not _PROGRAM.search(sentence):
        return Naming(statement=sentence, paragraph=number, confidence=Confidence.PARTIAL)
    return None


def _names(sentence: str) -> bool:
    excluded = _PACKAGING.search(sentence) or _POINTER.search(sentence)
    return not excluded and bool(_NAMED.search(sentence)) and bool(_GRANT.search(sentence))


def _granted(sentences: list[tuple[int, str]]) -> tuple[Naming, ...]:
    """Find a permission in full words that follows a sentence about the music: quoted, but AMBIGUOUS."""
    for before, (number, sentence) in itertools.pairwise(sentences):
        if _PERMISSION.match(sentence) and _MUSIC.search(before[1]):
            return (Naming(statement=sentence, paragraph=number, confidence=Confidence.AMBIGUOUS),)
    return ()


def _general(sentences: list[tuple[int, str]], *, music_only: bool) -> tuple[Naming, ...]:
    for before, (number, sentence) in itertools.pairwise([(0, ""), *sentences]):
        if _names(sentence):
            subject = f"{before[1]} {sentence}" if _PRONOUN.match(sentence) else sentence
            sure = music_only and not _PROGRAM.search(subject)
            confidence = Confidence.DEFAULT if sure else Confidence.AMBIGUOUS
            return (Naming(statement=sentence, paragraph=number, confidence=confidence),)
    return ()
