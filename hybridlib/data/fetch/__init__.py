"""How files get here: mirror, cache, checksum, hub."""
