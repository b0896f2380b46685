"""The offline demo as a newcomer runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def demo(directory, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "tenuto", "demo", "--offline", "--directory", str(directory), "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["report"]


def test_the_offline_demo_goes_the_whole_way(tmp_path):
    """Twelve open tracks, one bag, downloaded by another client and found valid; the second run does nothing."""
    first = demo(tmp_path / "demo")
    assert first["tracks"] == 12
    assert {(count["label"], count["tracks"]) for count in first["counts"]} == {("open", 12)}
    assert [hit["title"] for hit in first["hits"]] == ["Ode to Joy"]
    (bag,) = first["bags"]
    assert bag["clients"]
    if shutil.which("aria2c"):
        assert bag["clients"][0].startswith("aria2")
    assert any(client.endswith("(hybrid)") for client in bag["clients"])
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    again = demo(tmp_path / "demo")
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    assert again == first
    assert {path.name for path, time in after.items() if before.get(path) != time} <= {".lock"}


def test_without_any_other_client_a_second_process_downloads(tmp_path):
    """Where neither aria2 nor rtorrent is installed, a libtorrent process of its own stands in, and says so."""
    report = demo(tmp_path / "demo", PATH=str(Path(sys.executable).parent))
    assert report["bags"][0]["clients"] == ["a second libtorrent process (hybrid)"]


def test_without_a_package_client_the_pieces_are_used(tmp_path):
    """Without Debian's client the demo says so in a sentence and goes offline by itself."""
    done = subprocess.run(
        [sys.executable, "-m", "tenuto", "demo", "--directory", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": str(Path(sys.executable).parent)},
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert "no Debian package client" in done.stderr
    assert "12 tracks" in done.stdout


@pytest.mark.skipif("CI" not in os.environ and "TENUTO_NETWORK" not in os.environ, reason="needs the Debian archive")
@pytest.mark.skipif(shutil.which("apt-get") is None, reason="needs apt-get")
def test_the_demo_on_real_music(tmp_path):
    """Take three Debian packages the whole way: most tracks are open, all bags downloaded and verified."""
    done = subprocess.run(
        [sys.executable, "-m", "tenuto", "demo", "--directory", str(tmp_path / "demo"), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)["report"]
    decisions = {count["label"]: count["tracks"] for count in report["counts"] if count["topic"] == "decision"}
    assert decisions["open"] >= 100  # 132 of 165 in Debian 12
    assert all(bag["clients"] for bag in report["bags"])
