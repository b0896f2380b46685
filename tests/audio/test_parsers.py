"""One file to a Probe or a Failure, whatever its bytes and name are."""

import os
import struct
from io import BytesIO

import pytest
from mutagen.id3 import APIC, ID3

from tenuto.audio.parsers import probe_descriptor, probe_stream
from tenuto.model.audio import AudioProblem, Failure, Probe

MANY = 1 << 40


def probed(path, largest=MANY):
    """Probe a file as a worker does, by a descriptor that it closes."""
    return probe_descriptor(os.open(path, os.O_RDONLY), path.name, largest)


@pytest.mark.parametrize(
    ("suffix", "container", "codec"),
    [
        ("mp3", "mp3", "mp3"),
        ("flac", "flac", "flac"),
        ("ogg", "ogg", "vorbis"),
        ("opus", "ogg", "opus"),
        ("m4a", "mp4", "aac"),
        ("wav", "wav", "pcm_s16le"),
        ("aiff", "aiff", "pcm_s16be"),
    ],
)
def test_format_and_length_of_every_kind(tone, suffix, container, codec):
    """Codec, rate and channels are exact; the length is so to within an encoder's padding."""
    path = tone(suffix)
    said = probed(path)
    assert isinstance(said, Probe)
    assert (container, codec, 48000, 2) == (said.container, said.codec, said.sample_rate, said.channels)
    assert said.duration_ms == pytest.approx(1000, abs=25)
    assert path.stat().st_size * 8000 // said.duration_ms == said.bit_rate
    assert said.problems == ()


@pytest.mark.parametrize(
    ("suffix", "name", "container"),
    [("mp3", "a.ogg", "mp3"), ("ogg", "a.mp3", "ogg"), ("wav", "a.FLAC", "wav"), ("m4a", "a.wav", "mp4")],
)
def test_mislabelled_file_is_what_its_bytes_say(tone, suffix, name, container):
    """The demuxer follows the bytes, and the name is noted as wrong."""
    said = probed(tone(suffix, name))
    assert isinstance(said, Probe)
    assert container == said.container
    assert len(said.problems) == 1
    assert f"bytes are {container}" in said.problems[0]


@pytest.mark.parametrize(
    ("expected", "content"),
    [
        (AudioProblem.EMPTY, b""),
        (AudioProblem.UNKNOWN_FORMAT, b"#EXTM3U\nhttp://127.0.0.1/a.ts\n"),
        (AudioProblem.UNKNOWN_FORMAT, b"<html></html>"),
        (AudioProblem.BROKEN, b"OggS\0" + b"\0" * 100),
        (AudioProblem.BROKEN, b"fLaC" + b"\xff" * 100),
        (AudioProblem.BROKEN, b"ID3\x04\0\0\0\0\0\0#EXTM3U\nhttp://127.0.0.1/\n"),
        (AudioProblem.BROKEN, b"\0\0\0\x14ftypM4A \0\0\0\0M4A "),
    ],
)
def test_what_is_no_audio_fails_with_its_code(expected, content):
    """Each kind of bad content has its reason code and a sentence."""
    said = probe_stream(BytesIO(content), ".mp3")
    assert isinstance(said, Failure)
    assert expected == said.code
    assert said.reason


def test_file_that_is_too_large_fails(tone):
    """Nothing above the limit is read by a parser."""
    path = tone("wav")
    assert isinstance(probed(path, path.stat().st_size), Probe)
    assert probed(path, path.stat().st_size - 1).code == AudioProblem.TOO_LARGE


