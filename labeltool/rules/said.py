"""Labels, resolutions, rounds and preferences, held against what they speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from labeltool.model.base import Score
from labeltool.model.label import Label, Preference
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.rules.by_text import Text, blind_texts, text_of
from labeltool.rules.human import blind_outputs
from labeltool.rules.project import DatasetFiles, Finding, Placed, Project
from labeltool.rules.staleness import Texts, stale_resolution, standing_scores

OUTSIDE = "is outside the scale"
CHANGED = "is stale: a score that it settled has changed"


def findings(project: Project, dataset: DatasetFiles) -> Iterator[Finding]:
    """Everything people said in one dataset that does not fit the files it rests on."""
    blind = blind_outputs(placed.noun for placed in dataset.rounds)
    for label in dataset.labels:
        yield from _unsaid(blind, label, _label(project, dataset, label))
    for resolution in dataset.resolutions:
        yield from _unsaid(blind, resolution, _resolution(project, dataset, resolution))
    yield from contradictions(project, dataset)
    for preference in dataset.preferences:
        yield from _preference(project, dataset, preference)
    for opened in dataset.rounds:
        yield from _round(project, dataset, opened)
    yield from _open_rounds(dataset)


def _unsaid(
    blind: Collection[tuple[str, str]],
    placed: Placed[Label] | Placed[Resolution],
    found: Iterable[Finding],
) -> Iterator[Finding]:
    """What is wrong with a blind output's scores, without the scores: `check` is read by all."""
    hidden = (placed.noun.system, placed.noun.case) in blind
    for one in found:
        if hidden and one.message.endswith(OUTSIDE):
            yield replace(one, message=f"(hidden: its round is open) {OUTSIDE}")
        elif not hidden or one.message != CHANGED:
            yield one


def _label(project: Project, dataset: DatasetFiles, placed: Placed[Label]) -> Iterator[Finding]:
    label = placed.noun
    yield from _annotator(project, placed.path, ("annotator",), label.annotator)
    yield from _texts(dataset, placed)
    yield from _rubric(project, placed.path, label.rubric)
    yield from _scores(project, placed.path, label.rubric, ("scores",), label.scores)
    if label.round is not None and label.round not in dataset.round_numbers:
        hint = f"rounds here: {_listed(dataset.round_numbers)}"
        yield Finding(placed.path, ("round",), f"there is no round {label.round}", hint)


def _resolution(
    project: Project, dataset: DatasetFiles, placed: Placed[Resolution]
) -> Iterator[Finding]:
    settled = placed.noun
    if settled.resolver is not None:
        yield from _annotator(project, placed.path, ("resolver",), settled.resolver)
    yield from _texts(dataset, placed)
    yield from _rubric(project, placed.path, settled.rubric)
    yield from _scores(project, placed.path, settled.rubric, ("scores",), settled.scores)
    for name, scores in settled.settles.items():
        field = ("settles", name)
        yield from _annotator(project, placed.path, field, name)
        yield from _scores(project, placed.path, settled.rubric, field, scores)
    rubric = project.rubric_of(dataset)
    texts = dataset.texts(settled.system, settled.case)
    if rubric is None or texts is None:
        return
    labels = dataset.labels_by_text.get((settled.case, texts.output_hash), {})
    stale = stale_resolution(settled, rubric, texts, labels)
    for criterion in (id for id, reason in stale.items() if reason == "score_changed"):
        yield Finding(placed.path, ("scores", criterion), CHANGED, "resolve it again", "warning")


