"""What is computed from data and vectors beside the scores."""
