"""Captures made by hand: heads, observations, texts."""

import hashlib
import os
from pathlib import Path

import pytest

from tenuto.model.audio import Probe
from tenuto.model.capture import CaptureHead, Document, Observation


@pytest.fixture
def head():
    """Make the head of a capture from facts and texts."""

    def make(source="folder", collection="music", documents=None, unread=None, **facts):
        texts = tuple(
            Document(
                path=path,
                text=text,
                sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
                unread=(unread or {}).get(path, ""),
            )
            for path, text in (documents or {}).items()
        )
        return CaptureHead(
            id=f"{source}/{collection}/000001",
            source=source,
            collection=collection,
            origin="/music",
            captured_at="2026-01-01T00:00:00Z",
            facts=tuple(facts.items()),
            documents=texts,
        )

    return make


@pytest.fixture
def seen():
    """Make the observation of one file from its path and tags."""

    def make(path="a.ogg", *tags, **probe):
        fields = {"container": "ogg", "codec": "vorbis", "duration_ms": 1_000, "sample_rate": 44_100, "channels": 2}
        known = Probe(**(fields | {"bit_rate": 128_000, "tags": tags} | probe))
        return Observation(path=path, size=9, modified_ns=1, sha256="a" * 64, probe=known)

    return make


@pytest.fixture(scope="session")
def shared():
    """Give the folder of shared sample records, or skip."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    root = Path(os.environ.get("TENUTO_SHARED", beside))
    if not (root / "data").is_dir():
        pytest.skip("the shared sample records are not here (set TENUTO_SHARED)")
    return root / "data"
