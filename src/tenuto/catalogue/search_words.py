"""The distinct words of the index: which go on from a beginning, and which differ from a word by one typing error."""

import json
import unicodedata

import apsw

__all__ = ["NEAR", "STARTING", "Words"]

STARTING = 32
"""Most words that one beginning stands for: the most frequent ones."""
NEAR = 12
"""Most words that one mistyped word stands for: the most frequent ones."""

_SHORTEST, _LONGEST = 2, 24
_TWICE, _PARTED = 48, 3
_LAST = "\U0010ffff"
_LETTERS = {
    "LATIN": "abcdefghijklmnopqrstuvwxyz",
    "DIGIT": "0123456789",
    "CYRILLIC": "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґђјљњћџўқғңөү",
    "GREEK": "αβγδεζηθικλμνξοπρστυφχψω",
    "ARABIC": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءپچژگٹڈ",
    "HEBREW": "אבגדהוזחטיכלמנסעפצקרשת",
    "ARMENIAN": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "GEORGIAN": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
}

_KNOWN = """
SELECT word, recordings FROM search_words WHERE word IN (SELECT value FROM json_each(?))
ORDER BY recordings DESC, word
"""
_STARTING = """
SELECT word, recordings, count(*) OVER (), sum(recordings) OVER () FROM search_words WHERE word >= ? AND word < ?
ORDER BY recordings DESC, word LIMIT ?
"""


class Words:
    """The words of one index, looked up through an open connection."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def known(self, words: list[str]) -> dict[str, int]:
        """Give those that are in the index, and in how many recordings; frequent ones first."""
        return dict(self._connection.execute(_KNOWN, (json.dumps(words),)))

    def starting(self, beginning: str, most: int = STARTING) -> tuple[dict[str, int], int]:
        """Give the most frequent words with this beginning, and how many matches others have that were left out."""
        rows = list(self._connection.execute(_STARTING, (beginning, beginning + _LAST, most)))
        found = {word: count for word, count, _, _ in rows}
        return found, (rows[0][3] - sum(found.values()) if rows else 0)

    def near(self, word: str) -> dict[str, int]:
        """Give the words that differ from this one by one letter missing, added, wrong, or swapped with the next."""
        if not _SHORTEST <= len(word) <= _LONGEST:
            return {}
        found = self.known(_one_error(word))
        return {other: found[other] for other in list(found)[:NEAR]}

    def halves(self, word: str) -> list[tuple[str, str]]:
        """Give the ways to part a word that is none into two that are, with nothing or one wrong letter between."""
        if len(word) > _TWICE or self.known([word]):
            return []
        parts = [[(word[:at], word[at + gap :]) for at in range(2, len(word) - gap)] for gap in (0, 1)]
        known = self.known(sorted({half for among in parts for part in among for half in part}))
        for among in parts:
            there = sorted((min(known[one], known[two]), one, two) for one, two in among if {one, two} <= known.keys())
            if there:
                return [(one, two) for _, one, two in there[: -_PARTED - 1 : -1]]
        return []


def _one_error(word: str) -> list[str]:
    letters = _alphabet(word)
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    made = {head + tail[1:] for head, tail in cuts[:-1]}
    made |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts[:-2]}
    made |= {head + letter + tail[1:] for head, tail in cuts[:-1] for letter in letters}
    made |= {head + letter + tail for head, tail in cuts for letter in letters}
    return sorted(made - {word})


def _alphabet(word: str) -> str:
    """Give the letters of the scripts a word is written in; of other scripts, the word's own."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
    return "".join(letters for script, letters in _LETTERS.items() if script in scripts) or "".join(sorted(set(word)))
