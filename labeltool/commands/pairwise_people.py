"""What people prefer of two snapshots, as far as it speaks of the outputs that stand there now."""

from __future__ import annotations

from labeltool.errors import DataError, UnknownName, Where
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.label import Preference
from labeltool.rules.pairwise import People, Side, pair_folder, people_of, turned
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


def people(store: DatasetStore, a: str, b: str) -> People:
    """Choices between A and B, in that order. Those of another text, and skipped ones, do not
    count. Raises DataError for a file that cannot be read.
    """
    first, second = pair_folder(a, b)
    choices: dict[str, dict[str, Side]] = {}
    for one in store.preferences().require():
        if (one.a, one.b) != (first, second) or one.status != "done" or not _stands(store, one):
            continue
        side: Side = one.choice if a == first else turned(one.choice)
        choices.setdefault(one.case, {})[one.annotator] = side
    return people_of(choices)


def nobody(store: DatasetStore, a: str, b: str, found: People) -> DataError:
    """What to say, and to do, where no pair is settled."""
    message = f"nobody has chosen between outputs of {a} and {b}"
    choose = f"labeltool pairwise {a} {b} --case ID --prefer {a}|{b}|tie"
    hint = f"choose: {choose}"
    if found.unsettled:
        message = f"people differ on each of the {len(found.unsettled)} pairs that they chose from"
        hint = f"a third annotator settles them: {choose}"
    where = Where(f"{paths.DATASETS}/{store.name}/preferences")
    return DataError(message, hint=hint, where=where)


def _stands(store: DatasetStore, said: Preference) -> bool:
    """Whether case and outputs are the ones that were chosen between."""
    try:
        case = store.case(said.case)
    except UnknownName:
        return False
    if said.input_hash not in (None, input_hash(case.input)):
        return False
    for system, hash in ((said.a, said.output_hash_a), (said.b, said.output_hash_b)):
        output = store.output(system, said.case)
        if output is None or hash not in (None, text_hash(output.output)):
            return False
    return True
