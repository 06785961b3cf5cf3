"""From stored results to tables, figures and numbers of the book."""
