import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenuto.demo.render import render_all
from tenuto.flow.archive import init_archive, open_archive
from tenuto.model.progress import Silent


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """Render the twelve pieces once for all tests of a process; never written to."""
    folder = tmp_path_factory.mktemp("pieces")
    render_all(folder, Silent())
    return folder


@pytest.fixture
def pieces(rendered, tmp_path):
    """Give a copy of the twelve pieces that a test may change."""
    return shutil.copytree(rendered, tmp_path / "pieces")


@pytest.fixture
def clock():
    return lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path, clock):
    init_archive(tmp_path / "archive", name="test", operator="The testers", contact="test@example.org")
    return open_archive(tmp_path / "archive", clock)


@pytest.fixture(scope="session")
def shared():
    """Give the folder of shared sample records, or skip."""
    root = Path(os.environ.get("TENUTO_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    if not (root / "data").is_dir():
        pytest.skip("the shared sample records are not here (set TENUTO_SHARED)")
    return root / "data"
