"""A small extractive summariser: it picks sentences of the ticket and writes none of its own.

It reads the ticket as turns (mail, chat or messages), leaves out what nobody meant to tell (tags,
quoted mail, footers, orders to a machine), scores every sentence by where it stands and by what it
does (tells the problem, asks for something, promises a next step, shows a mood, names an id or a
date), and keeps the best ones, in their order, within the word limit.
Standard library only; the same case gives the same text.
"""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAX_WORDS = 79
WORTH_SAYING = 0.2
SHORT = 50


def words(alternatives: str) -> re.Pattern[str]:
    """Any of `alternatives`, whole. They are parted by `|`, on any number of lines."""
    joined = re.sub(r"\s*\n\s*", "", alternatives)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def opening(alternatives: str, rest: str) -> re.Pattern[str]:
    """A line that begins with one of `alternatives` and goes on with `rest`."""
    joined = re.sub(r"\s*\n\s*", "", alternatives)
    return re.compile(rf"^(?:{joined})\b{rest}", re.IGNORECASE)


# What a sentence does, how much that is worth, and the words that give it away.
CUES: dict[str, tuple[float, re.Pattern[str]]] = {
    "request": (
        2.2,
        words(r"""
            please|pls|can you|could you|can i|could i|could he|could she|can we|could we|i want|
            we want|i need|we need|i'd like|i would like|we'd like|i expect|i'd have to|
            let me know|tell me|call me|send me|email me|confirm|cancel|refund|
            is there (?:a|any) way|how do i|bitte|können sie|könnten sie|ich möchte|möchten|
            ich bitte|schicken sie|pouvez-vous|pourriez-vous|je voudrais|je souhaite|je demande|
            merci de|s'il vous plaît|il faut|por favor|pueden|podrían|puede|puedo|podría|quiero|
            quisiera|necesito|solicito"""),
    ),
    "step": (
        2.4,
        words(r"""
            i'll|we'll|you'll|i will|we will|will go out|
            i(?:'ve| have)(?: just)? (?:\w+ed|sent|set|put)|
            i'm (?:asking|passing|sending)|escalat\w+|call(?:ing)? (?:you )?back|callback|
            follow(?:ing)? up|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|by tomorrow|
            by the end|within \d+|deadline|still (?:waiting|open|need|no|not)|not yet|until then|
            before \d|werde ich|werden wir|bis (?:zum|spätestens)|nous allons|je vais|j'ouvre|
            je vous envoie|en envoie|passera|d'ici|avant le|vamos a|antes del|a más tardar"""),
    ),
    "problem": (
        1.4,
        words(r"""
            charged|billed|missing|wrong|broken?|damaged|cracked?|lost|late|delayed|error|banned|
            fail(?:s|ed|ure|ing)?|crash\w*|does(?:n't| not)|did(?:n't| not)|can(?:'t|not| not)|
            won't|never|stopped|locked|blocked|cancelled|declined|rejected|denied|stuck|gone|
            unable|dead|died|no longer|twice|double|instead of|timing out|outage|by mistake|
            leider|nicht|kein\w*|falsch\w*|defekt|abgebucht|ne (?:fonctionne|marche)|n'est pas|
            n'ai pas|toujours pas|manque|fendue?|coule|mort|erreur|débité\w*|sigue sin|todavía no|
            no funciona|no llegó|cobrado|averiad\w+"""),
    ),
    "mood": (
        1.6,
        words(r"""
            angry|furious|unacceptable|ridiculous|disgust\w+|disappoint\w+|frustrat\w+|fed up|
            sick(?: of)?|livid|shocking|joke|appalling|outrageous|worst|last straw|never again|
            last time|no patience|patience|worried|anxious|scared|afraid|panick\w*|stress\w+|
            desperate|nervous|confus\w+|lost here|stupid|don't understand|makes no sense|
            thank(?:s| you)|grateful|relie[fv]\w*|love|lovely|brilliant|wonderful|delighted|
            so happy|cried|saved|sorry|embarrass\w+|upset|crying|laughed|congratulations|bravo|
            well done|wow|hero|oh god|ärger\w*|unverschämt\w*|enttäusch\w*|sauer|frech\w*|sorgen|
            danke|erleichtert|gefreut|inadmissible|déçue?|honteux|scandaleux|inquiète?|soulagée?|
            stressée?|merci|indignad\w+|vergüenza|decepcionad\w+|preocupad\w+|nervios\w+|gracias|
            inaceptable"""),
    ),
    "id": (
        1.3,
        words(r"""
            #?[A-Z]{1,5}-?\d{3,}[\w-]*|\d{4,}|\d+[.,]\d{2}|[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|EUR|kWh|euros?)|
            \d{1,2}(?:st|nd|rd|th)|\d{1,2}[:.]\d{2}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|
            \d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"""),
    ),
}
AGENT = r"agent|support|advis[eo]r|helpdesk|bot|assistant|service|berater(?:in)?|conseill(?:er|ère)"
CUSTOMER = r"customer|user|client|caller|member|guest|kund(?:e|in)|cliente"
SPEAKER = re.compile(
    rf"^\s*(?:\[[^\]]*\]\s*)?({AGENT}|{CUSTOMER})(?-i:\s+[A-ZÀ-Ý][\w.'-]*){{0,2}}"
    r"(?:\s*\([^)]*\))?\s*:\s+",
    re.IGNORECASE,
)
STAMP = re.compile(r"^\[[^\]]*\d[^\]]*\]\s*")
IS_AGENT = opening(AGENT, "")
SAYS_AGENT = words(AGENT)
HEADER = opening("from|to|cc|date|sent|von|an|de|à|para|fecha|datum", r"\s?:")
SUBJECT = opening("subject|betreff|objet|asunto|re|fwd?", r"\s?:\s*(?:(?:re|fwd?|aw):\s*)*")
GREETING = opening(
    r"""hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|
    sehr geehrte\w*|liebe[sr]?|bonjour|bonsoir|madame|hola|buen[oa]s|estimad\w+""",
    r"[^.!?\n]{0,60}[,!.:]?$",
)
CLOSING = opening(
    r"""(?:(?:kind|best|warm|many|with \w+) ?)*(?:regards|wishes)|thanks|thank you|thx|cheers|best|
    sincerely|yours|greetings|mit freundlichen|herzliche|freundliche|viele|beste|cordialement|
    bien à vous|salutations|un saludo|saludos|atentamente|sent from|good night|with all my heart""",
    r"[^.!?\n]{0,60}[,.!]?$",
)
SMALL_TALK = re.compile(
    r"^(?:yes|no)(?=[,.!]|$)"
    r"|^(?:ok(?:ay)?|sure|right|great|perfect|hm+|hi|hello|hey|welcome|good \w+|fine|done)\b"
    r"|how (?:can|may) i help|one moment|let me (?:check|look|see)|anything else|bear with me",
    re.IGNORECASE,
)
QUOTING = opening("on|am|le|el", r".*(?:wrote|schrieb.*|écrit|escribió)\s?:$")
BOILERPLATE = re.compile(
    r"received this (?:message|e-?mail) in error|confidential|intended (?:only )?for"
    r"|before printing|consider the environment|unauthorised|données sont traitées"
    r"|ne pas répondre|votre équipe|automati\w+ (?:reply|response)"
    r"|do not reply to this|unsubscribe from this|diese e-mail enthält",
    re.IGNORECASE,
)
TO_A_MACHINE = re.compile(
    r"(?:ignore|disregard|forget) (?:all|any|the|your|previous|everything)"
    r"|you are (?:now )?an? (?:\w+ ){0,2}(?:assistant|bot|ai|model|system)|as an ai\b"
    r"|system (?:prompt|message|note)|(?:in|for) (?:the|your|any) summar"
    r"|summari[sz]e (?:this|it) as|do not mention this|(?:decode|execute) (?:it|this|the)"
    r"|only (?:ever )?(?:write|answer|reply)",
    re.IGNORECASE,
)
BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr)\s*/?>")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
CARD = re.compile(r"\b(?:\d{4}[ -]?){3}(\d{4})\b")
ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Nr|Art|approx|e\.g|i\.e|z\.B|bzw|ca|vs|a\.m|p\.m|Sra?|Mme|ext)\.$"
)
BEFORE_NUMBER = re.compile(r"\b(?:no|nr|art|p|pp|tel|order)\.$", re.IGNORECASE)
GERMAN_DAY = re.compile(r"\b\d{1,2}\.$")
GERMAN_MONTH = re.compile(r"Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez")
SENTENCE_END = r"(?<=[.!?…؟])\s+|(?<=[.!?…][\"')»])\s+|(?<=[。！？])\s*"
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
BULLET = re.compile(r"^(?:[-*•]|\d+[.)]|\([a-z\d]\))\s+")
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
        return size(self.text)

    def count(self, cue: str) -> int:
        return len(CUES[cue][1].findall(self.text))

    def has(self, cue: str) -> bool:
        return self.count(cue) > 0


