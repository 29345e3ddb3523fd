"""What the runs screen writes: a run in a row, and in full. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.content import Content

from labeltool.commands.runs import RunEntry, Runs
from labeltool.model.result import Results, Spend, TierResult
from labeltool.safe_text import one_line
from labeltool.tui.widgets.text import Line

SYSTEM = 16
"""Cells of a system's name at most."""
TIGHT = 66
"""Cells from which the tiers show their intervals."""
GAP = "  "
SIGNS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "incomplete": "!", None: "–"}
STYLES = {"pass": "$good", "fail": "$bad", "inconclusive": "$needs", "incomplete": "$needs"}


def verdict_of(verdict: str | None) -> Content:
    """`✗ fail`."""
    style = STYLES.get(verdict or "", "$quiet")
    return Content.assemble((SIGNS.get(verdict, "–"), f"bold {style}"), f" {verdict or 'no gate'}")


# The list of runs.


def when(at: str, year: str) -> str:
    """`11-24 01:03`; of another `year` the date alone."""
    text = at.replace("T", " ")
    return one_line(text[5:16] if text.startswith(year) else text[:10], 11).ljust(11)


def run_row(entry: RunEntry, found: Runs, width: int, *, year: str, marked: bool) -> Content:
    """`11-24 01:03  ✗ fail  lead   golden 0.48 ✓  regression 0.62 ✓     ccc6103*`."""
    head = entry.head
    mark = Content.styled("● " if marked else "  ", "$needs")
    if head is None:
        words = f"{one_line(entry.id, 24)}  {one_line(entry.why or '', max(8, width - 32))}"
        return mark + Content.styled("! ", "bold $needs") + Content.styled(words, "$quiet")
    line = mark + Content.styled(when(head.created_at, year), "$quiet") + Content(GAP)
    line += verdict_of(head.verdict)
    line = line.pad_right(max(0, 23 - line.cell_length)) + Content(GAP)
    line += Content(one_line(head.system.name, SYSTEM))
    line = line.pad_right(max(0, 25 + min(SYSTEM, _widest(found)) - line.cell_length))
    right = _commit(head, found, wide=width >= 110)
    room = width - line.cell_length - right.cell_length - 4
    tiers = _tiers_in(head.tiers.items(), room)
    line += Content(GAP) + tiers
    return line.pad_right(max(1, width - line.cell_length - right.cell_length)) + right


def _widest(found: Runs) -> int:
    return max((len(one.head.system.name) for one in found.entries if one.head), default=4)


def _tiers_in(tiers: Iterable[tuple[str, TierResult]], room: int) -> Content:
    """As many as fit, whole."""
    found = Content("")
    for name, tier in tiers:
        rate = "–" if tier.pass_rate is None else f"{tier.pass_rate:.2f}"
        one = Content.assemble((f"{name} ", "$quiet"), rate)
        if tier.verdict is not None:
            one += Content.styled(f" {SIGNS[tier.verdict]}", STYLES[tier.verdict])
        if found.cell_length + one.cell_length + len(GAP) > room:
            break
        found += Content(GAP if found else "") + one
    return found


def _commit(head: Results, found: Runs, *, wide: bool) -> Content:
    """`ccc6103*`: the star says that files were changed. The branch where it is checked out."""
    commit = head.git.commit
    if commit is None:
        return Content("")
    text = one_line(commit[:7]) + ("*" if head.git.dirty else "")
    if wide and commit == found.commit and found.branch:
        text = f"{one_line(found.branch, 20)} {text}"
    return Content.styled(text, "$quiet")


# A run in full.


def tier_lines(head: Results, other: Results | None = None, *, width: int) -> list[Line]:
    """The tiers as a table: passed, rate, interval (where there is room), gate, verdict; beside
    the other run's rate.
    """
    roomy = width >= (TIGHT if other is None else TIGHT + 12)
    end = 38 if roomy else 25
    names = list(dict.fromkeys([*head.tiers, *(other.tiers if other else ())]))
    lines = []
    for name in names:
        tier = head.tiers.get(name)
        there = other.tiers.get(name) if other else None
        line = Content.styled(f"{name:<12}", "$strong")
        line += (
            _tier(tier, roomy=roomy)
            if tier is not None
            else Content.styled("not in this run", "$quiet")
        )
        if other is not None:
            rate = "–" if there is None or there.pass_rate is None else f"{there.pass_rate:.2f}"
            line = line.pad_right(max(1, end - line.cell_length))
            line += Content.styled(f"there {rate}  ", "$focus")
        if tier is not None:
            line = line.pad_right(max(1, end + 1 - line.cell_length)) + _gate(tier)
        lines.append(Line(line))
    return lines


def _tier(tier: TierResult, *, roomy: bool) -> Content:
    rate = "   –" if tier.pass_rate is None else f"{tier.pass_rate:.2f}"
    low_high = ""
    if tier.interval is not None and roomy:
        low_high = f"[{tier.interval[0]:.2f} {tier.interval[1]:.2f}]"
    passed = f"{tier.passed}/{tier.cases}"
    return Content.assemble(f"{passed:>7}  ", (rate, "bold"), (f" {low_high}", "$quiet"))


