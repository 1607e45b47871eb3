"""The fault campaign: every plug pulled at random while papers go through, and every page counted afterwards."""
