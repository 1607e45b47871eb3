"""The nouns of the product: values, states, errors and events. Standard library only."""
