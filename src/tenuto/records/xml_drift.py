"""What elements hold that no mapping reads or ignores: counted on the bytes, for all elements of a chunk at once.

Start tags and end tags are found by their `<`; the depth of each follows from counting, its place from the name of
the tag it lies in. Names and places are compared as 64-bit hashes. Elements whose tags do not add up (a `>` inside a
value) are walked one by one. The parser has read the chunk by then: it is known to be well-formed.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from tenuto.model.source import DumpEntity, Shape
from tenuto.records.xml_walk import walked

__all__ = ["Drift"]

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Truths = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.uint8]
_UNKNOWN, _READ, _LEFT, _PASSED = (np.uint8(kind) for kind in range(4))
"""What is done with a place; what lies below one that is not read is passed over."""
_WINDOW = 24  # bytes of a name that are looked at
_PART = 1 << 19  # bytes that are counted at once
_LONGEST_NAME = 200
_DEEPEST = 32
_ALL = ~np.uint64(0)
_ONES, _TOPS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_SLASHES, _LESSES = _ONES * np.uint64(ord("/")), _ONES * np.uint64(ord("<"))
_SPACES_AND_1, _BUT_TWO_BITS = _ONES * np.uint64(ord(" ") + 1), _ONES * np.uint64(0xFC)
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_VALUE = re.compile(rb"""=(?:"[^"]*"|'[^']*')""")
_NO_TAGS = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)


class Drift:
    """Knows the places of one entity's shape, and finds those that are not in it."""

    def __init__(self, entity: DumpEntity) -> None:
        """Prepare the hashes of all places that are known."""
        self._shape: Shape = {entity.name: dict(entity.shape)}
        known: set[tuple[str, ...]] = set()
        left: set[tuple[str, ...]] = set()
        for place, part in _places(self._shape, ()):
            (left if part == "-" else known).add(place)
        self._known = _sorted(known | left)
        self._left = np.isin(self._known, _sorted(left))

    def count(self, content: bytes, ends: tuple[int, ...]) -> Counter[str]:
        """Give for each unknown place how many elements have it; the content ends with zeros to spare."""
        found: Counter[str] = Counter()
        for part, part_ends in _parts(content, ends):
            tags = _Tags(part, np.asarray(part_ends, dtype=np.int64))
            found += tags.strangers(self._known, self._left)
            begins = (0, *part_ends)
            for document in tags.uneven:
                found.update(set(walked(part[begins[document] : part_ends[document]], self._shape)))
        return found


def _parts(content: bytes, ends: tuple[int, ...]) -> Iterator[tuple[bytes, list[int]]]:
    """Cut a chunk into parts of whole elements, of which a core's caches hold all arrays; comments become spaces."""
    first, begin = 0, 0
    while first < len(ends):
        last = max(bisect_right(ends, begin + _PART, first), first + 1)
        part = content[begin : ends[last - 1]]
        if _has_more_than_tags(part):
            part = _NO_TAGS.sub(lambda match: b" " * len(match[0]), part)
        yield part, [end - begin for end in ends[first:last]]
        first, begin = last, ends[last - 1]