def summarise(case: dict[str, Any]) -> dict[str, str]:
    """`{"input": str | [{role, content}], ...}` -> `{"output": text}`, at most 79 words."""
    turns = turns_of(case["input"])
    chosen = choose(split_sentences(turns))
    return {"output": write(chosen) or beginning(case["input"])}


def beginning(source: str | list[dict[str, Any]]) -> str:
    """What stands first, where no sentence was found: a ticket may be a single word."""
    if not isinstance(source, str):
        source = " ".join(str(message.get("content") or "") for message in source)
    return " ".join(plain(source)[:600].split()[:MAX_WORDS])


def turns_of(source: str | list[dict[str, Any]]) -> list[tuple[bool, list[str]]]:
    """(said by the agent?, its paragraphs) for every turn, in order."""
    if not isinstance(source, str):
        spoken = [m for m in source if m.get("role") in ("user", "assistant", "agent", "customer")]
        return [
            (
                m["role"] in ("assistant", "agent"),
                paragraphs(plain(str(m.get("content") or ""))),
            )
            for m in spoken
        ]
    turns: list[tuple[bool, list[str]]] = [(False, [])]
    for raw in map(str.strip, plain(source).splitlines()):
        if raw.startswith("---") and raw.endswith("---") and re.search(r"\d", raw):
            turns.append((bool(SAYS_AGENT.search(raw)), []))
            continue
        line = STAMP.sub("", raw)
        speaker = SPEAKER.match(line)
        if speaker or line != raw:
            turns.append((bool(speaker and IS_AGENT.match(speaker.group(1))), []))
        turns[-1][1].append(line[speaker.end() :] if speaker else line)
    return [(agent, paragraphs("\n".join(lines))) for agent, lines in turns]


