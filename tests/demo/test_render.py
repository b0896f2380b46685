import contextlib

import mutagen
import pytest

from tenuto.audio.pool import ProbePool
from tenuto.demo.pieces import PIECES
from tenuto.demo.render import render_all, render_piece
from tenuto.model.progress import Silent
from tenuto.opening import open_file


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    return render_all(tmp_path_factory.mktemp("pieces"), Silent())


def test_there_are_twelve_pieces_of_two_kinds():
    """Six are lossless, six are not; every melody says why it is free."""
    assert len(PIECES) == 12
    assert sum(piece.lossless for piece in PIECES) == 6
    assert all(piece.free for piece in PIECES)


def test_each_piece_lasts_as_long_as_its_notes(rendered):
    """Durations follow from beats and tempo, to a hundredth of a second."""
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(open_file(path)) for path in rendered]
        probes = list(stack.enter_context(ProbePool()).probe(files))
    for piece, probe in zip(PIECES, probes, strict=True):
        beats = sum(
            float(n[n.index("*") + 1 :]) if "*" in n else 1 / float(n.partition("/")[2] or 1)
            for n in piece.notes.split()
        )
        assert probe.duration_ms == pytest.approx(beats * 60_000 / piece.tempo, abs=10)
        assert (probe.container, probe.codec) == (("flac", "flac") if piece.lossless else ("ogg", "opus"))


def test_each_piece_is_tagged_and_free(rendered):
    """Title, artist, composer and CC0 stand in every file."""
    for piece, path in zip(PIECES, rendered, strict=True):
        tags = mutagen.File(path).tags
        assert tags["title"] == [piece.title]
        assert tags["composer"] == [piece.composer]
        assert tags["license"] == ["https://creativecommons.org/publicdomain/zero/1.0/"]


def test_the_same_notes_are_the_same_bytes(rendered, tmp_path):
    """Rendering again gives the same file, so that a second demo run does no work."""
    for number in (0, 1):
        render_piece(PIECES[number], tmp_path / str(number))
        assert (tmp_path / str(number)).read_bytes() == rendered[number].read_bytes()


def test_what_is_rendered_is_not_rendered_again(rendered):
    """A file that is there is left alone."""
    folder = rendered[0].parent.parent
    before = [path.stat().st_mtime_ns for path in rendered]
    render_all(folder, Silent())
    assert [path.stat().st_mtime_ns for path in rendered] == before
