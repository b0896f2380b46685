"""Audio: what files are and say, read in child processes, and their bits kept by hash."""
