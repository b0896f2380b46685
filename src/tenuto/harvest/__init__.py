"""Collecting: files, archives and packages in, captures out; the only stage that reaches outside the archive."""
