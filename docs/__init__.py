"""Documentation, and the scripts that make the parts of it that follow from the code."""
