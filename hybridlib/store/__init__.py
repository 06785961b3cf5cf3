"""What was measured, from what and with what: one folder a run."""