class _Tags:
    """All tags of a chunk, in their order."""

    def __init__(self, content: bytes, ends: Places) -> None:
        self._content = content
        self._buffer = np.frombuffer(bytes(_WINDOW) + content + bytes(_WINDOW), dtype=np.uint8)
        begins = np.flatnonzero(self._buffer == ord("<"))
        closes = np.flatnonzero(self._buffer == ord(">"))
        until = _next(closes, begins)
        self._equals = np.flatnonzero(self._buffer == ord("="))
        self._words = np.ndarray(len(self._buffer) - 8, dtype="<u8", buffer=self._buffer, strides=(1,))
        closing = self._buffer[begins + 1] == ord("/")
        alone = ~closing & (self._buffer[until - 1] == ord("/"))
        change = np.where(closing, -1, np.where(alone, 0, 1))
        depth = np.cumsum(change)
        tags = np.diff(np.searchsorted(begins, ends + _WINDOW), prepend=0)
        documents = np.repeat(np.arange(len(ends)), tags)
        last = np.cumsum(tags)[tags > 0] - 1
        before = np.concatenate([[0], depth[last]])[: len(last)]
        uneven = {*documents[last[depth[last] != before]].tolist(), *self._odd(begins, closes, ends)}
        self.uneven = sorted(uneven)
        depth -= np.repeat(before, tags[tags > 0])
        taken = ~closing & ~np.isin(documents, self.uneven) if uneven else ~closing
        self._begins, self._until = begins[taken], until[taken]
        self._document, self._depth = documents[taken], (depth - change)[taken]
        self._alone = alone[taken]

    def _odd(self, begins: Places, closes: Places, ends: Places) -> Iterator[int]:
        """Give the elements with a `>` that ends no tag, or with white space around a `=` in a tag."""
        counts = [np.diff(np.searchsorted(places, ends + _WINDOW), prepend=0) for places in (begins, closes)]
        yield from np.flatnonzero(counts[0] != counts[1]).tolist()
        spaced = self._equals[_white(self._buffer[self._equals - 1]) | _white(self._buffer[self._equals + 1])]
        tag = np.searchsorted(begins, spaced) - 1
        inside = np.searchsorted(closes, spaced) == np.searchsorted(closes, begins[tag])
        yield from np.searchsorted(ends + _WINDOW, spaced[inside & (tag >= 0)], side="right").tolist()

    def strangers(self, known: Hashes, left: Truths) -> Counter[str]:
        """Give the places that are not known and not below one left alone, with the documents that have them."""
        hashes, parents, kinds = self._placed(known, left)
        found = self._told(np.flatnonzero(kinds == _UNKNOWN), hashes, parents, None)
        at = self._equals
        quote = self._buffer[at + 1]
        at = at[(quote == ord('"')) | (quote == ord("'"))]
        tag = np.searchsorted(self._begins, at) - 1
        inside = (tag >= 0) & (at < self._until[tag]) & (kinds[tag] == _READ) if len(kinds) else at < 0
        at, tag = at[inside], tag[inside]
        own = _mixed(hashes[tag], self._names(self._spaces(at)) ^ _ODD[2])
        strange = _kinds(own, known, left) == _UNKNOWN
        strange[strange] = self._begins_values(tag[strange], at[strange])
        return found + self._told(tag[strange], own[strange], parents, at[strange])

    def _begins_values(self, tags: Places, at: Places) -> list[bool]:
        """Tell of each `=` at a place in a tag whether it stands before a value, not inside one."""
        begins: set[int] = set()
        for tag in np.unique(tags).tolist():
            begin, until = int(self._begins[tag]) - _WINDOW, int(self._until[tag]) - _WINDOW
            begins.update(match.start() for match in _VALUE.finditer(self._content, begin, until + 1))
        return [place - _WINDOW in begins for place in at.tolist()]

    def _placed(self, known: Hashes, left: Truths) -> tuple[Hashes, Places, Kinds]:
        """Give each tag's place, what it lies in, and what is done with it."""
        hashes = self._names(self._begins + 1)
        parents = np.full(len(hashes), -1)
        kinds = np.full(len(hashes), _PASSED, dtype=np.uint8)
        here = np.flatnonzero(self._depth == 0)
        kinds[here] = _kinds(hashes[here], known, left)
        for depth in range(1, min(int(self._depth.max(initial=0)), _DEEPEST) + 1):
            above, here = here[~self._alone[here]], np.flatnonzero(self._depth == depth)
            if not len(above) or not len(here):
                break
            parent = above[np.maximum(np.searchsorted(above, here) - 1, 0)]
            parents[here] = parent
            hashes[here] = _mixed(hashes[parent], hashes[here])
            kinds[here] = np.where(kinds[parent] == _READ, _kinds(hashes[here], known, left), _PASSED)
        return hashes, parents, kinds

    def _names(self, begins: Places) -> Hashes:
        """Hash the names that begin at these places."""
        words = self._words[begins]
        ends = _ends_in(words)
        hashes = _mixed(np.zeros(len(begins), dtype=np.uint64), words & _before(ends))
        going = np.flatnonzero(ends == 0)
        for offset in range(8, _WINDOW, 8):
            words = self._words[begins[going] + offset]
            ends = _ends_in(words)
            hashes[going] = _mixed(hashes[going], words & _before(ends))
            going = going[ends == 0]
        return hashes

    def _spaces(self, at: Places) -> Places:
        """Give where the names begin that end at these places: behind the last white space."""
        begins = at.copy()
        going = np.arange(len(at))
        for _ in range(_LONGEST_NAME):
            before = begins[going] - 1
            begins[going] = before
            going = going[~_white(self._buffer[before])]
            if not len(going):
                break
        return begins + 1

    def _told(self, tags: Places, hashes: Hashes, parents: Places, at: Places | None) -> Counter[str]:
        own = hashes[tags] if at is None else hashes
        pairs = np.unique(np.stack([own, self._document[tags].astype(np.uint64)]), axis=1)
        counts = dict(zip(*(part.tolist() for part in np.unique(pairs[0], return_counts=True)), strict=True))
        found: Counter[str] = Counter()
        for value, first in zip(*(part.tolist() for part in np.unique(own, return_index=True)), strict=True):
            place = self._place(int(tags[first]), parents)
            place += [] if at is None else [f"@{self._attribute(int(at[first]))}"]
            found["/".join(place[1:]) or place[0]] += counts[value]
        return found

    def _place(self, tag: int, parents: Places) -> list[str]:
        names = []
        while tag >= 0:
            begin = int(self._begins[tag]) - _WINDOW + 1
            match = re.match(rb"[^\s/>]*", self._content[begin : begin + 100])
            names.append(match[0].decode(errors="backslashreplace") if match else "")
            tag = int(parents[tag])
        return names[::-1]

    def _attribute(self, at: int) -> str:
        before = self._content[max(at - _WINDOW - 100, 0) : at - _WINDOW].split()
        return before[-1].decode(errors="backslashreplace") if before else ""


