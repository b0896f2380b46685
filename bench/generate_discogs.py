"""Records of a generated catalogue in the shape of Discogs's XML dumps.

The catalogue is the one that MusicBrainz's shape writes: the same artists, albums and titles under other ids, some
titles written otherwise.
"""

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

import numpy as np

from generate_agents import Agent, Agents
from generate_plan import COUNTRIES, Plan
from generate_words import Ints, pick

__all__ = ["DiscogsWriter"]

_GENRES = ("Electronic", "Rock", "Jazz", "Folk, World, & Country", "Hip Hop", "Classical", "Pop", "Funk / Soul")
_STYLES = ("House", "Ambient", "Indie Rock", "Bop", "Ballad", "Techno", "Baroque", "Soul", "Boom Bap", "Chanson")
_FORMATS = (
    ("Vinyl", ('12"', "33 ⅓ RPM")),
    ("Vinyl", ('7"', "45 RPM", "Single")),
    ("CD", ("Album",)),
    ("CD", ("Album", "Reissue")),
    ("Cassette", ("Album",)),
    ("File", ("MP3", "320 kbps")),
)
_ROLES = (
    "Producer",
    "Written-By",
    "Mixed By",
    "Remix",
    "Vocals [Lead]",
    "Mastered By",
    "Guitar, Bass Guitar",
    "Artwork",
)
_COMPANIES = (
    ("17", "Pressed By"),
    ("29", "Mastered At"),
    ("13", "Phonographic Copyright (p)"),
    ("14", "Copyright (c)"),
)
_JOINS = ("Feat.", "&amp;", ",", "/", "Vs.")
_QUALITIES = ("Correct", "Needs Vote", "Needs Vote", "Complete and Correct")
_VARIATIONS = 20  # one artist in so many is credited under another name


