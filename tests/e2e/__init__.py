"""The whole program over real files with real tools."""
