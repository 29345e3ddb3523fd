"""The eval set as drift sees it: its vectors, how far they reach, what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labeltool.model.case import Case
from labeltool.rules.drift_text import Words, asked, slug, telling
from labeltool.stats.clusters import LINKED, linked
from labeltool.stats.shift import Centroid, nearest, reach

if TYPE_CHECKING:
    from labeltool.embed.embedder import Embedder, Vectors

TOPIC_CUT = 0.45
"""Cases nearer than this on average are about one topic; by the embedded model's cosine."""


@dataclass(frozen=True)
class Topic:
    """What some cases are about: a name of their telling words, and the words."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """cases: those compared with, whose inputs say something; left_out: how many are not. vectors:
    (m, d), or one of zeros where there is no case. reach: None under two cases. topic_of: of each
    case.
    """

    cases: tuple[Case, ...]
    left_out: int
    vectors: Vectors
    reach: float | None
    topics: tuple[Topic, ...]
    topic_of: tuple[int, ...]
    tiers: tuple[str, ...]

    @property
    def centroid(self) -> Centroid:
        found = Centroid()
        found.add(self.vectors)
        return found

    def centroid_of(self, tier: str) -> Centroid:
        found = Centroid()
        found.add(self.vectors[[at for at, one in enumerate(self.tiers) if one == tier]])
        return found


def compared(case: Case) -> bool:
    """Whether the case stands for what people ask: those made to provoke, and those made up, do
    not.
    """
    made_up = case.source is not None and case.source.kind == "generated"
    return case.status != "retired" and case.tier != "adversarial" and not made_up


def reference(cases: Sequence[Case], embedder: Embedder) -> Reference:
    chosen = [case for case in cases if compared(case)]
    texts = [asked(case.input) for case in chosen]
    vectors = embedder.embed(texts or [""])
    says = [at for at in range(len(chosen)) if vectors[at].any()]
    if not says:
        return Reference((), len(cases), vectors[:1] * 0, None, (Topic("all", ()),), (0,), ("",))
    kept = tuple(chosen[at] for at in says)
    vectors = vectors[says]
    topic_of, topics = _topics(vectors, [texts[at] for at in says])
    return Reference(
        kept,
        len(cases) - len(kept),
        vectors,
        reach(vectors) if len(says) > 1 else None,
        topics,
        topic_of,
        tuple(case.tier for case in kept),
    )


def _topics(vectors: Vectors, texts: Sequence[str]) -> tuple[tuple[int, ...], tuple[Topic, ...]]:
    step = -(-len(vectors) // LINKED)
    groups = linked(vectors[::step], TOPIC_CUT)
    of_linked = {int(place): topic for topic, group in enumerate(groups) for place in group}
    places = nearest(vectors, vectors[::step])[1] if step > 1 else range(len(vectors))
    topic_of = tuple(of_linked[int(place)] for place in places)
    whole = Words(texts)
    topics: list[Topic] = []
    taken: set[str] = set()
    for topic in range(len(groups)):
        own = Words(text for text, at in zip(texts, topic_of, strict=True) if at == topic)
        words = telling(own, whole)
        name = slug(words, taken, "topic")
        taken.add(name)
        topics.append(Topic(name, tuple(words)))
    return topic_of, tuple(topics)
