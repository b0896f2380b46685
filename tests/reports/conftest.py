"""A catalogue of the present schema with nothing in it."""

import pytest

from tenuto.catalogue.load import create


@pytest.fixture
def empty_catalogue():
    """Make an empty catalogue at a path, and give the path."""

    def make(path):
        create(path)
        return path

    return make
