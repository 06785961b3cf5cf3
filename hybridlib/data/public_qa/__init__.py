"""The public question-answer sets of the paper's table 9."""