def _gate(tier: TierResult) -> Content:
    parts = []
    if tier.threshold is not None:
        sign = "≥" if tier.rule == "observed" else "low end ≥"
        mean = "mean " if tier.metric == "mean_score" else ""
        parts.append(Content.styled(f"{mean}{sign} {tier.threshold:g}", "$quiet"))
    parts.append(verdict_of(tier.verdict) if tier.verdict else Content.styled("no gate", "$quiet"))
    for count, word in (
        (tier.errors, "errors"),
        (len(tier.flaky), "flaky"),
        (tier.open, "open"),
        (tier.not_run, "not run"),
    ):
        if count:
            style = "$quiet" if word == "open" else "$needs"
            parts.append(Content.styled(f"{count} {word}", style))
    return Content(GAP).join(parts)


def summary_lines(entry: RunEntry, found: Runs, *, width: int) -> list[Line]:
    """Everything that is known of a run without its cases."""
    head = entry.head
    if head is None:
        lines = [Line(Content(one_line(entry.id)), Content.styled("!", "$needs"), 2)]
        lines.append(Line(Content.styled(one_line(entry.why or ""), "$needs"), indent=2))
        if entry.folder is not None:
            words = f"labeltool run --resume {one_line(entry.id)}"
            lines.append(Line(Content.assemble(("go on with it: ", "$quiet"), words), indent=2))
        return lines
    verdict = Content.assemble(verdict_of(head.verdict), "  ", one_line(head.why))
    lines = [Line(verdict.stylize("bold")), Line(Content("")), *tier_lines(head, width=width)]
    lines += [Line(Content("")), *against_lines(head)]
    lines += [_fact("system", _fingerprint(head.system.name, head.system.kind))]
    lines += [_fact("judge", f"{head.judge.name} · {head.judge.kind} · {head.judge.trust}")]
    lines += [_fact("rubric", f"{head.rubric} · an output passes at {head.pass_mark:g}")]
    lines += [_fact("commit", _where(head, found))]
    lines += [_fact("spent", _spent(head))]
    if head.filters:
        said = ", ".join(f"{name} {value}" for name, value in head.filters.items())
        lines.append(_fact("only", said))
    if head.shard:
        lines.append(_fact("shard", f"{head.shard}: merge gates, a shard does not"))
    lines += [_fact("run", head.run_id)]
    lines += [_fact("note", note) for note in head.notices]
    return lines


def _fact(name: str, text: str) -> Line:
    return Line(Content(one_line(text)), Content.styled(f"{name:<8}", "$quiet"), 9)


def _fingerprint(name: str, kind: str) -> str:
    return f"{name} · {kind}"


def _where(head: Results, found: Runs) -> str:
    if head.git.commit is None:
        return head.git.why or "not in a git repository"
    text = head.git.commit[:12] + (", with changed files" if head.git.dirty else "")
    if head.git.commit == found.commit:
        text += f" · checked out{f' as {found.branch}' if found.branch else ''}"
    return text


def _spent(head: Results) -> str:
    usage, latency = head.usage, head.latency_ms
    parts = [f"{usage.system.calls:,} calls", f"judge {usage.judge.calls:,}"]
    cached = usage.system.cached + usage.judge.cached
    if cached:
        parts.append(f"{cached:,} from the cache")
    if (cost := _cost(usage.system, usage.judge)) is not None:
        parts.append(f"${cost:.2f}")
    if latency.p50 is not None and latency.p95 is not None:
        parts.append(f"p50 {latency.p50:,.0f} ms, p95 {latency.p95:,.0f} ms")
    return " · ".join(parts)


def _cost(*sides: Spend) -> float | None:
    known = [one.cost_usd for one in sides]
    return None if any(cost is None for cost in known) else sum(cost or 0.0 for cost in known)


def against_lines(head: Results) -> list[Line]:
    """What changed sides since the baseline; nothing where none was asked for."""
    baseline = head.baseline
    if baseline is None:
        return []
    name = one_line(baseline.name or baseline.run_id, 40)
    text = Content.assemble(
        (f"against {name}: ", "$quiet"), *counted(len(baseline.broken), len(baseline.fixed))
    )
    return [Line(text + Content.styled(p_words(baseline.p_value), "$quiet")), Line(Content(""))]


def counted(broken: int, fixed: int) -> list[tuple[str, str]]:
    return [
        (f"▼ {broken} broken", "bold $bad" if broken else "$quiet"),
        (GAP, ""),
        (f"▲ {fixed} fixed", "bold $good" if fixed else "$quiet"),
    ]


def p_words(p_value: float | None) -> str:
    return "" if p_value is None else f"  (p {p_value:.2g})"


def run_wanted(text: str) -> Callable[[RunEntry], bool]:
    """Whether every word stands in what a list shows of the run."""
    words = text.lower().split()

    def holds(entry: RunEntry) -> bool:
        told = [entry.id, entry.why or ""]
        if (head := entry.head) is not None:
            told += [head.created_at, head.verdict, head.system.name, head.system.kind, head.rubric]
            told += [head.dataset, head.git.commit or "", head.judge.name, *head.tiers]
        return all(word in " ".join(told).lower() for word in words)

    return holds
