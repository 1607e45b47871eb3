"""Real servers as private processes on the loopback address, and a proxy that cuts the way to them."""
