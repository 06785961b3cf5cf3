"""Tests; a package, so that its programs can be run as modules."""
