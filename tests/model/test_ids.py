import pytest

from tenuto.model.ids import IdKind, id_kind, public_id


def test_an_id_is_the_same_everywhere():
    """Ids are promises: this one was computed once and must never change."""
    assert public_id(IdKind.TRACK, "folder", "songs/a.flac") == "tr-30541ae198985b62d21d"


def test_parts_do_not_run_together():
    """Moving a boundary between the key's parts makes another id."""
    assert public_id(IdKind.TRACK, "a", "bc") != public_id(IdKind.TRACK, "ab", "c")
    assert public_id(IdKind.TRACK, "a") != public_id(IdKind.ARTIST, "a")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (public_id(IdKind.ARTIST, "x"), IdKind.ARTIST),
        (public_id(IdKind.RECORDING, "x"), IdKind.RECORDING),
        ("tr-123", None),
        ("xx-0123456789abcdef0123", None),
        ("tr-0123456789ABCDEF0123", None),
        ("tr-0123456789abcdef0123\n", None),
        ("", None),
    ],
)
def test_an_id_tells_what_it_names(text, kind):
    """The prefix says what an id names; what is no id says nothing."""
    assert id_kind(text) == kind
