from __future__ import annotations

import pytest

from labeltool.errors import DataError
from labeltool.template import TemplateFailure, Text


def fill(source: str, **values: object) -> str:
    return Text(source, path="prompts/p.md").fill(values)


def test_values_stand_where_they_are_asked_for() -> None:
    assert fill(
        "Sum up: {{ input }}\n{% for t in tags %}#{{ t }} {% endfor %}", input="x", tags="ab"
    ) == ("Sum up: x\n#a #b ")


def test_braces_in_a_value_are_text() -> None:
    assert fill("{{ input }}", input="{{ 7 * 7 }} {% raise %}") == "{{ 7 * 7 }} {% raise %}"


def test_json_keeps_letters_as_they_are() -> None:
    assert fill("{{ input | json }}", input="Grüße & <b>") == '"Grüße & <b>"'


def test_html_is_escaped_where_asked_for() -> None:
    page = Text("<p>{{ x }}</p>", path="page.html", html=True)
    assert page.fill({"x": "<script>"}) == "<p>&lt;script&gt;</p>"


def test_html_shows_what_is_invisible_and_a_prompt_keeps_it() -> None:
    page = Text("<p>{{ x }}</p>", path="page.html", html=True)
    assert page.fill({"x": "a\u202eb\x1b"}) == "<p>a⟨U+202E⟩b␛</p>"
    assert fill("{{ x }}", x="a\u202eb") == "a\u202eb"


def test_a_name_that_nothing_has_is_an_error_and_no_gap() -> None:
    with pytest.raises(TemplateFailure, match="'inptu' is undefined"):
        fill("{{ inptu }}", input="x")


def test_what_is_no_template_is_an_error_with_its_line() -> None:
    with pytest.raises(DataError, match="is no template") as caught:
        Text("one\n{{ input }\n", path="prompts/p.md")
    assert caught.value.where is not None
    assert (caught.value.where.path, caught.value.where.line) == ("prompts/p.md", 2)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ input.__class__.__base__.__subclasses__() }}",
        "{% for x in range(100000000) %}{% endfor %}",
        "{% set _ = tags.append(1) %}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_template_stays_in_its_sandbox(source: str) -> None:
    with pytest.raises(TemplateFailure):
        fill(source, input="x", tags=[])
