"""Editions of a finished catalogue: Parquet, a small SQLite file, a patch from build to build."""
