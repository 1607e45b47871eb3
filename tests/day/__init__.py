"""A day at the counter of a merged commune: papers with exact truth, two stations, faults, and a judge that counts."""
