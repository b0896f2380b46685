"""Words of a few alphabets by Zipf's law, and random bits that depend on a place alone: the same on every machine."""

import hashlib
import random
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["SCRIPTS", "SCRIPT_CODES", "Bits", "Ints", "Texts", "chance", "draw", "pick", "quantiles", "uuids", "zipf"]

Ints: TypeAlias = npt.NDArray[np.int64]
Bits: TypeAlias = npt.NDArray[np.uint64]

SCRIPTS = ("latin", "cyrillic", "greek", "japanese", "chinese", "korean", "arabic")
SCRIPT_CODES = (
    ("eng", "Latn"),
    ("rus", "Cyrl"),
    ("ell", "Grek"),
    ("jpn", "Jpan"),
    ("zho", "Hans"),
    ("kor", "Kore"),
    ("ara", "Arab"),
)
_SHARES = (0.80, 0.05, 0.02, 0.06, 0.03, 0.02, 0.02)
_SPACES = (" ", " ", " ", "", "", " ", " ")
_STEPS = 1 << 16
_FREQUENT = (
    "the of love night you my in a and heart day me to blue on for time dance we your dream no fire light one it song "
    "rain man so home all moon city sun black down world blues is life baby river little with new old star away back "
    "never go what don't up red under free angel summer wild road from intro end lost le la de der die und el un noche "
    "amor été corazón nuit für ça você coração liebe så när över señor l'été mañana più perché Straße naïve R&B "
    "Rock'n'Roll \"Live\" A\\B interlude"
)
_CAP = 4_000
_LETTERS = {
    "latin": (
        "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl fr gr kl pl pr qu sch sh sk sl sp st str th tr",
        "a a a a e e e e i i i i o o o o u u y ai au ea ee ie io oo ou ia é è ö ü å ø á í ó ã ê",
        "- - - n r s l m t nd ng st x ck",
    ),
    "cyrillic": (
        "б в г д ж з к л м н п р с т ф х ц ч ш щ ст пр св",  # noqa: RUF001 - it is Cyrillic
        "а е и о у ы э ю я ё",  # noqa: RUF001 - it is Cyrillic
        "- - - н й ть к л",
    ),
    "greek": (
        "β γ δ ζ θ κ λ μ ν ξ π ρ σ τ φ χ ψ",  # noqa: RUF001 - it is Greek
        "α ε η ι ο υ ω ά έ ή ί ό ύ ώ ου",  # noqa: RUF001 - it is Greek
        "- - ς ν",  # noqa: RUF001 - it is Greek
    ),
    "arabic": (
        "ب ت ج ح د ر ز س ش ص ط ع غ ف ق ك ل م ن ه ي",  # noqa: RUF001 - it is Arabic
        "- ا و ي",  # noqa: RUF001 - it is Arabic
        "- - ة ان",
    ),
}
_KANJI = (
    "愛夢夜星月花雨風空海山川春夏秋冬光心人道時音歌声雪火水木金土日天地白黒赤青東西南北新古大小上下中外"
    "世界国家旅君僕私涙笑手目"
)
_HANZI = (
    "爱梦夜星月花雨风空海山川春夏秋冬光心人道时音歌声雪火水木金土日天地白黑红青东西南北新古大小上下中外"
    "世界国家旅你我他泪笑手目"
)
_KANA = (0x3042, 0x30A2)


def draw(seed: int, name: str, index: Ints) -> Bits:
    """Give 64 random bits for each index (SplitMix64), different for each name."""
    key = int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big")
    bits = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def chance(bits: Bits, share: float, part: int = 0) -> npt.NDArray[np.bool_]:
    """Say yes to a share of the draws, by one of their four parts of 16 bits."""
    return pick(bits, _STEPS, part) < round(share * _STEPS)


def pick(bits: Bits, count: int, part: int = 0) -> Ints:
    """Choose below `count` (at most 65,536) by one of the draws' four parts."""
    return (((bits >> np.uint64(16 * part)) & np.uint64(_STEPS - 1)) * np.uint64(count) >> np.uint64(16)).astype(
        np.int64
    )