def _places(shape: Shape, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Shape]]:
    if isinstance(shape, list):
        yield from _places(shape[0], place)
    elif isinstance(shape, Mapping) and "*" in shape:
        for inner, part in _places(shape["*"], place):
            yield inner, part
    elif isinstance(shape, Mapping):
        yield place, "text"
        for name, part in shape.items():
            yield from _places(part, place if name == "." else (*place, name))
    else:
        yield place, shape


def _sorted(places: set[tuple[str, ...]]) -> Hashes:
    found = []
    for place in filter(None, places):
        value: Hashes = np.zeros(1, dtype=np.uint64)
        for depth, name in enumerate(place):
            letters = name.removeprefix("@").encode()[:_WINDOW]
            words = np.frombuffer(letters.ljust(_WINDOW, b"\0"), dtype="<u8")
            own: Hashes = np.zeros(1, dtype=np.uint64)
            for word in words[: len(letters) // 8 + 1]:
                own = _mixed(own, np.array([word]))
            own = own ^ _ODD[2] if name.startswith("@") else own
            value = _mixed(value, own) if depth else own
        found.append(value[0])
    return np.unique(np.array(found, dtype=np.uint64))


def _ends_in(words: Hashes) -> Hashes:
    """Set the top bit of each byte that ends a name; above the lowest of them it may be set wrongly.

    These are white space, `/`, `=` and `>`; `<` and `?`, which differ from the last two in two bits, are in no name.
    """
    slash, equal = words ^ _SLASHES, words & _BUT_TWO_BITS ^ _LESSES
    found = (words - _SPACES_AND_1) & ~words
    found |= (slash - _ONES) & ~slash
    found |= (equal - _ONES) & ~equal
    return found & _TOPS


def _before(ends: Hashes) -> Hashes:
    """Mask the bytes below the lowest end, all where there is none."""
    lowest = ends & (~ends + np.uint64(1))
    return np.where(ends == 0, _ALL, (lowest >> np.uint64(7)) - np.uint64(1))


def _mixed(outer: Hashes, inner: Hashes) -> Hashes:
    value = (outer * _ODD[0]) ^ (inner * _ODD[1])
    value ^= value >> np.uint64(29)
    return value * _ODD[2]


def _kinds(hashes: Hashes, known: Hashes, left: Truths) -> Kinds:
    """Tell for each place whether it is read, left alone or unknown; `left` says it of those known."""
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[places] == hashes, np.where(left[places], _LEFT, _READ), _UNKNOWN).astype(np.uint8)


def _next(closes: Places, begins: Places) -> Places:
    """Give the first end behind each begin; the last end where there is none."""
    if len(closes) == len(begins) and bool((begins < closes).all() and (closes[:-1] < begins[1:]).all()):
        return closes
    return closes[np.minimum(np.searchsorted(closes, begins), len(closes) - 1)] if len(closes) else begins


def _has_more_than_tags(content: bytes) -> bool:
    """Tell whether there are comments, CDATA sections or instructions."""
    letters = np.frombuffer(content, dtype=np.uint8)
    behind = letters[1:]
    return bool(((letters[:-1] == ord("<")) & ((behind == ord("!")) | (behind == ord("?")))).any())


def _white(letters: Bytes) -> npt.NDArray[np.bool_]:
    return letters <= ord(" ")
