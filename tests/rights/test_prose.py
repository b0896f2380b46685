"""What stands beside a licence's name: what takes it back, and what it is said of."""

import pytest

from tenuto.rights import StatementKind, read_statement

# A name, and words that leave in doubt whether it holds, or whether it holds for the music.
DOUBTFUL = [
    "Cover art: CC BY 4.0",
    "CC BY 4.0 does not apply",
    "CC BY 4.0 does not apply to this recording",
    "CC BY 4.0 (revoked)",
    "CC BY 4.0, revoked 2019",
    "The CC BY 4.0 licence was withdrawn",
    "CC BY 4.0 expired",
    "This was released under CC BY 4.0",
    "used to be CC BY 4.0",
    "It is no longer CC BY 4.0",
    "not under CC BY 4.0",
    "This isn't CC BY 4.0",
    "CC BY 4.0 except for the vocals",
    "CC BY 4.0 excluding track 3",
    "The artwork in this folder is licensed under CC BY 4.0",
    "Artwork licence: CC BY 4.0",
    "© 2020 X. Photo CC BY-SA 3.0 by Y",
    "Sleeve notes CC0",
    "Music by X. Cover art: CC BY 4.0",
    "Cover art: CC BY 4.0. Music: all rights reserved",
    "Cover art: CC BY 4.0. Music: X",
    "remix stems only: CC BY 4.0",
    "CC BY 4.0 (only the first track)",
    "CC BY 4.0 for the instrumental version",
    "Pochette : CC BY 4.0",
    "Umschlag: CC BY 4.0",
    "Couverture sous licence CC BY 4.0",
    "Titelbild CC BY-SA 3.0",
    "Das Titelbild steht unter CC BY-SA 3.0",
    "CC BY 4.0 gilt nicht",
    "Nicht mehr unter CC BY 4.0",
    "La licence CC BY 4.0 ne s'applique pas",
    "N'est plus sous CC BY 4.0",
    "Ya no está bajo CC BY 4.0",
    "Music\nby Ann\n\nArtwork\nCC BY 4.0",
    "Artwork\n=======\n\nCC BY 4.0\n",
    "Artwork:\nBob Example, CC BY 4.0",
    "Photo by Y. CC BY 4.0",
    "Photo by Y.\nCC BY 4.0",
    "Music by X, cover art CC BY 4.0",
    "Music by X and cover art CC BY 4.0",
    "Ann made the music and the artwork is CC BY 4.0",
    "Music video: CC BY 4.0",
    "Album cover: CC BY 4.0",
    "Artwork for the music: CC BY 4.0",
    "The music is by Ann. The lyrics are CC BY 4.0.",
    "Lyrics CC BY 4.0",
    "SPDX-License-Identifier: CC-BY-4.0\nThis is for the cover art.",
    "SPDX-License-Identifier: CC-BY-4.0\nno longer valid",
    "CC-BY-4.0 or revoked",
    "CC BY 4.0?",
    "Maybe CC BY 4.0",
    "CC BY 4.0 until 2015",
    "Samples from Y (CC BY 3.0)",
    "Contains samples of other works under CC BY 3.0",
    "The source code is under the MIT license",
    "Website: http://creativecommons.org/licenses/by/4.0/",
    "Font: OFL. Cover: http://creativecommons.org/licenses/by/4.0/",
    "All music except track 4 is CC BY 4.0",
    "CC BY-SA 4.0 applies to the booklet",
    "Everything but the music: CC BY 4.0",
    "Images: CC BY 4.0",
    "The photograph on the front is by Bob and is licensed under CC BY 4.0",
    "This program is under GPL-3.0-or-later",
    "Jewel case photo (c) Bob, CC BY-SA 4.0",
    "Licence CC BY 4.0 retirée",
    "CC BY 4.0 (abgelaufen)",
    "The following no longer applies.\nCC BY 4.0",
    "Data: CC0",
    "Liner notes and photos are CC BY 4.0",
    "CC BY 4.0\nCover only",
    "CC BY 4.0 will be granted in 2030",
    "CC BY 4.0 has been cancelled",
    "Copertina: CC BY 4.0",
    "Portada: CC BY 4.0",
    "The CC BY 4.0 license covers the art",
    "CC BY 4.0 (artwork), (c) 2020 Ann (music)",
    "Everything else is CC BY 4.0",
    "CC BY 4.0 for the remaining tracks",
    "This track is a cover. The original is CC BY 4.0.",
    "Nothing here is CC BY 4.0",
    "None of this is CC BY 4.0",
    "Hardly CC BY 4.0",
    "Cover design by Bob, licensed CC BY 4.0",
    "CC BY 4.0 was applied in error",
    "Please disregard CC BY 4.0",
    "CC BY 4.0 after payment",
    "30 second preview: CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/ (cover)",
    "https://creativecommons.org/licenses/by/4.0/ - revoked",
    "GPL-2+ (code)",
    "Licensed under the GPL version 2 or later, except the music",
    "CC BY 4.0. Ne s'applique pas à la musique.",
    "Sauf mention contraire, CC BY 4.0",
    "Front cover photograph: Jane Doe, CC BY 2.0",
    "CC BY 4.0 (war früher so)",
    "Die Musik steht nicht unter CC BY 4.0",
]


