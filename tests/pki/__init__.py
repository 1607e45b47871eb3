"""A PKI of our own for tests: good and bad keys of every sort, with revocation data for any moment."""
