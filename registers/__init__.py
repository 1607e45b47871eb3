"""Reference data (procedures, units) and the import of one-stop registers."""
