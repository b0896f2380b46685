"""Melodies to audio files: a plucked string of sine partials, the same bytes on every run."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from tenuto.demo.pieces import PIECES, Piece
from tenuto.durable import TEMPORARY, publish
from tenuto.model.progress import Progress

__all__ = ["render_all", "render_piece"]

_RATE = 48_000  # Hz
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_PARTIALS = ((1, 0.60), (2, 0.25), (3, 0.10), (4, 0.05))
_ARTIST = "The Tenuto Ensemble"
Wave = npt.NDArray[np.float32]


def render_all(folder: Path, progress: Progress) -> list[Path]:
    """Render what is missing of the twelve pieces into `folder` and give all their paths."""
    paths = [
        folder / piece.album / f"{piece.number:02d} {piece.title}{'.flac' if piece.lossless else '.opus'}"
        for piece in PIECES
    ]
    missing = [(piece, path) for piece, path in zip(PIECES, paths, strict=True) if not path.exists()]
    if missing:
        progress.start("Rendering twelve pieces", len(missing), "files")
        for piece, path in missing:
            render_piece(piece, path)
            progress.advance(1)
        progress.finish()
    return paths


def render_piece(piece: Piece, path: Path) -> None:
    """Render one piece as FLAC or Ogg Opus, tagged, under CC0."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    wave = np.concatenate([_tone(note, piece.tempo) for note in piece.notes.split()])
    kind = "flac" if piece.lossless else "ogg"
    # bitexact: no encoder version and no random stream number, so that the same notes are the same bytes
    with av.open(temporary, "w", format=kind, options={"fflags": "+bitexact"}) as container:
        container.metadata.update(_tags(piece))
        stream = container.add_stream("flac" if piece.lossless else "libopus", rate=_RATE)
        stream.layout = "mono"
        stream.format = "s16" if piece.lossless else "fltp"
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for start in range(0, len(wave), 4096):
            container.mux(stream.encode(_frame(wave[start : start + 4096], start, lossless=piece.lossless)))
        container.mux(stream.encode(None))
    publish(temporary, path)


def _frame(wave: Wave, start: int, *, lossless: bool) -> av.AudioFrame:
    samples = (wave * 32767).astype(np.int16) if lossless else wave
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16" if lossless else "fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _RATE, start, Fraction(1, _RATE)
    return frame


def _tags(piece: Piece) -> dict[str, str]:
    return {
        "TITLE": piece.title,
        "ARTIST": _ARTIST,
        "ALBUM": piece.album,
        "ALBUMARTIST": _ARTIST,
        "COMPOSER": piece.composer,
        "TRACKNUMBER": str(piece.number),
        "DATE": "2026",
        "GENRE": "Folk" if piece.composer == "traditional" else "Classical",
        "COMMENT": f"A melody anyone may play ({piece.free}), rendered by Tenuto.",
        "LICENSE": "https://creativecommons.org/publicdomain/zero/1.0/",
        "COPYRIGHT": "The Tenuto contributors have waived all rights (CC0 1.0)",
    }


def _tone(note: str, tempo: int) -> Wave:
    pitch, beats = _parse(note)
    count = round(_RATE * beats * 60 / tempo)
    time = np.arange(count) / _RATE
    frequency = _frequency(pitch)
    wave = sum(weight * np.sin(2 * np.pi * frequency * n * time) * np.exp(-3 * n * time) for n, weight in _PARTIALS)
    fade = np.minimum(1.0, np.minimum(time / 0.005, (count / _RATE - time) / 0.02))
    return np.asarray(0.7 * wave * fade * (frequency > 0), dtype=np.float32)


def _parse(note: str) -> tuple[str, float]:
    if "*" in note:
        pitch, _, beats = note.partition("*")
        return pitch, float(beats)
    pitch, _, part = note.partition("/")
    return pitch, 1 / float(part or 1)


def _frequency(pitch: str) -> float:
    if pitch == "R":
        return 0.0
    step = _STEPS[pitch[0]] + pitch.count("#")
    return float(440.0 * 2 ** ((12 * (int(pitch[-1]) + 1) + step - 69) / 12))
