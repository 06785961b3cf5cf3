"""The same idea inside other people's tools; each module needs the library that it is named for."""
