"""Linking: which artists, releases and recordings are the same; pure expressions and Splink on an engine handed in."""
