"""What scores an output by machine: checks (deterministic) and judges."""
