"""What is printed: the inspection report and the forms of a one-stop office, as PDF/A-2b from packaged templates."""
