"""The marks of a streaming service's copies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.fingerprint import streaming_fingerprint

TRACK = "4uLU6hMCjMI75M1A2tKUQC"
MARKED = [
    ("a.ogg", "SPOTIFY_TRACK_ID", TRACK),
    ("a.ogg", "TXXX:Spotify Track ID", TRACK),
    ("a.ogg", "spotify_isrc", "GBAYE0601498"),
    ("a.ogg", "SPOTIFY_URL", f"https://open.spotify.com/track/{TRACK}"),
    ("a.ogg", "COMMENT", f"spotify:track:{TRACK}"),
    ("a.ogg", "TITLE", f"Spotify:Track:{TRACK}"),
    ("a.ogg", "WOAS", f"https://open.spotify.com/track/{TRACK}?si=1"),
    ("a.ogg", "SOURCE", f"open.spotify.com/intl-de/track/{TRACK}"),
    ("a.ogg", "WXXX:URL", f"HTTPS://OPEN.SPOTIFY.COM/embed/track/{TRACK}"),
    ("a.ogg", "COMMENT", f"from https://play.spotify.com/track/{TRACK}"),
    ("a.ogg", "WOAS", "https://open.spotify.com/album/1DFixLWuPkv3KT3TnV35m3"),
    ("a.ogg", "ENCODEDBY", "Zotify 0.6"),
    ("annas_archive_spotify_2025/a.ogg", "TITLE", "A"),
    ("x/Annas-Archive/spotify/tracks/a.ogg", "TITLE", "A"),
]
CLEAN = [
    ("a.ogg", "TITLE", "A"),
    ("a.ogg", "COMMENT", "Find me at https://open.spotify.com/artist/0OdUWJ0sBjDrqHygGUXeCF"),
    ("a.ogg", "WOAR", "https://open.spotify.com/artist/0OdUWJ0sBjDrqHygGUXeCF"),
    ("a.ogg", "SPOTIFY", "https://open.spotify.com/artist/0OdUWJ0sBjDrqHygGUXeCF"),
    ("a.ogg", "SPOTIFY_TRACK_ID", "  "),
    ("a.ogg", "COMMENT", "Also on Spotify, https://open.spotify.com/album/1DFixLWuPkv3KT3TnV35m3"),
    ("a.ogg", "TITLE", "Spotify Killed the Radio Star"),
    ("a.ogg", "COMMENT", "https://open.spotify.com.example/tracks"),
    ("spotify/a.ogg", "TITLE", "A"),
    ("annas_archive/a.ogg", "TITLE", "A"),
]


@pytest.mark.parametrize(("path", "name", "value"), MARKED)
def test_marks_are_found(path, name, value):
    """Each mark is found among other tags, and the answer is a sentence that does not repeat its value."""
    found = streaming_fingerprint(path, (("TITLE", "A"), (name, value), ("DATE", "1999")))
    assert found is not None
    assert found.endswith(".")
    assert TRACK not in found


@pytest.mark.parametrize(("path", "name", "value"), CLEAN)
def test_an_artists_own_link_is_no_mark(path, name, value):
    """Links to an artist's page, talk of the service and empty tags are no marks."""
    assert streaming_fingerprint(path, ((name, value),)) is None


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_tags_are_read(path, tags):
    """No tags make the detector fail."""
    found = streaming_fingerprint(path, tuple(tags))
    assert found is None or found.isprintable()
