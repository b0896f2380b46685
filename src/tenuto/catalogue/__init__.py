"""The catalogue: one SQLite file built from records, checked, published whole, and searched."""
