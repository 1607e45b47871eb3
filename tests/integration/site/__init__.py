"""The web pages, as people of every role see them."""
