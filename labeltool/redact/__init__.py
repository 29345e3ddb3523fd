"""What must not be written down: keys, and later personal data."""
