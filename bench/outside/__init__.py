"""The reader on other people's test images: no crash, no hang, sensible text. `python -m bench.outside`."""
