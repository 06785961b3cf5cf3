"""mMARCO, in fourteen languages."""
