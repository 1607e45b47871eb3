"""Reading one page: decode, prepare, recognise, map words back to the scan, judge. Works on pixels, knows no store."""
