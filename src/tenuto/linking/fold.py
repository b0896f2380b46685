"""Names in one plain spelling, as SQL: case, accents, width, and other scripts in Latin letters.

Each step is an expression over the column `plain` of the step before, so that nothing is computed twice:

    SELECT text, plain FROM (folded("SELECT DISTINCT title AS text FROM releases"))

Cyrillic, Greek, kana and Hangul are written in Latin letters by their own tables; Han, Arabic, Hebrew and Indic
scripts stay as they are. A `sounds` key leaves out what ways of writing Latin differ in: vowels, l or r, c or k.
"""

__all__ = ["folded", "literal", "sounds"]

_FULL_WIDTH = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
_ASCII = "".join(map(chr, range(0x21, 0x7F))) + " "
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕѣѳѵ",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"
        " i yi ye g w j lj nj c dj dz g k dz e f i".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True)
)
_HALF_KANA = (
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ",
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんぁぃぅぇぉゃゅょっー",
)
_KATAKANA = ("".join(map(chr, range(0x30A1, 0x30F5))), "".join(map(chr, range(0x3041, 0x3095))))
_KANA = dict(
    zip(
        "あいうえおかきくけこがぎぐげごさしすせそざじずぜぞたちつてとだぢづでどなにぬねの"
        "はひふへほばびぶべぼぱぴぷぺぽまみむめもやゆよらりるれろわゐゑをんゔ",
        "a i u e o ka ki ku ke ko ga gi gu ge go sa shi su se so za ji zu ze zo ta chi tsu te to da ji zu de do"
        " na ni nu ne no ha hi fu he ho ba bi bu be bo pa pi pu pe po ma mi mu me mo ya yu yo ra ri ru re ro"
        " wa i e o n vu".split(),
        strict=True,
    )
)
_KANA_PATTERNS = (
    ("i([ゃゅょ])", "y\\1"),
    ("(sh|ch|j)y([ゃゅょ])", "\\1\\2"),
    ("[aiueo]?([ぁぃぅぇぉゃゅょ])", "\\1"),
    ("っ([a-z])", "\\1\\1"),
    ("[っー]", ""),
)
_SMALL_KANA = ("ぁぃぅぇぉゃゅょ", "aiueoauo")
_LONG_VOWELS = (("ou", "o"), ("oo", "o"), ("uu", "u"))
_SPELLED_OUT = {
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ı": "i", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ə": "a",
}  # fmt: skip
_INITIALS = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split()
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = "_ k k ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p t".split()
_SOUNDS = (
    ("kh", ""), ("tsch", "k"), ("sch", "s"), ("tch", "k"), ("ch", "k"), ("cz", "k"), ("ts", "k"), ("tz", "k"),
    ("ck", "k"), ("ph", "f"), ("x", "ks"),
)  # fmt: skip
_LETTERS = ("cqzwlaeiouyjh", "kksvr")  # those beyond the second's end are left out
_DOUBLED = "bdfgkmnprstv"
_APOSTROPHES = "`’‘´ʼʻʹ"


