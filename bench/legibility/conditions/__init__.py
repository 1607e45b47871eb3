"""What happens to papers between the printer and the reader."""
