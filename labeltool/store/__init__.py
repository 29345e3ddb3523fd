"""Disk to model and back: YAML, paths, guarded reads and atomic writes."""
