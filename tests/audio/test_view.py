"""A view leaves out some bytes; Ogg files whose headers stand twice are read through one."""

from io import BufferedReader, BytesIO

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.ogg import OggPage

from tenuto.audio.parsers import probe_stream
from tenuto.audio.stream import read_format
from tenuto.audio.view import View, repeated_headers
from tenuto.model.audio import Probe


@given(st.binary(max_size=80), st.integers(0, 80), st.integers(0, 80), st.lists(st.integers(0, 80), max_size=6))
def test_view_is_the_file_without_the_gap(content, first, second, places):
    """Whatever is sought and read, the answer is that of the bytes without the gap."""
    start, end = sorted((min(first, len(content)), min(second, len(content))))
    expected = BytesIO(content[:start] + content[end:])
    view = BufferedReader(View(BytesIO(content), start, end), 8)
    assert expected.read() == view.read()
    for place in places:
        assert expected.seek(place) == view.seek(place)
        assert expected.read(place % 17) == view.read(place % 17)
    assert expected.seek(0, 2) == view.seek(0, 2)


def pages(content: bytes) -> list[OggPage]:
    stream, found = BytesIO(content), []
    while stream.tell() < len(content):
        found.append(OggPage(stream))
    return found


def doubled(content: bytes) -> bytes:
    """Put a page with all three headers, and a packet of audio, behind the headers."""
    first, second, *rest = pages(content)
    again = OggPage()
    again.serial, again.position = first.serial, -104
    again.packets = [*first.packets, *second.packets, rest[0].packets[0]]
    found = [first, second, again, *rest]
    for number, page in enumerate(found):
        page.sequence = number
    return b"".join(page.write() for page in found)


def test_ogg_with_repeated_headers_is_read_and_noted(tones):
    """The demuxer refuses such a file; without the repeated page it is as long as it ever was."""
    content = doubled(tones["ogg"])
    with pytest.raises(av.InvalidDataError):
        read_format(BytesIO(content), "ogg")
    said = probe_stream(BytesIO(content), ".ogg")
    assert isinstance(said, Probe)
    assert (said.codec, said.duration_ms, said.sample_rate) == ("vorbis", 1000, 48000)
    assert ["twice" in problem for problem in said.problems] == [True]


def test_sound_file_has_no_repeated_headers(tones):
    """The first headers are not the repetition, and what is no Ogg has none."""
    assert repeated_headers(BytesIO(tones["ogg"])) is None
    assert repeated_headers(BytesIO(tones["flac"])) is None
    assert repeated_headers(BytesIO(b"OggS\0")) is None
