"""Rows of the catalogue's main tables, made in plain Python from MusicBrainz-shaped dumps, as the peers get them.

One pass over the dumps, a batch of documents at a time; keys count up in the order things are met. The rows are those
that `tenuto import` and `tenuto build` make of the same dumps: values by the same rules, the same left out as implied.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from pathlib import Path

import orjson

__all__ = ["Rows"]

Document = dict
Batch = dict[str, list[tuple]]
"""Rows by table, whole: a value for each column of schema.sql."""

_DOCUMENTS = 2_000
_SOURCE = 1
_LONGEST = 14 * 24 * 3_600_000  # milliseconds
_DATE = re.compile(r"(18[6-9]\d|19\d\d|20\d\d|2100)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ISRC = re.compile(r"([A-Z]{2})([A-Z0-9]{3})(\d{2})(?!00000)(\d{5})")
_ISWC = re.compile(r"T\d{10}")
_ENDS = {"artist": "ar", "work": "wo", "url": None}
_LED_TO = {"re": ("url", "artist"), "rc": ("work", "artist", "url"), "wo": ("artist", "work", "url")}


class Rows:
    """Reads dumps into rows, and remembers the keys it gave."""

    def __init__(self, dumps: Path) -> None:
        """Read the dumps of a directory."""
        self._dumps = dumps
        self._batch: Batch = defaultdict(list)
        self._keys: dict[str, dict] = defaultdict(dict)
        self._numbers = count(1)

    def batches(self) -> Iterator[Batch]:
        """Give the rows of all dumps, those referred to first."""
        readers: dict[str, Callable[[Document], None]] = {
            "artist": self._artist,
            "label": self._label,
            "work": self._work,
            "release-group": self._release_group,
            "release": self._release,
            "recording": self._alone,
        }
        for entity, read in readers.items():
            with (self._dumps / f"{entity}.jsonl").open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    read(orjson.loads(line))
                    if number % _DOCUMENTS == 0:
                        yield self._taken()
            yield self._taken()

    def _taken(self) -> Batch:
        batch, self._batch = self._batch, defaultdict(list)
        return batch

    def _key(self, prefix: str, own: str) -> int:
        keys = self._keys[prefix]
        return keys.setdefault(own, len(keys) + 1)

    def _named(self, prefix: str, raw: Document) -> tuple[int, tuple]:
        """Give a thing's key, and the columns all things begin with."""
        key = self._key(prefix, raw["id"])
        plain = raw["id"].replace("-", "")
        return key, (key, f"{prefix}-{plain[:20]}", _SOURCE, bytes.fromhex(plain))

    def _artist(self, raw: Document) -> None:
        key, head = self._named("ar", raw)
        plain = (raw["type"], raw["gender"], raw["country"])
        name, sort_name = raw["name"], raw["sort-name"]
        names = (None, name, _unless(sort_name, name))
        self._batch["artists"].append((*head, *names, *plain, *_span(raw), raw["disambiguation"]))
        self._agent("ar", key, raw)

    def _label(self, raw: Document) -> None:
        key, head = self._named("la", raw)
        code = raw["label-code"]
        plain = (raw["type"], raw["country"], None if code is None else str(code))
        self._batch["labels"].append((*head, None, raw["name"], *plain, *_span(raw), raw["disambiguation"]))
        self._agent("la", key, raw)

    def _agent(self, prefix: str, key: int, raw: Document) -> None:
        self._aliases(prefix, key, raw)
        for kind in ("isni", "ipi"):
            for position, value in enumerate(raw[kind + "s"]):
                self._batch["identifiers"].append((prefix, key, kind, position, value, None))

    def _work(self, raw: Document) -> None:
        key, head = self._named("wo", raw)
        self._batch["works"].append((*head, raw["title"], raw["type"], raw["language"], raw["disambiguation"]))
        self._aliases("wo", key, raw)
        for position, value in enumerate(raw["iswcs"]):
            plain = re.sub(r"[\s.-]", "", value.upper())
            if _ISWC.fullmatch(plain):
                self._batch["identifiers"].append(("wo", key, "iswc", position, plain, None))
        self._relations("wo", key, raw)

    def _release_group(self, raw: Document) -> None:
        key, head = self._named("rg", raw)
        kinds = (raw["primary-type"], "; ".join(raw["secondary-types"]) or None)
        facts = (raw["title"], self._credit(raw["artist-credit"]), *kinds, _date(raw["first-release-date"]))
        self._batch["release_groups"].append((*head, None, *facts, raw["disambiguation"]))
        self._aliases("rg", key, raw)

    def _release(self, raw: Document) -> None:
        key, head = self._named("re", raw)
        date, country, script = _date(raw["date"]), raw["country"], raw["text-representation"]
        group = self._key("rg", raw["release-group"]["id"])
        facts = (raw["title"], self._credit(raw["artist-credit"]), group, raw["status"], date, country)
        written = (raw["barcode"] or None, raw["packaging"], script["language"], script["script"], raw["asin"])
        self._batch["releases"].append((*head, None, *facts, *written, raw["disambiguation"]))
        self._events(key, (date, country), raw["release-events"])
        for position, issued in enumerate(raw["label-info"]):
            label = issued["label"] and self._key("la", issued["label"]["id"])
            self._batch["release_labels"].append((key, position, label, issued["catalog-number"] or None, None))
        self._relations("re", key, raw)
        for position, medium in enumerate(raw["media"]):
            self._medium(key, position, medium, raw["title"])

    def _events(self, key: int, own: tuple, events: list[Document]) -> None:
        found = [(_date(one["date"]), _countries(one["area"])) for one in events]
        if found != [own]:
            rows = [(key, position, *event) for position, event in enumerate(found)]
            self._batch["release_events"].extend(rows)

    def _medium(self, release: int, place: int, raw: Document, title: str) -> None:
        tracks = raw["tracks"]
        stated = (_unless(raw["position"], place + 1), raw["format"], raw["title"] or None)
        self._batch["media"].append((release, place, *stated, _unless(raw["track-count"], len(tracks))))
        for position, track in enumerate(tracks):
            own = track["recording"]
            recording, credit, length = self._recording(own, title)
            number = _unless(track["number"], str(position + 1))
            differs = (
                _unless(track["title"], own["title"]),
                _unless(self._credit(track["artist-credit"]), credit),
                _unless(_length(track["length"]), length),
            )
            mbid = bytes.fromhex(track["id"].replace("-", ""))
            where = (next(self._numbers), None, _SOURCE, release, place, position, number, None, recording)
            self._batch["tracks"].append((*where, *differs, mbid, 1, None))

    def _alone(self, raw: Document) -> None:
        self._recording(raw, "")

    def _recording(self, raw: Document, release: str) -> tuple[int, int, int | None]:
        """Give key, credit and length; a recording met before has its rows already."""
        credit, length = self._credit(raw["artist-credit"]), _length(raw["length"])
        if raw["id"] in self._keys["rc"]:
            return self._keys["rc"][raw["id"]], credit, length
        key, head = self._named("rc", raw)
        facts = (raw["title"], credit, length, _date(raw["first-release-date"]), None, raw["video"] or None, None)
        self._batch["recordings"].append((*head, *facts, raw["disambiguation"]))
        self._batch["search"].append((key, raw["title"], _read(raw["artist-credit"]), release))
        for position, value in enumerate(raw["isrcs"]):
            spelled = _isrc(value)
            if spelled:
                self._batch["identifiers"].append(("rc", key, "isrc", position, spelled, None))
        self._relations("rc", key, raw)
        return key, credit, length

    def _credit(self, raw: list[Document]) -> int:
        """Give the key of an artist credit; the same names with the same between them are one."""
        credits_ = self._keys["credits"]
        whole = tuple((one["artist"]["id"], one["name"], one["joinphrase"]) for one in raw)
        if whole not in credits_:
            key = credits_[whole] = len(credits_) + 1
            self._batch["artist_credits"].append((key, _read(raw)))
            for position, one in enumerate(raw):
                artist = self._key("ar", one["artist"]["id"])
                credited = _unless(one["name"], one["artist"]["name"])
                self._batch["credit_names"].append((key, position, artist, credited, one["joinphrase"]))
        return credits_[whole]

    def _aliases(self, prefix: str, key: int, raw: Document) -> None:
        for position, one in enumerate(raw["aliases"]):
            plain = (one["locale"], one["type"], one["primary"] or None)
            names = (one["name"], _unless(one["sort-name"], one["name"]))
            self._batch["aliases"].append((prefix, key, position, *names, *plain))

    def _relations(self, prefix: str, key: int, raw: Document) -> None:
        for position, one in enumerate(raw["relations"]):
            kind = one["target-type"]
            if kind not in _LED_TO[prefix]:
                continue
            address = one["url"]["resource"] if kind == "url" else None
            target = None if kind == "url" else self._key(_ENDS[kind], one[kind]["id"])
            direction = _unless(one["direction"], "forward")
            span = ("; ".join(one["attributes"]) or None, _date(one["begin"]), _date(one["end"]))
            row = (prefix, key, position, one["type"], direction, _ENDS[kind], target, address, *span)
            self._batch["relations"].append(row)
            if one["type"] == "license" and prefix != "wo":
                self._evidence(prefix, key, position, address)

    def _evidence(self, prefix: str, key: int, position: int, address: str | None) -> None:
        statements = self._keys["statements"]
        if address not in statements:
            self._batch["statements"].append((len(statements) + 1, address))
        statement = self._key("statements", address)
        said = ("dump", statement, "relations.license", None, "exact", None, 1, None)
        self._batch["evidence"].append((prefix, key, position, *said))


def _unless(value: object, implied: object) -> object:
    return None if value == implied else value


def _read(credit: list[Document]) -> str:
    return "".join(one["name"] + one["joinphrase"] for one in credit)


def _span(raw: Document) -> tuple:
    span = raw["life-span"]
    return _date(span["begin"]), _date(span["end"]), span["ended"]


def _countries(area: Document | None) -> str | None:
    return "; ".join(area["iso-3166-1-codes"]) or None if area else None


@lru_cache(1 << 16)
def _date(text: str | None) -> str | None:
    return text if text and _DATE.fullmatch(text) else None


def _length(value: int | None) -> int | None:
    return value if value and 0 < value <= _LONGEST else None


def _isrc(text: str) -> str | None:
    found = _ISRC.fullmatch(text) or _ISRC.fullmatch(re.sub("[\\s\u2010-\u2015-]", "", text.upper()))
    return "-".join(found.groups()) if found else None
