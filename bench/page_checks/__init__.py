"""Are bad scans told, and good ones left alone: labelled pages, recall and precision of every check."""
