"""Untrusted text to text that is safe to show: what would act, hide or reorder becomes visible.

Outputs, logs, issue texts, ids, branch names and exception texts can hold escape sequences that
drive a terminal, marks that reorder a line, and characters that nobody sees. `visible` shows them
as glyphs; every screen and report passes its texts through it. The `for_*` functions do that and
also escape what the target (Markdown, CSV, a CI log, markup) would act upon.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Controls but for newline and tab; invisible, reordering and tag characters; selectors; half
# surrogates; non-characters. Joiners and U+FE0F are in it, and let off where they belong.
_ODD = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(p << 16 | 0xFFFE)}{chr(p << 16 | 0xFFFF)}" for p in range(1, 17))
    + "]+"
)
_ODD_ASCII = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ZWNJ, _ZWJ, _EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"
_EMOJI = re.compile(
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_KEYCAP = re.compile("[0-9#*]")
# Arabic, Syriac, N'Ko, Mandaic, the Indic scripts, Myanmar, Khmer, Mongolian, Adlam and others.
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u085f\u0860-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf"
    "\u1b00-\u1bff\ua840-\ua8ff\ua980-\ua9df\uaa60-\uaa7f\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010d00-\U00010d3f\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
_BREAKS = re.compile("\r\n|\n")


class _Glyphs(dict[int, str]):
    """A table for str.translate, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = self[code] = _glyph(code) if _ODD.match(character) else character
        return shown


def _glyph(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"\u27e8U+{code:04X}\u27e9"


_GLYPHS = _Glyphs()


def visible(text: str) -> str:
    """`text` with controls, bidi marks and invisible characters shown as glyphs.

    ESC becomes `␛`, U+009B becomes `⟨U+009B⟩`. Newline and tab stay, and so do U+FE0F and the
    joiner inside emoji, and joiners between letters of scripts that join. Text without any of
    that is returned as it is. What is visible already stays the same when it comes by again.
    """
    if not (_ODD_ASCII if text.isascii() else _ODD).search(text):
        return text
    if _ZWJ in text or _ZWNJ in text or _EMOJI_STYLE in text:
        return _ODD.sub(_reveal, text)
    return text.translate(_GLYPHS)


def one_line(text: str, width: int | None = None) -> str:
    """`visible` text in one line: newlines become `⏎`, tabs a space.

    Where it takes more than `width` terminal cells it is cut, and ends in `…`.
    """
    if width is None:
        return _folded(text)
    head = text[: 4 * width + 16]  # a cut text of megabytes must not cost megabytes
    folded = _folded(head)
    if len(head) == len(text) and cells(folded) <= width:
        return folded
    return _cut(folded, width - 1) + "…" if width > 0 else ""


def cells(text: str) -> int:
    """How many terminal cells one line of visible text takes: wide characters two, marks none."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def for_markdown(text: str) -> str:
    """Text for a Markdown paragraph, list item or table cell, in one line.

    Nothing in it is markup, HTML, a link, a mention or an issue reference.
    """
    escaped = _MARKDOWN.sub(_markdown_escape, visible(text))
    return _LEADING.sub(lambda spaces: "&nbsp;" * len(spaces[0]), escaped)


def for_github_log(text: str) -> str:
    """Text for the log of a GitHub workflow: no line of it is taken for a command."""
    return _LOG_COMMAND.sub(lambda before: before[0] + "\\", visible(text))


def for_github_command(text: str, *, prop: bool = False) -> str:
    """Text as the message of `::error::`, or with `prop` as a property of it, such as `file=`."""
    shown = visible(text).replace("%", "%25").replace("\n", "%0A")
    return shown.replace(":", "%3A").replace(",", "%2C") if prop else shown


def for_csv(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: `'` stands before `=`, `+`, `-` and `@`."""
    shown = visible(cell)
    return f"'{shown}" if shown.startswith(_FORMULA_STARTS) else shown


def for_json(document: str) -> str:
    """A JSON document that a terminal may show: what `visible` would replace stands as `\\u`
    escapes, so that a reader of the JSON gets the very text back.
    """
    return _ODD.sub(lambda odd: _reveal(odd, _json_escape), document)


def for_markup(text: str) -> str:
    """Text inside console markup of rich or textual (`[bold]...[/]`): opens and closes nothing.

    Markup cannot say "a backslash, then a bracket", so such a backslash becomes a look-alike.
    """
    shown = _BACKSLASHES.sub(lambda run: "\u29f5" * len(run[0]), visible(text))
    return shown.replace("[", "\\[")


_MARKDOWN = re.compile(r"""\r\n|\n|://|www\.|[\\`*_{}\[\]()<>#+\-.!|~=@&$"']""", re.IGNORECASE)
_LEADING = re.compile(r"\A[ \t]+")
_NO_LINK = "&#8203;"
_MARKDOWN_ENTITIES = {
    "\n": "<br>",
    "\r\n": "<br>",
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    '"': "&quot;",
    "'": "&#39;",
    "$": "&#36;",
    # GitHub looks for mentions and references after it has resolved entities and escapes.
    "@": f"@{_NO_LINK}",
    "#": f"\\#{_NO_LINK}",
    "://": f":{_NO_LINK}//",
}
_LOG_COMMAND = re.compile(r"^[^\S\n]*(?=::)|##(?=\[)", re.MULTILINE)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BACKSLASHES = re.compile(r"(?<!\\)\\++(?=\[|\Z)")


def _glyphs(run: str) -> str:
    return run.translate(_GLYPHS)


def _json_escape(run: str) -> str:
    units = run.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _reveal(odd: re.Match[str], show: Callable[[str], str] = _glyphs) -> str:
    run = odd[0]
    if len(run) <= 2:
        before = odd.string[odd.start() - 1 : odd.start()] if odd.start() else ""
        after = odd.string[odd.end() : odd.end() + 1]
        if _belongs(run, before, after):
            return run
    return show(run)


def _belongs(run: str, before: str, after: str) -> bool:
    """Whether joiners or U+FE0F stand where writing needs them."""
    if run == _EMOJI_STYLE:
        keycap = after == "\u20e3" and _KEYCAP.match(before)
        return bool(keycap or _EMOJI.match(before))
    if run == _EMOJI_STYLE + _ZWJ or (run == _ZWJ and _EMOJI.match(before)):
        return bool(_EMOJI.match(before) and _EMOJI.match(after))
    return run in (_ZWJ, _ZWNJ) and _joins(before) and _joins(after)


def _joins(character: str) -> bool:
    return bool(_JOINING.match(character)) and unicodedata.category(character)[0] in "LM"


def _folded(text: str) -> str:
    return visible(_BREAKS.sub("⏎", text)).replace("\t", " ")


def _cell(character: str) -> int:
    if unicodedata.combining(character) or character in (_ZWJ, _ZWNJ, _EMOJI_STYLE):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, width: int) -> str:
    used = 0
    for position, character in enumerate(text):
        used += _cell(character)
        if used > width:
            return text[:position].rstrip(_ZWJ)
    return text


def _markdown_escape(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 4:  # www.
        return f"{found[:3]}{_NO_LINK}."
    return _MARKDOWN_ENTITIES.get(found) or f"\\{found}"
