"""Pure decisions over nouns: no I/O, no clock, no randomness."""