@pytest.mark.parametrize("text", DOUBTFUL)
@pytest.mark.parametrize("licence_field", [True, False])
def test_words_that_leave_a_licence_in_doubt(text, licence_field):
    """Such a statement never opens, wherever it stands and however it is written."""
    for spelling in (text, text.upper(), f"(c) 2020 Ann\n\n{text}"):
        found = read_statement(spelling, licence_field=licence_field)
        assert found.kind in {StatementKind.CONFLICT, StatementKind.UNKNOWN}
        assert found.choices == ()
        assert found.reason


# A name that is plainly said of the music, whatever else the statement speaks of.
PLAIN = [
    ("The music and artwork are CC BY 4.0", "CC-BY-4.0"),
    ("Music, lyrics and artwork: CC BY 4.0", "CC-BY-4.0"),
    ("All music and artwork is licensed under CC BY 4.0", "CC-BY-4.0"),
    ("The music is CC BY 4.0. Cover by Bob.", "CC-BY-4.0"),
    ("Cover by Bob. The music is CC BY 4.0.", "CC-BY-4.0"),
    (
        (
            "The songs are under the Creative Commons Attribution 4.0 licence. "
            "To view the text, visit https://creativecommons.org/licenses/by/4.0/."
        ),
        "CC-BY-4.0",
    ),
    ("Artwork by Bob\n\nMusic: CC BY 4.0", "CC-BY-4.0"),
    ("CC BY 4.0", "CC-BY-4.0"),
    ("(c) 2020 Ann, CC BY 4.0", "CC-BY-4.0"),
    ("CC BY-NC 4.0. Not for commercial use.", "CC-BY-NC-4.0"),
    ("CC BY-NC 4.0, no commercial use", "CC-BY-NC-4.0"),
    ("Some rights reserved. CC BY 4.0", "CC-BY-4.0"),
    ("No rights reserved. CC0", "CC0-1.0"),
    ("This song is licensed under CC BY 4.0", "CC-BY-4.0"),
    ("Artwork and music: CC BY-SA 4.0", "CC-BY-SA-4.0"),
    ("© 2014, Ann. Under the Creative Commons Attribution ShareAlike 4.0, see the licence's full text", "CC-BY-SA-4.0"),
    ("Die Musik und das Titelbild stehen unter CC BY 4.0", "CC-BY-4.0"),
    ("La musique et la pochette sont sous CC BY 4.0", "CC-BY-4.0"),
    ("(c) 2020 Ann Example\nAll songs are under CC BY 4.0.\nPhotos by Bob, all of them lovely.", "CC-BY-4.0"),
    ("This is a song about a photo that was not taken. Ann Example licensed it to you under CC BY 4.0", "CC-BY-4.0"),
    ("CC BY 4.0, full text: https://creativecommons.org/licenses/by/4.0/legalcode", "CC-BY-4.0"),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_what_is_plainly_said_of_the_music_stands(text, expected):
    """A list that starts with the music speaks of the music; stories beside it do no harm."""
    assert ((expected,),) == read_statement(text, licence_field=False).choices


def test_the_version_must_be_said_of_the_music_too():
    """What is said of the cover makes nothing that is said of the music more precise."""
    assert StatementKind.CONFLICT is read_statement("The music is CC BY-SA. The cover is CC BY-SA 4.0.").kind


def test_the_reason_quotes_the_word():
    """A person is told what in the statement is in doubt."""
    assert read_statement("CC BY 4.0 (revoked)").reason == 'It names a licence and says "revoked".'
    assert (
        read_statement("Cover art: CC BY 4.0").reason
        == 'It names a licence and speaks of "cover", not plainly of the music.'
    )


@pytest.mark.parametrize("unit", ["Cover. ", "music and ", "The cover is CC BY 4.0. ", "not ", "a,", "a\n", "A\n"])
def test_clauses_take_no_long_time(milliseconds, unit):
    """Statements of nothing but clauses, lists and names are read within the time (attacks.md M10)."""
    assert milliseconds(unit * (19_000 // len(unit))) < 50
