"""Charts of figures as SVG: legible in black and white, drawn from whole numbers only, the same bytes every time."""
