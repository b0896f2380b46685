"""Recordings as other sources would have written them: real ones with dirt, and near ones that are not the same.

Whoever copies knows which are the same, so that such records have labels without anyone's judgement. Dirt is of the
kinds that catalogues have: case, accents and punctuation lost, slips of the pen, articles and names moved, guests moved
into the title, numbers before titles, artist and title in one field, fields left out or cut, seconds rounded. What is
near and not the same: another version, another part, another take, another artist's.
"""

import random
import unicodedata
from dataclasses import dataclass, replace

__all__ = ["Song", "code", "copies", "misspelt", "neighbours"]

VERSIONS = (
    *("(live)", "(Live at {place})", "[Live]", "- Live", "(remix)", "({place} Remix)", "(Club Mix)", "(radio edit)"),
    *("(extended version)", "(acoustic)", "(instrumental)", "(demo)", "(karaoke version)", "(unplugged)", "(dub)"),
    *("(a cappella)", "(reprise)", "(alternate take)", "(orchestral version)", "(Part 2)", "Pt. 2", "No. 2", "II"),
)
NEUTRAL = (
    "(Remastered)",
    "- 2009 Remaster",
    "(album version)",
    "(original mix)",
    "[Explicit]",
    "(bonus track)",
    "(LP version)",
)
PLACES = ("Wembley", "Montreux", "Berlin", "Osaka", "Budokan", "Lisbon", "Oslo")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """What a source says of a recording."""

    what: str
    """The recording that it is."""
    title: str
    artist: str | None
    album: str | None
    seconds: float | None
    position: int | None = None
    isrc: str | None = None


def copies(song: Song, chance: random.Random, dirt: float) -> Song:
    """Copy a record with so much dirt: the probability of each kind is that share of its usual one at 1."""
    for likely, change in CHANGES:
        if chance.random() < likely * dirt:
            song = change(song, chance)
    return song


