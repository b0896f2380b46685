"""Editions of a finished catalogue: Parquet for engines, a small SQLite file for pockets, a patch from build to build."""
