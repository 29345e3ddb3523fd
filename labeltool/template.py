"""The one jinja2 door: prompts and pages, sandboxed, with nothing that is undefined let through."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from labeltool.errors import DataError, Where
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

MAX_CHARS = 8_000_000


class TemplateFailure(Exception):
    """A template that cannot be filled in from these values. `line`: in the template, from 1."""

    def __init__(self, message: str, line: int | None = None):
        super().__init__(message)
        self.message = message
        self.line = line


class Text:
    """A compiled template. `path` is for errors; `html` escapes every value, and shows as glyphs
    what is invisible in it or would reorder the page.
    """

    def __init__(self, source: str, *, path: str, html: bool = False):
        """Raises DataError with the line where `source` is no template."""
        from jinja2 import TemplateSyntaxError

        self.path = path
        try:
            self._template: Template = _environment(html).from_string(source)
        except TemplateSyntaxError as error:
            raise DataError(
                f"is no template: {error.message}",
                hint="{{ input }} puts the case's input in; {% raw %} keeps braces as they are",
                where=Where(path, line=error.lineno),
            ) from None

    def fill(self, values: Mapping[str, Any]) -> str:
        """The text with `values` in it. Raises TemplateFailure."""
        from jinja2 import TemplateError

        try:
            text = self._template.render(values)
        except TemplateError as error:
            raise TemplateFailure(error.message or type(error).__name__) from None
        except Exception as error:  # noqa: BLE001 - what a template does to a case is its error
            raise TemplateFailure(f"{type(error).__name__}: {error}") from None
        if len(text) > MAX_CHARS:
            raise TemplateFailure(f"gives {len(text):,} characters")
        return text


@cache
def _environment(html: bool) -> SandboxedEnvironment:
    import json

    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=html,
        keep_trailing_newline=False,
        finalize=_shown if html else None,
    )
    # jinja's own `tojson` escapes for HTML, which a prompt does not want.
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment


def _shown(value: object) -> object:
    """Texts of the data; what a template marks as safe is of another type."""
    return visible(value) if type(value) is str else value
