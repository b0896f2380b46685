import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tenuto.demo.render import render_all
from tenuto.model.progress import Silent


@pytest.fixture
def tenuto(tmp_path):
    """Give a function that runs the command line as a person would, in a process of its own."""

    def run(*words, cwd=tmp_path, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "tenuto", *(str(word) for word in words)],
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, "COLUMNS": "200", "SOURCE_DATE_EPOCH": "1767323045", **environment},
            check=False,
            timeout=120,
        )
        document = json.loads(done.stdout) if "--json" in words else None
        return SimpleNamespace(exit=done.returncode, out=done.stdout, err=done.stderr, json=document)

    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """Give an archive of the twelve pieces, built, packed and made into torrents; tests only read it."""
    root = tmp_path_factory.mktemp("filled")
    render_all(root / "pieces", Silent())
    (root / "pieces" / "broken.flac").write_bytes(b"fLaC")
    archive = str(root / "archive")
    for words in (
        ["init", archive, "--name", "filled"],
        ["--archive", archive, "harvest", "folder", str(root / "pieces")],
        ["--archive", archive, "build"],
        ["--archive", archive, "pack"],
        ["--archive", archive, "torrents"],
    ):
        subprocess.run([sys.executable, "-m", "tenuto", *words], check=True, capture_output=True)
    return root / "archive"
