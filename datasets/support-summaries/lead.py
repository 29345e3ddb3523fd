"""A small extractive summariser: it picks sentences of the ticket and writes none of its own.

It reads the ticket as turns (mail, chat or messages), scores every sentence by where it stands and what it
does (tells the problem, asks for something, promises a next step, shows a mood, names an id or a date), and keeps
the best ones, in their order, within the word limit. Standard library only; the same case gives the same text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAX_WORDS = 79

CUES: dict[str, tuple[float, str]] = {
    "request": (
        2.2,
        (
            r"please|can you|could you|can i|could i|can we|could we|i want|we want|i need|we need|i'd like|i would like"
            r"|we'd like|want(?:s|ed)? (?:a|my|the|it)|let me know|tell me|call me|send me|email me|confirm|cancel|refund"
            r"|is there (?:a|any) way|how do i|bitte|können sie|könnten sie|ich möchte|möchten|ich bitte|schicken sie"
            r"|pouvez-vous|pourriez-vous|je voudrais|je souhaite|je demande|merci de|s'il vous plaît"
            r"|por favor|pueden|podrían|puede|podría|quiero|quisiera|necesito|solicito"
        ),
    ),
    "step": (
        2.4,
        (
            r"i'll|we'll|i will|we will|i've (?:raised|opened|passed|asked|sent|booked|ordered|issued|logged|set)"
            r"|i have (?:raised|opened|passed|asked|sent|booked|ordered|issued|logged|set)|escalat\w+|call(?:ing)? (?:you )?back"
            r"|callback|follow(?:ing)? up|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|by tomorrow|by the end|within \d+"
            r"|deadline|still (?:waiting|open|need|no|not)|not yet|until then|before \d|werde ich|werden wir|bis (?:zum|spätestens)"
            r"|nous allons|je vais|d'ici|avant le|vamos a|antes del|a más tardar"
        ),
    ),
    "problem": (
        1.4,
        (
            r"charged|billed|missing|wrong|broken?|damaged|cracked|lost|late|delayed|error|fail(?:s|ed|ure|ing)?|crash\w*"
            r"|does(?:n't| not)|did(?:n't| not)|can(?:'t|not)|won't|never|stopped|locked|declined|rejected|denied|stuck|gone"
            r"|unable|no longer|twice|double|instead of|leider|nicht|kein\w*|falsch\w*|defekt|abgebucht"
            r"|ne (?:fonctionne|marche)|n'est pas|n'ai pas|toujours pas|erreur|débité\w*|sigue sin|todavía no|no funciona|cobrado|averiad\w+"
        ),
    ),
    "mood": (
        1.6,
        (
            r"angry|furious|unacceptable|ridiculous|disgust\w+|disappoint\w+|frustrat\w+|fed up|sick of|livid|shocking|joke"
            r"|appalling|outrageous|worst|last straw|never again|worried|anxious|scared|afraid|panick\w*|stress\w+|desperate"
            r"|nervous|confus\w+|lost here|don't understand|makes no sense|thank(?:s| you)|grateful|relie[fv]\w*|love|lovely|brilliant"
            r"|wonderful|delighted|so happy|saved|sorry|embarrass\w+|upset|crying|congratulations|bravo|well done|wow|ärger\w*"
            r"|unverschämt\w*|enttäusch\w*|sauer|frech\w*|sorgen|danke|erleichtert|inadmissible|déçue?|honteux|scandaleux|inquiète?"
            r"|soulagée?|merci|indignad\w+|vergüenza|decepcionad\w+|preocupad\w+|hart[oa]s?|gracias|inaceptable"
        ),
    ),
    "id": (
        0.9,
        (
            r"#?[A-Z]{1,5}-?\d{3,}[\w-]*|\d{4,}|[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|EUR|USD|GBP|kWh|Euro|euros)"
            r"|\d{1,2}(?:st|nd|rd|th)|\d{1,2}[:.]\d{2}|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
            r"|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
        ),
    ),
}
PATTERNS = {
    name: (weight, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
    for name, (weight, words) in CUES.items()
}
AGENT = "agent|support|advisor|adviser|helpdesk|bot|assistant|service|berater(?:in)?|conseill(?:er|ère)|agente"
CUSTOMER = "customer|user|client|caller|member|guest|kund(?:e|in)|cliente?"
SPEAKER = re.compile(
    rf"^\s*(?:\[[^\]]*\]\s*)?({AGENT}|{CUSTOMER})\b[^:\n]{{0,25}}:\s*", re.IGNORECASE
)
IS_AGENT = re.compile(rf"^(?:{AGENT})\b", re.IGNORECASE)
HEADER = re.compile(
    r"^(from|to|cc|date|sent|von|an|de|à|para|fecha|datum):", re.IGNORECASE
)
SUBJECT = re.compile(r"^(?:subject|betreff|objet|asunto|re|fwd?):\s*", re.IGNORECASE)
GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*"
    r"|liebe[sr]?|bonjour|bonsoir|madame|hola|buen[oa]s|estimad\w+)\b[^.!?\n]{0,40}[,!.:]?$",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^(?:(?:kind|best|warm|many)? ?(?:regards|wishes)|thanks|thank you|thx|cheers|sincerely|yours\b.*|best|mit freundlichen"
    r"|freundliche|viele|beste|cordialement|bien à vous|salutations|un saludo|saludos|atentamente|sent from)\b[^.!?\n]{0,40}[,.!]?$",
    re.IGNORECASE,
)
SMALL_TALK = re.compile(
    r"^(?:ok(?:ay)?|yes|no|sure|right|great|perfect|hm+|thanks|thank you|hi|hello|hey|good (?:morning|afternoon|evening)|welcome)\b"
    r"|how (?:can|may) i help|one moment|let me (?:check|look|see)|anything else|bear with me|is there anything",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|No|Nr|Art|approx|e\.g|i\.e|z\.B|bzw|ca|vs|etc|a\.m|p\.m|Sr|Sra|M|Mme)\.$",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]{4,}")


@dataclass(frozen=True)
class Sentence:
    """One candidate: its text, who said it, and where it stands (its place among all sentences)."""

    text: str
    agent: bool
    turn: int
    place: int
    subject: bool = False

    @property
    def words(self) -> int:
        return len(self.text.split())

    def count(self, cue: str) -> int:
        return len(PATTERNS[cue][1].findall(self.text))

    def has(self, cue: str) -> bool:
        return self.count(cue) > 0


def summarise(case: dict[str, Any]) -> dict[str, str]:
    """`{"input": str | [{role, content}], ...}` -> `{"output": text}`, at most 79 words."""
    sentences = split_sentences(turns_of(case["input"]))
    chosen = choose(sentences)
    return {"output": write(chosen)}


def turns_of(source: str | list[dict[str, Any]]) -> list[tuple[bool, list[str]]]:
    """(said by the agent?, its paragraphs) for every turn, in order."""
    if not isinstance(source, str):
        spoken = [
            m
            for m in source
            if m.get("role") in ("user", "assistant", "agent", "customer")
        ]
        return [
            (
                m["role"] in ("assistant", "agent"),
                paragraphs(str(m.get("content") or "")),
            )
            for m in spoken
        ]
    turns: list[tuple[bool, list[str]]] = [(False, [])]
    for line in source.splitlines():
        speaker = SPEAKER.match(line)
        if speaker:
            turns.append((bool(IS_AGENT.match(speaker.group(1))), []))
            line = line[speaker.end() :]
        turns[-1][1].append(line)
    return [(agent, paragraphs("\n".join(lines))) for agent, lines in turns]


def paragraphs(text: str) -> list[str]:
    """Wrapped lines joined again, without headers, quoted mail, greetings and signatures."""
    joined: list[str] = [""]
    for raw in text.splitlines():
        line = raw.strip()
        if line == "--":
            break
        if line.startswith(">") or HEADER.match(line) or GREETING.match(line):
            continue
        if CLOSING.match(line):
            joined.append("")
            continue
        if SUBJECT.match(line) or re.match(r"^(?:[-*•]|\d+[.)])\s", line):
            joined.append("")
        joined[-1] = f"{joined[-1]} {line}".strip() if line else joined[-1]
        if not line or SUBJECT.match(line):
            joined.append("")
    return [paragraph for paragraph in joined if paragraph]


def split_sentences(turns: list[tuple[bool, list[str]]]) -> list[Sentence]:
    found: list[Sentence] = []
    for number, (agent, texts) in enumerate(turns):
        for text in texts:
            subject = SUBJECT.match(text)
            body = text[subject.end() :] if subject else text
            for piece in pieces(re.sub(r"^(?:[-*•]|\d+[.)])\s+", "", body)):
                found.append(Sentence(piece, agent, number, len(found), bool(subject)))
    return found


def pieces(text: str) -> list[str]:
    """Sentences of one paragraph; a full stop after an abbreviation does not end one."""
    out: list[str] = []
    for part in re.split(r"(?<=[.!?…])[\"')»]*\s+", text):
        if out and (
            ABBREVIATION.search(out[-1]) or not re.match(r"[\"'«(¿¡]?[^\W_]", part)
        ):
            out[-1] = f"{out[-1]} {part}"
        elif part:
            out.append(part)
    return out


def score(sentence: Sentence, common: Counter[str], last: int) -> float:
    """Higher is more worth keeping. `common` counts the ticket's words, `last` is the last place."""
    value: float = sum(
        weight * min(sentence.count(cue), 2) ** 0.5
        for cue, (weight, _) in PATTERNS.items()
        if sentence.has(cue)
    )
    terms = {word.lower() for word in WORD.findall(sentence.text)}
    if terms:
        value += 0.5 * sum(common[term] - 1 for term in terms) / len(terms)
    at = sentence.place / last if last else 0.0
    value += 1.2 * max(0.0, 1 - 4 * at) + (
        0.8 * at if sentence.agent or at > 0.7 else 0.0
    )
    if sentence.subject:
        value += 1.0
    if sentence.agent and not sentence.has("step"):
        value -= 1.5
    if sentence.words < 4:
        value -= 1.5
    if SMALL_TALK.search(sentence.text) and sentence.words < 12:
        value -= 2.0
    return value - 0.03 * max(0, sentence.words - 22)


