"""Documents of a generated catalogue in the shape of MusicBrainz's JSON dumps, one a line."""

from collections.abc import Callable, Iterator

import numpy as np

from generate_agents import Agents, escaped, type_id
from generate_documents import (
    FORMATS,
    NO_EXTRA,
    credit_of,
    date,
    group_object,
    isrc_item,
    licence,
    media,
    relation,
    release_head,
    suffix,
)
from generate_plan import Plan, Recordings
from generate_words import SCRIPT_CODES, Ints, pick, uuids

__all__ = ["MusicBrainzWriter"]


class MusicBrainzWriter:
    """Writes any part of a catalogue."""

    def __init__(self, plan: Plan) -> None:
        """Prepare; agents once written are kept."""
        self._plan = plan
        self._artists = Agents(plan, "artist")
        self._labels = Agents(plan, "label")
        self._sizes = {
            "artist": plan.artists,
            "label": plan.labels,
            "work": plan.works,
            "release-group": plan.groups,
            "recording": plan.alone,
            "release": plan.releases,
        }

    def entities(self) -> dict[str, int]:
        """Name the entities, and how many documents each has."""
        return self._sizes

    def lines(self, entity: str, first: int, last: int) -> str:
        """Write the documents from number `first` up to before `last`."""
        writers: dict[str, Callable[[Ints], Iterator[str] | list[str]]] = {
            "artist": self._artists.documents,
            "label": self._labels.documents,
            "work": self._works,
            "release-group": self._groups,
            "recording": self._alone,
            "release": self._releases,
        }
        return "".join(writers[entity](np.arange(first, last)))

    def ids(self, kind: str, index: Ints) -> list[str]:
        """Give the ids of some things of a kind."""
        return uuids(self._plan.draw(f"{kind}-id", index), self._plan.draw(f"{kind}-id-low", index))

    @property
    def listened(self) -> int:
        """Count the recordings that were listened to."""
        return self._plan.recordings // 3

    def listens(self, first: int, last: int) -> str:
        """Write listens of the recordings of some ranks, as 1/rank."""
        rank = np.arange(first, last)
        counts = (self.listened // (rank + 1)).tolist()
        ids = self.ids("recording", self._plan.by_rank(rank))
        return "".join(f"{id_},{count}\n" for id_, count in zip(ids, counts, strict=True))

    def _works(self, index: Ints) -> Iterator[str]:
        """Write works with a composer each."""
        titles = self._work_titles(index)
        writers = 1 + pick(self._plan.draw("writer", index), min(self._plan.artists - 1, 65_536))
        artists = self._artists.of(writers)
        codes = pick(self._plan.draw("iswc", index), 65_536).tolist()
        rows = zip(self.ids("work", index), titles, writers.tolist(), codes, strict=True)
        for id_, title, writer, code in rows:
            iswc = f'"T-{code:09d}-{code % 10}"' if code % 3 == 0 else ""
            composer = relation("composer", "artist", f'"artist":{artists[writer].nested}')
            yield (
                f'{{"id":"{id_}","title":"{title}","type":"Song","type-id":"{type_id("Song")}","language":"eng",'
                f'"languages":["eng"],"iswcs":[{iswc}],"disambiguation":"","attributes":[],"relations":[{composer}],'
                f"{NO_EXTRA}}}\n"
            )

    def _work_titles(self, work: Ints) -> list[str]:
        """Give titles of works: those of the recordings that perform them."""
        bits = self._plan.draw("title", work)
        return [escaped(title) for title in self._plan.texts.titles(bits, np.zeros(len(work), dtype=np.int64))]

    def _groups(self, group: Ints) -> Iterator[str]:
        """Write release groups."""
        agents = self._plan.artist_of_album(group)
        artists = self._artists.of(agents)
        written = self._group_objects(group)
        for text, agent in zip(written, agents.tolist(), strict=True):
            yield f'{text},"artist-credit":{artists[agent].credit},"relations":[],{NO_EXTRA}}}\n'

    def _group_objects(self, group: Ints) -> list[str]:
        """Write release groups without their credits, the last brace left out."""
        sizes = self._plan.group_sizes[group].tolist()
        compilation = (group >= self._plan.albums).tolist()
        rows = zip(
            self.ids("group", group), self._group_titles(group), self._dates(group), sizes, compilation, strict=True
        )
        return [group_object(*row) for row in rows]

    def _group_titles(self, group: Ints) -> list[str]:
        return [escaped(title) for title in self._plan.group_titles(group)]

    def _dates(self, group: Ints) -> list[str]:
        """Give first dates of any precision; one in a thousand is impossible, some are unknown."""
        bits = self._plan.draw("date", group)
        parts = (pick(bits, 12), pick(bits, 28, 1), pick(bits, 10, 2), pick(bits, 1000, 3))
        rows = zip(self._plan.year_of(group).tolist(), *(part.tolist() for part in parts), strict=True)
        return [date(*row) for row in rows]

    def _alone(self, index: Ints) -> Iterator[str]:
        """Write recordings that stand on no release."""
        facts = self._plan.about(index + self._plan.recordings)
        return (f"{text}\n" for text in self._recordings(facts, [""] * len(index)))

    def _recordings(self, facts: Recordings, dates: list[str]) -> list[str]:
        """Write recordings with their credits and relationships."""
        artists = self._artists.of(np.concatenate([facts.artist, np.maximum(facts.guest, 1)]))
        works = self._performed(facts)
        numbers = (facts.length.tolist(), facts.artist.tolist(), facts.guest.tolist(), facts.odd.tolist())
        rows = zip(self.ids("recording", facts.index), facts.title, *numbers, facts.isrc, works, dates, strict=True)
        return [
            f'{{"id":"{id_}","title":"{escaped(title)}{suffix(odd)}","length":{length or "null"},'
            f'"video":{"true" if odd == 77 else "false"},"disambiguation":"","first-release-date":"{date}",'
            f'"isrcs":[{isrc_item(isrc, odd)}],"artist-credit":{credit_of(artists, artist, guest, odd)},'
            f'"relations":[{work}],"aliases":[]}}'
            for id_, title, length, artist, guest, odd, isrc, work, date in rows
        ]

    def _performed(self, facts: Recordings) -> list[str]:
        """Write relationships: to the work performed, to a licence."""
        chosen = np.flatnonzero(facts.work >= 0)
        work = facts.work[chosen]
        written = [""] * len(facts.index)
        rows = zip(
            chosen.tolist(), self.ids("work", work), self._work_titles(work), facts.odd[chosen].tolist(), strict=True
        )
        for at, id_, title, odd in rows:
            nested = f'"work":{{"id":"{id_}","title":"{title}","type":"Song","iswcs":[],"disambiguation":""}}'
            written[at] = relation("performance", "work", nested, '"cover"' if odd % 10 == 0 else "")
        for at in np.flatnonzero((facts.work < 0) & (facts.odd % 60 == 1)).tolist():
            written[at] = licence(int(facts.odd[at]))
        return written

    def _releases(self, release: Ints) -> Iterator[str]:
        """Write releases with all their tracks."""
        plan = self._plan
        group = plan.group[release]
        sizes, index = plan.tracks(release)
        tracks = self._tracks(release, index, sizes)
        heads = self._heads(release, group)
        ends = np.cumsum(sizes).tolist()
        bits = plan.draw("media", release)
        formats = pick(bits, len(FORMATS)).tolist()
        rows = zip(heads, sizes.tolist(), ends, formats, strict=True)
        for head, size, end, kind in rows:
            yield f'{head},"media":[{media(tracks[end - size : end], FORMATS[kind])}],{NO_EXTRA}}}\n'

    def _tracks(self, release: Ints, index: Ints, sizes: Ints) -> list[str]:
        """Write tracks without what their medium decides: place and number."""
        facts = self._plan.about(index)
        recordings = self._recordings(facts, self._dates(facts.album))
        artists = self._artists.of(facts.artist)
        ends = np.cumsum(sizes)
        place = np.arange(len(index)) - np.repeat(ends - sizes, sizes)
        unique = np.repeat(release, sizes) * 4096 + place
        drift = pick(self._plan.draw("track", unique), 400).tolist()
        numbers = (facts.length.tolist(), facts.artist.tolist(), facts.guest.tolist(), facts.odd.tolist(), drift)
        rows = zip(self.ids("track", unique), facts.title, recordings, *numbers, strict=True)
        return [
            f'"id":"{id_}","title":"{escaped(title)}{suffix(odd)}","length":{(length and length + more) or "null"},'
            f'"artist-credit":{credit_of(artists, artist, guest, odd)},"recording":{recording}}}'
            for id_, title, recording, length, artist, guest, odd, more in rows
        ]

    def _heads(self, release: Ints, group: Ints) -> Iterator[str]:
        """Write releases without their media."""
        plan = self._plan
        bits, more = plan.draw("release", release), plan.draw("release-more", release)
        agents = plan.artist_of_album(group)
        labels = plan.label_of(release)
        known, makers = self._artists.of(agents), self._labels.of(labels)
        scripts = plan.script_of(agents).tolist()
        picks = [pick(source, 65_536, part).tolist() for source in (bits, more) for part in range(4)]
        texts = (
            self.ids("release", release),
            self._group_titles(group),
            self._dates(group),
            self._group_objects(group),
        )
        rows = zip(*texts, agents.tolist(), labels.tolist(), scripts, *picks, strict=True)
        for id_, title, day, grouped, agent, label, script, *facts in rows:
            credit = known[agent].credit
            yield release_head(
                (id_, title, day, SCRIPT_CODES[script]),
                f'{grouped},"artist-credit":{credit}}}',
                credit,
                makers[label],
                facts,
            )
