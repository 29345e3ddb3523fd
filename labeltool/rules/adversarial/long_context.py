"""What matters, buried in what does not."""

from __future__ import annotations

from random import Random

from labeltool.model.case import Case, Check, Document, Message
from labeltool.rules.adversarial.change import (
    SAME,
    Change,
    NotHereError,
    asked,
    everything,
    with_asked,
)

LENGTH = (6_000, 16_000)
"""Characters of what is put round a text: enough to lose it, little enough for a person to see."""
_DOCUMENTS = 6
_TURNS = 8

_NAMES = ("Brindlewick", "Ottershaw", "Quillfeather", "Marrowstone", "Thistledown", "Larkspire")
_SENTENCES = (
    "The {name} choir meets again on the second evening of the month.",
    "Chairs are to be put back against the wall after use.",
    "The path behind the {name} orchard stays closed until the birds have left.",
    "Minutes of the last meeting were read and approved without a change.",
    "A lost scarf, blue and grey, waits at the door of the {name} hall.",
    "Tea is served in the small room; cups are washed by those who used them.",
    "The roof above the {name} library was looked at and found dry.",
    "Nobody had a question about the plan for the flower beds.",
    "The clock of the {name} tower is slow again and will be seen to.",
    "Volunteers for the autumn walk write their names on the list in the hall.",
    "The {name} newsletter appears later than usual because its editor is away.",
    "The windows were cleaned, and the ladder was returned.",
    "Dogs are welcome in the {name} garden when they are on a lead.",
    "It was agreed to talk about the colour of the fence another time.",
    "The bench by the pond was given by the friends of {name}.",
    "Old maps of {name} hang in the corridor for anybody to look at.",
)


def long_context(case: Case, random: Random) -> Change:
    """Long text of another matter round the input; other documents beside the case's, or other
    turns before the last one. An answer that names that other matter has lost the thread.
    """
    text = asked(case.input)
    taken = everything(case).casefold()
    names = [one for one in _NAMES if one.casefold() not in taken]
    if not names:
        raise NotHereError("it is long and of another matter already")
    name = random.choice(names)
    length = random.randrange(*LENGTH)
    check = Check(kind="not_contains", value=name, id="on_the_matter")
    holds = f"{SAME}: what is said of {name} has nothing to do with it."
    if case.context:
        context = _documents(case, name, length, random)
        about = f"{len(context) - len(case.context)} documents of another matter beside its own"
        return Change(case.input, about, holds, context=context, checks=(check,))
    if not isinstance(case.input, str):
        turns = _turns(name, length, random)
        first = 1 if case.input[0].role in ("system", "developer") else 0
        talk = (*case.input[:first], *turns, *case.input[first:])
        return Change(
            talk, f"{len(turns)} turns on another matter before it", holds, checks=(check,)
        )
    before = random.choice((0.0, 0.5, 1.0))
    parts = [_filler(name, int(length * before), random), text]
    parts.append(_filler(name, int(length * (1 - before)), random))
    where = {0.0: "after it", 0.5: "on both sides of it", 1.0: "before it"}[before]
    long = "\n\n---\n\n".join(part for part in parts if part)
    about = f"{length:,} characters on another matter {where}"
    return Change(with_asked(case.input, long), about, holds, checks=(check,))


def _filler(name: str, length: int, random: Random) -> str:
    """Paragraphs of about `length` characters in all."""
    paragraphs: list[str] = []
    written = 0
    while written < length:
        said = random.sample(_SENTENCES, random.randrange(4, 8))
        paragraphs.append(" ".join(said).format(name=name))
        written += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)


def _documents(case: Case, name: str, length: int, random: Random) -> tuple[Document, ...]:
    known = {one.id for one in case.context}
    ids = [f"notice-{n}" for n in range(1, _DOCUMENTS + 1 + len(known))]
    free = [id for id in ids if id not in known][:_DOCUMENTS]
    documents = [*case.context]
    for id in free:
        text = _filler(name, length // _DOCUMENTS, random)
        documents.insert(random.randrange(len(documents) + 1), Document(id=id, text=text))
    return tuple(documents)


def _turns(name: str, length: int, random: Random) -> tuple[Message, ...]:
    turns = []
    for _ in range(_TURNS // 2):
        text = _filler(name, length // _TURNS, random)
        turns.append(Message(role="user", content=f"For the notice board, please keep:\n\n{text}"))
        turns.append(Message(role="assistant", content="Kept."))
    return tuple(turns)