def neighbours(song: Song, chance: random.Random) -> Song:
    """Make what is near and not the same: another version, part or take, somebody else's; some with its ISRC."""
    song = replace(song, isrc=song.isrc if chance.random() < 0.1 else None)
    kind = chance.random()
    if kind < 0.5 or (kind < 0.75 and song.seconds is None):
        version = chance.choice(VERSIONS).format(place=chance.choice(PLACES))
        off = chance.choice((0, 0, 4, 15, -12, 40))
        seconds = None if song.seconds is None else max(10, song.seconds + off)
        return replace(song, what=f"{song.what}~{version}", title=f"{song.title} {version}", seconds=seconds)
    if kind < 0.75:
        off = chance.choice((-1, 1)) * chance.uniform(12, 90)
        return replace(song, what=f"{song.what}~take", seconds=abs(song.seconds + off) + 5, album=None)
    other = " ".join("".join(chance.choices(LETTERS, k=chance.randint(3, 8))).title() for _ in range(2))
    off = chance.choice((0, 1, -1, 3, -6, 20))
    seconds = None if song.seconds is None else max(5, song.seconds + off)
    return replace(song, what=f"{song.what}~{other}", artist=other, seconds=seconds, album=None)


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _slip(text: str, chance: random.Random) -> str:
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    letter = chance.choice(LETTERS)
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def _slips(song: Song, chance: random.Random) -> Song:
    title, artist, album = song.title, song.artist, song.album
    for _ in range(1 + len(title) // 30):
        title = _slip(title, chance)
    if artist and chance.random() < 0.5:
        artist = _slip(artist, chance)
    if album and chance.random() < 0.5:
        album = _slip(album, chance)
    return replace(song, title=title, artist=artist, album=album)


def _case(song: Song, chance: random.Random) -> Song:
    change = chance.choice((str.lower, str.upper, str.title))
    return replace(song, title=change(song.title), artist=song.artist and change(song.artist))


def _accents(song: Song, _: random.Random) -> Song:
    return replace(song, title=_plain(song.title), artist=song.artist and _plain(song.artist))


def _marks(song: Song, _: random.Random) -> Song:
    return replace(
        song, title="".join(letter if letter.isalnum() else " " for letter in song.title).strip() or song.title
    )


def _turned(song: Song, chance: random.Random) -> Song:
    words = (song.artist or "").split()
    if len(words) < 2:
        return song
    if words[0].lower() == "the":
        return replace(song, artist=chance.choice((f"{' '.join(words[1:])}, {words[0]}", " ".join(words[1:]))))
    return replace(song, artist=f"{words[-1]}, {' '.join(words[:-1])}") if len(words) == 2 else song


def _guest(song: Song, chance: random.Random) -> Song:
    guest = " ".join("".join(chance.choices(LETTERS, k=6)).title() for _ in range(chance.randint(1, 2)))
    said = chance.choice(("feat. {}", "ft. {}", "featuring {}")).format(guest)
    if chance.random() < 0.5 or not song.artist:
        return replace(song, title=chance.choice((f"{song.title} ({said})", f"{song.title} {said}")))
    return replace(song, artist=f"{song.artist} {said}")


def _numbered(song: Song, chance: random.Random) -> Song:
    place = song.position or chance.randint(1, 20)
    return replace(
        song, title=chance.choice((f"{place:02} - {song.title}", f"{place:03}-{song.title}", f"{place}. {song.title}"))
    )


def _together(song: Song, chance: random.Random) -> Song:
    title = f"{song.artist} - {song.title}" if chance.random() < 0.7 else f"{song.title} - {song.artist}"
    return replace(song, title=title, artist=None) if song.artist else song


def _cut(song: Song, _: random.Random) -> Song:
    return replace(song, title=song.title[:30].rstrip(), artist=song.artist and song.artist[:30].rstrip())


def _neutral(song: Song, chance: random.Random) -> Song:
    return replace(song, title=f"{song.title} {chance.choice(NEUTRAL)}")


def _rounded(song: Song, chance: random.Random) -> Song:
    return replace(song, seconds=song.seconds and round(song.seconds + chance.gauss(0, 1.5)))


def _mastered(song: Song, chance: random.Random) -> Song:
    """Differ by silence or a fade, as other masters do."""
    return replace(song, seconds=song.seconds and max(1, song.seconds + chance.choice((-1, 1)) * chance.uniform(2, 9)))


def _shifted(song: Song, _: random.Random) -> Song:
    return replace(song, position=song.position and song.position + 1)


def _coded_anew(song: Song, chance: random.Random) -> Song:
    return replace(song, isrc=song.isrc and code(chance))


def code(chance: random.Random) -> str:
    """Make an ISRC."""
    return f"QZ{''.join(chance.choices(LETTERS.upper(), k=3))}{chance.randrange(10**7):07}"


def _elsewhere(song: Song, chance: random.Random) -> Song:
    words = [chance.choice(("Best", "Hits", "Night", "Sun", "Gold", "Now", "Blue", "Vol")) for _ in range(2)]
    return replace(song, album=f"{' '.join(words)} {chance.randint(1, 99)}", position=chance.randint(1, 20))


def _album(song: Song, chance: random.Random) -> Song:
    said = chance.choice((" (Disc 1)", " [CD 2]", f" ({chance.randint(1980, 2020)})", " (Deluxe Edition)", " EP"))
    return replace(song, album=song.album and song.album + said)


CHANGES = (
    (0.15, _neutral),
    (0.10, _guest),
    (0.30, _rounded),
    (0.12, _mastered),
    (0.25, _elsewhere),
    (0.06, _shifted),
    (0.10, _coded_anew),
    (0.15, _album),
    (0.10, _turned),
    (0.15, _accents),
    (0.10, _marks),
    (0.25, _slips),
    (0.08, _cut),
    (0.08, _numbered),
    (0.08, _together),
    (0.25, _case),
    (0.10, lambda song, _: replace(song, album=None)),
    (0.07, lambda song, _: replace(song, seconds=None)),
    (0.05, lambda song, _: replace(song, artist=None)),
)


def misspelt(name: str, chance: random.Random) -> str:
    """Write an artist's name as another source would."""
    song = Song(what="", title="-", artist=name, album=None, seconds=None)
    for likely, change in ((0.15, _turned), (0.2, _accents), (0.25, _case), (0.06, _cut)):
        if chance.random() < likely:
            song = change(song, chance)
    name = song.artist or name
    words = name.split()
    if chance.random() < 0.2:
        name = _slip(name, chance)
    elif len(words) > 1 and chance.random() < 0.1:
        name = " ".join((f"{words[0][0]}.", *words[1:]))
    return f"{name} (2)" if chance.random() < 0.05 else name
