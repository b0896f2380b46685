import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.cli.text import clock_time, plain, size, span


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Für Elise", "Für Elise"),
        ("さくらさくら", "さくらさくら"),
        ("a\nb\x1b[31mc\0", "a�b�[31mc�"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("z\u0301" + "\u0301" * 10_000, "z" + "\u0301" * 8),
        ("שלום", "\u2068שלום\u2069"),
        ("\udcff", "�"),
        ("x" * 1000, "x" * 399 + "…"),
    ],
    ids=["accents", "kana", "controls", "bidi override", "tower of marks", "right to left", "surrogate", "long"],
)
def test_foreign_text_is_made_safe(text, shown):
    """Control characters, overrides and towers of marks never reach a terminal (attacks.md M1, M4)."""
    assert plain(text) == shown


@given(st.text(st.characters(codec=None, categories=None), max_size=500))
def test_any_text_can_be_shown(text):
    """What is shown is valid UTF-8, printable and short."""
    shown = plain(text)
    assert len(shown.encode()) <= 402 * 4
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 40, "5.0 TiB")])
def test_sizes_are_binary(count, text):
    """Bytes are shown in the units people compare disks with."""
    assert size(count) == text


@pytest.mark.parametrize(("ms", "text"), [(None, ""), (0, "0:00"), (59_600, "1:00"), (187_000, "3:07")])
def test_durations(ms, text):
    """Minutes and seconds, as on a record's sleeve."""
    assert clock_time(ms) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0.0 s"), (59.9, "59.9 s"), (125, "2 min 05 s")])
def test_wall_times(seconds, text):
    """Tenths up to a minute, then minutes."""
    assert span(seconds) == text
