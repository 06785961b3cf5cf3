"""The paper's idea and the loop around it: samplers, loss, validation, trainer."""
