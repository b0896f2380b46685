"""The offline demo as a newcomer runs it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mutagen
import pytest

from tenuto.demo.render import render_all
from tenuto.model.progress import Silent
from tenuto.rights.rules import MEANING, Rule


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
    assert any("(hybrid" in client for client in bag["clients"])
    if shutil.which("rtorrent"):
        assert "rtorrent (hybrid, by its v1 part)" in bag["clients"]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    again = demo(tmp_path / "demo")
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    assert again == first
    assert {path.name for path, time in after.items() if before.get(path) != time} <= {".lock"}


def told(directory, *words):
    """Run the demo as a person does, and give what is printed on standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "tenuto", "demo", "--offline", "--directory", str(directory), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_the_summary_is_what_was_done(tmp_path):
    """Tracks, what was kept and what not and why, each with its bytes; time per stage; what to try next."""
    render_all(tmp_path / "pieces", Silent())
    *kept, silent = (path for path in sorted((tmp_path / "pieces").rglob("*")) if path.is_file())
    tags = mutagen.File(silent)
    tags.pop("license"), tags.pop("copyright"), tags.save()
    (tmp_path / "pieces" / "broken.flac").write_bytes(b"fLaC" * 500)
    size = sum(path.stat().st_size for path in kept)
    out, err = told(tmp_path)
    paragraphs = [part.split("\n") for part in out.strip().split("\n\n")]
    assert paragraphs[0][0].startswith("13 tracks in ")
    assert [re.split("  +", line.strip()) for line in paragraphs[0][1:]] == [
        ["files", "bytes", "why"],
        ["kept", "11", f"{size / 1024**2:.1f} MiB", "what is openly licensed"],
        ["not kept", "1", f"{silent.stat().st_size / 1024:.1f} KiB", f"R-NONE: {MEANING[Rule.NONE]}"],
        ["not kept", "1", "0 B", "audio-broken"],
    ]
    stages = [re.fullmatch(r"(.+?)  +(\d+\.\d s)", line)[1] for line in paragraphs[3][2:]]
    assert len(stages) == len(set(stages))
    assert stages[-1] == "all stages"
    assert "Rendering twelve pieces" not in stages
    assert {"Shaping the records", "Placing torrents: shaping the records"} <= set(stages)
    if shutil.which("aria2c"):
        assert "bagit.py verifies what arrived (2 times)" in stages
    assert [line.split()[-1] for line in paragraphs[4][2:]][-3:] == ["stats", "verify", "127.0.0.1:6881"]
    assert err.count("Shaping the records") == err.count("Placing torrents: shaping") == 1
    again, quiet = told(tmp_path)
    assert again.split("\n\n")[:3] == [*out.split("\n\n")[:3]]
    assert re.findall(r"✓ (.*) \d+\.\d s", quiet) == ["Reading pieces"]


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
