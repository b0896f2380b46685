import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.sources.globs import dep5_glob, reuse_glob


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*", "a/b.ogg", True),
        ("a/*", "a/b/c.ogg", True),
        ("./a/*", "a/b.ogg", True),
        ("a/*", "ab/c", False),
        ("a/?.ogg", "a/b.ogg", True),
        ("a?b", "a/b", True),
        ("*.ogg", "x/y.ogg", True),
        ("*.ogg", "x/y.oggx", False),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        ("a[b]c", "a[b]c", True),
        ("a[b]c", "abc", False),
        ("a/b.ogg", "a/b.ogg", True),
        ("*/music/*", "x/music/a", True),
        ("*/music/*", "music/a", False),
        ("", "a", False),
    ],
)
def test_dep5_patterns(pattern, path, expected):
    """`*` and `?` cross slashes, brackets mean themselves, a backslash escapes (copyright format 1.0)."""
    assert dep5_glob(pattern).matches(path) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.ogg", "a.ogg", True),
        ("*.ogg", "d/a.ogg", False),
        ("**/*.ogg", "d/e/a.ogg", True),
        ("d/**", "d/e/a.ogg", True),
        ("d/*", "d/e/a.ogg", False),
        ("a?b", "a?b", True),
        ("a?b", "axb", False),
    ],
)
def test_reuse_patterns(pattern, path, expected):
    """`*` stays within a folder, `**` does not."""
    assert reuse_glob(pattern).matches(path) == expected


@given(st.text("ab/*?", max_size=12), st.text("ab/", max_size=12))
def test_dep5_patterns_agree_with_fnmatch(pattern, path):
    """For patterns without escapes the standard library says the same."""
    text = pattern.removeprefix("./")
    assert dep5_glob(pattern).matches(path) == fnmatch.fnmatchcase(path, text)


def test_a_pattern_made_to_blow_up_does_not():
    """M10: many stars against a long path take no more than pattern times path."""
    glob, path = dep5_glob("*a" * 50 + "b"), "a" * 4_000
    started = time.perf_counter()
    assert not glob.matches(path)
    assert time.perf_counter() - started < 2


def test_parts_stop_at_the_first_wildcard():
    """The literal names before a wildcard are what places are compared by."""
    assert dep5_glob("a/b/c*.ogg").parts == ("a", "b", None)
    assert dep5_glob("a/b.ogg").parts == ("a", "b.ogg")
    assert dep5_glob("*").parts == (None,)
