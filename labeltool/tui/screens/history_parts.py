"""What the history screen writes, as pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content

from labeltool.commands.history import Decided, Row
from labeltool.commands.history_changes import MOST_FILES, FieldChange, FileChange
from labeltool.safe_text import one_line
from labeltool.tui.difference import difference
from labeltool.tui.widgets.text import Line, lines_of

LONGEST_WHO, LONGEST_KIND = 14, 10
FULL_DATE = 100
"""Cells of a row from which the whole date and time are shown."""
INDENT = 2
SHORT = 32
"""Characters up to which a field's two values stand in one line."""
_SIGNS = {"added": ("+", "$good"), "removed": ("-", "$bad"), "changed": ("~", "$needs")}


def columns(rows: Iterable[Row]) -> tuple[int, int]:
    """Cells for who decided, and for the kind of decision."""
    who = kind = 4
    for row in rows:
        who = max(who, len(row.decided.who or "") + 2)
        kind = max(kind, len(row.decided.kind))
    return min(who, LONGEST_WHO), min(kind, LONGEST_KIND)


def decision_row(
    row: Row, widths: tuple[int, int], width: int, *, me: str | None, year: str
) -> Content:
    """`11-23 18:40  ▪ ann  label  0007: lead-nov: tone 1`; of another `year` the date alone."""
    decided, (who, kind) = row.decided, widths
    name = one_line(decided.who or "-", who - 2)
    mine = decided.who is not None and decided.who == me
    line = Content.assemble(
        (when(decided.at, year, full=width >= FULL_DATE), "$quiet"),
        ("  ▪ " if mine else "    ", "$focus"),
        name,
    )
    line = line.pad_right(max(0, who - 2 - Content(name).cell_length))
    told = one_line(decided.kind, kind)
    line += Content.styled(f"  {told}".ljust(kind + 4), "$quiet" if row.taken_back else "")
    if row.taken_back:
        line += Content.styled("taken back: ", "$needs")
    return line + Content.styled(
        one_line(sentence(decided), max(1, width - line.cell_length)),
        "$quiet" if row.taken_back else "",
    )


def when(at: str | None, year: str, *, full: bool) -> str:
    text = (at or "").replace("T", " ")
    if full:
        return one_line(text[:16]).ljust(16)
    short = text[5:16] if text.startswith(year) else text[:10]
    return one_line(short).ljust(11)


def sentence(decided: Decided) -> str:
    """What was decided, with the case that it is about."""
    case = decided.case
    return (
        f"{case}: {decided.sentence}"
        if case and case not in decided.sentence
        else (decided.sentence)
    )


def wanted(text: str) -> Callable[[Row], bool]:
    """Whether a row is one of those asked for: every word of `text` stands in it; `who:` and
    `kind:` ask how the annotator's name and the kind of decision begin.
    """
    words = text.lower().split()

    def holds(row: Row) -> bool:
        decided = row.decided
        who, kind = (decided.who or "").lower(), decided.kind.lower()
        told = f"{who} {kind} {sentence(decided)} {decided.system or ''} {decided.commit}".lower()
        for word in words:
            field, colon, start = word.partition(":")
            if colon and field in ("who", "kind"):
                asked = who if field == "who" else kind
                found = any(one.startswith(start) for one in (asked, *asked.split()))
            else:
                found = word in told
            if not found:
                return False
        return True

    return holds


def hints(rows: Iterable[Row]) -> list[Line]:
    """What one may filter by, from what was read so far."""
    seen = [row.decided for row in rows]
    people = sorted({one.who for one in seen if one.who})
    kinds = sorted({one.kind for one in seen})
    lines = []
    for word, names in (("who:", people), ("kind:", kinds)):
        shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
        lines.append(Line(Content(one_line(shown)), Content.styled(word, "bold $focus"), 8))
    return lines


def decision_lines(row: Row, files: Sequence[FileChange] | None) -> list[Line]:
    """A decision in full: the sentence, its commit, and each file before and after."""
    decided = row.decided
    lines = [Line(line.text.stylize("bold $strong")) for line in lines_of(sentence(decided))]
    commit = f"commit {decided.commit[:12]}" if decided.commit else "not in a commit of its own"
    at = (decided.at or "no date").replace("T", " ")
    facts = (at, decided.who or "nobody named", decided.kind, commit)
    lines.append(Line(Content.styled(one_line(" · ".join(facts)), "$quiet")))
    if row.taken_back:
        lines.append(Line(Content.styled("it was taken back since", "$needs")))
    if files is None:
        return [*lines, Line(Content("")), Line(Content.styled("reading its files…", "$quiet"))]
    for file in files:
        lines += [Line(Content("")), *file_lines(file)]
    more = len(row.paths) - MOST_FILES
    if more > 0:
        words = f"and {more:,} more files: git show {(decided.commit or '')[:12]}"
        lines += [Line(Content("")), Line(Content.styled(words, "$needs"))]
    if not row.paths:
        lines += [Line(Content("")), Line(Content.styled("it changed none of our files", "$quiet"))]
    return lines


def file_lines(file: FileChange) -> list[Line]:
    sign, style = _SIGNS[file.what]
    head = Content.assemble((f"{file.what}  ", "$quiet"), one_line(file.path))
    lines = [Line(head, Content.styled(sign, f"bold {style}"), INDENT)]
    if file.hidden:
        words = "hidden: its round is open, and what others said stays blind"
        lines.append(Line(Content.styled(words, "$needs"), indent=INDENT))
    if not file.fields and not file.hidden:
        lines.append(Line(Content.styled("only its layout", "$quiet"), indent=INDENT))
    names = min(24, max((len(one.field) for one in file.fields if _in_a_line(one)), default=0))
    for field in file.fields:
        lines += _field(field, names)
    return lines


def _field(field: FieldChange, names: int) -> list[Line]:
    name = Content.styled(one_line(field.field or "content", 60), "$focus")
    if not _in_a_line(field):
        body = difference(field.before, field.after, indent=INDENT + 2)
        return [Line(name, indent=INDENT), *body]
    values: list[Content] = []
    if field.before is not None:
        sign = "- " if field.after is None else ""
        values.append(Content.styled(sign + one_line(field.before), "$bad"))
    if field.after is not None:
        style = "$good" if field.before is not None else ""
        values.append(Content.styled(one_line(field.after), style))
    text = name.pad_right(max(0, names - name.cell_length)) + Content("  ")
    return [Line(text + Content.styled(" → ", "$quiet").join(values), indent=INDENT)]


def _in_a_line(field: FieldChange) -> bool:
    """Two values of a word or two; of a field that came or went, the one may be longer."""
    values = [value for value in (field.before, field.after) if value is not None]
    most = SHORT if len(values) == 2 else 2 * SHORT
    words = 2 if len(values) == 2 else most
    return all(
        len(value) <= most and "\n" not in value and len(value.split()) <= words for value in values
    )
