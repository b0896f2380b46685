"""Tags of every format become Vorbis-style names, in order."""

import base64
import struct
from io import BytesIO

import pytest
from mutagen import id3
from mutagen.aiff import AIFF
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC, Picture
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from tenuto.audio.parsers import probe_stream
from tenuto.model.audio import Probe

LICENCE = "http://creativecommons.org/licenses/by-sa/4.0/"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def probed(content: bytes, suffix: str) -> Probe:
    said = probe_stream(BytesIO(content), f".{suffix}")
    assert isinstance(said, Probe)
    return said


def picture_block(content: bytes) -> Picture:
    picture = Picture()
    picture.mime, picture.data = "image/png", content
    return picture


@pytest.mark.parametrize(("suffix", "kind"), [("ogg", OggVorbis), ("opus", OggOpus), ("flac", FLAC)])
def test_vorbis_comments_keep_order_and_repeated_names(tones, suffix, kind):
    """Names are upper-cased, values stay as they are, pictures become facts."""
    stream = BytesIO(tones[suffix])
    file = kind(stream)
    file.tags.clear()
    file.tags.extend([("title", "Ä ☃"), ("Artist", "One"), ("ARTIST", "Two"), ("license", LICENCE)])
    block = base64.b64encode(picture_block(PNG).write()).decode()
    file.tags.append(("METADATA_BLOCK_PICTURE", block))
    file.tags.append(("METADATA_BLOCK_PICTURE", "no base64!"))
    stream.seek(0)
    file.save(stream)
    said = probed(stream.getvalue(), suffix)
    assert said.tags == (("TITLE", "Ä ☃"), ("ARTIST", "One"), ("ARTIST", "Two"), ("LICENSE", LICENCE))
    assert [("image/png", len(PNG))] == [(picture.mime, picture.size) for picture in said.pictures]
    assert said.problems == ("An embedded picture could not be read.",)


def test_flac_picture_blocks_are_facts_or_refused(tones):
    """A PNG counts, an SVG that calls itself a PNG is refused (A6)."""
    stream = BytesIO(tones["flac"])
    file = FLAC(stream)
    file.add_picture(picture_block(PNG))
    file.add_picture(picture_block(SVG))
    stream.seek(0)
    file.save(stream)
    said = probed(stream.getvalue(), "flac")
    assert [picture.mime for picture in said.pictures] == ["image/png"]
    assert len(said.problems) == 1
    assert "refused" in said.problems[0]


def id3_frames() -> list[id3.Frame]:
    return [
        id3.TIT2(text="Title"),
        id3.TPE1(text=["One", "Two"]),
        id3.TPE2(text="Both"),
        id3.TALB(text="Album"),
        id3.TRCK(text="3/12"),
        id3.TPOS(text="1/2"),
        id3.TDRC(text="2011-02"),
        id3.TCON(text="17"),
        id3.TSRC(text="GBAYE0000351"),
        id3.TCOP(text="2011 One"),
        id3.TPUB(text="Label"),
        id3.WCOP(url=LICENCE),
        id3.TXXX(desc="License", text=LICENCE),
        id3.TXXX(desc="MusicBrainz Album Id", text="mbid"),
        id3.TXXX(desc="Mood of day", text="calm"),
        id3.COMM(lang="eng", desc="", text="A comment"),
        id3.UFID(owner="http://musicbrainz.org", data=b"recording"),
        id3.UFID(owner="other", data=b"unread"),
        id3.USER(lang="eng", text="Terms"),
        id3.POPM(email="who@example.org", rating=255, count=1),
        id3.APIC(mime="image/png", data=PNG),
        id3.APIC(mime="image/png", desc="2", data=SVG),
    ]


@pytest.mark.parametrize(("suffix", "kind"), [("mp3", MP3), ("wav", WAVE), ("aiff", AIFF)])
def test_id3_frames_take_vorbis_names(tones, suffix, kind):
    """ID3v2 says the same in mp3, wav and aiff; nothing of a listener is read."""
    stream = BytesIO(tones[suffix])
    file = kind(stream)
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    for frame in id3_frames():
        file.tags.add(frame)
    stream.seek(0)
    file.save(stream)
    said = probed(stream.getvalue(), suffix)
    tags = [tag for tag in said.tags if tag[0] != "ENCODER"]
    expected = [
        ("TITLE", "Title"),
        ("ARTIST", "One"),
        ("ARTIST", "Two"),
        ("ALBUMARTIST", "Both"),
        ("ALBUM", "Album"),
        ("TRACKNUMBER", "3/12"),
        ("DISCNUMBER", "1/2"),
        ("DATE", "2011-02"),
        ("GENRE", "Rock"),
        ("ISRC", "GBAYE0000351"),
        ("COPYRIGHT", "2011 One"),
        ("ORGANIZATION", "Label"),
        ("WCOP", LICENCE),
        ("LICENSE", LICENCE),
        ("MUSICBRAINZ_ALBUMID", "mbid"),
        ("TXXX:MOOD OF DAY", "calm"),
        ("COMMENT", "A comment"),
        ("MUSICBRAINZ_TRACKID", "recording"),
        ("TERMSOFUSE", "Terms"),
    ]
    assert sorted(expected) == sorted(tags)
    assert tags.index(("ARTIST", "One")) < tags.index(("ARTIST", "Two"))
    assert [picture.mime for picture in said.pictures] == ["image/png"]
    assert len(said.problems) == 1


