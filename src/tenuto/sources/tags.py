"""Tags of an audio file, read into the fields of a record: each is mapped, ignored by name, or told as unread."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tenuto.model.audio import Probe
from tenuto.model.music import Credit, Flag, Identifier, IdentifierType, ReleaseInfo, Role
from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.sources.text import clean_line, clean_text, is_cut, unread_part
from tenuto.sources.values import read_date, read_identifier, read_number

__all__ = ["Tags", "probed_evidence", "tag_evidence"]

_ODD = re.compile(r"[^A-Z0-9]+")
_PREFIX = re.compile(r"(?:TXXX|WXXX|COMM|----:COM\.APPLE\.ITUNES|WM)[:/]", re.ASCII)
_CREDITS = {
    "ARTIST": Role.PERFORMER,
    "PERFORMER": Role.PERFORMER,
    "COMPOSER": Role.COMPOSER,
    "LYRICIST": Role.LYRICIST,
    "WRITER": Role.LYRICIST,
    "CONDUCTOR": Role.CONDUCTOR,
    "REMIXER": Role.REMIXER,
}
_TRACK_IDENTIFIERS = {
    "ISRC": IdentifierType.ISRC,
    "ISWC": IdentifierType.ISWC,
    "ACOUSTIDID": IdentifierType.ACOUSTID,
    "MUSICBRAINZTRACKID": IdentifierType.MB_RECORDING,
    "MUSICBRAINZRECORDINGID": IdentifierType.MB_RECORDING,
    "UFIDHTTPMUSICBRAINZORG": IdentifierType.MB_RECORDING,
    "MUSICBRAINZRELEASETRACKID": IdentifierType.MB_TRACK,
    "MUSICBRAINZARTISTID": IdentifierType.MB_ARTIST,
}
_RELEASE_IDENTIFIERS = {
    "BARCODE": IdentifierType.BARCODE,
    "UPC": IdentifierType.BARCODE,
    "EAN": IdentifierType.BARCODE,
    "EANUPN": IdentifierType.BARCODE,
    "MUSICBRAINZALBUMID": IdentifierType.MB_RELEASE,
    "MUSICBRAINZRELEASEGROUPID": IdentifierType.MB_RELEASE_GROUP,
    "DISCOGSRELEASEID": IdentifierType.DISCOGS_RELEASE,
}
_TITLE = ("TITLE",)
_ALBUM = ("ALBUM",)
_ALBUM_ARTIST = ("ALBUMARTIST", "BAND", "ENSEMBLE")
_DATE = ("DATE", "YEAR", "RECORDINGDATE", "RELEASEDATE", "RELEASETIME", "ORIGINALDATE", "ORIGINALYEAR")
_NUMBER = ("TRACKNUMBER", "TRACK", "TRACKNUM")
_DISC = ("DISCNUMBER", "DISC")
_GENRE = ("GENRE",)
_LABEL = ("LABEL", "ORGANIZATION", "ORGANISATION", "PUBLISHER")
_CATALOGUE = ("CATALOGNUMBER", "CATALOGUENUMBER", "LABELNO", "CATALOGID")
_LINK = ("CONTACT", "WEBSITE", "URL", "WOAF", "WOAR", "WOAS", "WWW")
_STATEMENT = {"LICENSE": True, "LICENCE": True, "LICENSEURL": True, "WCOP": True, "COPYRIGHTURL": True}
_MENTION = ("COPYRIGHT", "RIGHTS", "USAGETERMS", "TPRO")
_REMARKS = ("COMMENT", "COMMENTS", "DESCRIPTION")
_READ = frozenset(
    {*_CREDITS, *_TRACK_IDENTIFIERS, *_RELEASE_IDENTIFIERS, *_TITLE, *_ALBUM, *_ALBUM_ARTIST, *_DATE, *_NUMBER}
    | {*_DISC, *_GENRE, *_LABEL, *_CATALOGUE, *_LINK, *_STATEMENT, *_MENTION, *_REMARKS}
)
_IGNORED = frozenset(
    re.findall(
        r"\w+",
        """
        ENCODER ENCODEDBY ENCODEROPTIONS ENCODING ENCODERSETTINGS SOFTWARE TOOL ORIGINALSOFTWARE
        TIMEREFERENCE UMID CREATIONTIME CREATIONDATE TRACKTOTAL TOTALTRACKS TRACKC DISCTOTAL TOTALDISCS
        DISCC BPM BPMBEATSPERMINUTE KEY INITIALKEY LENGTH COMPILATION SORTNAME ARTISTSORT ALBUMSORT
        ALBUMARTISTSORT TITLESORT COMPOSERSORT ARTISTS ORIGINALARTIST ORIGINALALBUM ORIGINALFILENAME
        ITUNNORM ITUNSMPB ITUNPGAP ITUNESADVISORY LOCATION LYRICS UNSYNCEDLYRICS LANGUAGE SCRIPT MEDIA
        MEDIATYPE MOOD RATING PLAYCOUNT POPM GROUPING SUBTITLE SETSUBTITLE RELEASETYPE RELEASESTATUS
        RELEASECOUNTRY MUSICBRAINZALBUMARTISTID MUSICBRAINZALBUMTYPE MUSICBRAINZALBUMSTATUS
        MUSICBRAINZALBUMRELEASECOUNTRY MUSICBRAINZWORKID MUSICBRAINZDISCID MUSICIPPUID ACOUSTIDFINGERPRINT
        CDDB CUESHEET METADATABLOCKPICTURE COVERART COVERARTMIME PICTURE MAJORBRAND MINORVERSION
        COMPATIBLEBRANDS HANDLERNAME VENDOR GAPLESS GAPLESSPLAYBACK MCDI PRIV ENGINEER PRODUCER ARRANGER
        MIXER DJMIXER VERSION PART SOURCEMEDIA SOURCE TAGGINGTIME TAGGINGDATE TLEN TSSE TENC TDTG
        ENCODINGTIME ENCODINGDATE FILEOWNER PURCHASEDATE PODCAST DISCSUBTITLE WPUB WCOM WORS
        WPAY TIPL TMCL TDEN TFLT TOWN TOAL TOFN
        """,
    )
)
_IGNORED_PREFIXES = ("REPLAYGAIN", "R128", "UNKNOWN", "ITUNES", "SERATO", "TRAKTOR", "COVERART", "APIC", "WAVEFORMAT")


@dataclass(slots=True)
class Tags:
    """The tags of one file by squeezed name, with the flags that reading raises."""

    values: dict[str, list[str]]
    flags: list[Flag]
    unread: tuple[str, ...]

    @classmethod
    def of(cls, raw: Iterable[tuple[str, str]]) -> "Tags":
        """Sort raw tags by name; those that nothing reads or ignores are `unread`."""
        values: dict[str, list[str]] = {}
        unread: dict[str, None] = {}
        for name, value in raw:
            key = _squeezed(name)
            if key in _READ:
                values.setdefault(key, []).append(value)
            elif not _is_ignored(key):
                unread[clean_line(name)] = None
        return cls(values=values, flags=[], unread=tuple(unread))

    def title(self) -> str:
        """Give the title, empty where there is none."""
        return self._first(_TITLE)

    def credits(self) -> tuple[Credit, ...]:
        """Give the credited names, performers first, each in file order."""
        found = [Credit(name=name, role=role) for key, role in _CREDITS.items() for name in self._all((key,))]
        return tuple(dict.fromkeys(found))

    def number(self) -> int | None:
        """Give the track number."""
        return self._number(_NUMBER)

    def disc(self) -> int | None:
        """Give the disc number."""
        return self._number(_DISC)

    def date(self) -> str | None:
        """Give the first date that can be read."""
        for raw in self._raw(_DATE):
            value, flag = read_date(raw)
            self._note(flag)
            if value is not None:
                return value
        return None

    def genres(self) -> tuple[str, ...]:
        """Give the genres as named."""
        return tuple(dict.fromkeys(self._all(_GENRE)))

    def identifiers(self) -> tuple[Identifier, ...]:
        """Give the identifiers of the recording, the track and the artist."""
        return self._identifiers(_TRACK_IDENTIFIERS)

    def release(self) -> ReleaseInfo | None:
        """Give the release the tags name, None where they name none."""
        title = self._first(_ALBUM)
        if not title:
            return None
        number = self._first(_CATALOGUE)
        catalogued = (Identifier(type=IdentifierType.CATALOGUE_NUMBER, value=number),) if number else ()
        return ReleaseInfo(
            title=title,
            artist=self._first(_ALBUM_ARTIST),
            label=self._first(_LABEL) or None,
            catalogue_number=number or None,
            identifiers=self._identifiers(_RELEASE_IDENTIFIERS) + catalogued,
        )

    def link(self) -> str | None:
        """Give the first web address that the tags name for the artist or the recording."""
        links = (text for text in self._all(_LINK) if re.match(r"https?://[^\s<>\"]+\Z", text))
        return next(links, None)

    def notice(self) -> str | None:
        """Give the copyright notice."""
        return self._first(_MENTION[:1]) or None

    def _raw(self, keys: Iterable[str]) -> list[str]:
        return [raw for key in keys for raw in self.values.get(key, ()) if raw.strip("\0\ufeff \t\r\n")]

    def _all(self, keys: Iterable[str]) -> list[str]:
        raws = self._raw(keys)
        for raw in raws:
            self._note(Flag(code="text-cut", detail=clean_line(raw)[:120]) if is_cut(raw) else None)
        return [text for text in map(clean_line, raws) if text]

    def _first(self, keys: Iterable[str]) -> str:
        return next(iter(self._all(keys)), "")

    def _number(self, keys: Iterable[str]) -> int | None:
        for raw in self._raw(keys)[:1]:
            value, flag = read_number(raw)
            self._note(flag)
            return value
        return None

    def _identifiers(self, kinds: dict[str, IdentifierType]) -> tuple[Identifier, ...]:
        found = []
        for key, kind in kinds.items():
            for raw in self._raw((key,)):
                value, flag = read_identifier(kind, raw)
                self._note(flag)
                found += [Identifier(type=kind, value=value)] if value else []
        return tuple(dict.fromkeys(found))

    def _note(self, flag: Flag | None) -> None:
        if flag is not None and flag not in self.flags:
            self.flags.append(flag)


def probed_evidence(probe: Probe | None, path: str, capture: str) -> tuple[Evidence, ...]:
    """Give what the tags of a file that was read state about rights; those that were not kept may have said more."""
    if probe is None:
        return ()
    found = tag_evidence(probe.tags, path, capture)
    if not probe.truncated_tags:
        return found
    where = f"tags of {path}"
    cut = Evidence(kind=EvidenceKind.TAG, statement="", where=where, capture=capture, unread="more than are kept")
    return (*found, cut)


def tag_evidence(raw: Iterable[tuple[str, str]], path: str, capture: str) -> tuple[Evidence, ...]:
    """Give what the tags state about rights, in file order.

    A remark counts only where it speaks of rights, and is AMBIGUOUS: it may be about anything, and never opens alone.
    """
    found = []
    for name, value in raw:
        key = _squeezed(name)
        statement = clean_text(value)
        if statement and _speaks_of_rights(key, statement):
            made = _evidence(key, statement, f"tag {clean_line(name)} of {path}", capture)
            found.append(replace(made, unread=unread_part(value)))
    return tuple(dict.fromkeys(found))


def _evidence(key: str, statement: str, where: str, capture: str) -> Evidence:
    return Evidence(
        kind=EvidenceKind.TAG,
        statement=statement,
        where=where,
        capture=capture,
        confidence=Confidence.AMBIGUOUS if key in _REMARKS else Confidence.EXACT,
        holder=clean_line(statement) if key == _MENTION[0] else None,
        licence_field=_STATEMENT.get(key, False),
    )


_RIGHTS_WORD = re.compile(
    r"li[cz]en[csz]|creative\s?commons|public\s?domain|\bcc[ -]?(?:0|by|zero)\b|copyleft|\bgpl|rights|\brechte|droits"
    r"|derechos|diritti|direitos|permission|prohibited|forbidden|unauthori[sz]ed|proprietary|commercial|royalty"
    r"|\b(?:personal|private|promo\w*)\s(?:use|only)"
    r"|\b(?:not for|no|do not|don't)\s+(?:re)?(?:sale|sell|distribut|copy|share|use)",
    re.IGNORECASE,
)


def _speaks_of_rights(key: str, statement: str) -> bool:
    if key in _STATEMENT or key in _MENTION:
        return True
    return key in _REMARKS and _RIGHTS_WORD.search(statement) is not None


def _squeezed(name: str) -> str:
    """Spell a tag's name without prefix, case and marks: `TXXX:MusicBrainz Album Id` is `MUSICBRAINZALBUMID`."""
    return _ODD.sub("", _PREFIX.sub("", name[:200].upper(), count=1))


def _is_ignored(key: str) -> bool:
    return not key or key in _IGNORED or key.startswith(_IGNORED_PREFIXES)
