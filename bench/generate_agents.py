"""Artists and labels of a generated catalogue: their names, their documents, and what of them stands in others'."""

import json
from dataclasses import dataclass

import numpy as np

from generate_plan import COUNTRIES, Plan
from generate_words import Ints, chance, pick, uuids

__all__ = ["Agent", "Agents", "escaped", "type_id"]

_ROOM = 400_000  # agents kept in memory at once
_ARTIST_TYPES = ("Person", "Person", "Person", "Group", "Group", None, "Orchestra")
_LABEL_TYPES = ("Original Production", "Imprint", "Production", "Distributor", None)
_GENDERS = ("Male", "Female", "Non-binary", None)
_SPOILT = ("0000", "1979-13", "1985-02-31", "20O1")


def escaped(text: str) -> str:
    """Write a text as the inside of a JSON string."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def type_id(name: str | None) -> str | None:
    """Give the id of a type's name: the same for the same name."""
    return None if name is None else f"{sum(name.encode()):08x}-0000-4000-8000-{len(name):012x}"


@dataclass(frozen=True, slots=True)
class Agent:
    """An artist or a label, as others refer to it."""

    id: str
    name: str
    """Plain."""
    credited: str
    """As the inside of a JSON string."""
    nested: str
    """The object inside other documents."""
    credit: str
    """An artist credit of this one alone."""


class Agents:
    """Artists or labels by number."""

    def __init__(self, plan: Plan, kind: str) -> None:
        """Name them for `kind`: artist or label."""
        self._plan = plan
        self._kind = kind
        self._known: dict[int, Agent] = {}

    def of(self, index: Ints) -> dict[int, Agent]:
        """Give what is known of some of them, by number."""
        if len(self._known) > _ROOM:
            self._known.clear()
        missing = np.asarray([at for at in np.unique(index).tolist() if at not in self._known], dtype=np.int64)
        if len(missing):
            self._known.update(zip(missing.tolist(), self._made(missing), strict=True))
        return self._known

    def documents(self, index: Ints) -> list[str]:
        """Write whole documents."""
        kinds = self._types(index)
        bits = self._plan.draw(f"{self._kind}-facts", index)
        aliases = self._aliases(index)
        agents = self.of(index)
        picks = (pick(bits, 65_536, part).tolist() for part in range(4))
        rows = zip(index.tolist(), kinds, aliases, *picks, strict=True)
        return [self._document(agents[at], kind, other, facts) for at, kind, other, *facts in rows]

    def _document(self, agent: Agent, kind: str | None, aliases: str, facts: list[int]) -> str:
        country = COUNTRIES[facts[0] % 12] if facts[0] % 5 else None
        begin = _day(facts[1], facts[2]) if facts[1] % 3 else None
        own: dict[str, object] = {
            "id": agent.id,
            "name": agent.name,
            "sort-name": _sorted_name(agent.name, kind),
            "disambiguation": f"{country[1]} {(kind or 'act').lower()}" if country and facts[2] % 10 == 0 else "",
            "type": kind,
            "type-id": type_id(kind),
            "country": country[0] if country else None,
            "area": _area(country),
            "life-span": {"begin": begin, "end": None, "ended": facts[3] % 20 == 0},
            "isnis": [f"{facts[3]:08d}{facts[2]:08d}"] if facts[3] % 9 == 0 else [],
            "ipis": [f"{facts[1]:011d}"] if facts[3] % 11 == 0 else [],
            "relations": [],
            "annotation": None,
            "genres": [],
            "tags": [],
            "rating": {"value": None, "votes-count": 0},
        }
        if self._kind == "artist":
            gender = _GENDERS[facts[2] % 4] if kind == "Person" else None
            own |= {"gender": gender, "gender-id": type_id(gender), "begin-area": None, "end-area": None}
        else:
            own["label-code"] = facts[2] if facts[2] % 6 == 0 else None
        return json.dumps(own, ensure_ascii=False, separators=(",", ":"))[:-1] + f',"aliases":{aliases}}}\n'

    def _made(self, index: Ints) -> list[Agent]:
        ids = uuids(self._plan.draw(f"{self._kind}-id", index), self._plan.draw(f"{self._kind}-id-low", index))
        rows = zip(ids, self._names(index), self._types(index), strict=True)
        return [self._agent(*row) for row in rows]

    def _agent(self, id_: str, name: str, kind: str | None) -> Agent:
        text, by = escaped(name), escaped(_sorted_name(name, kind))
        code = "" if self._kind == "artist" else ',"label-code":null'
        nested = f'{{"id":"{id_}","name":"{text}","sort-name":"{by}","disambiguation":""{code}}}'
        return Agent(id_, name, text, nested, f'[{{"name":"{text}","joinphrase":"","artist":{nested}}}]')

    def _names(self, index: Ints) -> list[str]:
        texts = self._plan.texts
        if self._kind == "label":
            bits = self._plan.draw("label-name", index)
            names = texts.titles(bits, texts.scripts(self._plan.draw("label-script", index)))
            endings = pick(bits * np.uint64(11), 4, 1).tolist()
            return [
                name + (" Records", " Music", "", " Recordings")[end] for name, end in zip(names, endings, strict=True)
            ]
        names = texts.titles(self._plan.draw("artist-name", index), self._plan.script_of(index))
        return ["Various Artists" if at == 0 else name for at, name in zip(index.tolist(), names, strict=True)]

    def _types(self, index: Ints) -> list[str | None]:
        kinds = _ARTIST_TYPES if self._kind == "artist" else _LABEL_TYPES
        return [kinds[at] for at in pick(self._plan.draw(f"{self._kind}-type", index), len(kinds)).tolist()]

    def _aliases(self, index: Ints) -> list[str]:
        """Write aliases: one agent in five has one, half of these in another script."""
        bits = self._plan.draw(f"{self._kind}-alias", index)
        has = chance(bits, 0.2)
        scripts = np.where(chance(bits, 0.5, 1), self._plan.texts.scripts(bits * np.uint64(13)), 0)
        names = self._plan.texts.titles(bits, scripts)
        return [_alias(name) if yes else "[]" for yes, name in zip(has.tolist(), names, strict=True)]


def _alias(name: str) -> str:
    text = escaped(name)
    return (
        f'[{{"name":"{text}","sort-name":"{text}","locale":null,"primary":null,"type":"Artist name","type-id":null,'
        '"begin":null,"end":null,"ended":false}]'
    )


def _sorted_name(name: str, kind: str | None) -> str:
    first, space, rest = name.partition(" ")
    return f"{rest}, {first}" if space and (kind == "Person" or first == "The") else name


def _area(country: tuple[str, str] | None) -> dict[str, object] | None:
    if country is None:
        return None
    named = {"id": type_id(country[1]), "name": country[1], "sort-name": country[1], "disambiguation": ""}
    return {**named, "type": "Country", "type-id": type_id("Country"), "iso-3166-1-codes": [country[0]]}


def _day(first: int, second: int) -> str:
    """Write a date of any precision; a few are impossible."""
    if second % 500 == 0:
        return _SPOILT[first % len(_SPOILT)]
    full = f"{1930 + first % 90}-{1 + second % 12:02d}-{1 + second % 28:02d}"
    return full[: (4, 7, 10, 10)[second % 4]]
