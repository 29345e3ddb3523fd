"""A shop's eval set and its production: what customers ask about parcels, refunds, passwords and
prices, and about travel visas, which no case covers.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from labeltool.commands.drift import Asked, drift
from labeltool.model.drift import Kept
from tests.small_repo import Repo

OPENINGS = (
    "Hello,",
    "Hi there,",
    "Please help:",
    "Good morning,",
    "Excuse me,",
    "Thanks,",
    "Well,",
)
ENDS = ("today", "now", "for my mother", "as soon as possible", "this week", "from last Monday", "")
TOPICS: Mapping[str, tuple[str, ...]] = {
    "parcel": (
        "where is my parcel",
        "the delivery of the parcel is late",
        "my parcel was not delivered",
        "track the parcel that was shipped",
        "the courier lost my parcel",
    ),
    "refund": (
        "I want my money back for the broken kettle",
        "when does the refund reach my bank account",
        "refund the order that I returned",
        "you refunded the wrong amount of money",
        "the refund for my return is missing",
    ),
    "password": (
        "I forgot the password of my account",
        "the login does not take my password",
        "reset my password, the link is broken",
        "I cannot sign in to the account",
        "the password reset mail never comes",
    ),
    "price": (
        "what does the blue sofa cost",
        "is there a discount for students",
        "the price of the table changed",
        "does the voucher lower the price",
        "how much is the express shipping fee",
    ),
    "visa": (
        "do I need a visa to travel to Brazil",
        "how long is a tourist visa for India valid",
        "the embassy refused my visa application",
        "which passport photo does the visa need",
        "can I extend the visa at the border",
    ),
}
COVERED = ("parcel", "refund", "password", "price")
Row = dict[str, object]


def asks(topic: str, n: int, seed: int) -> list[str]:
    """n different questions about a topic."""
    every = [
        f"{opening} {core} {end}".strip()
        for opening in OPENINGS
        for core in TOPICS[topic]
        for end in ENDS
    ]
    return random.Random(f"{topic}{seed}").sample(every, n)


def shop(root: Path, *, cases: int = 15) -> Repo:
    """The repo, with so many golden cases of each covered topic."""
    repo = Repo(root)
    for topic in COVERED:
        for at, text in enumerate(asks(topic, cases, seed=0)):
            case = {"id": f"{topic}-{at}", "tier": "golden", "input": text, "expected": "Yes."}
            repo.write(f"datasets/mails/cases/golden/{topic}-{at}.yaml", json.dumps(case))
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    return repo


def production(n: int = 60, *, visa: int = 0, seed: int = 1, **also: object) -> list[Row]:
    """n records of each covered topic and some of visas, in an order of chance; ids say the
    topic.
    """
    rows: list[Row] = [
        {"id": f"{topic}:{at}", "input": text, **also}
        for topic, count in (*((topic, n) for topic in COVERED), ("visa", visa))
        for at, text in enumerate(asks(topic, count, seed))
    ]
    random.Random(seed).shuffle(rows)
    return rows


def log(rows: Iterable[Row]) -> io.BytesIO:
    return io.BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())


def compare(
    repo: Repo, rows: Iterable[Row], *, baseline: Iterable[Row] | None = None, **asked: object
) -> Kept:
    """The report of a log that was read from a file called log.jsonl."""
    before = None if baseline is None else log(baseline)
    said = Asked("log.jsonl", **asked)  # type: ignore[arg-type]
    return drift(repo.context(), log(rows), said, baseline=before)
