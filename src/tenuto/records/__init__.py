"""Judged records and what they rest on, as Parquet tables in Tenuto's own shape."""