def choose(sentences: list[Sentence]) -> list[Sentence]:
    """First the best of each kind a hand-over needs, then whatever is best and still fits."""
    common = Counter(
        word.lower() for s in sentences for word in set(WORD.findall(s.text))
    )
    last = len(sentences) - 1
    ranked = sorted(sentences, key=lambda s: (-score(s, common, last), s.place))
    kinds: list[Callable[[Sentence], bool]] = [
        lambda s: s.has("problem") and not s.agent,
        lambda s: s.has("request") and not s.agent,
        lambda s: s.has("step") and s.agent,
        lambda s: s.has("mood") and not s.agent,
    ]
    wanted = [next((s for s in ranked if kind(s)), None) for kind in kinds]
    chosen: list[Sentence] = []
    for sentence in [s for s in wanted if s] + ranked:
        if (
            sentence not in chosen
            and not repeats(sentence, chosen)
            and fits([*chosen, sentence])
        ):
            chosen.append(sentence)
    if not chosen and ranked:
        cut = " ".join(ranked[0].text.split()[: MAX_WORDS - 2])
        return [Sentence(cut, ranked[0].agent, ranked[0].turn, ranked[0].place)]
    return sorted(chosen, key=lambda s: s.place)


def repeats(sentence: Sentence, chosen: list[Sentence]) -> bool:
    """True where most of its words are already there."""
    terms = {word.lower() for word in WORD.findall(sentence.text)}
    seen = {word.lower() for s in chosen for word in WORD.findall(s.text)}
    return bool(terms) and len(terms & seen) / len(terms) > 0.7


def fits(chosen: list[Sentence]) -> bool:
    return len(write(sorted(chosen, key=lambda s: s.place)).split()) <= MAX_WORDS


def write(chosen: list[Sentence]) -> str:
    """The sentences in their order; where both sides speak, each change of speaker is said."""
    both = len({s.agent for s in chosen}) == 2
    parts: list[str] = []
    speaker: bool | None = None
    for sentence in chosen:
        if both and sentence.agent != speaker:
            parts.append("Agent:" if sentence.agent else "Customer:")
            speaker = sentence.agent
        ended = sentence.text[-1] in ".!?…:\"')"
        parts.append(sentence.text if ended else f"{sentence.text}.")
    return " ".join(parts)
