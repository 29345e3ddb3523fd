"""Arrays in, numbers out: knows no case and no file."""
