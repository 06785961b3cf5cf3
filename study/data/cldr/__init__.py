"""Questions generated from the Unicode CLDR."""
