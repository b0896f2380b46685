"""`tenuto report`: charts of what the catalogue holds."""

from pathlib import Path

from tenuto.flow.archive import Archive
from tenuto.model.progress import Progress
from tenuto.reports import report

__all__ = ["write_report"]


def write_report(archive: Archive, target: Path, progress: Progress) -> int:
    """Write the page and give the number of charts with data; raises NotFoundError where nothing was built."""
    return report.write_report(archive.layout.catalogue, target, progress)