def test_old_id3_year_becomes_the_date(tones):
    """ID3v2.3 keeps the year in TYER."""
    stream = BytesIO(tones["mp3"])
    file = MP3(stream)
    file.tags.clear()
    file.tags.add(id3.TDRC(text="1999"))
    file.tags.update_to_v23()
    stream.seek(0)
    file.save(stream, v2_version=3)
    assert b"TYER" in stream.getvalue()[:200]
    assert ("DATE", "1999") in probed(stream.getvalue(), "mp3").tags


def test_ape_tag_of_an_mp3_is_read_too(tones):
    """A licence that stands only in an APEv2 tag is evidence as well."""
    stream = BytesIO(tones["mp3"])
    tag = APEv2()
    tag["License"], tag["Artist"] = LICENCE, ["One", "Two"]
    stream.seek(0, 2)
    tag.save(stream)
    said = probed(stream.getvalue(), "mp3")
    assert {("LICENSE", LICENCE), ("ARTIST", "One"), ("ARTIST", "Two")} <= set(said.tags)


def test_id3_before_flac_is_read_with_its_own_tags(tones):
    """Some software writes an ID3v2 tag before `fLaC`; both are read and the audio is still FLAC."""
    tag = BytesIO()
    frames = id3.ID3()
    frames.add(id3.WCOP(url=LICENCE))
    frames.save(tag)
    said = probed(tag.getvalue() + tones["flac"], "flac")
    assert (said.container, said.codec, said.duration_ms) == ("flac", "flac", 1000)
    assert ("WCOP", LICENCE) in said.tags
    assert "ENCODER" in dict(said.tags)
    assert said.problems == ()


def test_mp4_atoms_take_vorbis_names_and_the_buyer_is_left_out(tones):
    """Atoms of iTunes and freeform atoms are named; the account that bought the file is not read."""
    stream = BytesIO(tones["m4a"])
    file = MP4(stream)
    file.tags.clear()
    file.tags.update(
        {
            "\xa9nam": ["Title"],
            "\xa9ART": ["One", "Two"],
            "\xa9day": ["2011"],
            "cprt": ["2011 One"],
            "trkn": [(3, 12)],
            "disk": [(1, 0)],
            "apID": ["who@example.org"],
            "covr": [MP4Cover(PNG, MP4Cover.FORMAT_PNG), MP4Cover(SVG, MP4Cover.FORMAT_PNG)],
            "----:com.apple.iTunes:LICENSE": [MP4FreeForm(LICENCE.encode())],
            "----:com.apple.iTunes:MusicBrainz Track Id": [MP4FreeForm(b"recording")],
            "----:com.apple.iTunes:Odd": [MP4FreeForm(b"\xff")],
        }
    )
    stream.seek(0)
    file.save(stream)
    said = probed(stream.getvalue(), "m4a")
    expected = [
        ("TITLE", "Title"),
        ("ARTIST", "One"),
        ("ARTIST", "Two"),
        ("DATE", "2011"),
        ("COPYRIGHT", "2011 One"),
        ("TRACKNUMBER", "3/12"),
        ("DISCNUMBER", "1"),
        ("LICENSE", LICENCE),
        ("MUSICBRAINZ_TRACKID", "recording"),
        ("----:COM.APPLE.ITUNES:ODD", "\ufffd"),
    ]
    assert sorted(expected) == sorted(said.tags)
    assert [picture.mime for picture in said.pictures] == ["image/png"]


def chunk(kind: bytes, content: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}4sI", kind, len(content)) + content + b"\0" * (len(content) & 1)


def test_riff_info_is_read_in_either_encoding(tones):
    """INFO texts lose their padding; bytes that are no UTF-8 are read as Windows' Latin 1."""
    texts = (
        chunk(b"INAM", b"Title\0") + chunk(b"IART", "Ö".encode()) + chunk(b"ICOP", b"\xa9 2011") + chunk(b"IXYZ", b"?")
    )
    said = probed(tones["wav"] + chunk(b"LIST", b"INFO" + texts), "wav")
    wanted = (("TITLE", "Title"), ("ARTIST", "Ö"), ("COPYRIGHT", "© 2011"), ("INFO:IXYZ", "?"))
    assert wanted == tuple(tag for tag in said.tags if tag[0] != "ENCODER")


def test_aiff_text_chunks_are_read(tones):
    """NAME, AUTH, (c) and ANNO are title, artist, copyright and comment."""
    kinds = ((b"NAME", b"Title"), (b"AUTH", b"One"), (b"(c) ", b"2011 One"), (b"ANNO", b"Note"))
    said = probed(tones["aiff"] + b"".join(chunk(kind, text, ">") for kind, text in kinds), "aiff")
    wanted = (("TITLE", "Title"), ("ARTIST", "One"), ("COPYRIGHT", "2011 One"), ("COMMENT", "Note"))
    assert wanted == said.tags