def plain(text: str) -> str:
    """Without tags and entities, and with card numbers down to their last four digits."""
    if TAG.search(text):
        text = html.unescape(TAG.sub("", BREAKS.sub("\n", text)))
    return CARD.sub(r"(card ending \1)", text)


def paragraphs(text: str) -> list[str]:
    """Wrapped lines joined again, without headers, quoted mail, greetings and signatures."""
    joined: list[str] = [""]
    signing = False
    for raw in text.splitlines():
        line = raw.strip()
        if line == "--" or QUOTING.match(line):
            break
        if line.startswith(">") or HEADER.match(line) or GREETING.match(line):
            continue
        if CLOSING.match(line):
            signing = True
            continue
        alone = bool(SUBJECT.match(line) or BULLET.match(line))
        if alone or not line:
            joined.append("")
        if signing and line and len(line.split()) < 6 and not re.search(r"\d", line):
            continue
        joined[-1] = f"{joined[-1]} {line}".strip()
        if SUBJECT.match(line):
            joined.append("")
    found = [paragraph for paragraph in joined if paragraph]
    if len(found) > 1 and is_name(found[-1]):
        found.pop()
    return found


def is_name(text: str) -> bool:
    """One to four capitalised words: who signed."""
    parts = text.removeprefix("x ").split()
    return 0 < len(parts) < 5 and all(re.fullmatch(r"[^\W\d_][\w'-]*[.,]?", p) for p in parts)


def split_sentences(turns: list[tuple[bool, list[str]]]) -> list[Sentence]:
    found: list[Sentence] = []
    for number, (agent, texts) in enumerate(turns):
        for text in texts:
            subject = SUBJECT.match(text)
            body = text[subject.end() :] if subject else text
            for piece in pieces(BULLET.sub("", body)):
                if worth_reading(piece):
                    found.append(Sentence(piece, agent, number, len(found), bool(subject)))
    return found


def worth_reading(text: str) -> bool:
    """False for footers, for encoded blocks, and for orders to whoever summarises."""
    blob = max(map(len, text.split()), default=0) > 60 and not WIDE.search(text)
    return not (blob or BOILERPLATE.search(text) or TO_A_MACHINE.search(text))


def pieces(text: str) -> list[str]:
    """Sentences of one paragraph."""
    out: list[str] = []
    for part in re.split(SENTENCE_END, text):
        starts = re.match(r"[\"'«(¿¡]?[^\W_]", part)
        if not part:
            continue
        if out and (glued(out[-1], part) or not starts):
            out[-1] = f"{out[-1]} {part}"
        elif starts:
            out.append(part)
    return out


def glued(before: str, after: str) -> bool:
    """True where the full stop of `before` ends no sentence."""
    day = GERMAN_DAY.search(before) and GERMAN_MONTH.match(after)
    number = BEFORE_NUMBER.search(before) and re.match(r"\S*\d", after)
    return bool(day or number or ABBREVIATION.search(before))


