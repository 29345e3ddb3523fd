"""One verb per file, shared by the command line and the app."""
