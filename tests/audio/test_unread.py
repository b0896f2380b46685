"""What a tag reader drops in silence: it is read here, or the file says that its tags are not whole."""

import struct
from io import BytesIO

import pytest
from mutagen import id3
from mutagen.mp4 import MP4, MP4FreeForm

from tenuto.audio.parsers import probe_stream
from tenuto.audio.reading import holds_text

RESERVED = "All rights reserved"
BY = "https://creativecommons.org/licenses/by/4.0/"


def probed(content, suffix):
    return probe_stream(BytesIO(content), f".{suffix}")


def synchsafe(number):
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def tag(*frames, version=4, flags=b"\0\0"):
    """Write an ID3v2 tag from ids and contents, mistakes and all."""
    body = b"".join(name + synchsafe(len(content)) + flags + content for name, content in frames)
    return b"ID3" + bytes([version, 0, 0]) + synchsafe(len(body)) + body


@pytest.fixture
def bare(tones):
    """Give the mp3 without its own tag."""
    stream = BytesIO(tones["mp3"])
    id3.delete(stream)
    return stream.getvalue()


def test_every_one_of_several_frames_is_read(bare):
    """Mutagen keeps the last WCOP; the first may say something else."""
    content = tag((b"WCOP", BY.encode()), (b"WCOP", b"http://example.org/reserved"), (b"USER", b"\3eng" + b"Mine"))
    said = probed(content + bare, "mp3")
    assert said.tags == (("WCOP", BY), ("WCOP", "http://example.org/reserved"), ("TERMSOFUSE", "Mine"))
    assert not said.truncated_tags


def test_a_second_tag_is_read_too(bare):
    """Careless software writes one before another."""
    said = probed(tag((b"TPE1", b"\3Ann")) + tag((b"TCOP", b"\3" + RESERVED.encode())) + bare, "mp3")
    assert said.tags == (("ARTIST", "Ann"), ("COPYRIGHT", RESERVED))


def test_a_comment_described_as_rights_keeps_its_description(bare):
    """`iTunes Copyright` and `Terms of use` are no remarks."""
    frames = [(b"COMM", b"\3eng" + what + b"\0" + RESERVED.encode()) for what in (b"iTunes Copyright", b"Terms of use")]
    assert probed(tag(*frames) + bare, "mp3").tags == (
        ("COMM:ITUNES COPYRIGHT", RESERVED),
        ("COMM:TERMS OF USE", RESERVED),
    )


TERMS = RESERVED.encode()


@pytest.mark.parametrize(
    "content",
    [
        tag((b"TCOP", b"\3" + TERMS), version=5),
        tag((b"TCOP", b"\x09" + TERMS)),
        tag((b"LICE", b"\3" + TERMS)),
        tag((b"TCOP", b"\0" * 5 + TERMS), flags=b"\0\4"),
        tag((b"TPE1", b"\3Ann")) + tag((b"TCOP", TERMS), version=7),
    ],
    ids=["version", "encoding", "unknown", "encrypted", "second"],
)
def test_id3_that_cannot_be_read_is_told(bare, content):
    """A version from the future, a frame with a bad encoding, one that is not known, one that is encrypted."""
    assert probed(content + bare, "mp3").truncated_tags


@pytest.mark.parametrize(
    "content",
    [tag((b"TXXX", b"\3")), tag((b"RGAD", bytes(8))), tag((b"APIC", b"\x09" + TERMS)), tag((b"TIT2", b"\3a"))],
)
def test_what_holds_no_text_is_no_reason(bare, content):
    """An empty frame, numbers, a broken picture."""
    assert not probed(content + bare, "mp3").truncated_tags


def test_an_appended_tag_is_told(bare):
    """ID3v2.4 lets a tag stand at the end, with a footer."""
    content = tag((b"TCOP", b"\3" + TERMS))
    assert probed(bare + content + b"3DI" + content[3:10], "mp3").truncated_tags


def test_freeform_atoms_of_any_owner_are_read(tones):
    """And UTF-16, a long description, and the copyright atom of QuickTime."""
    stream = BytesIO(tones["m4a"])
    file = MP4(stream)
    file["----:org.example:LICENSE"] = [MP4FreeForm(RESERVED.encode("utf-16-be"), dataformat=2)]
    file["ldes"] = "Long"
    file["\xa9cpy"] = "2020 A"
    stream.seek(0)
    file.save(stream)
    said = probed(stream.getvalue(), "m4a")
    assert {("LICENSE", RESERVED), ("DESCRIPTION", "Long"), ("COPYRIGHT", "2020 A")} <= set(said.tags)
    assert not said.truncated_tags


@pytest.mark.parametrize(("content", "expected"), [(TERMS, True), (bytes(20), False)])
def test_freeform_data_that_is_not_read_is_told(tones, content, expected):
    """Where it may be words."""
    stream = BytesIO(tones["m4a"])
    file = MP4(stream)
    file["----:com.apple.iTunes:LICENSE"] = [MP4FreeForm(content, dataformat=21)]
    stream.seek(0)
    file.save(stream)
    assert probed(stream.getvalue(), "m4a").truncated_tags is expected


def chunk(kind, content):
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) & 1)


def info(*pairs):
    return chunk(b"LIST", b"INFO" + b"".join(chunk(*pair) for pair in pairs))


def wav(tone, *chunks):
    body = tone[8:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "chunks",
    [
        [info((b"ICOP", b"CC BY 4.0 " + b" " * 70_000 + b"is revoked"))],
        [info((b"XXXX", b"x" * (1 << 20)), (b"ICOP", TERMS))],
        [chunk(b"JUNK", b"")] * 1005 + [info((b"ICOP", TERMS))],
        [chunk(b"_PMX", b"<xmpRights:UsageTerms>")],
    ],
    ids=["text", "list", "chunks", "xmp"],
)
def test_chunks_that_are_not_read_are_told(tones, chunks):
    """A text over 64 KiB, a list over 1 MiB, what stands behind a thousand chunks, XMP that speaks of rights."""
    assert probed(wav(tones["wav"], *chunks), "wav").truncated_tags


def test_each_of_two_tags_in_chunks_is_read(tones):
    """Neither hides the other, and an ordinary chunk that is not read is no reason."""
    tags = [chunk(b"id3 ", tag((b"TCOP", b"\3" + TERMS))), chunk(b"ID3 ", tag((b"TPE1", b"\3Ann")))]
    said = probed(wav(tones["wav"], *tags, chunk(b"cue ", bytes(28))), "wav")
    assert {("COPYRIGHT", RESERVED), ("ARTIST", "Ann")} <= set(said.tags)
    assert not said.truncated_tags


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"All rights", True),
        ("All rights".encode("utf-16-le"), True),
        ("Все права".encode(), True),
        (b"\xff\xfb\x90\x00" * 9, False),
        (b"", False),
        (b"abc", False),
    ],
)
def test_bytes_that_may_be_words(content, expected):
    """Letters in a row, of one byte or more."""
    assert holds_text(content) is expected
