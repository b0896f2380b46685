"""Texts beside the music on their way from the folder to the verdict: none is lost between finding and judging."""

import zipfile

import mutagen
import pytest

from tenuto.flow.harvest import harvest_folders
from tenuto.model.progress import Silent

DEP5 = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: A\nLicense: "
TABLE = '[[annotations]]\npath = "**"\nSPDX-License-Identifier = "LicenseRef-Proprietary"\n'


@pytest.fixture
def verdicts(archive):
    """Harvest a folder and give its verdicts, counted."""

    def harvest(folder):
        (tally,) = harvest_folders(archive, [folder], None, Silent())
        return dict(tally.outcomes)

    return harvest


@pytest.fixture
def song(rendered):
    """Give the path of a piece whose tag says CC BY or CC0."""
    return next(path for path in sorted(rendered.rglob("*.flac")) if (mutagen.File(path).get("license") or [""])[0])


@pytest.fixture
def folder(tmp_path, song):
    """Make a folder with one tagged piece in it."""
    place = tmp_path / "songs" / "music"
    place.mkdir(parents=True)
    (place / "a.flac").write_bytes(song.read_bytes())
    return place.parent


@pytest.fixture
def untagged(folder):
    """Take the licence out of the piece's tags."""
    tags = mutagen.File(folder / "music" / "a.flac")
    for name in [name for name, _ in tags.tags if name.lower() in {"license", "copyright"}]:
        tags.pop(name, None)
    tags.save()
    return folder


def test_the_piece_itself_opens(verdicts, folder):
    """What the cases below begin with."""
    assert verdicts(folder) == {("open", "R-OPEN"): 1}


def test_an_archives_label_reaches_the_judge(verdicts, folder):
    """`archive.pk3.license` speaks of the members, against their tags."""
    with zipfile.ZipFile(folder / "a.pk3", "w") as bag:
        bag.write(folder / "music" / "a.flac", "x.flac")
    (folder / "music" / "a.flac").unlink()
    (folder / "a.pk3.license").write_text("All rights reserved. Do not distribute.", "utf-8")
    assert verdicts(folder) == {("review", "R-CLOSED"): 1}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".reuse/dep5", DEP5 + "Proprietary\n"),
        (".reuse/dep5", "x" * (300 << 10)),
        ("REUSE.toml", TABLE),
        ("music/reuse.toml", TABLE),
        ("music/a.flac.LICENSE", "SPDX-License-Identifier: LicenseRef-Proprietary"),
        ("LICENSE_music.txt", "All rights reserved. Do not distribute."),
        ("music/LICENSE.pdf", "%PDF"),
    ],
)
def test_what_speaks_against_a_tag_reaches_the_judge(verdicts, folder, name, content):
    """Read or not, it calls for review beside a licence."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content, "utf-8")
    assert {decision for decision, _ in verdicts(folder)} - {"refused"} == {"review"}


def test_a_dep5_alone_opens(verdicts, untagged):
    """It is evidence as good as a tag."""
    (untagged / ".reuse").mkdir()
    (untagged / ".reuse" / "dep5").write_text(DEP5 + "CC0-1.0\n", "utf-8")
    assert verdicts(untagged) == {("open", "R-OPEN"): 1}


def test_a_text_that_was_not_read_opens_nothing(verdicts, untagged):
    """Alone it leaves the metadata."""
    (untagged / "LICENSE.pdf").write_bytes(b"%PDF")
    assert verdicts(untagged) == {("metadata-only", "R-UNKNOWN"): 1}
