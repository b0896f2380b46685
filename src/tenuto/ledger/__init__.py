"""The ledger: an append-only, hash-chained account of what was fetched, kept, refused and made, and why."""
