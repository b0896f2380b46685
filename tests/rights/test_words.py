"""Words that are not understood: a licence with any beside it never opens, in whatever language or script."""

import pytest

from tenuto.model.music import Credit, ReleaseInfo
from tenuto.model.rights import Decision
from tenuto.rights import StatementKind, judge, read_statement

ENGLISH = [
    "CC BY 4.0, redistribution forbidden",
    "CC BY 4.0, no sharing",
    "CC BY 4.0 for personal use",
    "CC BY 4.0 for private use",
    "CC BY 4.0, ended in 2019",
    "CC BY 4.0 (2012-2015)",
    "My other albums are CC BY 4.0",
    "Composition: CC BY 4.0",
    "The composition is CC BY 4.0",
    "The CC BY 4.0 licence has been replaced by a commercial licence",
    "CC BY 4.0, €5 per copy",
    "CC BY 4.0, $5",
    "CC BY 4.0 - 5 EUR",
    "CC BY 4.0 on request",
    "CC BY 4.0 once sold 100 copies",
    "CC BY 4.0 starting in 2090",
    "CC BY 4.0 from 2090",
    "CC BY 4.0 if nobody objects",
    "CC BY 4.0 when the label agrees",
    "CC BY 4.0 in Germany",
    "CC BY 4.0 within the EU",
    "CC BY 4.0 outside the US",
    "CC BY 4.0 for students",
    "CC BY 4.0 for listening",
    "CC BY 4.0 for streaming",
    "CC BY 4.0 but ask first",
    "CC BY 4.0, keep it to yourself",
    "CC BY 4.0, hands off",
    "CC BY 4.0; sharing is theft",
    "CC BY 4.0 - copying is illegal",
    "CC BY 4.0. Sharers will be sued.",
    "CC BY 4.0, confidential",
    "CC BY 4.0, under embargo",
    "CC BY 4.0, subject to contract",
    "CC BY 4.0 rejected by the label",
    "The label refused CC BY 4.0",
    "We considered CC BY 4.0",
    "I wish this was CC BY 4.0",
    "As if this were CC BY 4.0",
    "This is a parody of CC BY 4.0",
    "CC BY 4.0 is for losers",
    "Compare CC BY 4.0",
    "Similar to CC BY 4.0",
    "Almost CC BY 4.0",
    "Pre-CC BY 4.0",
    "Previous releases: CC BY 4.0",
    "Our next album is CC BY 4.0",
    "The demo is CC BY 4.0",
    "The remix is CC BY 4.0",
    "The vocals are CC BY 4.0",
    "The MIDI is CC BY 4.0",
    "Drums: CC BY 4.0",
    "Ringtone: CC BY 4.0",
    "The podcast is CC BY 4.0",
    "CC BY 4.0 (score)",
    "CC BY 4.0 lapsed",
    "CC BY 4.0 terms breached",
    "CC BY 4.0 suspended",
    "Dispute: CC BY 4.0",
    "CC BY 4.0, DRM protected",
    "CC BY 4.0. Copying this album is piracy.",
    "~~CC BY 4.0~~",
    "CC BY 4.0 C\u0336o\u0336",
    "C\u0336C\u0336 B\u0336Y\u0336 4\u0336.0\u0336",
    "!= CC BY 4.0",
    "\u2260 CC BY 4.0",
    "CC BY 4.0 \U0001f6ab",
    "\u274c CC BY 4.0",
    "CC-BY-4.0 with no-redistribution exception",
    "CC-BY-4.0 WITH Classpath-exception-2.0",
    "GPL-2+ with no-music exception",
    "CC0-1.0 with font exception",
    "CC BY 4.0 with no-redistribution exception",
    "SPDX-License-Identifier: CC-BY-4.0 WITH no-sharing-exception",
    "SPDX-License-Identifier: CC-BY-4.0\nno sharing",
    "\u00a9 2020 Ann, redistribution forbidden. CC BY 4.0",
    "\u00a9 2020 Ann No Sharing. CC BY 4.0",
    "\u00a9 2020 ANN, COPYING FORBIDDEN, CC BY 4.0",
    "Copyright Infringement Warning. CC BY 4.0",
    "Copyright Claimed. CC BY 4.0",
    "CC BY 4.0 as of 2090",
    "CC BY 4.0, 2090",
    "CC BY 4.0 - 2019",
    "CC BY 4.0 to 2019",
    "CC BY 4.0; terms: http://ann.example/own-terms",
    "CC BY 4.0 with my terms",
    "CC BY 4.0 music is used on this album",
    "This track is made of CC BY 4.0 music",
    "un-licensed CC BY 4.0",
    "a-licensed CC BY 4.0",
    "<s>CC BY 4.0</s>",
    "[ ] CC BY 4.0",
    "CC-BY-4.0 or no-sharing-at-all",
    "no sharing. CC BY 4.0",
    "No sharing!\n\nMusic: CC BY 4.0",
    "http://creativecommons.org/licenses/by/4.0/ for personal use",
    "GPL-2+, redistribution forbidden",
    "CC0 for personal use",
]
EUROPE = [
    "CC BY 4.0, Weitergabe verboten",
    "CC BY 4.0, Kopieren verboten",
    "CC BY 4.0 - Vervielfältigung untersagt",
    "CC BY 4.0 für den Privatgebrauch",
    "CC BY 4.0 für private Zwecke",
    "CC BY 4.0 bis 2019",
    "CC BY 4.0 auf Anfrage",
    "CC BY 4.0 gegen Gebühr",
    "Frühere Alben: CC BY 4.0",
    "CC BY 4.0, außer Titel 3",
    "CC BY 4.0, reproduction interdite",
    "CC BY 4.0, copie interdite",
    "CC BY 4.0, diffusion interdite sans accord",
    "CC BY 4.0, usage privé",
    "CC BY 4.0 jusqu'en 2019",
    "CC BY 4.0 sur demande",
    "CC BY 4.0, prohibida su reproducción",
    "CC BY 4.0, prohibida la copia",
    "CC BY 4.0 para uso personal",
    "CC BY 4.0 hasta 2019",
    "CC BY 4.0, riproduzione vietata",
    "CC BY 4.0, vietata la copia",
    "CC BY 4.0 per uso privato",
    "CC BY 4.0 fino al 2019",
    "CC BY 4.0, proibida a reprodução",
    "CC BY 4.0 para uso pessoal",
    "CC BY 4.0 até 2019",
    "CC BY 4.0, kopiëren verboden",
    "CC BY 4.0 voor eigen gebruik",
    "CC BY 4.0 tot 2019",
    "CC BY 4.0, kopiering förbjuden",
    "CC BY 4.0, kopiering forbudt",
    "CC BY 4.0, kopiointi kielletty",
    "CC BY 4.0, kopiowanie zabronione",
    "CC BY 4.0, kopírování zakázáno",
    "CC BY 4.0, másolása tilos",
    "CC BY 4.0, copierea interzisă",
    "CC BY 4.0, kopyalanması yasaktır",
    "CC BY 4.0, dilarang menyalin",
    "CC BY 4.0, cấm sao chép",
    "CC BY 4.0, kopēšana aizliegta",
]
SCRIPTS = [
    "CC BY 4.0 ではありません",
    "CC BY 4.0 無断転載禁止",
    "CC BY 4.0、無断転載禁止",
    "CC BY 4.0の適用外",
    "無断複製を禁じます。CC BY 4.0",
    "CC BY 4.0 ﾃﾝｻｲｷﾝｼ",
    "CC BY 4.0 不适用",
    "CC BY 4.0 禁止转载",
    "禁止轉載 CC BY 4.0",
    "CC BY 4.0 아님",
    "CC BY 4.0 무단전재 금지",
    "CC BY 4.0 не применяется. Все права защищены",
    "Это не CC BY 4.0",
    "CC BY 4.0, копирование запрещено",
    "CC BY 4.0, копіювання заборонено",
    "CC BY 4.0, копирането е забранено",
    "CC BY 4.0 δεν ισχύει",
    "CC BY 4.0, απαγορεύεται η αναπαραγωγή",
    "CC BY 4.0 לא בתוקף",
    "CC BY 4.0 אסור להעתיק",
    "CC BY 4.0 غير ساري",
    "CC BY 4.0 ممنوع النسخ",
    "CC BY 4.0 معتبر نیست",
    "CC BY 4.0 लागू नहीं है",
    "CC BY 4.0 ห้ามคัดลอก",
    "CC BY 4.0 արգելվում է",
    "CC BY 4.0 აკრძალულია",
    "CC BY 4.0 பொருந்தாது",
    "http://creativecommons.org/licenses/by/4.0/ 転載禁止",
    "SPDX-License-Identifier: CC-BY-4.0\n転載禁止",
    "© 2020 無断転載禁止. CC BY 4.0",
]
FORBIDDING = ENGLISH + EUROPE + SCRIPTS