class DiscogsWriter:
    """Writes any part of a catalogue; ids are numbers from 1."""

    def __init__(self, plan: Plan) -> None:
        """Prepare; agents once written are kept."""
        self._plan = plan
        self._artists = Agents(plan, "artist")
        self._labels = Agents(plan, "label")

    def entities(self) -> dict[str, int]:
        """Name the dumps, and how many records each has."""
        plan = self._plan
        return {"artists": plan.artists, "labels": plan.labels, "masters": plan.groups, "releases": plan.releases}

    def lines(self, entity: str, first: int, last: int) -> str:
        """Write the records from number `first` up to before `last`, one a line."""
        writers: dict[str, Callable[[Ints], Iterator[str]]] = {
            "artists": self._artist_records,
            "labels": self._label_records,
            "masters": self._masters,
            "releases": self._releases,
        }
        return "".join(writers[entity](np.arange(first, last)))

    def _facts(self, name: str, index: Ints) -> Iterator[tuple[int, ...]]:
        """Give four numbers up to 65,535 for each index."""
        bits = self._plan.draw(f"discogs-{name}", index)
        return zip(*(pick(bits, 65_536, part).tolist() for part in range(4)), strict=True)

    def _artist_records(self, index: Ints) -> Iterator[str]:
        agents = self._artists.of(index)
        for at, (a, b, c, _) in zip(index.tolist(), self._facts("artist", index), strict=True):
            name = escape(agents[at].name)
            real = f"<realname>{name}</realname>" if a % 4 == 0 else ""
            variations = (
                f"<namevariations><name>{escape(agents[at].name.upper())}</name></namevariations>"
                if at % _VARIATIONS == 0
                else ""
            )
            other = 1 + b % self._plan.artists
            aliases = f'<aliases><name id="{other}">{name} II</name></aliases>' if b % 10 == 0 else ""
            members = f'<members><id>{other}</id><name id="{other}">{name} I</name></members>' if c % 10 == 0 else ""
            url = f"<urls><url>https://example.org/artist/{at + 1}</url></urls>" if c % 3 == 0 else ""
            yield (
                f"<artist><id>{at + 1}</id><name>{name}</name>{real}<profile>Plays [l={name}].</profile>"
                f"<data_quality>{_QUALITIES[a % 4]}</data_quality>{url}{variations}{aliases}{members}</artist>\n"
            )

    def _label_records(self, index: Ints) -> Iterator[str]:
        agents = self._labels.of(index)
        for at, (a, b, _, _) in zip(index.tolist(), self._facts("label", index), strict=True):
            name = escape(agents[at].name)
            parent = 1 + b % self._plan.labels
            above = f'<parentLabel id="{parent}">{name} Group</parentLabel>' if a % 10 == 0 else ""
            yield (
                f"<label><id>{at + 1}</id><name>{name}</name><contactinfo>{name}&#13;\nSuite {b}&#13;\n</contactinfo>"
                f"<profile/><data_quality>{_QUALITIES[a % 4]}</data_quality>{above}</label>\n"
            )

    def _masters(self, group: Ints) -> Iterator[str]:
        agents = self._plan.artist_of_album(group)
        known = self._artists.of(agents)
        years = self._plan.year_of(group).tolist()
        titles = self._plan.group_titles(group)
        rows = zip(group.tolist(), agents.tolist(), years, titles, self._facts("master", group), strict=True)
        for at, agent, year, title, facts in rows:
            yield (
                f'<master id="{at + 1}"><main_release>{facts[0] + 1}</main_release>'
                f"<artists>{_artist(agent, known)}</artists>"
                f"{_kinds(facts[1])}<year>{year}</year><title>{escape(title)}</title>"
                f"<data_quality>{_QUALITIES[facts[2] % 4]}</data_quality></master>\n"
            )

    def _releases(self, release: Ints) -> Iterator[str]:
        plan = self._plan
        group = plan.group[release]
        sizes, index = plan.tracks(release)
        tracks = self._tracks(index, np.repeat(plan.artist_of_album(group), sizes))
        agents, labels = plan.artist_of_album(group), plan.label_of(release)
        known, makers = self._artists.of(agents), self._labels.of(labels)
        years, titles = plan.year_of(group).tolist(), plan.group_titles(group)
        numbers = zip(release.tolist(), group.tolist(), years, titles, strict=True)
        listed = zip(sizes.tolist(), np.cumsum(sizes).tolist(), agents.tolist(), labels.tolist(), strict=True)
        for number, (size, end, agent, label), facts in zip(
            numbers, listed, self._facts("release", release), strict=True
        ):
            yield (
                f'<release id="{number[0] + 1}" status="Accepted"><artists>{_artist(agent, known)}</artists>'
                f"{_body(number, facts, makers[label], label + 1)}"
                f"<tracklist>{_placed(tracks[end - size : end], facts[0])}</tracklist>{_rest(facts)}</release>\n"
            )

    def _tracks(self, index: Ints, of_release: Ints) -> list[str]:
        """Write tracks without position; their artists where they are not the release's."""
        facts = self._plan.about(index)
        known = self._artists.of(np.concatenate([facts.artist, np.maximum(facts.guest, 1)]))
        numbers = (facts.length, facts.artist, facts.guest, facts.odd, of_release)
        rows = zip(facts.title, *(column.tolist() for column in numbers), strict=True)
        return [
            f"<title>{_retitled(escape(title), odd)}</title>{_duration(length)}"
            f"{_track_artists(artist, guest, main, known)}{_extra(guest if guest > 0 else artist, odd, known)}"
            for title, length, artist, guest, odd, main in rows
        ]


def _artist(at: int, known: dict[int, Agent], join: str = "", role: str = "") -> str:
    name = escape(known[at].name) if at else "Various"
    varied = f"<anv>{escape(known[at].name.upper())}</anv>" if at % _VARIATIONS == 0 and at else "<anv/>"
    joined = f"<join>{join}</join>" if join else "<join/>"
    acted = f"<role>{role}</role>" if role else "<role/>"
    return f"<artist><id>{at + 1}</id><name>{name}</name>{varied}{joined}{acted}<tracks/></artist>"


def _kinds(fact: int) -> str:
    styles = "".join(f"<style>{_STYLES[(fact + at) % len(_STYLES)]}</style>" for at in range(fact % 3))
    genre = escape(_GENRES[fact % len(_GENRES)])
    return f"<genres><genre>{genre}</genre></genres>" + (f"<styles>{styles}</styles>" if styles else "")


