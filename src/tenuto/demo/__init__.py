"""The main job in one command, on real music or on pieces that Tenuto renders itself."""
