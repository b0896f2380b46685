"""Statements in every spelling."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenuto.rights import StatementKind, read_statement
from tenuto.rights.statement import copyright_notice

KNOWN = [
    # bare codes, as catalogues keep them
    ("by", "CC-BY"),
    ("by-nc-nd", "CC-BY-NC-ND"),
    ("by-nc-nd 2.0", "CC-BY-NC-ND-2.0"),
    ("by-nd-nc 1.0", "CC-BY-NC-ND-1.0"),
    ("sampling+ 1.0", "CC-Sampling-Plus-1.0"),
    ("nc-sampling+ 1.0", "CC-NC-Sampling-Plus-1.0"),
    ("cc0", "CC0-1.0"),
    ("cc0 1.0", "CC0-1.0"),
    ("pdm", "CC-PDM-1.0"),
    ("sa 1.0", "CC-SA-1.0"),
    ("ccby", "CC-BY"),
    ("CCBYSA 4.0", "CC-BY-SA-4.0"),
    # names with and without ports
    ("CC BY-SA", "CC-BY-SA"),
    ("CC BY SA 4.0 International", "CC-BY-SA-4.0"),
    ("CC-BY-SA v3.0", "CC-BY-SA-3.0"),
    ("CC 3.0 BY-SA", "CC-BY-SA-3.0"),
    ("CC BY 3", "CC-BY-3.0"),
    ("cc-by-nc-sa 3.0 de", "CC-BY-NC-SA-3.0-DE"),
    ("CC BY 3.0 US", "CC-BY-3.0-US"),
    ("CC BY 3.0 it is by Max", "CC-BY-3.0"),
    ("CC-BY-NC-SA-2.0-UK", "CC-BY-NC-SA-2.0-UK"),
    ("Attribution-NonCommercial-NoDerivs 3.0 Unported", "CC-BY-NC-ND-3.0"),
    ("Attribution-NonCommercial-ShareAlike 3.0 Germany", "CC-BY-NC-SA-3.0-DE"),
    ("Creative Commons Attribution-Share Alike 3.0 United States License", "CC-BY-SA-3.0-US"),
    ("Creative Commons Attribution (CC BY) 3.0", "CC-BY-3.0"),
    ("Attribution and Non-Commercial 3.0", "CC-BY-NC-3.0"),
    ("CC Zero", "CC0-1.0"),
    ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0"),
    ("Public Domain Mark 1.0", "CC-PDM-1.0"),
    ("public domain (CC0)", "CC0-1.0"),
    ("I release this file into the public domain", "public-domain"),
    ("Creative Commons Sampling Plus 1.0", "CC-Sampling-Plus-1.0"),
    # other languages
    ("Creative Commons Namensnennung-NichtKommerziell 3.0 Deutschland", "CC-BY-NC-3.0-DE"),
    ("Namensnennung - Weitergabe unter gleichen Bedingungen 4.0 International", "CC-BY-SA-4.0"),
    (
        "Creative Commons Paternité - Pas d'Utilisation Commerciale - Pas de Modification 2.0 France",
        "CC-BY-NC-ND-2.0-FR",
    ),
    ("Reconocimiento-NoComercial-CompartirIgual 3.0 España", "CC-BY-NC-SA-3.0-ES"),
    # dressed-up characters
    ("\uff23\uff23\u3000\uff22\uff39\u3000\uff13\uff0e\uff10", "CC-BY-3.0"),
    ("CC\u00a0BY\u2011SA\u00a04.0", "CC-BY-SA-4.0"),
    ("C\u200bC BY-N\u200bC 4.0", "CC-BY-NC-4.0"),
    ("\ufeffCC BY 4.0\x00", "CC-BY-4.0"),
    # prose with an address
    (
        "(c) 2014, Ann. Licensed under the Creative Commons Attribution ShareAlike 4.0, https://creativecommons.org/licenses/by-sa/4.0/",
        "CC-BY-SA-4.0",
    ),
    ("by Ann 2017, licensed under CC BY 3.0 <http://creativecommons.org/licenses/by/3.0/>", "CC-BY-3.0"),
    (
        "Ann (example.com)Licensed under Creative Commons: By Attribution 3.0 Licensehttp://creativecommons.org/licenses/by/3.0/",
        "CC-BY-3.0",
    ),
    ("CC BY 3.0, http://creativecommons.org/licenses/by/3.0/de/", "CC-BY-3.0-DE"),
    ("CC BY-SA, see https://creativecommons.org/licenses/by-sa/3.0/us/deed.en.", "CC-BY-SA-3.0-US"),
    ("creativecommons.org/licenses/by/3.0", "CC-BY-3.0"),
    ("CC BY 3.0, see http://creativecommons.org/", "CC-BY-3.0"),
    ("CC BY 4.0; home page http://ann.example/", "CC-BY-4.0"),
    # DEP-5 and SPDX names
    ("GPL-2", "GPL-2.0-only"),
    ("GPL-2+", "GPL-2.0-or-later"),
    ("GPL-2.0-or-later", "GPL-2.0-or-later"),
    ("GPLv3", "GPL-3.0-only"),
    ("GPL (v2 or later)", "GPL-2.0-or-later"),
    ("GPL", "GPL"),
    ("GPL; Ann Example (C)2004", "GPL"),
    ("GPL, see ETR credits for more info.", "GPL"),
    ("GPL-2+ with Font exception", "GPL-2.0-or-later"),
    ("LGPLv2.1+", "LGPL-2.1-or-later"),
    ("AGPL-3", "AGPL-3.0-only"),
    ("GFDL-1.3", "GFDL-1.3-only"),
    ("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later"),
    ("Expat", "MIT"),
    ("MIT", "MIT"),
    ("MIT License", "MIT"),
    ("BSD-3-clause", "BSD-3-Clause"),
    ("ISC", "ISC"),
    ("Zlib", "Zlib"),
    ("Apache-2.0", "Apache-2.0"),
    ("Artistic-2.0", "Artistic-2.0"),
    ("Artistic", "Artistic"),
    ("LAL-1.3", "LAL-1.3"),
    ("Licence Art Libre 1.3", "LAL-1.3"),
    ("Free Art License 1.3", "LAL-1.3"),
    ("OGL-UK-3.0", "OGL-UK-3.0"),
    ("public-domain", "public-domain"),
    ("CC-PDDC", "CC-PDDC"),
    (
        (
            "GNU General Public License as published by the Free Software Foundation; "
            "either version 2 of the License, or (at your option) any later version"
        ),
        "GPL-2.0-or-later",
    ),
    ("In Copyright", "RS-InC-1.0"),
    ("http://rightsstatements.org/vocab/CNE/1.0/", "RS-CNE-1.0"),
    # REUSE
    ("SPDX-FileCopyrightText: 2020 Ann\n\nSPDX-License-Identifier: CC-BY-4.0\n", "CC-BY-4.0"),
    ("<!-- SPDX-License-Identifier: CC0-1.0 -->", "CC0-1.0"),
    ("SPDX-License-Identifier: CC-BY-4.0\nLicensed under CC BY", "CC-BY-4.0"),
]


@pytest.mark.parametrize(("text", "expected"), KNOWN, ids=range(len(KNOWN)))
def test_known_spellings(text, expected):
    """Each spelling names one licence."""
    assert ((expected,),) == read_statement(text).choices


@pytest.mark.parametrize(("text", "expected"), KNOWN, ids=range(len(KNOWN)))
def test_case_does_not_matter(text, expected):
    """Upper case changes nothing, save that a two-letter port may then be told from a common word."""
    choices = read_statement(text.upper().replace("SPDX-LICENSE-IDENTIFIER", "SPDX-License-Identifier")).choices
    assert choices
    assert choices[0][0].startswith(expected)


CHOICES = [
    ("GPL-2+ or CC-BY-SA-3.0", (("GPL-2.0-or-later",), ("CC-BY-SA-3.0",))),
    ("GPL-2+ and CC-BY-SA-3.0", (("GPL-2.0-or-later", "CC-BY-SA-3.0"),)),
    ("GPL-2+ or CC0 and MIT", (("GPL-2.0-or-later",), ("CC0-1.0", "MIT"))),
    ("GPL-2+ or CC0, and MIT", (("GPL-2.0-or-later", "MIT"), ("CC0-1.0", "MIT"))),
    ("(GPL-2+ OR CC0-1.0) AND MIT", (("GPL-2.0-or-later", "MIT"), ("CC0-1.0", "MIT"))),
    ("GPL-2+ or Drascula-License", (("GPL-2.0-or-later",),)),
    ("CC-BY-SA-3.0 and/or GFDL-1.3", (("CC-BY-SA-3.0", "GFDL-1.3-only"),)),
    ("released under CC BY 3.0 or the GPL v2 or later", (("CC-BY-3.0",), ("GPL-2.0-or-later",))),
    ("CC BY-SA 3.0 and GFDL 1.3", (("CC-BY-SA-3.0", "GFDL-1.3-only"),)),
    ("SPDX-License-Identifier: MIT\nSPDX-License-Identifier: CC0-1.0", (("MIT", "CC0-1.0"),)),
    ("SPDX-License-Identifier: MIT OR CC0-1.0", (("MIT",), ("CC0-1.0",))),
]


@pytest.mark.parametrize(("text", "expected"), CHOICES)
def test_expressions(text, expected):
    """`or` offers a choice, `and` asks for both; an alternative nobody knows is left out."""
    assert expected == read_statement(text).choices


UNKNOWN = [
    "Drascula-License",
    "http://freemusicarchive.org/FMA_License",
    "http://creativecommons.org.evil.example/licenses/by/3.0/",
    "CC BY 3.0 http://creativecommons.org.evil.example/licenses/by/3.0/",
    "CC BY 3.0 http://creativecommons.org/licenses/by/3.0/../by-nc/3.0/",
    "\uff48\uff54\uff54\uff50://creativecommons.org/licenses/by/3.0/",
    "http://creativecommon\u0455.org/licenses/by/3.0/",
    "http://creativecommons.org/licenses/by/3.0/Ann",
    "Creative Commons",
    "CC",
    "CC-BY-5.0",
    "CC BY-NC-SA-ND 3.0",
    "CC BY 4.0 DE",
    "GPL-9",
    "GPL-2+ and Drascula-License",
    "GPL-2+ with a non-commercial clause",
    "CC-BY-like",
    "LicenseRef-custom",
    "SPDX-License-Identifier: LicenseRef-custom",
    "SPDX-License-Identifier: NONE",
    "SPDX-License-Identifier: CC0-1.0" + " " * 300 + "AND LicenseRef-closed",
    "This is not CC BY 3.0",
    "All but track 3, which is not under CC BY 3.0",
    "Some rights reserved",
    "royalty free",
    "ask me",
    "licensed to Big Label",
    "MIT-ish",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown_statements(text):
    """What stands in a licence field and names no licence for certain is unknown."""
    assert StatementKind.UNKNOWN is read_statement(text).kind


CLOSED = [
    "All rights reserved",
    "ALL RIGHTS RESERVED.",
    "© 2010 Label. All Rights Reserved",
    "© Label. Unauthorized copying prohibited",
    "Alle Rechte vorbehalten",
    "Tous droits réservés",
    "Todos los derechos reservados",
    "Free download",
    "for promotional use only",
    "personal use only",
]


@pytest.mark.parametrize("text", CLOSED)
@pytest.mark.parametrize("licence_field", [True, False])
def test_closed_statements(text, licence_field):
    """A reservation closes wherever it stands."""
    assert StatementKind.CLOSED is read_statement(text, licence_field=licence_field).kind


SILENT = [
    ("", True),
    ("  \n\t ", True),
    ("\x00\x00", True),
    ("Copyright (C) 2014 X", True),
    ("Ann Example (C) 2012", True),
    ("© 2001-2014, Ann Example, Example SA & Example Team.", True),
    ("Ann Example", False),
    ("Recorded at MIT by the BSD Band", False),
    ("Music by SA Band", False),
    ("http://ann.example/song", False),
    ("Processed by SoX", False),
    ("2014", False),
]


@pytest.mark.parametrize(("text", "licence_field"), SILENT)
def test_silent_statements(text, licence_field):
    """A copyright notice says nothing of a licence, nor does a name where no licence is asked for."""
    assert StatementKind.SILENT is read_statement(text, licence_field=licence_field).kind


CONFLICTS = [
    "CC BY 3.0 http://creativecommons.org/licenses/by-nc/3.0/",
    "CC BY 3.0 http://creativecommons.org/licenses/by/4.0/",
    "http://creativecommons.org/licenses/by/3.0/ http://creativecommons.org/licenses/by-nd/3.0/",
    "http://creativecommons.org/licenses/by/3.0/de/ http://creativecommons.org/licenses/by/3.0/us/",
    "CC BY 3.0 Unported http://creativecommons.org/licenses/by/3.0/de/",
    "Music CC BY 4.0, lyrics CC BY-NC 4.0",
    "CC BY-SA 3.0 / GFDL",
    "All rights reserved. CC BY 3.0",
    "CC BY 3.0, not for commercial use",
    "CC BY 4.0 but no derivatives please",
    "CC0, permission required for films",
    "SPDX-License-Identifier: CC0-1.0\nAll rights reserved.",
    "SPDX-License-Identifier: CC-BY-4.0\nLicensed under CC BY-NC 4.0",
]


@pytest.mark.parametrize("text", CONFLICTS)
def test_conflicts_within_one_text(text):
    """A name, an address and the words beside them must not disagree; no reading of the text wins."""
    found = read_statement(text)
    assert (found.kind, found.choices) == (StatementKind.CONFLICT, ())


LONG = "\nNo warranty is given for anything whatever in this work.\n" * 40
TEXTS = [
    ("Some Band\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this\n", "MIT"),
    (
        '"License Elements" means the attributes indicated in the title of this license: Attribution, ShareAlike.\n',
        "CC-BY-SA",
    ),
    ("The songs are licenced under CC BY-SA 3.0 (e.g., Attribution-ShareAlike 3.0 US).\n", "CC-BY-SA-3.0"),
    (
        "The songs are under CC BY 4.0.\nThe complete text of the GNU General Public License is elsewhere.\n",
        "CC-BY-4.0",
    ),
    ("Ann's songs, under CC BY 4.0.\nThe packaging is (C) Bob and is under the GPL.\n", "CC-BY-4.0"),
]


@pytest.mark.parametrize(("start", "expected"), TEXTS, ids=range(len(TEXTS)))
def test_longer_texts(start, expected):
    """A copyright file names its licence by its own sentences, or where it speaks of the songs."""
    assert ((expected,),) == read_statement(start + LONG, licence_field=False).choices


def test_a_readme_with_a_licence_in_its_title_is_read_on():
    """A heading counts alone only where a licence's own text follows."""
    readme = "CC BY 4.0\n" + "about the band\n" * 60 + "Track 3: all rights reserved\n"
    assert StatementKind.CONFLICT is read_statement(readme).kind


