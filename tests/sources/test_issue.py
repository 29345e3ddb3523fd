"""Bug reports as people write them."""

from __future__ import annotations

import json

from labeltool.sources.issue import MAX_NOTES, labels_of
from tests.sources.logs import items

FORM = """\
### What the user asked

> Where is my refund?
> I sent the shoes back.

### What came back

```text
Your refund is

### on its way
```

### What should have come back

_No response_

### System

support-bot

### Anything else

![screenshot](https://github.com/user-attachments/assets/1)
It says "soon". @everyone <!-- hidden -->
### System
a heading that somebody pasted
"""


def event(body: str | None, title: str = "Bot says nonsense") -> str:
    return json.dumps(
        {
            "action": "labeled",
            "label": {"name": "eval-regression"},
            "issue": {
                "number": 12,
                "title": title,
                "body": body,
                "html_url": "https://github.com/acme/bot/issues/12",
                "created_at": "2026-11-20T10:00:00Z",
                "labels": [{"name": "bug"}],
            },
            "repository": {"full_name": "acme/bot"},
        },
        indent=2,
    )


def test_a_form_fills_the_fields_and_unwraps_quotes_and_fences() -> None:
    kind, (record,), bad = items(event(FORM.replace("\n", "\r\n")))
    assert (kind, bad) == ("github-issue", [])
    assert record.input == "Where is my refund?\nI sent the shoes back."
    assert record.output == "Your refund is\n\n### on its way"
    assert record.expected is None
    assert record.system == "support-bot"
    assert record.notes is not None
    assert "a heading that somebody pasted" in record.notes
    assert "hidden" not in record.notes
    assert (record.id, record.link) == ("#12", "https://github.com/acme/bot/issues/12")
    assert record.time == "2026-11-20T10:00:00Z"


def test_the_markdown_alone_reads_the_same() -> None:
    kind, (record,), _ = items(FORM, "body.md")
    assert (kind, record.system) == ("github-issue", "support-bot")
    assert items(FORM, "stdin")[0] == "github-issue"


def test_a_report_without_the_form_is_a_record_that_says_so() -> None:
    body = "It told me **nothing** useful:\r\n```\r\n> refund\r\nno\r\n```\r\n"
    _, (record,), _ = items(event(body))
    assert "It told me" in str(record.input)
    assert record.notes is not None
    assert "not written with the form" in record.notes


def test_an_empty_body_leaves_the_title() -> None:
    _, (record,), _ = items(event(None))
    assert record.input == "Bot says nonsense"


def test_sixty_kilobytes_of_log_do_not_drown_the_draft() -> None:
    log = "\r\n".join(f"2026-11-20 10:00:{n % 60:02d} ERROR boom {n}" for n in range(1_600))
    _, (record,), _ = items(event(FORM + f"\n```\n{log}\n```\n"))
    assert record.notes is not None
    assert len(record.notes) < MAX_NOTES + 100
    assert record.notes.endswith("characters more]")


def test_a_fence_inside_an_answer_stays() -> None:
    answer = "```py\nx\n```\nthen\n```py\ny\n```"
    body = f"### What the user asked\n\nWrite code\n\n### What came back\n\n{answer}\n"
    _, (record,), _ = items(body, "x.md")
    assert record.output == answer


def test_labels_come_from_the_form_where_there_is_one() -> None:
    form = {"body": [{"type": "markdown"}, {"id": "input", "attributes": {"label": "Frage"}}]}
    _, (record,), _ = items("### Frage\n\nWo?\n", "x.md", labels=labels_of(form))
    assert record.input == "Wo?"
