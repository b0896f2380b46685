"""What a generated catalogue holds: which recordings stand on which releases, and what is true of each.

Everything is a function of the seed and a number, so that any part can be written without the others:

- albums (release groups) have their own recordings, one range of numbers each; compilations have those of others;
- releases are the albums, the compilations, and further editions of albums, all in a random order;
- a recording stands on 1.25 releases on average.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from generate_words import Bits, Ints, Texts, chance, draw, pick, quantiles, zipf

__all__ = ["COUNTRIES", "Plan", "Recordings"]

COUNTRIES = (
    ("US", "United States"),
    ("GB", "United Kingdom"),
    ("DE", "Germany"),
    ("FR", "France"),
    ("JP", "Japan"),
    ("RU", "Russia"),
    ("GR", "Greece"),
    ("CN", "China"),
    ("KR", "South Korea"),
    ("EG", "Egypt"),
    ("SE", "Sweden"),
    ("BR", "Brazil"),
    ("XW", "[Worldwide]"),
)
_ON_RELEASES = 1.25
_ON_COMPILATIONS = 0.08  # of the tracks
_ALONE = 0.03  # recordings on no release, to those on one
_SIZES = {
    1: 12,
    2: 12,
    3: 5,
    4: 6,
    5: 6,
    6: 5,
    7: 3,
    8: 4,
    9: 6,
    10: 10,
    11: 9,
    12: 9,
    13: 4,
    14: 3,
    16: 2,
    20: 2,
    28: 1,
    40: 1,
}
_SPREAD = 2_654_435_761  # a prime: spreads ranks over numbers


@dataclass(frozen=True, slots=True)
class Recordings:
    """Facts about some recordings, in arrays of one length."""

    index: Ints
    album: Ints
    artist: Ints
    guest: Ints
    """Second artist of the credit, or -1."""
    length: Ints
    """Milliseconds, or 0."""
    isrc: list[str]
    """Empty where it has none."""
    title: list[str]
    work: Ints
    """Work it performs, or -1."""
    odd: Ints
    """0 to 65,535: the lowest are oddities."""


class Plan:
    """A catalogue of about so many tracks on releases."""

    def __init__(self, tracks: int, seed: int) -> None:
        """Lay out albums, compilations and editions."""
        self.seed = seed
        self.texts = Texts()
        self.recordings = max(round(tracks / _ON_RELEASES), 1)
        self.artists = max(tracks // 20, 20)
        self.labels = max(tracks // 170, 5)
        self.works = max(tracks // 20, 5)
        self.alone = max(round(self.recordings * _ALONE), 1)
        sizes = self._sizes("album", self.recordings)
        sizes[-1] += self.recordings - sizes.sum()
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        self.albums = len(sizes)
        compilations = self._sizes("compilation", round(tracks * _ON_COMPILATIONS)) + 11
        compilations = compilations[np.cumsum(compilations) <= tracks * _ON_COMPILATIONS]
        self.group_sizes = np.concatenate([sizes, compilations])
        self.group = self._releases(tracks - self.recordings - int(compilations.sum()))

    @property
    def releases(self) -> int:
        """Count the releases."""
        return len(self.group)

    @property
    def groups(self) -> int:
        """Count the release groups: albums, then compilations."""
        return len(self.group_sizes)

    def draw(self, name: str, index: Ints) -> Bits:
        """Give random bits for each index."""
        return draw(self.seed, name, index)

    def artist_of_album(self, album: Ints) -> Ints:
        """Give the artist of each release group; 0 is for various artists."""
        found = 1 + self._scattered(zipf(self.draw("album-artist", album), self.artists - 1), self.artists - 1)
        return np.where(album >= self.albums, 0, found)

    def label_of(self, release: Ints) -> Ints:
        """Give the label of each release."""
        return self._scattered(zipf(self.draw("label", release), self.labels), self.labels)

    def year_of(self, album: Ints) -> Ints:
        """Give the year each release group came out first; most are recent."""
        return self._years[pick(self.draw("year", album), 1 << 16)] + 1950

    def script_of(self, artist: Ints) -> Ints:
        """Give the script each artist's name is written in."""
        return self.texts.scripts(self.draw("artist-script", artist))

    def group_titles(self, group: Ints) -> list[str]:
        """Give titles of release groups: a single has that of its first track, another one its own."""
        scripts = self.script_of(self.artist_of_album(group))
        own = self.texts.titles(self.draw("group-title", group), scripts)
        first = self.about(self.starts[np.minimum(group, self.albums - 1)]).title
        sizes = self.group_sizes[group].tolist()
        return [a if size <= 3 else b for a, b, size in zip(first, own, sizes, strict=True)]

    def tracks(self, release: Ints) -> tuple[Ints, Ints]:
        """Give the number of tracks of each release, and the recordings of all of them, in order."""
        group = self.group[release]
        sizes = self.group_sizes[group]
        ends = np.cumsum(sizes)
        place = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
        albums = np.repeat(group, sizes)
        first = self.starts[np.minimum(albums, self.albums)]
        borrowed = self.popular(self.draw("borrowed", albums * 4096 + place))
        return sizes, np.where(albums < self.albums, first + place, borrowed)

    def popular(self, bits: Bits) -> Ints:
        """Choose recordings, the popular ones most often."""
        return self._scattered(zipf(bits, self.recordings), self.recordings)

    def by_rank(self, rank: Ints) -> Ints:
        """Give the recordings of some ranks of popularity."""
        return self._scattered(rank, self.recordings)

    def about(self, index: Ints) -> Recordings:
        """Tell what is true of some recordings; those from `recordings` on stand on no release."""
        bits, more = self.draw("recording", index), self.draw("recording-more", index)
        album = np.searchsorted(self.starts, index, "right") - 1
        artist = np.where(index < self.recordings, self.artist_of_album(album), self._artist_alone(index))
        work = np.where(chance(bits, 0.12), self._scattered(index, self.works), -1)
        texts = self.draw("title", np.where(work >= 0, work, index))
        script = np.where(chance(more, 0.88), self.script_of(artist), 0)
        guest = np.where(chance(bits, 0.07, 1), 1 + zipf(self.draw("guest", index), self.artists - 1), -1)
        lengths = np.exp(self._normal[pick(bits, 1 << 16, 2)] * 0.38 + np.log(222_000)).astype(np.int64)
        return Recordings(
            index=index,
            album=album,
            artist=artist,
            guest=guest,
            length=np.where(chance(more, 0.03, 1), 0, lengths),
            isrc=self._isrcs(index),
            title=self.texts.titles(texts, script),
            work=work,
            odd=pick(bits, 1 << 16, 3),
        )

    def _artist_alone(self, index: Ints) -> Ints:
        return 1 + zipf(self.draw("alone", index), self.artists - 1)

    def _isrcs(self, index: Ints) -> list[str]:
        """Write ISRCs for two in five; one in a thousand of them is another recording's too."""
        bits = self.draw("has-isrc", index)
        shared = np.where(chance(bits, 0.001, 1), index % 97, index)
        number = self.draw("isrc", shared)
        columns = (
            chance(bits, 0.40),
            pick(number, 12),
            pick(number, 46_656, 1),
            self.year_of(np.searchsorted(self.starts, shared, "right") - 1) % 100,
            (number >> np.uint64(32)) % np.uint64(99_999) + np.uint64(1),
        )
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [
            f"{COUNTRIES[country][0]}{_base36(owner)}{year:02d}{serial:05d}" if has else ""
            for has, country, owner, year, serial in rows
        ]

    def _sizes(self, name: str, total: int) -> Ints:
        """Draw sizes of albums up to a total; singles, EPs, albums of about ten to twelve, boxes."""
        count = total // 4 + 8
        table = np.asarray(list(_SIZES))[quantiles(list(_SIZES.values()))]
        sizes = table[pick(self.draw(f"{name}-size", np.arange(count)), 1 << 16)]
        return sizes[: max(int(np.searchsorted(np.cumsum(sizes), total)), 1)].astype(np.int64)

    def _releases(self, room: int) -> Ints:
        """Give the release group of each release."""
        again = zipf(self.draw("edition", np.arange(room // 4 + 8)), self.albums)
        again = self._scattered(again, self.albums)
        again = again[np.cumsum(self.group_sizes[again]) <= room]
        every = np.concatenate([np.arange(self.groups), again])
        return every[np.argsort(self.draw("order", np.arange(len(every))), kind="stable")]

    @staticmethod
    def _scattered(rank: Ints, count: int) -> Ints:
        return ((rank.astype(np.uint64) * np.uint64(_SPREAD)) % np.uint64(count)).astype(np.int64)

    @cached_property
    def _years(self) -> Ints:
        return quantiles(1.05 ** np.arange(76))

    @cached_property
    def _normal(self) -> npt.NDArray[np.float64]:
        """Give quantiles of the normal distribution, near enough: sums of twelve uniform draws."""
        parts = [pick(draw(0, f"normal-{n}", np.arange(1 << 16)), 1 << 16) / (1 << 16) for n in range(12)]
        return np.sort(np.sum(parts, axis=0) - 6.0)


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number // 1296] + digits[number // 36 % 36] + digits[number % 36]
