import os
import time
from pathlib import Path

import pytest

from tenuto import spdx
from tenuto.model.music import TrackRecord
from tenuto.model.rights import Confidence, Evidence, EvidenceKind
from tenuto.rights import read_statement


@pytest.fixture(scope="session")
def shared():
    """Give the folder of real third-party records, or skip naming it."""
    root = Path(os.environ.get("TENUTO_SHARED", Path(__file__).parents[3] / "shared")) / "data"
    if not root.is_dir():
        pytest.skip(f"no shared records at {root}")
    return root


@pytest.fixture(scope="session")
def evidence():
    """Make one piece of evidence."""

    def make(statement, kind=EvidenceKind.TAG, **facts):
        return Evidence(
            kind=kind, statement=statement, where=facts.pop("where", "tag LICENSE of a.ogg"), capture="c", **facts
        )

    return make


@pytest.fixture(scope="session")
def record(evidence):
    """Make a record with statements as its evidence; one may be a (statement, confidence) pair."""

    def make(*statements, **facts):
        pieces = tuple(
            evidence(one[0], confidence=Confidence(one[1])) if isinstance(one, tuple) else evidence(one)
            for one in statements
        )
        defaults = {"copyright_notice": "© 2012 Ann Example", "evidence": pieces}
        fixed = {"source": "folder", "collection": "c", "key": "c/a.ogg", "path": "a.ogg", "capture": "c", "title": "A"}
        return TrackRecord(**fixed, **(defaults | facts))

    return make


@pytest.fixture(scope="session")
def milliseconds():
    """Measure the shortest of three readings of a text, since other programs share the machine."""

    def measure(text):
        times = []
        for _ in range(3):
            start = time.thread_time()
            read_statement(text + " " * len(times) + "!")
            times.append((time.thread_time() - start) * 1000)
        return min(times)

    return measure


@pytest.fixture(scope="session")
def licence_text():
    """Give a licence's own text as SPDX's list has it."""
    return spdx.licence_text
