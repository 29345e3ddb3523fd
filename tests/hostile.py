"""Texts that attack whoever shows, writes or counts them; feed them through widgets and reports."""

from __future__ import annotations

# Sequences that a terminal acts upon: titles, colours, cursor, clipboard, links, queries.
TERMINAL = (
    "\x1b[2J\x1b[H",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;owned\x07",
    "\x1b]52;c;ZWNobyBvd25lZA==\x07",
    "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[6n\x1b[c",
    "\x1bP+q544e\x1b\\",
    "\x9b31mC1 colour\x9c",
    "\x9d0;C1 title\x9c",
    "before\rAFTER",
    "passed\b\b\b\b\b\bFAILED",
    "bell\x07 null\x00 delete\x7f form\x0c vertical\x0b",
    "\x85next line\u2028line\u2029paragraph",
)
# What reorders a line or cannot be seen.
HIDDEN = (
    "\u202egnp.exe",
    "\u2066if admin\u2069 \u2067return\u2069",
    "\u061carabic mark\u200e\u200f",
    "zero\u200bwidth\u2060joined\ufeff",
    "in\u00advisible\u034f\u115f\u1160\u3164\uffa0",
    "tags: \U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065",
    "selectors\ufe00\ufe01\U000e0100\U000e0101",
    "joiner between latin: a\u200db, a\u200cb",
    "style without emoji: a\ufe0f",
    "twice: \u2764\ufe0f\ufe0f, \u0645\u200c\u200c\u0645",
    "half a pair \ud83d, non-characters \ufffe\uffff\ufdd0\U0001ffff",
)
# Markup of rich, textual, HTML, Markdown, templates and CI logs.
MARKUP = (
    "[/]",
    "[bold]not bold[/bold]",
    "[@click=app.quit]click me[/]",
    "[link=http://evil.example]here[/link]",
    "\\[bold] and a trailing \\",
    "[",
    "]]>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea></pre><!-- ",
    "![](http://evil.example/pixel.png)",
    "[text](javascript:alert(1))",
    "@everyone please look at #1 and GH-2",
    "| a | table | row |\n|---|---|---|",
    "```\nfence\n```",
    "# heading\n- item\n1. item\n> quote\n===",
    "{{ 7 * 7 }} {% raw %} ${{ secrets.TOKEN }}",
    "::error file=a.py,line=1::forged",
    "  ::add-mask::a",
    "fine\n::set-output name=x::y\n##[error]forged",
)
SPREADSHEET = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://evil.example","x")',
    "\t=1+1",
    "\uff1d1+1",
)
# What looks like something else to a YAML, JSON or CSV reader.
CONFUSING = (
    "",
    " ",
    "no",
    "yes",
    "null",
    "~",
    "true",
    "0123",
    "12:30:00",
    "1_000",
    "0x1F",
    "0o17",
    "1e3",
    "12345678e123",
    "770112345678",
    ".inf",
    ".nan",
    "2026-11-23",
    "2026-11-23T18:40:00Z",
    "=",
    "<<",
    "- item",
    "key: value",
    "# comment",
    "%YAML 1.1",
    "--- ",
    "...",
    "&anchor",
    "*alias",
    "!!python/object/apply:os.system [id]",
    "{a: b}",
    "[a, b]",
    "| literal",
    "> folded",
    "'single'",
    '"double"',
    "`tick`",
    "back\\slash",
    "crlf\r\nline\r\n",
    "trailing space \nand tab\t\n",
    "  leading\nspaces",
    "\tleading\n\ttabs",
    "\n\nleading newlines",
    "trailing newlines\n\n\n",
    "\n",
    "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch",
)
# What belongs in text and must come through untouched.
INNOCENT = (
    "plain",
    "two\nlines\twith tab",
    "Größe, naïve, Ελληνικά, 日本語, русский",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with its joiner
    "\u0915\u094d\u200d\u0937",  # Devanagari, with its joiner
    "שלום עולם",
    "👩\u200d💻 👩🏽\u200d🚀 👩\u200d❤\ufe0f\u200d👨 ❤\ufe0f 1\ufe0f⃣ 🇩🇪",
)
LONG = ("word " * 20_000, "x" * 100_000)

ALL = (*TERMINAL, *HIDDEN, *MARKUP, *SPREADSHEET, *CONFUSING, *INNOCENT, *LONG)
# The same without half surrogate pairs, which no file can hold.
WRITABLE = tuple(text for text in ALL if text.isascii() or "\ud83d" not in text)
