"""Twelve melodies in the public domain, as note data of our own, released under CC0.

A note is a pitch and its length in beats: `C4` lasts one beat, `C4*2` two, `C4/2` half a beat, `R` is a rest.
"""

from dataclasses import dataclass

__all__ = ["PIECES", "Piece"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One melody and how it is filed."""

    title: str
    composer: str
    free: str
    """Why the composition is in the public domain."""
    album: str
    number: int
    tempo: int
    """Beats a minute."""
    notes: str
    lossless: bool
    """FLAC where true, Ogg Opus otherwise."""


_CLASSICS = "Tunes Everyone Owns"
_TRADITIONAL = "Songs Without Owners"

PIECES = (
    Piece(
        title="Ode to Joy",
        composer="Ludwig van Beethoven",
        free="composer died 1827",
        album=_CLASSICS,
        number=1,
        tempo=132,
        lossless=True,
        notes="E4 E4 F4 G4 G4 F4 E4 D4 C4 C4 D4 E4 E4*1.5 D4/2 D4*2 "
        "E4 E4 F4 G4 G4 F4 E4 D4 C4 C4 D4 E4 D4*1.5 C4/2 C4*2",
    ),
    Piece(
        title="Für Elise",
        composer="Ludwig van Beethoven",
        free="composer died 1827",
        album=_CLASSICS,
        number=2,
        tempo=140,
        lossless=False,
        notes="E5/2 D#5/2 E5/2 D#5/2 E5/2 B4/2 D5/2 C5/2 A4 R/2 C4/2 E4/2 A4/2 B4 R/2 E4/2 G#4/2 B4/2 C5 R/2 E4/2 "
        "E5/2 D#5/2 E5/2 D#5/2 E5/2 B4/2 D5/2 C5/2 A4 R/2 C4/2 E4/2 A4/2 B4 R/2 E4/2 C5/2 B4/2 A4*2",
    ),
    Piece(
        title="Minuet in G",
        composer="Christian Petzold",
        free="composer died 1733",
        album=_CLASSICS,
        number=3,
        tempo=120,
        lossless=True,
        notes="D5 G4/2 A4/2 B4/2 C5/2 D5 G4 G4 E5 C5/2 D5/2 E5/2 F#5/2 G5 G4 G4 "
        "C5 D5/2 C5/2 B4/2 A4/2 B4 C5/2 B4/2 A4/2 G4/2 F#4 G4/2 A4/2 B4/2 G4/2 A4*3",
    ),
    Piece(
        title="Canon in D",
        composer="Johann Pachelbel",
        free="composer died 1706",
        album=_CLASSICS,
        number=4,
        tempo=96,
        lossless=False,
        notes="F#5*2 E5*2 D5*2 C#5*2 B4*2 A4*2 B4*2 C#5*2 "
        "D5 F#5 A5 G5 F#5 D5 F#5 E5 D5 B4 D5 A4 G4 B4 A4 G4 F#4*2 D5*2",
    ),
    Piece(
        title="In the Hall of the Mountain King",
        composer="Edvard Grieg",
        free="composer died 1907",
        album=_CLASSICS,
        number=5,
        tempo=160,
        lossless=True,
        notes="B3/2 C#4/2 D4/2 E4/2 F#4/2 D4/2 F#4 F4/2 C#4/2 F4 E4/2 C4/2 E4 "
        "B3/2 C#4/2 D4/2 E4/2 F#4/2 D4/2 F#4/2 B4/2 A4/2 F#4/2 D4/2 F#4/2 A4*2",
    ),
    Piece(
        title="Twinkle, Twinkle, Little Star",
        composer="traditional",
        free="traditional, France, 1761",
        album=_TRADITIONAL,
        number=1,
        tempo=120,
        lossless=False,
        notes="C4 C4 G4 G4 A4 A4 G4*2 F4 F4 E4 E4 D4 D4 C4*2 G4 G4 F4 F4 E4 E4 D4*2 "
        "C4 C4 G4 G4 A4 A4 G4*2 F4 F4 E4 E4 D4 D4 C4*2",
    ),
    Piece(
        title="Frère Jacques",
        composer="traditional",
        free="traditional, France",
        album=_TRADITIONAL,
        number=2,
        tempo=126,
        lossless=True,
        notes="F4 G4 A4 F4 F4 G4 A4 F4 A4 A#4 C5*2 A4 A#4 C5*2 "
        "C5/2 D5/2 C5/2 A#4/2 A4 F4 C5/2 D5/2 C5/2 A#4/2 A4 F4 F4 C4 F4*2 F4 C4 F4*2",
    ),
    Piece(
        title="Greensleeves",
        composer="traditional",
        free="traditional, England, 1580",
        album=_TRADITIONAL,
        number=3,
        tempo=144,
        lossless=False,
        notes="A4 C5*2 D5 E5*1.5 F5/2 E5 D5*2 B4 G4*1.5 A4/2 B4 C5*2 A4 A4*1.5 G#4/2 A4 B4*2 G#4 E4*2 "
        "A4 C5*2 D5 E5*1.5 F5/2 E5 D5*2 B4 G4*1.5 A4/2 B4 C5*1.5 B4/2 A4 G#4*1.5 F#4/2 G#4 A4*3",
    ),
    Piece(
        title="Amazing Grace",
        composer="traditional",
        free="traditional, New Britain, 1829",
        album=_TRADITIONAL,
        number=4,
        tempo=84,
        lossless=True,
        notes="D4 G4*2 B4/2 G4/2 B4*2 A4 G4*2 E4 D4*2 D4 G4*2 B4/2 G4/2 B4*2 A4 D5*3 B4*3",
    ),
    Piece(
        title="Auld Lang Syne",
        composer="traditional",
        free="traditional, Scotland, 1799",
        album=_TRADITIONAL,
        number=5,
        tempo=108,
        lossless=False,
        notes="C4 F4*1.5 F4/2 F4 A4 G4*1.5 F4/2 G4 A4 F4*1.5 F4/2 A4 C5 D5*3 "
        "D5 C5*1.5 A4/2 A4 F4 G4*1.5 F4/2 G4 A4 F4*1.5 D4/2 D4 C4 F4*3",
    ),
    Piece(
        title="さくらさくら",
        composer="traditional",
        free="traditional, Japan",
        album=_TRADITIONAL,
        number=6,
        tempo=88,
        lossless=True,
        notes="A4 A4 B4*2 A4 A4 B4*2 A4 B4 C5 B4 A4 B4/2 A4/2 F4*2 E4 C4 E4 F4 E4 E4/2 C4/2 B3*2 "
        "A4 A4 B4*2 A4 A4 B4*2 E4 F4 B4/2 A4/2 F4 E4*4",
    ),
    Piece(
        title="Коробейники",
        composer="traditional",
        free="traditional, Russia, 1861",
        album=_TRADITIONAL,
        number=7,
        tempo=150,
        lossless=False,
        notes="E5 B4/2 C5/2 D5 C5/2 B4/2 A4 A4/2 C5/2 E5 D5/2 C5/2 B4*1.5 C5/2 D5 E5 C5 A4 A4*2 "
        "D5*1.5 F5/2 A5 G5/2 F5/2 E5*1.5 C5/2 E5 D5/2 C5/2 B4 B4/2 C5/2 D5 E5 C5 A4 A4*2",
    ),
)
