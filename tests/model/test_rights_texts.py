import pytest

from tenuto.model.rights_texts import holders_of, is_rights_text, labelled, may_speak_of, reuse_root


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ("a/x.ogg.license", "a/x.ogg", True),
        ("a/x.ogg.LICENSE", "a/x.ogg", True),
        ("a/y.ogg.license", "a/x.ogg", False),
        ("a/b.pk3.license", "a/b.pk3!/c/x.ogg", True),
        ("a/LICENSE", "a/b.pk3!/c/x.ogg", True),
        ("a/b.pk3!/LICENSE", "a/b.pk3!/c/x.ogg", True),
        ("a/b.pk3!/d/LICENSE", "a/b.pk3!/c/x.ogg", False),
        (".reuse/dep5", "a/x.ogg", True),
        ("a/.reuse/dep5", "a/x.ogg", True),
        ("b/.reuse/dep5", "a/x.ogg", False),
        ("REUSE.toml", "a/x.ogg", True),
        ("b/REUSE.toml", "a/x.ogg", False),
    ],
)
def test_a_document_speaks_of_what_lies_below_it(document, path, expected):
    """A label of one file, or of the archive it is in; other texts of their folder and what is below."""
    assert may_speak_of(document, path) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LICENSE_music.txt", True),
        ("a/COPYING_AUDIO.txt", True),
        ("Unlicense", True),
        ("licence.pdf", True),
        ("licensed.txt", False),
        ("license.py", False),
        ("LICENSE.license", False),
    ],
)
def test_what_is_named_like_a_text_about_rights(name, expected):
    """A mark that ends a word ends the name's first part; code and labels of other files are something else."""
    assert is_rights_text(name) is expected


def test_labels_and_roots():
    """What a label is about, where a dep5 holds, and what a path lies in."""
    assert (labelled("x.ogg.License"), labelled("license")) == ("x.ogg", None)
    assert (reuse_root(".reuse/dep5"), reuse_root("a/.reuse/dep5"), reuse_root("a.reuse/dep5")) == ("", "a", None)
    assert list(holders_of("a.zip!/b.zip!/c")) == ["a.zip!/b.zip!/c", "a.zip!/b.zip", "a.zip"]
