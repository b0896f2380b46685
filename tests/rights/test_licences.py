"""Licences by id and by address."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.errors import NotFoundError
from tenuto.model.rights import Gate
from tenuto.rights import all_licences, by_url, licence, spdx_expression
from tenuto.rights.licences import is_spdx, is_unversioned

BY = "http://creativecommons.org/licenses/by/3.0/"
SIX = {"CC-BY", "CC-BY-SA", "CC-BY-ND", "CC-BY-NC", "CC-BY-NC-SA", "CC-BY-NC-ND"}
REVIEWED = {"mark", "publicdomain", "sampling+", "nc-sampling+", "nc", "nd", "sa", "nc-sa", "nd-nc"}
SHUT = {"sampling", "devnations"}


@pytest.fixture(scope="module")
def rows(shared):
    """Every row of the Creative Commons list."""
    return [json.loads(line) for line in (shared / "licences" / "creative_commons.jsonl").read_text().splitlines()]


def test_every_listed_licence_is_known(rows):
    """All 614 addresses lead to a licence; one licence has two addresses, in both orders of letters."""
    ids = [getattr(by_url(row["url"]), "id", None) for row in rows]
    assert len(ids) == 614
    assert None not in ids
    assert len(set(ids)) == 613


def test_facts_agree_with_the_list(rows):
    """No licence permits here what the list says it does not; for the six in use the two are equal."""
    for row in rows:
        ours = by_url(row["url"])
        listed = ("CommercialUse" not in row["prohibits"], "DerivativeWorks" in row["permits"])
        assert (ours.commercial and listed[0], ours.adapt and listed[1]) == (ours.commercial, ours.adapt), ours.id
        if ours.family in SIX:
            assert listed == (ours.commercial, ours.adapt), ours.id
            assert ("Attribution" in row["requires"]) == ours.attribution, ours.id


def test_gates_follow_the_code(rows):
    """The six, CC0 and the software wrappers open; retired oddities and marks are for review; two are closed."""
    for row in rows:
        expected = Gate.CLOSED if row["code"] in SHUT else Gate.REVIEW if row["code"] in REVIEWED else Gate.OPEN
        assert expected == by_url(row["url"]).gate, row["url"]


def test_every_spelling_of_every_address(rows):
    """Scheme, www, case, slash, deed and legalcode do not matter."""
    for row in rows:
        bare = row["url"].removeprefix("http://").rstrip("/")
        expected = by_url(row["url"])
        for url in (
            f"https://{bare}",
            f"http://www.{bare}/",
            f"HTTPS://WWW.{bare.upper()}/",
            f"https://{bare}/deed",
            f"https://{bare}/deed.de",
            f"https://{bare}/deed.pt_BR",
            f"https://{bare}/deed.zh-hans/",
            f"https://{bare}/legalcode",
            f"https://{bare}/legalcode.fr",
        ):
            assert expected == by_url(url), url


TRICKS = [
    "http://creativecommons.org.evil.example/licenses/by/3.0/",
    "http://creativecommons.com/licenses/by/3.0/",
    "http://evil-creativecommons.org/licenses/by/3.0/",
    "http://sub.creativecommons.org/licenses/by/3.0/",
    "http://www.www.creativecommons.org/licenses/by/3.0/",
    "http://creativecommons.org./licenses/by/3.0/",
    "http://creativecommons.org:80/licenses/by/3.0/",
    "http://creativecommons.org@evil.example/licenses/by/3.0/",
    "http://user:pass@creativecommons.org/licenses/by/3.0/",
    "http://evil.example/creativecommons.org/licenses/by/3.0/",
    "http://evil.example/?u=http://creativecommons.org/licenses/by/3.0/",
    "http://evil.example/#http://creativecommons.org/licenses/by/3.0/",
    "http://creativecommons.org/licenses/by-nc/../by/3.0/",
    "http://creativecommons.org/licenses/./by/3.0/",
    "http://creativecommons.org//licenses/by/3.0/",
    "http://creativecommons.org/licenses//by/3.0/",
    "http://creativecommons.org/licenses/by/3.0//",
    "http://creativecommons.org/licenses/by%2e/3.0/",
    "http://creativecommons.org/licenses/by%2F3.0/",
    "http://creativecommons.org/licenses/sampling%2B/1.0/",
    "http://creativecommons.org/licenses/by/3.0/?x=by-nc",
    "http://creativecommons.org/licenses/by/3.0/?",
    "http://creativecommons.org/licenses/by/3.0/#nc",
    "http://creativecommons.org/licenses/by/3.0/;nc",
    "http://creativecommons.org/licenses/by/3.0/xx/",
    "http://creativecommons.org/licenses/by/4.0/de/",
    "http://creativecommons.org/licenses/by/5.0/",
    "http://creativecommons.org/licenses/by/3/",
    "http://creativecommons.org/licenses/by/",
    "http://creativecommons.org/licenses/",
    "http://creativecommons.org/",
    "http://creativecommons.org/licenses/by/3.0/deed/deed",
    "http://creativecommons.org/licenses/by/3.0/deed.",
    "http://creativecommons.org/licenses/by/3.0/deed.de.fr",
    "http://creativecommons.org/licenses/by/3.0/legalcodex",
    "http://creativecommons.org/licenses/by/deed/3.0/",
    "http://creativecommons.org/licenses/by/3.0/Kevin",
    "http://creativecommons.org\\licenses\\by\\3.0\\",
    "http:/creativecommons.org/licenses/by/3.0/",
    "http:creativecommons.org/licenses/by/3.0/",
    "//creativecommons.org/licenses/by/3.0/",
    "ftp://creativecommons.org/licenses/by/3.0/",
    "javascript://creativecommons.org/licenses/by/3.0/",
    " http://creativecommons.org/licenses/by/3.0/",
    "http://creativecommons.org/licenses/by/3.0/ ",
    "http://creativecommons.org/licenses/by/3.0/\n",
    "http://creativecommons.org/licenses/by/3.0/\x00",
    "http://creativecommons.org/licenses/b\ty/3.0/",
    "http://creativecommons.org/licenses/by\u200b/3.0/",
    "http://creativecommon\u0455.org/licenses/by/3.0/",  # Cyrillic dze
    "http://creat\u0131vecommons.org/licenses/by/3.0/",  # dotless i
    "http://\uff43reativecommons.org/licenses/by/3.0/",  # full-width c
    "http://creativecommons\u3002org/licenses/by/3.0/",  # ideographic full stop
    "http://creativecommons.org/licenses/by/3.0/h\u212a/",  # Kelvin sign, whose lower case is k
    "http://creativecommons.org/licenses/by/3.0/" + "a" * 400,
    "",
]


@pytest.mark.parametrize("url", TRICKS, ids=range(len(TRICKS)))
def test_lookalikes_are_unknown(url):
    """An address that is not exactly a licence's is no licence."""
    assert by_url(url) is None


