"""Which file goes into which bag, under which name: the same items always give the same plan."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tenuto.model.ids import Sha256, TrackId
from tenuto.model.package import BagReceipt, PackItem
from tenuto.packages.names import Folder, folded

__all__ = ["DEFAULT_LIMIT", "MOST_FILES", "BagPlan", "PlannedFile", "plan_bags", "unpacked"]

DEFAULT_LIMIT = 4 << 30
"""Payload bytes of a bag, unless one file alone is larger."""
MOST_FILES = 10_000
"""Payload files of a bag: its metainfo stays well below the 10 MB that clients, and our own reader, take."""
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One payload file and the items it is the audio of; the first one names it."""

    path: str
    items: tuple[PackItem, ...]

    @property
    def sha256(self) -> Sha256:
        """The digest its bytes must have."""
        return self.items[0].sha256

    @property
    def size(self) -> int:
        """Bytes."""
        return self.items[0].size

    @property
    def track_ids(self) -> tuple[TrackId, ...]:
        """The tracks it is the audio of, in plan order."""
        return tuple(item.track_id for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagPlan:
    """What one bag is to hold, in path order."""

    name: str
    files: tuple[PlannedFile, ...]

    @property
    def size(self) -> int:
        """Payload bytes."""
        return sum(file.size for file in self.files)

    def placed(self) -> Iterator[tuple[str, PackItem]]:
        """Every item with the path of its file, in path order."""
        return ((file.path, item) for file in self.files for item in file.items)


_Bytes = tuple[PackItem, ...]  # items that share their bytes


def plan_bags(
    items: Iterable[PackItem], *, archive: str, taken: Iterable[str] = (), limit_bytes: int = DEFAULT_LIMIT
) -> list[BagPlan]:
    """Share items out into new bags `<archive>-000001` and so on, numbered after those `taken`.

    Artists and releases stay together, in name order; a release is divided only if it is larger than a bag.
    Items with the same bytes become one file. Leaving out items of finished bags leaves the other bags as they were.
    """
    number = _last_number(archive, taken)
    bags = _filled(_releases(items), limit_bytes)
    return [_named(f"{archive}-{number + at:06d}", files) for at, files in enumerate(bags, 1)]


def unpacked(items: Iterable[PackItem], receipts: Iterable[BagReceipt]) -> list[PackItem]:
    """Leave out the items whose track is in a finished bag with these very bytes."""
    packed = {(track, file.digest.sha256) for bag in receipts for file in bag.files for track in file.track_ids}
    return [item for item in items if (item.track_id, item.sha256) not in packed]


def _last_number(archive: str, taken: Iterable[str]) -> int:
    shape = re.compile(re.escape(archive) + r"-(\d{6,})")
    return max((int(match[1]) for name in taken if (match := shape.fullmatch(name))), default=0)


def _release_key(item: PackItem) -> tuple[str, ...]:
    return (folded(item.artist), item.artist, folded(item.release), item.release)


def _order(item: PackItem) -> tuple[tuple[str, ...], int, int, str, str]:
    return (_release_key(item), item.disc or 0, item.number or 0, folded(item.title), item.track_id)


def _releases(items: Iterable[PackItem]) -> Iterator[list[_Bytes]]:
    """Items in order, release by release; those with bytes seen before stand with the first that had them."""
    same: dict[Sha256, list[PackItem]] = {}
    for item in sorted(items, key=_order):
        same.setdefault(item.sha256, []).append(item)
    groups = (tuple(group) for group in same.values())
    return (list(release) for _, release in groupby(groups, key=lambda group: _release_key(group[0])))


def _filled(releases: Iterable[list[_Bytes]], limit: int) -> Iterator[list[_Bytes]]:
    bag: list[_Bytes] = []
    room = limit
    for portion in _portions(releases, limit):
        size = _size(portion)
        if bag and (size > room or len(bag) + len(portion) > MOST_FILES):
            yield bag
            bag, room = [], limit
        bag.extend(portion)
        room -= size
    if bag:
        yield bag


def _portions(releases: Iterable[list[_Bytes]], limit: int) -> Iterator[list[_Bytes]]:
    """Give what is not divided: a whole release, or each file of one that is larger than a bag."""
    for release in releases:
        if _size(release) <= limit and len(release) <= MOST_FILES:
            yield release
        else:
            yield from ([group] for group in release)


def _size(groups: Sequence[_Bytes]) -> int:
    return sum(group[0].size for group in groups)


def _named(name: str, groups: Iterable[_Bytes]) -> BagPlan:
    name_of = _Shelf()
    files = (PlannedFile(path=name_of(group[0]), items=group) for group in groups)
    return BagPlan(name=name, files=tuple(sorted(files, key=lambda file: file.path.split("/"))))


class _Shelf:
    """Gives each item of one bag its path."""

    def __init__(self) -> None:
        self._artists = _Named(Folder())
        self._releases: dict[str, _Named] = {}
        self._tracks: dict[tuple[str, str], Folder] = {}

    def __call__(self, item: PackItem) -> str:
        artist = self._artists(item.artist, "Unknown artist")
        release = self._releases.setdefault(artist, _Named(Folder()))(item.release, "Without release")
        track = self._tracks.setdefault((artist, release), Folder()).claim(_track_name(item), _extension(item))
        return f"data/{artist}/{release}/{track}"


class _Named:
    """A folder's subfolders: the same text is the same subfolder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._names: dict[str, str] = {}

    def __call__(self, text: str, otherwise: str) -> str:
        if text not in self._names:
            self._names[text] = self._folder.claim(text, otherwise=otherwise)
        return self._names[text]


def _track_name(item: PackItem) -> str:
    disc = f"{item.disc}-" if item.disc and item.number else ""
    number = f"{disc}{item.number:02d} " if item.number else ""
    return f"{number}{item.title or 'untitled'}"


def _extension(item: PackItem) -> str:
    extension = item.extension.lower()
    return extension if _EXTENSION.fullmatch(extension) else ""