def literal(text: str) -> str:
    """Quote text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def folded(texts: str) -> str:
    """Fold the column `text` of a query: gives `text`, `plain` (words) and `latin`, whether it was."""
    beyond = "regexp_matches(text, '[^\\x00-\\x7f]')"
    latin = "regexp_matches(text, '\\p{Latin}')"
    sql = f"SELECT text, {latin} AS latin, lower(text) AS plain FROM ({texts}) WHERE {beyond}"
    for step in _steps():
        sql = f"SELECT text, latin, {step} AS plain FROM ({sql})"
    sql = f"{sql} UNION ALL SELECT text, true, lower(text) FROM ({texts}) WHERE NOT {beyond}"
    spelled = f"translate(replace(plain, '&', ' and '), {literal(chr(39) + _APOSTROPHES)}, '')"
    words = f"trim(regexp_replace({spelled}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    return f"SELECT text, latin, {words} AS plain FROM ({sql})"


def sounds(text: str) -> str:
    """Reduce an expression in plain Latin letters to its consonants; alike for ways of writing that are near."""
    for letters, sound in _SOUNDS:
        text = f"replace({text}, '{letters}', '{sound}')"
    text = f"translate({text}, '{_LETTERS[0]}', '{_LETTERS[1]}')"
    for letter in _DOUBLED:
        text = f"replace(replace({text}, '{letter * 3}', '{letter}'), '{letter * 2}', '{letter}')"
    return text


def _steps() -> list[str]:
    plain = f"translate(plain, {literal(_FULL_WIDTH)}, {literal(_ASCII)})"
    return [
        _where("[\\x{ff01}-\\x{ff5e}\\x{3000}]", plain),
        _where("\\p{Cyrillic}", _spelled(_CYRILLIC)),
        _where("[\\x{ff66}-\\x{ff9f}]", _half_kana()),
        _where("[\\x{3041}-\\x{30ff}]", _kana()),
        _where("\\p{Hangul}", _hangul()),
        "strip_accents(plain)",
        _where("\\p{Greek}", _spelled(_GREEK)),
        _where("[^\\x00-\\x7f]", _spelled(_SPELLED_OUT)),
    ]


def _where(pattern: str, step: str) -> str:
    """Take a step only where there is something for it: most names are plain already."""
    return f"CASE WHEN regexp_matches(plain, {literal(pattern)}) THEN {step} ELSE plain END"


def _spelled(table: dict[str, str], text: str = "plain") -> str:
    ones = {letter: to for letter, to in table.items() if len(to) == 1 and to != "_"}
    text = f"translate({text}, {literal(''.join(ones))}, {literal(''.join(ones.values()))})"
    for letter, to in table.items():
        if letter not in ones:
            text = f"replace({text}, {literal(letter)}, {literal(to.replace('_', ''))})"
    return text


def _half_kana() -> str:
    text = f"translate(plain, {literal(_HALF_KANA[0])}, {literal(_HALF_KANA[1])})"
    voiced = (("かきくけこさしすせそたちつてとはひふへほう", "がぎぐげござじずぜぞだぢづでどばびぶべぼゔ", "ﾞ"),
              ("はひふへほ", "ぱぴぷぺぽ", "ﾟ"))  # fmt: skip
    for plains, voices, mark in voiced:
        for one, other in zip(plains, voices, strict=True):
            text = f"replace({text}, '{one}{mark}', '{other}')"
    return text


def _kana() -> str:
    text = f"translate(nfc_normalize(plain), {literal(_KATAKANA[0])}, {literal(_KATAKANA[1])})"
    text = _spelled(_KANA, text)
    for pattern, to in _KANA_PATTERNS:
        text = f"regexp_replace({text}, '{pattern}', '{to}', 'g')"
    text = f"translate({text}, '{_SMALL_KANA[0]}', '{_SMALL_KANA[1]}')"
    for long, short in _LONG_VOWELS:
        text = f"replace({text}, '{long}', '{short}')"
    return text


def _hangul() -> str:
    """Write each syllable by its three parts, as its place in Unicode gives them (The Unicode Standard, 3.12)."""
    parts = (
        f"{_listed(_INITIALS)}[(unicode(c) - 44032) // 588 + 1]",
        f"{_listed(_VOWELS)}[(unicode(c) - 44032) % 588 // 28 + 1]",
        f"{_listed(_FINALS)}[(unicode(c) - 44032) % 28 + 1]",
    )
    syllable = f"CASE WHEN unicode(c) BETWEEN 44032 AND 55203 THEN {' || '.join(parts)} ELSE c END"
    return f"array_to_string(list_transform(string_split(nfc_normalize(plain), ''), lambda c: {syllable}), '')"


def _listed(parts: list[str]) -> str:
    return "[" + ", ".join(literal(part.replace("_", "")) for part in parts) + "]"