def contradictions(project: Project, dataset: DatasetFiles) -> Iterator[Finding]:
    """Resolutions of one text, in two snapshots, that both stand and do not say the same."""
    rubric = project.rubric_of(dataset)
    if rubric is None:
        return
    by_text: dict[Text, list[Placed[Resolution]]] = {}
    for placed in dataset.resolutions:
        text = text_of(placed.noun, dataset.recorded)
        if text is not None:
            by_text.setdefault(text, []).append(placed)
    blind = blind_texts((placed.noun for placed in dataset.rounds), dataset.recorded)
    for text, placed_ones in by_text.items():
        if len(placed_ones) < 2 or text in blind or text[0] not in dataset.input_hashes:
            continue
        labels = dataset.labels_by_text.get(text, {})
        texts = Texts(dataset.input_hashes[text[0]], text[1])
        *others, counts = sorted(placed_ones, key=lambda one: one.noun.resolved_at or "")
        stands = standing_scores(counts.noun, rubric, texts, labels)
        for other in others:
            said = standing_scores(other.noun, rubric, texts, labels)
            for id in said.keys() & stands.keys():
                if said[id] != stands[id]:
                    yield Finding(
                        other.path,
                        ("scores", id),
                        f"settles the same text otherwise than {counts.path}, which is newer and "
                        "counts",
                        f"settle it once for both: labeltool resolve {text[0]} "
                        f"--system {counts.noun.system} --set {id}=SCORE --because REASON",
                        "warning",
                    )


def _preference(
    project: Project, dataset: DatasetFiles, placed: Placed[Preference]
) -> Iterator[Finding]:
    pair = placed.noun
    yield from _annotator(project, placed.path, ("annotator",), pair.annotator)
    folder = placed.path.split("/")[-2]
    if pair.a >= pair.b or folder != f"{pair.a}-vs-{pair.b}":
        a, b = sorted((pair.a, pair.b))
        message = f"{pair.a} and {pair.b} do not fit the folder {folder}"
        yield Finding(placed.path, ("a",), message, f"names are sorted: {a}-vs-{b}")
    for side, system, signed in (
        ("a", pair.a, pair.output_hash_a),
        ("b", pair.b, pair.output_hash_b),
    ):
        found = _output(dataset, placed.path, side, system, pair.case)
        if found is not None:
            yield found
        elif signed not in (None, dataset.output_hashes.get((system, pair.case), signed)):
            yield _changed_output(placed.path, (f"output_hash_{side}",), system)


def _round(project: Project, dataset: DatasetFiles, placed: Placed[Round]) -> Iterator[Finding]:
    round, path = placed.noun, placed.path
    yield from _rubric(project, path, round.rubric)
    for index, name in enumerate(round.annotators):
        yield from _annotator(project, path, ("annotators", index), name)
        if name in round.annotators[:index]:
            yield Finding(path, ("annotators", index), f"{name} stands here twice", "keep one")
    cases = [output.case for output in round.outputs]
    for index, output in enumerate(round.outputs):
        field = ("outputs", index)
        if output.case in cases[:index]:
            yield Finding(path, field, f"{output.case} stands here twice", "keep one")
        key = (round.system, output.case)
        if key not in dataset.output_keys:
            yield Finding(path, field, *_no_output(dataset, *key))
        elif output.output_hash not in (None, dataset.output_hashes.get(key, output.output_hash)):
            yield _changed_output(path, (*field, "output_hash"), round.system)
    yield from _closed(project, placed)


def _closed(project: Project, placed: Placed[Round]) -> Iterator[Finding]:
    round, path = placed.noun, placed.path
    if round.closed is None:
        return
    cases = {output.case for output in round.outputs}
    for name, by_case in round.closed.scores.items():
        field = ("closed", "scores", name)
        if name not in round.annotators:
            hint = f"annotators: {_listed(round.annotators)}"
            yield Finding(path, field, f"{name} is not in this round", hint)
        for case, scores in by_case.items():
            if case not in cases:
                yield Finding(path, (*field, case), f"{case} is not in this round", "take it out")
            yield from _scores(project, path, round.rubric, (*field, case), scores)


def _open_rounds(dataset: DatasetFiles) -> Iterator[Finding]:
    opened = [placed for placed in dataset.rounds if placed.noun.closed is None]
    for placed in opened[1:]:
        message = f"round {opened[0].noun.number} is open too: one round at a time"
        yield Finding(placed.path, (), message, "close one of them", "warning")