@pytest.fixture(scope="module")
def named(record):
    """Make a record with a title, an artist and a release."""

    def make(*statements, **facts):
        release = ReleaseInfo(title="Summer Songs", artist="Ann Example", label="Small Label")
        credits_ = (Credit(name="Ann Example"),)
        defaults = {
            "title": "Morning",
            "credits": credits_,
            "release": release,
            "source_url": "https://www.ann.example/a",
        }
        return record(*statements, **(defaults | facts))

    return make


@pytest.mark.parametrize("text", FORBIDDING)
def test_nothing_opens_with_a_word_that_is_not_understood(named, text):
    """Whoever wrote it, and in whatever spelling, a person reads it before anything opens."""
    for spelling in (text, text.upper(), f"{text}\n", f"© 2020 Ann Example\n{text}", f"{text}. Music by Ann Example"):
        for also in ((), ("CC BY 4.0",)):
            verdict = judge(named(spelling, *also))
            assert verdict.decision in {Decision.REVIEW, Decision.METADATA_ONLY}, spelling


NOTICES = [
    "© 2012 Ann, redistribution forbidden",
    "© 2012 Ann Example, Weitergabe verboten",
    "© 2012 Ann Example 無断転載禁止",
    "無断転載禁止",
    "Все права защищены",
    "Redistribution forbidden",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_beside_a_licence_is_understood_too(named, evidence, text):
    """What a copyright tag says beside a licence counts, word by word, though it names none."""
    beside = evidence(text, where="tag COPYRIGHT of a.ogg", holder=text, licence_field=False)
    verdict = judge(named(evidence=(evidence("CC BY 4.0"), beside), copyright_notice=text))
    assert verdict.decision is Decision.REVIEW


HARMLESS = [
    "CC BY 4.0",
    "http://creativecommons.org/licenses/by/4.0/",
    "Licensed to the public under http://creativecommons.org/licenses/by/4.0/ verify at http://ann.example/",
    "© 2010 Some Name. CC BY 4.0",
    "Copyright (c) 2010-2012 Some Name <some@name.example>, CC BY 4.0",
    "Morning by Ann Example (ann.example) is licensed under CC BY 4.0",
    "Summer Songs, Small Label 2014, CC BY 4.0",
    "This song is licensed under a Creative Commons Attribution 4.0 International License.",
    "All tracks on this album are released under the terms of CC BY-SA 4.0, see https://ann.example/",
    "Die Musik und das Titelbild stehen unter CC BY 4.0",
    "Dieses Werk ist lizenziert unter einer Creative Commons Namensnennung 4.0 International Lizenz.",
    "La musique et la pochette sont sous CC BY 4.0",
    "Cette œuvre est mise à disposition selon les termes de la Licence Creative Commons Attribution 4.0 International.",
    "Esta obra está bajo una licencia de Creative Commons Reconocimiento 4.0 Internacional",
    "Quest'opera è distribuita con Licenza Creative Commons Attribuzione 4.0 Internazionale",
    "Este trabalho está licenciado com uma Licença Creative Commons Atribuição 4.0 Internacional",
    "Dit werk valt onder een Creative Commons Naamsvermelding 4.0 licentie",
    "CC BY-NC 4.0. Not for commercial use.",
    "The Morning contributors have waived all rights (CC0 1.0)",
    "GPL-2+ with Font exception",
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "SPDX-FileCopyrightText: 2020 Ann Example <ann@ann.example>\n\nSPDX-License-Identifier: CC-BY-4.0\n",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_and_the_records_own_names_open(named, text):
    """A sentence that only says which music is under which licence opens, as does one with the record's names."""
    verdict = judge(named(text))
    assert verdict.decision is Decision.OPEN, verdict.reason


def test_the_reason_quotes_the_words(named):
    """The first few words stand in the reason, for a person to look at."""
    verdict = judge(named("CC BY 4.0, one two three four six seven"))
    assert (verdict.decision, verdict.code) == (Decision.REVIEW, "R-WORDS")
    assert verdict.reason == (
        'tag LICENSE of a.ogg: it says "one", "two", "three", "four", "six" and more, which is not understood.'
    )


def test_a_name_is_taken_whole(named):
    """A title's words, taken apart, excuse nothing."""
    assert judge(named("CC BY 4.0. No Sharing Please", title="No Sharing Please")).decision is Decision.OPEN
    assert judge(named("CC BY 4.0. No Sharing", title="No Sharing Please")).decision is Decision.REVIEW


@pytest.mark.parametrize("text", ["無断転載禁止", "Все права защищены", "© 2010 無断転載禁止", "ممنوع النسخ", "アン"])
def test_other_scripts_are_never_empty(text):
    """Where a licence should stand they are unknown, or a reservation."""
    assert read_statement(text).kind in {StatementKind.UNKNOWN, StatementKind.CLOSED}
    assert "empty" not in read_statement(text, licence_field=False).reason


WHO = [
    ("CC BY 4.0", False),
    ("Licensed under CC BY 4.0", False),
    ("2012, http://creativecommons.org/licenses/by/4.0/", False),
    ("© 2012 CC BY 4.0", False),
    ("© 2012 Ann. CC BY 4.0", True),
    ("2012 <ann@ann.example>", True),
    ("アン", True),
]


@pytest.mark.parametrize(("text", "somebody"), WHO)
def test_a_licence_is_nobody(record, evidence, text, somebody):
    """A holder counts only if something is left beside licences, addresses and years."""
    beside = evidence(text, where="tag COPYRIGHT of a.ogg", holder=text, licence_field=False)
    verdict = judge(record(evidence=(evidence("CC BY 4.0"), beside), copyright_notice=text))
    assert ("R-CREDIT" in {one.code for one in verdict.findings if one.decision}) is not somebody
