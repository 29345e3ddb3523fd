"""YAML files: read strictly, written in one style, edited without losing comments."""

from __future__ import annotations

from labeltool.store.yaml.lines import locate
from labeltool.store.yaml.reader import parse, parse_list
from labeltool.store.yaml.roundtrip import edit
from labeltool.store.yaml.writer import dump

__all__ = ["dump", "edit", "locate", "parse", "parse_list"]
