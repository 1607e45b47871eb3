"""The way back to the one-stop software: packages with the national sync fields, ways to send them, receipts."""
