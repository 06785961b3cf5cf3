"""From scores to statements: intervals, tests, verdicts."""
