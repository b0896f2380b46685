"""Which engine reads a dump."""

import pytest

from tenuto.flow.importing import ImportOptions, _session
from tenuto.model.errors import UsageError


@pytest.mark.parametrize("options", [{"engine": "spark"}, {"master": "spark://127.0.0.1:7077"}])
def test_spark_and_its_master_are_given_together(options):
    """One without the other is refused, with what to write."""
    with pytest.raises(UsageError, match="master") as found, _session(ImportOptions(**options)):
        pass
    assert "--engine spark --master" in found.value.hint


def test_duckdb_reads_unless_told_otherwise():
    """Without options no cluster is asked for."""
    with _session(ImportOptions()) as session:
        assert session is None
