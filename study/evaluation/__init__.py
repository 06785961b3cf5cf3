"""What only this study measures."""
