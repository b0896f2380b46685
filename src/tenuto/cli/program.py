"""The application with all of its commands."""

from tenuto.cli import (
    commands_archive,
    commands_ask,
    commands_demo,
    commands_editions,
    commands_import,
    commands_links,
    commands_publish,
    commands_report,
)
from tenuto.cli.app import app

__all__ = ["app", "modules"]

modules = (
    commands_archive,
    commands_import,
    commands_links,
    commands_ask,
    commands_publish,
    commands_editions,
    commands_report,
    commands_demo,
)
"""Importing them adds their commands to the application."""
