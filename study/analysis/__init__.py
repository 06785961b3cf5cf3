"""From stored runs to statements."""
