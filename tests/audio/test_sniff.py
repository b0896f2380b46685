"""Containers by their bytes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.audio.sniff import HEAD, id3_length, sniff, sniff_file

ID3 = b"ID3\x04\0\0\0\0\0\x05" + b"\0" * 5
FRAME = b"\xff\xfb\x90\x64" + b"\0" * 413  # MPEG 1 layer III, 128 kbit/s, 44,100 Hz: 417 bytes


@pytest.mark.parametrize(
    ("expected", "head"),
    [
        ("mp3", FRAME * 2),
        ("mp3", FRAME),
        ("mp3", b"\0" * 100 + FRAME * 2),
        ("mp3", b"\xff\xfd\xa0\0" + b"\0" * 622 + b"\xff\xfd\xa0\0"),  # layer II, 192 kbit/s, 44,100 Hz
        ("mp3", b"\xff\xf3\x90\x74" + b"\0" * 257 + b"\xff\xf3\x90\x74"),  # MPEG 2, 80 kbit/s, 22,050 Hz
        ("mp3", ID3 + FRAME),
        ("mp3", ID3 + ID3 + FRAME),
        ("mp3", b"ID3\x03\0\0\0\x7f\x7f\x7f" + b"\0" * 500),
        ("flac", b"fLaC\0\0\0\x22"),
        ("flac", ID3 + b"fLaC\0\0\0\x22"),
        ("ogg", b"OggS\0\x02"),
        ("wav", b"RIFF\x24\0\0\0WAVEfmt "),
        ("wav", b"RF64\xff\xff\xff\xffWAVEds64"),
        ("aiff", b"FORM\0\0\0\x24AIFFCOMM"),
        ("aiff", b"FORM\0\0\0\x24AIFCFVER"),
        ("mp4", b"\0\0\0\x1cftypM4A "),
        (None, b""),
        (None, b"#EXTM3U\n#EXT-X-VERSION:3\n"),
        (None, b"ffconcat version 1.0\nfile 'a'\n"),
        (None, b"[playlist]\nFile1=http://x/\n"),
        (None, b"<!DOCTYPE html><html>"),
        (None, b"<?xml version='1.0'?><svg/>"),
        (None, b"RIFF\x24\0\0\0AVI LIST"),
        (None, b"\xff\xfe#\0E\0X\0T\0"),  # UTF-16 text begins almost like a frame
        (None, FRAME[:417] + b"junk"),
        (None, b"\0" * 500),
        (None, b"MThd\0\0\0\x06"),
    ],
)
def test_container_is_named_by_its_first_bytes(expected, head):
    """Audio containers are known by magic numbers and frame headers; text of any kind is none."""
    assert expected == sniff(head)


@given(st.binary(max_size=300))
def test_any_bytes_are_sniffed_without_an_error(head):
    """No bytes make the sniffer raise, alone, behind an ID3 tag, or as a file."""
    names = {None, "mp3", "flac", "ogg", "wav", "aiff", "mp4"}
    assert {sniff(head), sniff(ID3 + head), sniff(b"ID3" + head), sniff_file(io.BytesIO(head))[0]} <= names


def test_tag_longer_than_the_head_is_stepped_over_in_a_file():
    """A file's container is found behind an ID3 tag of any size, and the tag's length is told."""
    tag = b"ID3\x03\0\0\0\x01\0\0" + b"\0" * (1 << 14)
    assert len(tag) > HEAD
    assert ("flac", len(tag)) == sniff_file(io.BytesIO(tag + b"fLaC\0\0\0\x22"))
    assert sniff_file(io.BytesIO(tag + FRAME)) == ("mp3", 0)


def test_id3_length_counts_header_and_footer():
    """The length is the synchsafe size with ten bytes of header and, where flagged, ten of footer."""
    assert id3_length(b"ID3\x04\0\0\0\0\x02\x01") == 10 + 257
    assert id3_length(b"ID3\x04\0\x10\0\0\x02\x01") == 20 + 257
    assert id3_length(b"ID3\x04\0\0\x80\0\0\0") == 0
