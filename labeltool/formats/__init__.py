"""Other tools' files <-> cases, outputs, labels. Everything read here is untrusted."""
