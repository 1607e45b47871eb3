"""What can be told of a scan without reading it, while the paper is still there: small modules, one check each."""
