"""Parts of documents in the shape of MusicBrainz's, each written from plain values."""

from generate_agents import Agent, escaped, type_id
from generate_plan import COUNTRIES

__all__ = [
    "FORMATS",
    "NO_EXTRA",
    "credit_of",
    "date",
    "group_object",
    "isrc_item",
    "licence",
    "media",
    "relation",
    "release_head",
    "suffix",
]

_JOINS = (" feat. ", " & ", ", ", " / ", " x ", "・", " vs. ")
FORMATS = ("CD", "CD", "CD", "Digital Media", "Digital Media", '12\\" Vinyl', "Cassette", '7\\" Vinyl', None)
_STATUSES = ("Official", "Official", "Official", "Official", "Official", "Official", "Promotion", "Bootleg", None)
_PACKAGINGS = (None, None, "Jewel Case", "Cardboard/Paper Sleeve", "None", "Digipak")
_LICENCES = ("by/4.0", "by-sa/3.0", "by-nc-sa/3.0", "by-nc-nd/2.5", "zero/1.0")
_SUFFIXES = (" (live)", " (remix)", " (acoustic)", " (instrumental)", " (demo)")
_AREAS = [
    f'{{"id":"{type_id(name)}","name":"{name}","sort-name":"{name}","disambiguation":"","type":null,"type-id":null,'
    f'"iso-3166-1-codes":["{code}"]}}'
    for code, name in COUNTRIES
]
NO_EXTRA = '"annotation":null,"aliases":[],"genres":[],"tags":[]'


def _text(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


def relation(kind: str, target: str, written: str, attributes: str = "") -> str:
    """Write a relationship."""
    return (
        f'{{"type":"{kind}","type-id":"{type_id(kind)}","target-type":"{target}","direction":"forward",'
        f'"attributes":[{attributes}],"attribute-ids":{{}},"attribute-values":{{}},"begin":null,"end":null,'
        f'"ended":false,"source-credit":"","target-credit":"",{written}}}'
    )


def release_head(
    named: tuple[str, str, str, tuple[str, str]], group: str, credit: str, label: Agent, facts: list[int]
) -> str:
    """Write a release without its media, the last brace left out."""
    id_, title, date, (language, script) = named
    day = date if facts[0] % 10 else ""
    country = facts[1] % len(COUNTRIES)
    barcode = f'"{facts[2]:06d}{facts[3]:07d}"' if facts[2] % 3 else "null"
    number = f"{label.name[:3].upper()} {facts[4] % 9999}" if facts[4] % 6 else ""
    makers = f'{{"catalog-number":"{escaped(number)}","label":{label.nested}}}' if facts[4] % 4 else ""
    status, packaging = _STATUSES[facts[5] % len(_STATUSES)], _PACKAGINGS[facts[6] % len(_PACKAGINGS)]
    events = f'{{"date":"{day}","area":{_AREAS[country]}}}' if facts[1] % 8 else ""
    where = COUNTRIES[country][0] if events else None
    relations = licence(facts[7]) if facts[7] % 50 == 0 else ""
    return (
        f'{{"id":"{id_}","title":"{title}","date":"{day}","country":{_text(where)},'
        f'"barcode":{barcode},"status":{_text(status)},"status-id":{_text(type_id(status))},'
        f'"packaging":{_text(packaging)},"packaging-id":{_text(type_id(packaging))},"quality":"normal",'
        f'"disambiguation":"{"remastered" if facts[6] % 40 == 0 else ""}","asin":null,'
        f'"text-representation":{{"language":"{language}","script":"{script}"}},"artist-credit":{credit},'
        f'"release-group":{group},"label-info":[{makers}],"release-events":[{events}],"relations":[{relations}],'
        '"cover-art-archive":{"artwork":true,"count":1,"front":true,"back":false,"darkened":false}'
    )


def group_object(id_: str, title: str, date: str, size: int, compilation: bool) -> str:  # noqa: FBT001 - a row
    """Write a release group without its credit, the last brace left out."""
    kind = "Single" if size <= 3 else "EP" if size <= 6 else "Album"
    second = '"Compilation"' if compilation else ""
    return (
        f'{{"id":"{id_}","title":"{title}","primary-type":"{kind}","primary-type-id":"{type_id(kind)}",'
        f'"secondary-types":[{second}],"secondary-type-ids":[],"first-release-date":"{date}","disambiguation":""'
    )


def date(year: int, month: int, day: int, precision: int, odd: int) -> str:
    """Write a date of any precision; three in a thousand are impossible."""
    if odd < 3:
        return f"{year}-02-31"
    full = f"{year}-{month + 1:02d}-{day + 1:02d}"
    return full[: (0, 4, 4, 7, 10, 10, 10, 10, 10, 10)[precision]]


def isrc_item(isrc: str, odd: int) -> str:
    """Write the items of a list of ISRCs; very few are none."""
    if odd == 13:
        return '"not an ISRC"'
    return f'"{isrc}"' if isrc else ""


def suffix(odd: int) -> str:
    """Give what one title in twenty-five ends with."""
    return _SUFFIXES[odd // 25 % 5] if odd % 25 == 3 else ""


def credit_of(artists: dict[int, Agent], artist: int, guest: int, odd: int) -> str:
    """Write an artist credit of one or two."""
    if guest < 0 or guest == artist:
        return artists[artist].credit
    one, two, join = artists[artist], artists[guest], _JOINS[odd % len(_JOINS)]
    return (
        f'[{{"name":"{one.credited}","joinphrase":"{join}","artist":{one.nested}}},'
        f'{{"name":"{two.credited}","joinphrase":"","artist":{two.nested}}}]'
    )


def licence(number: int) -> str:
    """Write the relationship to a licence."""
    place = f"https://creativecommons.org/licenses/{_LICENCES[number % len(_LICENCES)]}/"
    return relation("license", "url", f'"url":{{"id":"{number:08x}-0000-4000-8000-000000000000","resource":"{place}"}}')


def media(tracks: list[str], kind: str | None) -> str:
    """Divide tracks over media of at most twenty, and number them."""
    count = -(-len(tracks) // 20)
    size = -(-len(tracks) // count)
    return ",".join(_medium(at + 1, tracks[at * size : (at + 1) * size], kind) for at in range(count))


def _medium(number: int, tracks: list[str], kind: str | None) -> str:
    sides = "Vinyl" in (kind or "")
    half = (len(tracks) + 1) // 2
    printed = [("AB"[at >= half] + str(at % half + 1)) if sides else str(at + 1) for at in range(len(tracks))]
    written = ",".join(
        f'{{"position":{at},"number":"{label}",{track}'
        for at, (label, track) in enumerate(zip(printed, tracks, strict=True), 1)
    )
    return (
        f'{{"position":{number},"format":{_text(kind)},"format-id":{_text(type_id(kind))},"title":"",'
        f'"track-count":{len(tracks)},"track-offset":0,"discs":[],"tracks":[{written}]}}'
    )
