"""The site: built strictly, from this machine alone, and nothing is left out of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site import hooks
from labeltool.cli.main import VERBS
from tests.docs.session import ROOT

HOW_TO = "".join(page.read_text("utf-8") for page in (ROOT / "docs/how-to").glob("*.md"))
LOADED = re.compile(
    r'<(?:script|img|iframe)[^>]* src="?([^" >]+)'
    r'|<link rel="?(?:stylesheet|icon|preconnect)"?[^>]* href="?([^" >]+)'
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", "docs/site/mkdocs.yml"]
    done = subprocess.run(
        [*build, "-d", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built_and_in_the_navigation(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    home = (site / "index.html").read_text("utf-8")
    for page in pages:
        built = page.with_suffix(".html").as_posix()
        assert (site / built).is_file()
        assert f'href="{built}"' in home or built == "index.html", f"{page}: in no navigation"


def test_no_page_stands_in_the_navigation_twice() -> None:
    listed = re.findall(r": (\S+\.md)$", (ROOT / "docs/site/mkdocs.yml").read_text(), re.MULTILINE)
    assert len(listed) == len(set(listed))


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        for found in LOADED.findall(page.read_text("utf-8")):
            assert not re.match(r"(https?:)?//", "".join(found)), page


def test_nothing_but_pages_and_pictures_is_published(site: Path) -> None:
    assert not list(site.rglob("*.py"))
    assert not list(site.rglob("*.yml"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_how_to(verb: str) -> None:
    assert re.search(rf"^## .*`{verb}`", HOW_TO, re.MULTILINE), f"docs/how-to: no `{verb}`"


class Page:
    class file:  # noqa: N801
        src_uri = "how-to/label.md"


def on_page(markdown: str, host: str | None) -> str:
    return hooks.on_page_markdown(markdown, page=Page, config={"repo_url": host})


def test_a_link_into_the_code_leads_to_the_host_where_there_is_one() -> None:
    link = "[a test](../../tests/test_x.py)"
    assert on_page(link, "https://code.example/o/r/") == (
        "[a test](https://code.example/o/r/blob/HEAD/tests/test_x.py)"
    )
    assert on_page(link, None) == "*a test*"


def test_a_link_between_pages_stays() -> None:
    link = "[keys](../keys.md#home) and ![it](../label.svg)"
    assert on_page(link, "https://code.example") == link
