"""Which runs there are, and how one is done."""