def test_the_plain_address_is_known():
    """The address that the tricks are built on does lead to its licence."""
    assert by_url(BY).id == "CC-BY-3.0"


@given(st.characters(), st.integers(0, len(BY)))
def test_nothing_can_be_slipped_into_an_address(character, place):
    """With one more character in it an address is no licence, save for the `s` of https."""
    found = by_url(BY[:place] + character + BY[place:])
    assert found is None or (character.lower(), place) == ("s", 4)


@given(st.text(max_size=400))
def test_any_text_is_an_address_or_none(text):
    """No text makes the look-up fail."""
    assert by_url(text) is None or text.lower().startswith("http")


OTHER = [
    ("https://www.gnu.org/licenses/gpl-3.0.html", "GPL-3.0-only"),
    ("https://www.gnu.org/licenses/old-licenses/gpl-2.0.html", "GPL-2.0-only"),
    ("http://www.gnu.org/licenses/gpl.html", "GPL"),
    ("https://www.gnu.org/licenses/fdl-1.3.html", "GFDL-1.3-only"),
    ("http://artlibre.org/licence/lal/en/", "LAL-1.3"),
    ("https://spdx.org/licenses/CC-BY-SA-4.0.html", "CC-BY-SA-4.0"),
    ("https://spdx.org/licenses/MIT", "MIT"),
    ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "OGL-UK-3.0"),
    ("http://rightsstatements.org/vocab/InC/1.0/", "RS-InC-1.0"),
    ("https://rightsstatements.org/page/NoC-US/1.0/", "RS-NoC-US-1.0"),
    ("https://creativecommons.org/licenses/GPL/2.0/", "GPL-2.0-only"),
    ("http://creativecommons.org/licenses/by-nd-nc/2.0/jp/", "CC-BY-NC-ND-2.0-JP"),
    ("http://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
]


