"""Which Vorbis-style name a tag of another format means: ID3v2.4, iTunes, RIFF INFO, AIFF, MusicBrainz Picard."""

from types import MappingProxyType

__all__ = ["AIFF_TEXT", "FREEFORM", "ID3_FRAMES", "MP4_ATOMS", "RIFF_INFO", "described"]

ID3_FRAMES = MappingProxyType(
    {
        "COMM": "COMMENT",
        "TALB": "ALBUM",
        "TBPM": "BPM",
        "TCMP": "COMPILATION",
        "TCOM": "COMPOSER",
        "TCON": "GENRE",
        "TCOP": "COPYRIGHT",
        "TDOR": "ORIGINALDATE",
        "TDRC": "DATE",
        "TDRL": "RELEASEDATE",
        "TENC": "ENCODEDBY",
        "TEXT": "LYRICIST",
        "TIT1": "GROUPING",
        "TIT2": "TITLE",
        "TIT3": "SUBTITLE",
        "TKEY": "KEY",
        "TLAN": "LANGUAGE",
        "TMED": "MEDIA",
        "TOPE": "ORIGINALARTIST",
        "TPE1": "ARTIST",
        "TPE2": "ALBUMARTIST",
        "TPE3": "CONDUCTOR",
        "TPE4": "REMIXER",
        "TPOS": "DISCNUMBER",
        "TPUB": "ORGANIZATION",
        "TRCK": "TRACKNUMBER",
        "TSO2": "ALBUMARTISTSORT",
        "TSOA": "ALBUMSORT",
        "TSOC": "COMPOSERSORT",
        "TSOP": "ARTISTSORT",
        "TSOT": "TITLESORT",
        "TSRC": "ISRC",
        "TSSE": "ENCODER",
        "TSST": "DISCSUBTITLE",
        "TYER": "DATE",
        "USER": "TERMSOFUSE",
        "USLT": "LYRICS",
    }
)
"""Frames whose text is the value; other text and URL frames keep their id as name."""

MP4_ATOMS = MappingProxyType(
    {
        "aART": "ALBUMARTIST",
        "cprt": "COPYRIGHT",
        "desc": "DESCRIPTION",
        "disk": "DISCNUMBER",
        "ldes": "DESCRIPTION",
        "soaa": "ALBUMARTISTSORT",
        "soal": "ALBUMSORT",
        "soar": "ARTISTSORT",
        "soco": "COMPOSERSORT",
        "sonm": "TITLESORT",
        "tmpo": "BPM",
        "trkn": "TRACKNUMBER",
        "\xa9ART": "ARTIST",
        "\xa9alb": "ALBUM",
        "\xa9cmt": "COMMENT",
        "\xa9cpy": "COPYRIGHT",
        "\xa9day": "DATE",
        "\xa9dis": "LEGAL",
        "\xa9gen": "GENRE",
        "\xa9grp": "GROUPING",
        "\xa9lyr": "LYRICS",
        "\xa9nam": "TITLE",
        "\xa9too": "ENCODER",
        "\xa9wrt": "COMPOSER",
    }
)
"""Atoms of moov/udta/meta/ilst; atoms that name a buyer or an account are not among them and stay unread."""

FREEFORM = "----:"
"""Prefix of freeform MP4 atoms; who defined it (`com.apple.iTunes`) and its name follow."""

RIFF_INFO = MappingProxyType(
    {
        "IART": "ARTIST",
        "ICMT": "COMMENT",
        "ICOP": "COPYRIGHT",
        "ICRD": "DATE",
        "IENG": "ENGINEER",
        "IGNR": "GENRE",
        "IMUS": "COMPOSER",
        "INAM": "TITLE",
        "IPRD": "ALBUM",
        "IPRT": "TRACKNUMBER",
        "ISFT": "ENCODER",
        "ISRC": "SOURCE",  # who supplied the material; no ISRC code
        "ITRK": "TRACKNUMBER",
    }
)

AIFF_TEXT = MappingProxyType({"(c) ": "COPYRIGHT", "ANNO": "COMMENT", "AUTH": "ARTIST", "NAME": "TITLE"})

_DESCRIBED = MappingProxyType(
    {
        "ACOUSTID FINGERPRINT": "ACOUSTID_FINGERPRINT",
        "ACOUSTID ID": "ACOUSTID_ID",
        "ALBUM ARTIST": "ALBUMARTIST",
        "ALBUMARTIST": "ALBUMARTIST",
        "ARTISTS": "ARTISTS",
        "BARCODE": "BARCODE",
        "CATALOGNUMBER": "CATALOGNUMBER",
        "COMMENT": "COMMENT",
        "COPYRIGHT": "COPYRIGHT",
        "DISCOGS_RELEASE_ID": "DISCOGS_RELEASE_ID",
        "ISRC": "ISRC",
        "ISWC": "ISWC",
        "LABEL": "ORGANIZATION",
        "LICENCE": "LICENSE",
        "LICENSE": "LICENSE",
        "MUSICBRAINZ ALBUM ARTIST ID": "MUSICBRAINZ_ALBUMARTISTID",
        "MUSICBRAINZ ALBUM ID": "MUSICBRAINZ_ALBUMID",
        "MUSICBRAINZ ARTIST ID": "MUSICBRAINZ_ARTISTID",
        "MUSICBRAINZ DISC ID": "MUSICBRAINZ_DISCID",
        "MUSICBRAINZ RELEASE GROUP ID": "MUSICBRAINZ_RELEASEGROUPID",
        "MUSICBRAINZ RELEASE TRACK ID": "MUSICBRAINZ_RELEASETRACKID",
        "MUSICBRAINZ TRACK ID": "MUSICBRAINZ_TRACKID",
        "MUSICBRAINZ WORK ID": "MUSICBRAINZ_WORKID",
        "ORIGINALYEAR": "ORIGINALYEAR",
        "PUBLISHER": "ORGANIZATION",
        "SCRIPT": "SCRIPT",
        "WEBSITE": "WEBSITE",
    }
)


def described(description: str, otherwise: str) -> str:
    """Give the name that a TXXX or freeform description is known to mean, else `otherwise`."""
    wanted = description.strip().upper()
    return _DESCRIBED.get(wanted) or (wanted if wanted.startswith("MUSICBRAINZ_") else otherwise)
