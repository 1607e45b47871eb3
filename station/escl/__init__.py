"""Scanners on the network that speak eSCL (Mopria, AirScan), driven directly over HTTP."""