def test_ordinary_names_are_silent_or_unknown_never_open():
    """Names of artists that hold the letters of a code grant nothing."""
    for name in ("NC", "Sampling Band", "By Ann", "SA-ND", "CC Catch", "Zero 7", "The Attribution"):
        found = read_statement(name, licence_field=False)
        assert all(id_.count(".") == 0 for id_ in found.licences), name


def test_copyright_notices():
    """A notice is one line; a text without one has none."""
    assert copyright_notice("GPL;\nAnn (C)2004") == "GPL; Ann (C)2004"
    assert copyright_notice("CC BY 3.0") is None


@given(st.text(), st.booleans())
@example("\ud800", True)
@example("\ue0000\ue000", True)
@example("\ue000" + "9" * 5000 + "\ue000", True)
@example("((((((((((a", True)
@example("SPDX-License-Identifier: ((", True)
@example("MIT and ( )", True)
@example("( and/or CC0", True)
def test_any_text_is_read(text, licence_field):
    """No text makes the reader fail, and only a statement of licences has choices."""
    found = read_statement(text, licence_field=licence_field)
    assert (found.kind is StatementKind.LICENCES) == bool(found.choices)


PARTS = st.sampled_from(
    [
        "CC",
        "BY",
        "SA",
        "NC",
        "ND",
        "3.0",
        "4.0",
        "GPL",
        "2",
        "+",
        "or",
        "and",
        "with",
        "(",
        ")",
        "-",
        ",",
        "/",
        "not",
        "MIT",
        "public",
        "domain",
        "license",
        "http://creativecommons.org/licenses/by/3.0/",
        "Attribution",
        "NonCommercial",
        "all",
        "rights",
        "reserved",
        "DE",
        "\n",
        "SPDX-License-Identifier:",
        "GPL-2+",
        "CC0",
        "0",
        "sampling",
    ],
)


