"""The nouns: frozen values, no I/O, no clock. Import each from its own module."""