def quantiles(weights: Sequence[float] | npt.NDArray[np.float64]) -> Ints:
    """Give 65,536 numbers in which each place of `weights` stands as often as it weighs."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(bounds / bounds[-1], (np.arange(_STEPS) + 0.5) / _STEPS).astype(np.int64)


def zipf(bits: Bits, count: int) -> Ints:
    """Choose ranks below `count`, the first most often: about as 1/rank."""
    share = (bits >> np.uint64(11)).astype(np.float64) / (1 << 53)
    return np.minimum((count + 1.0) ** share - 1.0, count - 1).astype(np.int64)


def uuids(first: Bits, second: Bits) -> list[str]:
    """Write two draws as a random UUID (RFC 9562, version 4)."""
    mask, version = np.uint64(0xFFFFFFFFFFFF0FFF), np.uint64(0x4000)
    high = (first & mask) | version
    low = (second & np.uint64(0x3FFFFFFFFFFFFFFF)) | np.uint64(1 << 63)
    text = np.stack([high, low], axis=1).astype(">u8").tobytes().hex()
    return [
        f"{text[at : at + 8]}-{text[at + 8 : at + 12]}-{text[at + 12 : at + 16]}-{text[at + 16 : at + 20]}-"
        f"{text[at + 20 : at + 32]}"
        for at in range(0, len(text), 32)
    ]


class Texts:
    """Names and titles: words of one script, the frequent ones most of the time."""

    def __init__(self) -> None:
        """Make the vocabulary, always the same."""
        self._words: list[str] = []
        self._tables = np.zeros((len(SCRIPTS), _STEPS), dtype=np.int64)
        for place, script in enumerate(SCRIPTS):
            words = _vocabulary(script)
            self._tables[place] = quantiles(1.0 / (np.arange(len(words)) + 8.0)) + len(self._words)
            self._words += words
        self._scripts = quantiles(_SHARES)
        self._lengths = quantiles((0.0, 0.22, 0.34, 0.24, 0.14, 0.06))

    def scripts(self, bits: Bits) -> Ints:
        """Choose scripts as often as they are met."""
        return self._scripts[pick(bits, _STEPS)]

    def titles(self, bits: Bits, scripts: Ints) -> list[str]:
        """Write a text of one to five words for each draw."""
        more = bits * np.uint64(0xD1342543DE82EF95) + np.uint64(0x2545F4914F6CDD1D)
        columns = [self._tables[scripts, pick(bits, _STEPS, part)] for part in range(3)]
        columns += [self._tables[scripts, pick(more, _STEPS, part)] for part in (2, 1)]
        lengths = self._lengths[pick(bits, _STEPS, 3)]
        words = [list(map(self._words.__getitem__, column.tolist())) for column in columns]
        spaces = map(_SPACES.__getitem__, scripts.tolist())
        rows: Any = zip(*words, strict=True)
        return [space.join(row[:length]) for space, row, length in zip(spaces, rows, lengths.tolist(), strict=True)]


def _vocabulary(script: str) -> list[str]:
    """Make different words of a script, the most frequent first."""
    chooser = random.Random(script)  # noqa: S311 - no secret
    make = _MAKERS.get(script) or (lambda c: _composed(c, *_LETTERS[script]))
    words = dict.fromkeys(word[:1].upper() + word[1:] for word in (_FREQUENT.split() if script == "latin" else ()))
    wanted = _CAP * 4 if script == "latin" else _CAP
    while len(words) < wanted:
        word = make(chooser)
        words[word[:1].upper() + word[1:]] = None
    return list(words)


def _composed(chooser: random.Random, onsets: str, vowels: str, ends: str) -> str:
    """Put one to four syllables together; `-` is no letter."""
    first, middle, last = onsets.split(), vowels.split(), ends.split()
    syllables = chooser.choice((1, 2, 2, 2, 3, 3, 4))
    word = "".join(chooser.choice(first) + chooser.choice(middle) for _ in range(syllables)) + chooser.choice(last)
    return word.replace("-", "")


def _japanese(chooser: random.Random) -> str:
    if chooser.random() < 0.45:
        return "".join(chooser.choice(_KANJI) for _ in range(chooser.choice((1, 2, 2, 3))))
    first = chooser.choice(_KANA)
    return "".join(chr(first + chooser.randrange(0, 80)) for _ in range(chooser.choice((2, 3, 3, 4))))


def _chinese(chooser: random.Random) -> str:
    return "".join(chooser.choice(_HANZI) for _ in range(chooser.choice((1, 2, 2, 2, 3))))


def _korean(chooser: random.Random) -> str:
    def syllable() -> str:
        return chr(
            0xAC00 + (chooser.randrange(19) * 21 + chooser.randrange(21)) * 28 + chooser.choice((0, 0, 4, 8, 21))
        )

    return "".join(syllable() for _ in range(chooser.choice((1, 2, 2, 3))))


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "japanese": _japanese,
    "chinese": _chinese,
    "korean": _korean,
}