@pytest.mark.parametrize(("url", "expected"), OTHER)
def test_other_addresses(url, expected):
    """GNU, Free Art, SPDX, OGL and RightsStatements.org pages are known."""
    assert expected == by_url(url).id


def test_every_licences_own_address_leads_back():
    """A licence with an address is found by it, or by it a licence of the same version."""
    for item in all_licences():
        if item.url:
            found = by_url(item.url)
            assert (item.family, item.version) == (found.family, found.version), item.id


def test_spdx_ids_are_spdx_s():
    """An id is written bare exactly where SPDX's list has it."""
    assert spdx_expression("CC-BY-3.0") == "CC-BY-3.0"
    assert spdx_expression("CC-BY-2.5-IT") == "LicenseRef-CC-BY-2.5-IT"
    assert spdx_expression("CC-Sampling-Plus-1.0") == "LicenseRef-CC-Sampling-Plus-1.0"
    assert spdx_expression("public-domain") == "LicenseRef-public-domain"
    assert sum(is_spdx(item.id) for item in all_licences() if item.id.startswith("CC")) > 45


def test_rights_statements_grant_nothing():
    """No label of RightsStatements.org opens; the in-copyright ones and NoC-US are closed."""
    labels = [item for item in all_licences() if item.id.startswith("RS-")]
    assert len(labels) == 12
    assert {"RS-InC-1.0", "RS-InC-EDU-1.0", "RS-InC-NC-1.0", "RS-InC-OW-EU-1.0", "RS-InC-RUU-1.0", "RS-NoC-US-1.0"} == {
        item.id for item in labels if item.gate is Gate.CLOSED
    }
    assert Gate.OPEN not in {item.gate for item in labels}


@pytest.mark.parametrize(
    "id_",
    [
        "GPL-2.0-or-later",
        "LGPL-2.1-only",
        "AGPL-3.0-only",
        "GFDL-1.3-only",
        "MIT",
        "BSD-3-Clause",
        "LAL-1.3",
        "OGL-UK-3.0",
    ],
)
def test_texts_travel_with_software_licences(id_):
    """Licences other than Creative Commons open, and their text must travel."""
    found = licence(id_)
    assert (found.gate, found.text_required) == (Gate.OPEN, True)


def test_a_family_permits_what_all_its_members_permit():
    """A family without a version never opens."""
    families = [item for item in all_licences() if is_unversioned(item.id)]
    assert {"CC-BY-SA", "GPL"} <= {item.id for item in families}
    assert Gate.OPEN not in {item.gate for item in families}


@pytest.mark.parametrize("id_", ["", "cc-by-3.0", "CC-BY-9.0", "Drascula-License"])
def test_an_unknown_id_is_an_error_with_a_hint(id_):
    """Ids are exact."""
    with pytest.raises(NotFoundError) as caught:
        licence(id_)
    assert caught.value.hint
