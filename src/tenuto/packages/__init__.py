"""BagIt bags: named, planned, hashed in one read, written whole or not at all, and verified strictly."""
