"""Pages and API for archivists, clerks and inspectors: built by the issue after the workers."""
