"""Short tones of every format, encoded here, and a pool to probe them."""

import math
import struct
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import pytest

from tenuto.audio.pool import Limits, ProbePool
from tenuto.model.audio import Failure, Probe
from tenuto.opening import open_file

RATE = 48000
SECONDS = 1.0
FORMATS = {  # suffix → muxer, encoder, its options
    "mp3": ("mp3", "libmp3lame", {}),
    "flac": ("flac", "flac", {}),
    "ogg": ("ogg", "vorbis", {"strict": "experimental"}),
    "opus": ("ogg", "libopus", {}),
    "m4a": ("ipod", "aac", {}),
    "wav": ("wav", "pcm_s16le", {}),
    "aiff": ("aiff", "pcm_s16be", {}),
}


def _tone(muxer: str, encoder: str, options: dict[str, str]) -> bytes:
    target = BytesIO()
    with av.open(target, "w", format=muxer) as container:
        stream = container.add_stream(encoder, rate=RATE, options=options)
        stream.layout = "stereo"
        stream.codec_context.open()  # only then the size of its frames is known
        resampler = av.AudioResampler(stream.format, "stereo", RATE, frame_size=stream.frame_size or 1024)
        count = int(RATE * SECONDS)
        samples = (int(9000 * math.sin(440 * math.tau * at / RATE)) for at in range(count))
        frame = av.AudioFrame("s16", "stereo", count)
        frame.planes[0].update(b"".join(struct.pack("<2h", value, -value) for value in samples))
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        for piece in (*resampler.resample(frame), *resampler.resample(None), None):
            container.mux(stream.encode(piece))
    return target.getvalue()


@pytest.fixture(scope="session")
def tones() -> dict[str, bytes]:
    """Give one second of a stereo tone at 48 kHz in each format, by suffix."""
    return {suffix: _tone(*how) for suffix, how in FORMATS.items()}


@pytest.fixture
def tone(tones: dict[str, bytes], tmp_path: Path) -> Callable[[str], Path]:
    """Write a tone into the test's folder and give its path."""

    def write(suffix: str, name: str = "") -> Path:
        path = tmp_path / (name or f"tone.{suffix}")
        path.write_bytes(tones[suffix])
        return path

    return write


@pytest.fixture(scope="session")
def pool() -> Iterator[ProbePool]:
    """Give a pool that the tests of this folder share."""
    with ProbePool(workers=1, limits=Limits(seconds=10, memory=1024**3)) as running:
        yield running


@pytest.fixture
def probe() -> Callable[[ProbePool, Iterable[Path]], Iterator[Probe | Failure]]:
    """Probe files by their paths: each is opened when it is taken in, and closed when its answer has come."""

    def probe(pool: ProbePool, paths: Iterable[Path]) -> Iterator[Probe | Failure]:
        taken = []

        def opened():
            for path in paths:
                taken.append(open_file(path))
                yield taken[-1]

        for number, answer in enumerate(pool.probe(opened())):
            taken[number].close()
            yield answer

    return probe
