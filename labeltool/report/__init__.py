"""Results into forms for people and tools. Computes nothing: what is said stands in the results."""