def _body(named: tuple[int, int, int, str], facts: tuple[int, ...], label: Agent, label_id: int) -> str:
    number, group, year, title = named
    kind, descriptions = _FORMATS[facts[0] % len(_FORMATS)]
    described = "".join(f"<description>{text}</description>" for text in descriptions)
    quantity = "99999999999" if facts[1] % 5000 == 0 else str(1 + facts[1] % 2)
    day = (f"{year}-{1 + facts[2] % 12:02d}-{facts[2] % 28:02d}", f"{year}", f"{year}-00-00", "")[facts[2] % 4]
    attribute = escape(label.name, {'"': "&quot;"})
    notes = f"<notes>Recorded at home.&#13;\nEdition {number}.</notes>" if facts[3] % 2 else ""
    return (
        f'<title>{escape(title)}</title><labels><label name="{attribute}" catno="{facts[3] % 9999:04d}" '
        f'id="{label_id}"/></labels><extraartists/><formats><format name="{kind}" qty="{quantity}" text="">'
        f"<descriptions>{described}</descriptions></format></formats>{_kinds(facts[1])}"
        f"<country>{COUNTRIES[facts[3] % 13][1]}</country><released>{day}</released>{notes}"
        f"<data_quality>{_QUALITIES[facts[3] % 4]}</data_quality>"
        f'<master_id is_main_release="{"true" if facts[1] % 3 else "false"}">{group + 1}</master_id>'
    )


def _rest(facts: tuple[int, ...]) -> str:
    barcode = f'<identifier type="Barcode" value="{facts[1]:06d}{facts[2]:07d}"/>' if facts[2] % 2 else ""
    runout = f'<identifier type="Matrix / Runout" description="Side A" value="R-{facts[3]}"/>'
    code, name = _COMPANIES[facts[3] % len(_COMPANIES)]
    place = f"https://api.discogs.com/labels/{facts[2] + 1}"
    company = (
        f"<company><id>{facts[2] + 1}</id><name>Works {facts[2]}</name><catno/><entity_type>{code}</entity_type>"
        f"<entity_type_name>{name}</entity_type_name><resource_url>{place}</resource_url></company>"
    )
    return (
        f"<identifiers>{barcode}{runout}</identifiers><videos/><companies>{company if facts[1] % 2 else ''}</companies>"
    )


def _placed(tracks: list[str], kind: int) -> str:
    """Give tracks their positions; one release in forty has a heading, one in fifty an index of sub-tracks."""
    half = (len(tracks) + 1) // 2
    vinyl = _FORMATS[kind % len(_FORMATS)][0] == "Vinyl"
    printed = ["AB"[at >= half] + str(at % half + 1) if vinyl else str(at + 1) for at in range(len(tracks))]
    written = [
        f"<track><position>{place}</position>{text}</track>" for place, text in zip(printed, tracks, strict=True)
    ]
    if kind % 40 == 7:
        written.insert(0, "<track><position/><title>Part One</title><duration/></track>")
    if kind % 50 == 3 and len(written) > 3:
        inside = "".join(written[-2:])
        written[-2:] = [f"<track><position/><title>Suite</title><duration/><sub_tracks>{inside}</sub_tracks></track>"]
    return "".join(written)


def _retitled(title: str, odd: int) -> str:
    """Write one title in twelve otherwise than elsewhere."""
    if odd % 12 or "&" in title:
        return title
    return (title.upper(), title.lower(), f"{title} (Original Mix)", title.replace(" ", "  "))[odd // 12 % 4]


def _duration(length: int) -> str:
    seconds = round(length / 1000)
    return f"<duration>{seconds // 60}:{seconds % 60:02d}</duration>" if length else "<duration/>"


def _track_artists(artist: int, guest: int, main: int, known: dict[int, Agent]) -> str:
    if guest >= 0 and guest != artist:
        return f"<artists>{_artist(artist, known, _JOINS[guest % len(_JOINS)])}{_artist(guest, known)}</artists>"
    return "" if artist == main else f"<artists>{_artist(artist, known)}</artists>"


def _extra(artist: int, odd: int, known: dict[int, Agent]) -> str:
    if odd % 3:
        return ""
    return f"<extraartists>{_artist(artist, known, role=_ROLES[odd // 3 % len(_ROLES)])}</extraartists>"
