"""The marks that a streaming service's copies carry: what is refused at the door."""

import re

__all__ = ["STREAMING_FLAG", "streaming_fingerprint"]

STREAMING_FLAG = "streaming-fingerprint"
"""Code of the Flag that a source sets on a record whose path or tags carry such a mark."""

_LONGEST = 4096  # characters of a value that are looked at
_ODD = re.compile(r"[^a-z0-9]+")
_TRACK_URI = re.compile(r"\bspotify:(?:track|local|episode):[0-9a-z]")
_TRACK_LINK = re.compile(r"\b(?:open|play)\.spotify\.com/(?:intl-[a-z-]{2,8}/)?(?:embed/)?track/[0-9a-z]")
_SOURCE_LINK = re.compile(r"\b(?:open|play)\.spotify\.com/(?:intl-[a-z-]{2,8}/)?(?:embed/)?(?:album|playlist)/[0-9a-z]")
_ARTIST_LINK = re.compile(r"(?:\b(?:open|play)\.spotify\.com/(?:intl-[a-z-]{2,8}/)?artist/|\bspotify:artist:)[0-9a-z]")
_RIPPER = re.compile(r"\b(?:spotdl|zotify|librespot|onthespot|spotiflac)\b")
_LINK_KEYS = ("woa", "wor", "wxxx", "wcom", "wpub", "url", "source", "comm", "descri", "website", "contact")
_SOURCE_KEYS = ("woas", "source")
_TOOL_KEYS = ("encode", "tool", "software", "comm", "tsse", "tenc")


def streaming_fingerprint(path: str, tags: tuple[tuple[str, str], ...]) -> str | None:
    """Say in a sentence what shows that a file is a streaming service's copy, or None where nothing does.

    An artist's link to their own page on the service is no such mark.
    """
    found = _path_mark(path)
    for name, value in tags:
        found = found or _tag_mark(name, value[:_LONGEST].casefold())
    return found


def _path_mark(path: str) -> str | None:
    plain = _ODD.sub("", path.casefold())
    if "annasarchive" in plain and "spotify" in plain:
        return "The path names a scrape of a streaming service."
    return None


def _tag_mark(name: str, value: str) -> str | None:
    key = _ODD.sub("", name[:_LONGEST].casefold())
    if _named_after_service(key, value):
        return f"The tag {_shown(name)} is one that only copies of a streaming service carry."
    if _TRACK_URI.search(value) or _links_to_track(key, value):
        return f"The tag {_shown(name)} names a track of a streaming service."
    if _keyed(key, _TOOL_KEYS) and _RIPPER.search(value):
        return f"The tag {_shown(name)} names a program that copies from a streaming service."
    return None


def _named_after_service(key: str, value: str) -> bool:
    return "spotify" in key and bool(value.strip()) and not _ARTIST_LINK.search(value)


def _links_to_track(key: str, value: str) -> bool:
    if _keyed(key, _SOURCE_KEYS) and _SOURCE_LINK.search(value):
        return True
    return _keyed(key, _LINK_KEYS) and bool(_TRACK_LINK.search(value))


def _keyed(key: str, parts: tuple[str, ...]) -> bool:
    return any(part in key for part in parts)


def _shown(name: str) -> str:
    return ascii(name[:40]).strip("'\"")
