"""Caps and cleaning of what tags say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.audio.reading import Reading, clean

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 20


@given(st.text(st.characters()))
def test_cleaned_text_is_valid_and_idempotent(text):
    """Any text becomes valid UTF-8 without NUL; clean text stays as it is."""
    once = clean(text)
    once.encode()
    assert "\0" not in once
    assert once == clean(once)
    if "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text):
        assert text == once


def test_unclean_values_are_kept_and_noted():
    """NUL and lone surrogates stand as U+FFFD, with a sentence that says so."""
    reading = Reading()
    reading.add("title", "a\0b\udcffc")
    assert reading.tags == [("TITLE", "a\ufffdb\ufffdc")]
    assert len(reading.problems) == 1
    assert not reading.truncated


def test_long_value_is_cut_at_64_kibibytes_of_utf_8():
    """The cap counts bytes, cuts between characters and is told."""
    reading = Reading()
    reading.add("COMMENT", "a" + "ö" * 65536)
    assert reading.tags[0][1] == "a" + "ö" * 32767
    assert reading.truncated


def test_value_of_exactly_the_cap_is_whole():
    """64 KiB fit."""
    reading = Reading()
    reading.add("COMMENT", "x" * 65536)
    assert reading.tags[0][1] == "x" * 65536
    assert not reading.truncated


def test_tags_beyond_500_are_left_out():
    """The count is capped, the order kept, and the cut told."""
    reading = Reading()
    for at in range(501):
        reading.add("GENRE", str(at))
    assert [str(at) for at in range(500)] == [value for _, value in reading.tags]
    assert reading.truncated


def test_tags_beyond_a_mebibyte_are_left_out():
    """Names and values together stay within 1 MiB."""
    reading = Reading()
    for _ in range(40):
        reading.add("LYRICS", "x" * 65000)
    assert sum(len(name) + len(value) for name, value in reading.tags) <= 1024 * 1024
    assert reading.truncated


@pytest.mark.parametrize(
    ("expected", "content"),
    [
        (["image/png"], PNG),
        (["image/jpeg"], JPEG),
        (["image/webp"], b"RIFF\x10\0\0\0WEBPVP8 "),
        (["image/gif"], b"GIF89a" + b"x" * 9),
        ([], b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ([], b"<!DOCTYPE html><script>alert(1)</script>"),
        ([], b"%PDF-1.7"),
        ([], b""),
    ],
)
def test_picture_counts_by_its_bytes_only(expected, content):
    """A6: SVG, HTML and whatever else is no raster image is refused with a sentence."""
    reading = Reading()
    reading.picture(content)
    assert expected == [picture.mime for picture in reading.pictures]
    assert bool(expected) != bool(reading.problems)