@given(st.lists(PARTS, max_size=30), st.sampled_from(["", " ", "-"]), st.booleans())
def test_any_heap_of_licence_words_is_read(parts, between, licence_field):
    """Words of licences in any order are read without failing."""
    found = read_statement(between.join(parts), licence_field=licence_field)
    assert (found.kind is StatementKind.LICENCES) == bool(found.choices)


@given(st.sampled_from([text for text, _ in KNOWN]), st.text(alphabet=" \t\n\r\x0b\x0c", max_size=5))
def test_blanks_around_do_not_matter(text, blanks):
    """Leading and trailing blanks change nothing."""
    assert read_statement(text).choices == read_statement(blanks + text + blanks).choices


SIZE = 100_000
REPEATED = [
    "a",
    "a ",
    "cc ",
    "cc the ",
    "creative commons ",
    "by-",
    "by ",
    "attribution ",
    "attribution and ",
    "gpl ",
    "gpl or ",
    "bsd the ",
    "(",
    "((a) or ",
    "-",
    "- ",
    "+",
    "+ ",
    "© ",
    "(c)  ",
    "\u0300\u0316",
    "\ufdfa",
    "SPDX-License-Identifier: a\n",
    "\t",
    "\x00",
    "\ud800",
    "no derivs ",
    "http://",
    "http://a.example/licen ",
    "é http://creativecommons.org/licenses/by/3.0/ ",
    "creativecommons.org/",
    "1.",
    "e g ",
    "cc version ",
    "cc 3 ",
    "public ",
    "pas d utilisation ",
    "cc by 3.0 x y z ",
    "GPL\n",
    "/usr/share/common-licenses/",
    "\ue0000\ue000",
    "not ",
    "or ",
    "all rights ",
    "Definitions\n",
]


@pytest.mark.parametrize("unit", REPEATED, ids=range(len(REPEATED)))
@pytest.mark.parametrize("tail", ["", "!", " GPL-2+ with\x00"])
def test_no_input_takes_long(milliseconds, unit, tail):
    """100 kB of anything take under 50 ms of processor time (attacks.md M10)."""
    read_statement("CC BY 3.0, GPL-2+ or MIT")
    text = (unit * (SIZE // len(unit) + 1))[:SIZE] + tail
    assert milliseconds(text) < 50


def test_every_character_there_is_takes_no_long_time(milliseconds):
    """Distinct characters, which no cache helps, are folded within the same time."""
    assert milliseconds("".join(map(chr, range(0x100, 0xD800)))) < 50