def score(sentence: Sentence, common: Counter[str], last: int) -> float:
    """How much it is worth. `common` counts the ticket's words; `last` is the last place."""
    value = 0.0
    for cue, (weight, _) in CUES.items():
        if not (cue == "mood" and sentence.agent):
            value += weight * math.sqrt(min(sentence.count(cue), 2))
    terms = {word.lower() for word in WORD.findall(sentence.text)}
    if terms:
        value += 0.5 * sum(common[term] - 1 for term in terms) / len(terms)
    at = sentence.place / last if last else 0.0
    value += 1.2 * max(0.0, 1 - 4 * at) + (
        (1.6 if sentence.agent else 0.8) * at if sentence.agent or at > 0.7 else 0.0
    )
    if sentence.text.endswith("?") and not sentence.agent:
        value += 1.2
    if sentence.subject:
        value += 1.0
    if sentence.agent and not sentence.has("step"):
        value -= 1.5
    if sentence.words < 4:
        value -= 1.5
    if small_talk(sentence):
        value -= 2.0
    return value - 0.03 * max(0, sentence.words - 22)


def choose(sentences: list[Sentence]) -> list[Sentence]:
    """First the best of each kind a hand-over needs, then whatever is best and still fits."""
    told = [s for s in sentences if not small_talk(s)]
    if told and fits(told):
        return [s for i, s in enumerate(told) if not repeats(s, told[:i])]
    common = Counter(word.lower() for s in sentences for word in set(WORD.findall(s.text)))
    last = len(sentences) - 1
    ranked = sorted(sentences, key=lambda s: (-score(s, common, last), s.place))
    kinds: list[Callable[[Sentence], bool]] = [
        lambda s: s.has("problem") and not s.agent,
        lambda s: s.has("request") and not s.agent,
        lambda s: s.has("step") and s.agent,
        lambda s: s.has("mood") and not s.agent,
    ]
    wanted = [first_told(told), *(next((s for s in ranked if kind(s)), None) for kind in kinds)]
    chosen: list[Sentence] = []
    worth = [s for s in ranked if score(s, common, last) >= WORTH_SAYING]
    rest = [s for s in ranked if s not in worth and not small_talk(s)]
    for sentence in [s for s in wanted if s] + worth + rest:
        if sentence in rest and size(write(chosen)) >= SHORT:
            break
        if sentence not in chosen and not repeats(sentence, chosen) and fits([*chosen, sentence]):
            chosen.append(sentence)
    return sorted(chosen, key=lambda s: s.place)


def first_told(sentences: list[Sentence]) -> Sentence | None:
    """What the customer came with: the first sentence of theirs that says anything."""
    return next((s for s in sentences if not s.agent and not s.subject and s.words >= 5), None)


def small_talk(sentence: Sentence) -> bool:
    return sentence.words < 12 and bool(SMALL_TALK.search(sentence.text))


def repeats(sentence: Sentence, chosen: list[Sentence]) -> bool:
    """True where most of its words are already there."""
    terms = {word.lower() for word in WORD.findall(sentence.text)}
    seen = {word.lower() for s in chosen for word in WORD.findall(s.text)}
    if not terms:
        return sentence.text in {s.text for s in chosen}
    return len(terms & seen) / len(terms) > 0.7


def fits(chosen: list[Sentence]) -> bool:
    return size(write(sorted(chosen, key=lambda s: s.place))) <= MAX_WORDS


def size(text: str) -> int:
    """Its words; in scripts that put no spaces between them, two characters count as one."""
    return len(text.split()) + len(WIDE.findall(text)) // 2


def write(chosen: list[Sentence]) -> str:
    """The sentences in their order; where both sides speak, each change of speaker is said."""
    both = len({s.agent for s in chosen}) == 2
    parts: list[str] = []
    speaker: bool | None = None
    for sentence in chosen:
        if both and sentence.agent != speaker:
            parts.append("Agent:" if sentence.agent else "Customer:")
            speaker = sentence.agent
        parts.append(finished(sentence.text))
    return " ".join(parts)


def finished(text: str) -> str:
    """With a capital letter in front and a stop behind; the words stay the customer's own."""
    first = text.split(maxsplit=1)[0]
    if first.islower() and first[0].isalpha() and "@" not in first:
        text = text[0].upper() + text[1:]
    text = text.rstrip(",;")
    return text if re.search(r"[.!?…:。！？؟][\"')»]?$", text) else f"{text}."
