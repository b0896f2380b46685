import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.music import IdentifierType
from tenuto.sources.values import read_barcode, read_date, read_identifier, read_isrc, read_number

UUID = "0a1b2c3d-0000-4000-8000-00000000000f"


def split(answer):
    value, flag = answer
    return value, flag.code if flag else None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1999", ("1999", None)),
        ("1999-02", ("1999-02", None)),
        ("1999-2-8", ("1999-02-08", None)),
        ("1999/02/28", ("1999-02-28", None)),
        ("19990228", ("1999-02-28", None)),
        ("2008-02-29T12:00:00Z", ("2008-02-29", None)),
        ("2001-00-00", ("2001", None)),
        ("2001-05-00", ("2001-05", None)),
        ("0000", (None, "date-invalid")),
        ("2007-02-31", ("2007-02", "date-invalid")),
        ("2007-13-01", ("2007", "date-invalid")),
        ("1859", (None, "date-invalid")),
        ("99999", (None, "date-invalid")),
        ("last summer", (None, "date-invalid")),
        ("\u0661\u0669\u0669\u0669", (None, "date-invalid")),
    ],
)
def test_dates_of_any_precision(raw, expected):
    """M7: what is on no calendar loses the part that is wrong, with a flag."""
    assert split(read_date(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("3", (3, None)),
        ("03/12", (3, None)),
        ("3 of 12", (3, None)),
        ("0", (None, None)),
        ("-1", (None, "number-invalid")),
        ("876609792", (None, "number-invalid")),
        (str(2**64), (None, "number-invalid")),
        ("1e308", (None, "number-invalid")),
        ("A1", (None, "number-invalid")),
        ("9" * 100_000, (None, "number-invalid")),
    ],
    ids=range(10),
)
def test_numbers_within_sense(raw, expected):
    """M7: a track number is between 1 and 9,999, or none."""
    assert split(read_number(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("USUAN1100001", ("US-UAN-11-00001", None)),
        (" us-uan-11-00001 ", ("US-UAN-11-00001", None)),
        ("ISRC: US UAN 11 00001", ("US-UAN-11-00001", None)),
        ("USUAN110000", (None, "isrc-malformed")),
        ("USUAN11000012", (None, "isrc-malformed")),
        ("1SUAN1100001", (None, "isrc-malformed")),
        ("USUAN1100000", (None, "isrc-malformed")),
        ("none", (None, "isrc-malformed")),
    ],
)
def test_isrcs_are_normalised_or_flagged(raw, expected):
    """M6: one spelling, or none and a flag."""
    assert split(read_isrc(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("4006381333931", ("4006381333931", None)),
        ("0 36000 29145 2", ("036000291452", None)),
        ("96385074", ("96385074", None)),
        ("4006381333930", (None, "barcode-malformed")),
        ("0000000000000", (None, "barcode-malformed")),
        ("abc", (None, "barcode-malformed")),
    ],
)
def test_barcodes_have_a_right_check_digit(raw, expected):
    """A barcode that no till would take is none."""
    assert split(read_barcode(raw)) == expected


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (IdentifierType.MB_RECORDING, UUID.upper(), (UUID, None)),
        (IdentifierType.MB_RELEASE, "http://x/" + UUID, (None, "identifier-malformed")),
        (IdentifierType.ISWC, "T-034.524.680-1", ("T0345246801", None)),
        (IdentifierType.DISCOGS_RELEASE, "249504", ("249504", None)),
        (IdentifierType.DISCOGS_RELEASE, "r1", (None, "identifier-malformed")),
        (IdentifierType.ISRC, "x", (None, "isrc-malformed")),
        (IdentifierType.CATALOGUE_NUMBER, " CAT 001 ", ("CAT 001", None)),
        (IdentifierType.CATALOGUE_NUMBER, "\0", (None, "identifier-malformed")),
    ],
)
def test_identifiers_have_the_shape_their_issuer_gives_them(kind, raw, expected):
    """What does not fit is no identifier."""
    assert split(read_identifier(kind, raw)) == expected


@given(st.text(st.characters(), max_size=40))
def test_no_value_ever_raises(raw):
    """Whatever a tag holds, there is an answer, and a lost value leaves a flag."""
    for read in (read_date, read_isrc, read_barcode):
        value, flag = read(raw)
        assert value is not None or flag is not None
    assert read_number(raw)[0] is None or 1 <= read_number(raw)[0] <= 9_999
