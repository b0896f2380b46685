"""Which engine reads a dump."""

import pytest

from tenuto.flow.importing import ImportOptions, _reader
from tenuto.model.errors import UsageError
from tenuto.records.dump_import import import_dump


@pytest.mark.parametrize("options", [{"engine": "spark"}, {"master": "spark://127.0.0.1:7077"}])
def test_spark_and_its_master_are_given_together(options):
    """One without the other is refused, with what to write."""
    with pytest.raises(UsageError, match="master") as found, _reader(ImportOptions(**options)):
        pass
    assert "--engine spark --master" in found.value.hint


def test_duckdb_reads_unless_told_otherwise():
    """Without options no cluster is asked for."""
    with _reader(ImportOptions()) as read:
        assert read is import_dump