@pytest.mark.parametrize("entry", [b"enca", b"drms"])
def test_encrypted_sample_entries_are_refused(tones, entry):
    """DRM is recognised and left closed."""
    said = probe_stream(BytesIO(tones["m4a"].replace(b"mp4a", entry, 1)), ".m4a")
    assert isinstance(said, Failure)
    assert said.code == AudioProblem.PROTECTED


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff"])
def test_truncated_file_is_probed_or_fails(tones, suffix):
    """A file cut anywhere gives an answer; 60 cuts a format."""
    whole = tones[suffix]
    for cut in range(1, len(whole), len(whole) // 60):
        said = probe_stream(BytesIO(whole[:cut]), f".{suffix}")
        assert isinstance(said, Probe | Failure)


@pytest.mark.parametrize("suffix", ["wav", "aiff", "m4a"])
def test_cut_file_is_noted_where_its_header_tells(tones, suffix):
    """Chunks and boxes state their sizes, so that a cut is known; an mp4 cut before its index is broken."""
    said = probe_stream(BytesIO(tones[suffix][: len(tones[suffix]) * 2 // 3]), f".{suffix}")
    if isinstance(said, Failure):
        assert (suffix, AudioProblem.BROKEN) == ("m4a", said.code)
    else:
        assert any("is cut" in problem for problem in said.problems)


def test_length_that_header_and_stream_disagree_about_is_noted(tones):
    """A Xing header that claims 100 times the frames makes a problem, not a length taken on trust alone."""
    content = bytearray(tones["wav"])
    at = content.index(b"fmt ") + 16
    assert content[at : at + 4] == struct.pack("<I", 48000 * 4)
    content[at : at + 4] = struct.pack("<I", 400)
    said = probe_stream(BytesIO(bytes(content)), ".wav")
    assert isinstance(said, Probe)
    assert any("header states" in problem for problem in said.problems)


def riff(rate: int, channels: int, size: int) -> bytes:
    """Make a wav header that claims what it likes, with 4,000 bytes behind it."""
    align = channels * 2 & 0xFFFF
    layout = struct.pack("<HHIIHH", 1, channels, rate, rate * align & 0xFFFFFFFF, align, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 4096)
        + b"WAVEfmt \x10\0\0\0"
        + layout
        + b"data"
        + struct.pack("<I", size)
        + b"\1" * 4000
    )


@pytest.mark.parametrize(("rate", "channels"), [(0, 2), (48000, 0), (48000, 65535), (4_294_967_295, 1)])
def test_impossible_formats_are_broken(rate, channels):
    """A3: 0 Hz and 65,535 channels are no audio format."""
    said = probe_stream(BytesIO(riff(rate, channels, 4000)), ".wav")
    assert isinstance(said, Failure)
    assert said.code == AudioProblem.BROKEN


def flac_header(samples: int, rate: int = 1) -> bytes:
    """Make a FLAC stream that is only a header."""
    packed = rate << 44 | 1 << 41 | 15 << 36 | samples
    return b"fLaC\x80\0\0\x22" + struct.pack(">HH", 4096, 4096) + b"\0" * 6 + packed.to_bytes(8, "big") + b"\0" * 16


def test_length_nobody_can_have_is_unknown():
    """A3, M7: all the samples FLAC can state, at 1 Hz, are two thousand years: no length, and a sentence."""
    said = probe_stream(BytesIO(flac_header((1 << 36) - 1)), ".flac")
    if isinstance(said, Probe):
        assert (said.duration_ms, said.bit_rate) == (None, None)
        assert any("length is unknown" in problem for problem in said.problems)
    else:
        assert said.code == AudioProblem.BROKEN


def test_picture_that_claims_two_gigabytes_reads_what_is_there(tones):
    """A3: sizes are claims; a frame that states more than the tag holds costs nothing."""
    tag = BytesIO()
    frames = ID3()
    frames.add(APIC(mime="image/png", data=b"\x89PNG\r\n\x1a\n"))
    frames.save(tag, v2_version=3)
    content = bytearray(tag.getvalue())
    content[14:18] = struct.pack(">I", 2**31 - 1)
    said = probe_stream(BytesIO(bytes(content) + tones["mp3"]), ".mp3")
    assert isinstance(said, Probe)
    assert sum(picture.size for picture in said.pictures) < len(content) + len(tones["mp3"])
    block = b"fLaC\x06\xff\xff\xff" + b"\0" * 40
    assert isinstance(probe_stream(BytesIO(block), ".flac"), Failure)


def test_ogg_pages_that_repeat_forever_end(tones):
    """A3: one page a thousand times over is probed or refused, in bounded time."""
    page = tones["ogg"][tones["ogg"].rindex(b"OggS") :]
    for content in (page * 1000, tones["ogg"][:58] * 1000, tones["ogg"] * 50):
        assert isinstance(probe_stream(BytesIO(content), ".ogg"), Probe | Failure)


def test_header_larger_than_the_quick_look_is_still_read(tones):
    """A comment header of a mebibyte lies before the audio, and the length is found nevertheless."""
    from mutagen.oggvorbis import OggVorbis

    stream = BytesIO(tones["ogg"])
    file = OggVorbis(stream)
    file.tags["COMMENT"] = ["x" * 60000] * 16
    stream.seek(0)
    file.save(stream)
    said = probe_stream(BytesIO(stream.getvalue()), ".ogg")
    assert isinstance(said, Probe)
    assert (said.duration_ms, said.sample_rate) == (1000, 48000)