def _annotator(
    project: Project, path: str, field: tuple[str | int, ...], name: str
) -> Iterator[Finding]:
    if not project.knows(name):
        hint = f"add `{name}: [{name}@example.org]` under annotators: in labeltool.yaml"
        yield Finding(path, field, f"{name} is none of the annotators", hint)


def _texts(dataset: DatasetFiles, placed: Placed[Label] | Placed[Resolution]) -> Iterator[Finding]:
    """A score belongs to one output of one input; both must still be there."""
    said = placed.noun
    missing = _output(dataset, placed.path, "case", said.system, said.case)
    if missing is not None:
        yield missing
        return
    output = dataset.output_hashes.get((said.system, said.case))
    if output is not None and said.output_hash not in (None, output):
        yield _changed_output(placed.path, ("output_hash",), said.system)
    given = dataset.input_hashes.get(said.case)
    if given is not None and said.input_hash not in (None, given):
        message = "is stale: the case's input was edited after it was scored"
        yield Finding(placed.path, ("input_hash",), message, "score it again", "warning")


def _output(dataset: DatasetFiles, path: str, field: str, system: str, case: str) -> Finding | None:
    if (system, case) in dataset.output_keys:
        return None
    return Finding(path, (field,), *_no_output(dataset, system, case))


def _no_output(dataset: DatasetFiles, system: str, case: str) -> tuple[str, str]:
    known = sorted(dataset.snapshots)
    if system not in known:
        return f"there is no snapshot {system}", f"snapshots: {_listed(known)}"
    hint = f"import it, or take out what is said of it: outputs/{system}/{case}.yaml"
    return f"{system} has no output for the case {case}", hint


def _changed_output(path: str, field: tuple[str | int, ...], system: str) -> Finding:
    message = f"is not the hash of the output as it stands: the snapshot {system} was edited"
    return Finding(path, field, message, "bring the recorded output back: snapshots never change")


def _rubric(project: Project, path: str, ref: str) -> Iterator[Finding]:
    name, version = ref_parts(ref)
    if name not in project.rubric_names:
        hint = f"rubrics: {_listed(project.rubric_names)}"
        yield Finding(path, ("rubric",), f"there is no rubric {name}", hint)
        return
    placed = project.rubrics.get(name)
    if placed is not None and version > placed.noun.version:
        message = f"{name} has no version {version} yet: it is at {placed.noun.version}"
        yield Finding(path, ("rubric",), message, f"write {placed.noun.ref}")


def _scores(
    project: Project,
    path: str,
    ref: str,
    field: tuple[str | int, ...],
    scores: Mapping[str, Score],
) -> Iterator[Finding]:
    """Scores that their rubric version could not have given; amended criteria are not asked."""
    name, version = ref_parts(ref)
    placed = project.rubrics.get(name)
    if placed is None or version > placed.noun.version:
        return
    rubric = placed.noun
    amended = rubric.changed_since(version)
    for id, score in scores.items():
        problem = _score(rubric, id, score, current=version == rubric.version)
        if problem is not None and id not in amended:
            yield Finding(path, (*field, id), *problem)


def _score(rubric: Rubric, id: str, score: Score, *, current: bool) -> tuple[str, str] | None:
    criterion = rubric.criterion(id)
    if criterion is None:
        known = _listed(c.id for c in rubric.by_hand)
        return (f"{rubric.ref} has no criterion {id}", f"criteria: {known}") if current else None
    if not criterion.by_hand:
        return ("is graded by a check, not by hand", "take it out") if current else None
    if not criterion.allows(score):
        scale = f"{criterion.min} to {criterion.max}" + (" or na" if criterion.na else "")
        return f"{score} {OUTSIDE}", f"scores: {scale}"
    return None


def _listed(names: Iterable[str | int]) -> str:
    return ", ".join(str(name) for name in sorted(names, key=str)) or "none"
