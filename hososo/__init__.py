"""The program: command line, settings, wiring. The only place that names adapters."""
