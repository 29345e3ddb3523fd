"""`labeltool drift` on real questions to a bank: what it finds, and how often it cries wolf.

    python benchmarks/banking77.py QUERIES.csv [RUNS]

QUERIES.csv: `text,category` (BANKING77 or a part of it). Twenty intents with thirty cases each are
the eval set. Production is drawn from the rest of them; then three new intents are mixed in at 5,
10 and 30%; then one intent's feedback turns bad on the last of four days; then one hour's outputs
are cut off. Purity: of a cluster's members, the share of its commonest intent. Recall: of the
records of the new intents, the share that stands in some cluster; precision: the other way round.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean

from labeltool.commands.context import Context
from labeltool.commands.drift import Asked, drift
from labeltool.model.drift import Drift

KNOWN, PER_INTENT, NEW = 20, 30, 3
START = datetime(2026, 11, 2, tzinfo=UTC)
Row = tuple[str, str]
"""Intent, text."""


@dataclass
class World:
    """One draw of an eval set, and what is left over for production."""

    root: Path
    draws: random.Random
    known: list[Row]
    new: list[Row]
    intents: list[str]

    def production(self, share_new: float) -> list[Row]:
        """Known intents with new ones mixed in, in random order."""
        new = self.new if share_new else []
        wanted = int(share_new / (1 - share_new) * len(self.known)) if share_new else 0
        new = self.draws.sample(new, min(len(new), wanted))
        known = self.known
        if new:
            known = self.draws.sample(known, int(len(new) * (1 - share_new) / share_new))
        rows = [*known, *new]
        self.draws.shuffle(rows)
        return rows

    def drift(self, rows: Iterable[dict[str, object]], window: str | None = None) -> Drift:
        log = io.BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())
        context = Context.find(self.root, env={}, now=lambda: START)
        return drift(context, log, Asked("log.jsonl", window=window)).drift


def world(root: Path, by_intent: dict[str, list[str]], seed: int) -> World:
    draws = random.Random(seed)
    known = draws.sample(sorted(by_intent), KNOWN)
    new = draws.sample(sorted(set(by_intent) - set(known)), NEW)
    folder = root / f"{seed}/datasets/bank/cases/golden"
    folder.mkdir(parents=True)
    (root / f"{seed}/rubrics").mkdir()
    (root / f"{seed}/labeltool.yaml").write_text("dataset: bank\n")
    (root / f"{seed}/datasets/bank/dataset.yaml").write_text("rubric: fits\n")
    rest: list[Row] = []
    for number, intent in enumerate(known):
        texts = draws.sample(by_intent[intent], len(by_intent[intent]))
        for at, text in enumerate(texts[:PER_INTENT]):
            case = {"id": f"i{number}-{at}", "tier": "golden", "input": text}
            (folder / f"i{number}-{at}.yaml").write_text(json.dumps(case))
        rest += [(intent, text) for text in texts[PER_INTENT:]]
    fresh = [(intent, text) for intent in new for text in by_intent[intent]]
    return World(root / str(seed), draws, rest, fresh, new)


def plain(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [{"id": str(at), "input": text} for at, (_, text) in enumerate(rows)]


def false_alarms(worlds: Sequence[World]) -> None:
    found = [one.drift(plain(one.production(0))) for one in worlds]
    quiet = sum(one.state == "ok" for one in found)
    distance = max(one.centroid_distance or 0 for one in found)
    clusters = mean(len(one.clusters) for one in found)
    print(f"same intents: no alert in {quiet} of {len(found)} runs; distance up to {distance:.4f};")
    print(f"  {clusters:.1f} clusters listed a run, unalarmed")


def new_intents(worlds: Sequence[World], share: float) -> None:
    alerts, purities, recalls, precisions, matched, distances = 0, [], [], [], [], []
    for one in worlds:
        rows = one.production(share)
        found = one.drift(plain(rows))
        alerts += found.state == "alert"
        distances.append(found.centroid_distance or 0.0)
        intents = [[rows[int(id)][0] for id in cluster.members] for cluster in found.clusters]
        members = [intent for cluster in intents for intent in cluster]
        of_new = sum(intent in one.intents for intent in members)
        recalls.append(of_new / sum(intent in one.intents for intent, _ in rows))
        commonest = [Counter(cluster).most_common(1)[0] for cluster in intents]
        matched.append(len({name for name, _ in commonest} & set(one.intents)) / NEW)
        if members:
            precisions.append(of_new / len(members))
            purities.append(sum(count for _, count in commonest) / len(members))
    print(
        f"new intents at {share:.0%}: alert in {alerts} of {len(worlds)}; distance "
        f"{mean(distances):.4f}; clusters' purity {mean(purities):.2f}, "
        f"recall {mean(recalls):.2f}, precision {mean(precisions):.2f}; "
        f"{mean(matched):.0%} of the new intents have a cluster"
    )


def worse_feedback(worlds: Sequence[World]) -> None:
    named, others = 0, 0
    for one in worlds:
        intent = Counter(name for name, _ in one.known).most_common(1)[0][0]
        rows: list[dict[str, object]] = []
        for at, (name, text) in enumerate(one.production(0)):
            day = at % 4
            bad = 0.6 if name == intent and day == 3 else 0.08
            rows.append(
                {
                    "id": name,
                    "input": text,
                    "time": (START + timedelta(days=day)).isoformat(),
                    "feedback": -1 if one.draws.random() < bad else 1,
                }
            )
        alerts = [row for row in one.drift(rows, "1d").feedback.rows if row.alert]
        own = set(intent.lower().replace("_", " ").split())
        hits = [row for row in alerts if own & set(row.words)]
        named += bool(hits)
        others += len(alerts) - len(hits)
    print(
        f"feedback of one intent turns bad: a topic of it named in {named} of {len(worlds)} runs, "
        f"other topics named {others} times"
    )


def truncation(worlds: Sequence[World]) -> None:
    named, others = 0, 0
    for one in worlds:
        rows: list[dict[str, object]] = []
        for at, (_, text) in enumerate(one.production(0)):
            hour = at % 24
            cut = one.draws.random() < (0.5 if hour == 14 else 0.03)
            rows.append(
                {
                    "id": str(at),
                    "input": text,
                    "output": "It is on its way. " * (2 + at % 5),
                    "time": (START + timedelta(hours=hour, minutes=at % 60)).isoformat(),
                    "finish_reason": "length" if cut else "stop",
                }
            )
        alerts = [row for row in one.drift(rows, "1h").anomalies.rows if row.alert]
        hits = [row for row in alerts if row.kind == "truncated" and "T14:" in str(row.window)]
        named += bool(hits)
        others += len(alerts) - len(hits)
    print(
        f"outputs of one hour are cut off: that hour named in {named} of {len(worlds)} runs, "
        f"others {others} times"
    )


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("queries.csv")
    if not path.is_file():
        print(f"skipped: {path} is not there")
        return
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    by_intent: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_intent.setdefault(row["category"], []).append(row["text"])
    with tempfile.TemporaryDirectory() as folder:
        worlds = [world(Path(folder), by_intent, seed) for seed in range(runs)]
        false_alarms(worlds)
        few = worlds[: max(1, runs // 5)]
        for share in (0.05, 0.1, 0.3):
            new_intents(few, share)
        worse_feedback(few)
        truncation(few)


if __name__ == "__main__":
    main()
