"""BitTorrent: metainfo from a bag's hashes, strict reading of metainfo, checking content, and seeding."""
