"""What the fields of each file mean, in words; `files.py` draws the page from these and the models.

By the name of the model: `"#"` heads its table, `""` is a sentence above it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from docs.file_examples import EXAMPLES
from labeltool.config import Settings
from labeltool.model.baseline import BaselineFile
from labeltool.model.calibration import Calibration
from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.drift import DriftPoint
from labeltool.model.label import Label, Preference
from labeltool.model.output import Output
from labeltool.model.record import Draft, Triage
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric


@dataclass(frozen=True, slots=True)
class File:
    """One kind of file, and the model that reads it."""

    title: str
    path: str
    about: str
    noun: type[BaseModel]
    language: str = "yaml"

    @property
    def example(self) -> str:
        return EXAMPLES[self.noun.__name__]


HEAD = """\
# Files

Every decision is one small file. This page is drawn from the models that read them, so it says what
the code takes.

- What is left out is empty, null or the default shown; **needed** may not be left out.
- Any YAML style is read, strictly: fields that are not here, duplicate keys, anchors, aliases and
  tags are errors with file, line and field. Where text is wanted, quote what looks like a number.
- An **id** matches `[a-z0-9][a-z0-9._-]{0,127}` and does not end in a dot. A **time** is ISO 8601
  text, a date or a moment.
- `input_hash` and `output_hash` are the first 12 hex digits of sha256 over the UTF-8 of the text;
  of messages, over their canonical JSON. A human score belongs to that very text.
- Nothing here is a manifest or an index: counts and states are derived from the files.
- `.labeltool/` holds runs and caches, is ignored by git, and may be deleted at any time."""

D = "datasets/<dataset>"
PAGES = (
    File(
        "Settings",
        "labeltool.yaml",
        "Systems, judges, people. Secrets stay in the environment; this file holds the names of "
        "their variables.",
        Settings,
    ),
    File(
        "Rubric",
        "rubrics/<rubric>.yaml",
        "What good means. Amend it with `labeltool rubric amend`; older versions come out of git.",
        Rubric,
    ),
    File(
        "Dataset",
        f"{D}/dataset.yaml",
        "Which rubric, which system when none is said, and the gates of the tiers.",
        Dataset,
    ),
    File(
        "Case",
        f"{D}/cases/<tier>/<case>.yaml",
        "One input with what a good answer must hold. An id is unique over the tiers of its "
        "dataset.",
        Case,
    ),
    File(
        "Output",
        f"{D}/outputs/<system>/<case>.yaml",
        "A recorded output; the folder makes `<system>` a snapshot. A snapshot never changes: "
        "another text at a path that exists is refused.",
        Output,
    ),
    File(
        "Label",
        f"{D}/labels/<annotator>/<system>/<case>.yaml",
        "One person's scores of one recorded output.",
        Label,
    ),
    File(
        "Resolution",
        f"{D}/resolutions/<system>/<case>.yaml",
        "What was settled where people disagreed. Criterion by criterion it is stale once the "
        "criterion was amended, the input or output changed, or a score that it settled changed.",
        Resolution,
    ),
    File(
        "Preference",
        f"{D}/preferences/<annotator>/<a>-vs-<b>/<case>.yaml",
        "One person's choice between two outputs; the names of the pair are sorted.",
        Preference,
    ),
    File(
        "Round",
        f"{D}/rounds/<number>.yaml",
        "One pass of blind labelling of the same outputs.",
        Round,
    ),
    File(
        "Calibration",
        f"{D}/calibrations/<judge>.yaml",
        "A judge against people; written by `labeltool calibrate` only. [When to trust a judge]"
        "(trust.md) says what the figures are.",
        Calibration,
    ),
    File(
        "Baseline",
        f"{D}/baselines/<system>.json",
        "What a system was worth when somebody blessed a run; written by `labeltool bless` only, "
        "one case a line, without texts.",
        BaselineFile,
        "json",
    ),
    File(
        "Draft",
        f"{D}/inbox/<id>.yaml",
        "A case that no person has accepted yet. Its id is made of its input.",
        Draft,
    ),
    File(
        "Triage",
        f"{D}/triage/<cluster>.yaml",
        "Whether a cluster of production, or a draft of that id, is in scope.",
        Triage,
    ),
    File(
        "Drift",
        f"{D}/drift/<date>.yaml",
        "A day's numbers of production against the eval set, without texts; written by "
        "`labeltool drift --record` only. [What they are](drift.md).",
        DriftPoint,
    ),
)

_TIMEOUT = "How long a call may take, retries and all."
_PRICE = "What it costs, for `--max-cost` and `compare`."
_PARAMS = "Sent as they are: `{temperature: 0}`."
_BASE = "The server. Default: OpenAI's, or `OPENAI_BASE_URL`."
_KEY = "The variable that holds the key, never the key."
_BY = "Who."
_WHEN = "When."
_NOTE = "A note for people."

WORDS: dict[str, dict[str, str]] = {
    "Settings": {
        "#": "Settings",
        "dataset": "The dataset of verbs that name none; where there is only one, that.",
        "annotators": "People, each with the git e-mails that are theirs. Left out: anybody.",
        "systems": "What is under test. A folder of outputs is a system without a line here.",
        "judges": "Who scores by machine; `default` where a verb names none, else the first.",
        "compare": "The decision matrix.",
        "branches": "Where decisions go.",
        "promote": "What of production becomes a draft.",
        "spot_check": "How many outputs a run that gates asks people to label by hand.",
        "embeddings": "How texts become vectors, for near duplicates and drift.",
    },
    "PythonSystem": {
        "#": "A system of kind python",
        "": "Called in this process with `{id, input, context, vars, tags}`.",
        "kind": "",
        "call": "`path/to/file.py:name` or `module:name`; a function or a class, async or not.",
        "params": "Handed to it as keyword arguments.",
        "timeout_s": _TIMEOUT,
        "price": _PRICE,
    },
    "OpenAISystem": {
        "#": "A system of kind openai",
        "": "Any server that speaks OpenAI's chat completions.",
        "kind": "",
        "model": "As the server calls it.",
        "prompt": "A file: text is one user message, YAML a list of `{role, content}`; jinja2.",
        "base_url": _BASE,
        "api_key_env": _KEY,
        "params": _PARAMS,
        "timeout_s": _TIMEOUT,
        "price": _PRICE,
    },
    "CommandSystem": {
        "#": "A system of kind command",
        "": "Gets the case as JSON on stdin, answers `{output, context?, usage?}` on stdout.",
        "kind": "",
        "run": "The program and its arguments; no shell.",
        "env": "Names of the variables that it may see. Left out: all.",
        "timeout_s": _TIMEOUT + " At the end the whole process group is killed.",
        "price": _PRICE,
    },
    "HttpSystem": {
        "#": "A system of kind http",
        "": "Gets the case by POST, answers as a command does.",
        "kind": "",
        "url": "Where. Redirects to another host are not followed.",
        "headers_env": "Header to the variable that holds its value.",
        "timeout_s": _TIMEOUT,
        "price": _PRICE,
    },
    "RecordedSystem": {
        "#": "A system of kind recorded",
        "": "A snapshot: `outputs/<name>/`. The folder alone is enough.",
        "kind": "",
        "price": _PRICE,
    },
    "Price": {
        "#": "A price",
        "": "USD per million tokens.",
        "input": "Of what is asked.",
        "output": "Of what comes back.",
    },
    "ReferenceJudge": {
        "#": "A judge of kind reference",
        "": "Embedded: no key, no network. [What to expect of it](trust.md#what-to-expect-of-it).",
        "kind": "",
    },
    "OpenAIJudge": {
        "#": "A judge of kind openai",
        "": "[A model as the judge](judge.md).",
        "kind": "",
        "model": "As the server calls it.",
        "base_url": _BASE,
        "api_key_env": _KEY,
        "template": "A file for every rubric, or one by rubric. Left out: the built-in one.",
        "per": "One call for an output, or for each criterion of it.",
        "examples": "Cases whose scored outputs it is shown; they count in no calibration.",
        "params": _PARAMS,
        "timeout_s": _TIMEOUT,
        "price": _PRICE,
    },
    "Comparison": {
        "#": "Compare",
        "": "Rows by name: a weight, or a mapping. Rows are tiers, `score:TIER`, `tag:TAG`, "
        "`criterion:ID`, `latency_p95_ms` and `cost_per_1k`.",
        "constraints": "What rules a system out whatever its total: `latency_p95_ms <= 400`.",
    },
    "Weighed": {
        "#": "A weighed row of compare",
        "weight": "Its share of all weights counts.",
        "target": "The value that is worth 1.",
        "limit": "The value that is worth 0; needed with `target` where the row is no rate.",
    },
    "Branches": {
        "#": "Branches",
        "push_default": "Whether `sync` may push the default branch.",
        "prefix": "What a person's own branch begins with.",
    },
    "Promote": {
        "#": "Promote",
        "rules": "What is a failure. [Failures become cases](promote.md#what-is-a-failure).",
        "sources": "Logs by name.",
        "cap": "Drafts of a source and day.",
        "regions": "Countries whose national phone numbers are redacted.",
    },
    "PromoteSource": {
        "#": "A source of promote",
        "kind": "How it is read. Left out: told by how it begins.",
        "path": "Below the workspace.",
        "map": "Field of a record to column; `a.b` reaches inside.",
        "system": "What answered, where the log does not say.",
    },
    "PromoteRule": {
        "#": "A rule of promote",
        "": "All that one rule says must hold; it needs one condition at least.",
        "name": "As the draft cites it.",
        "feedback": "A thumb down.",
        "truncated": "The output was cut off.",
        "invalid_json": "JSON was expected, and is none.",
        "empty": "Nothing came back.",
        "error": "The log says that the call failed.",
        "pattern": "A regular expression that is found, within a time bound.",
        "within": "Where it is looked for.",
        "score_under": "Grader to the mark that its score is below.",
        "sample": "A share of all, the same ids every time.",
        "systems": "Only these.",
        "sources": "Only these.",
        "priority": "The highest speaks, and comes first.",
        "cap": "Drafts of this rule, of a source and day.",
        "tier": "Suggested for the case.",
        "tags": "Given to the case.",
    },
    "StaticEmbeddings": {
        "#": "Embeddings of kind static",
        "": "Embedded: no network, about ten thousand texts a second.",
        "kind": "",
    },
    "MiniLMEmbeddings": {
        "#": "Embeddings of kind minilm",
        "": "Extra `embed`: better at paraphrase, about seventy texts a second, no network.",
        "kind": "",
    },
    "OpenAIEmbeddings": {
        "#": "Embeddings of kind openai",
        "": "Sends the texts to that server.",
        "kind": "",
        "model": "As the server calls it.",
        "base_url": _BASE,
        "api_key_env": _KEY,
        "timeout_s": _TIMEOUT,
    },
    "Rubric": {
        "#": "Rubric",
        "name": "As the file is called.",
        "version": "Goes up by one with each amendment.",
        "task": "What a system is asked to do; judges are told.",
        "pass_mark": "The normalised score at which an output passes.",
        "stable": "What agreement a criterion needs.",
        "criteria": "What is scored, in this order.",
        "changelog": "What each version changed and why.",
    },
    "Criterion": {
        "#": "A criterion",
        "": "At most ten levels; `max` above `min`.",
        "id": "As labels and results name it.",
        "text": "What is asked.",
        "min": "The lowest level.",
        "max": "The highest level.",
        "levels": "What each level means.",
        "kind": "`factual`: against the input and the context; `binary`: yes or no.",
        "grader": "`human`: never by machine. `check` is implied by `check:`.",
        "weight": "Its share in the normalised score, times its span.",
        "pass_at": "The level that counts as met. Left out: `max`.",
        "required": "Below `pass_at` the output fails whatever its total.",
        "tolerance": "Labels this far apart still agree.",
        "na": 'Whether "not applicable" is an answer.',
        "check": "Scored by code: `max` where it passes, else `min`.",
    },
    "Check": {
        "#": "A check",
        "": "| kind | value | passes when |\n|---|---|---|\n"
        "| `max_words`, `min_words`, `max_chars` | a number | it is at most, at least that long |\n"
        "| `contains`, `not_contains` | a text or a list | all, none occur, in any case |\n"
        "| `regex`, `not_regex` | a pattern | it is found, is not, within a time bound |\n"
        "| `equals` | a text; left out: expected | it is that text, or an acceptable answer |\n"
        "| `json_valid`, `json_schema` | nothing; a schema | it is strict JSON, and fits |\n"
        "| `similarity` | 0 to 1 | it is that close to an expected answer |",
        "kind": "What is checked.",
        "value": "As the kind asks.",
        "id": "As results name it. Left out: the kind.",
    },
    "Stable": {
        "#": "Stable",
        "alpha": "Krippendorff's alpha on fresh blind scores.",
        "agreement": "Where there is little variation: the share of equal scores.",
    },
    "Change": {
        "#": "A change",
        "version": "The one it made.",
        "date": _WHEN,
        "changed": "Criteria whose labels are asked again; no others are.",
        "reason": "Why.",
        "cases": "Where it was seen.",
    },
    "Dataset": {
        "#": "Dataset",
        "description": _NOTE,
        "rubric": "The name of its rubric.",
        "system": "What `run`, `label` and `round` take when none is said.",
        "gates": "By tier; a tier without one runs and is only reported.",
    },
    "Gate": {
        "#": "A gate",
        "threshold": "What the metric must reach.",
        "rule": "`confident`: the whole interval must clear the threshold.",
        "metric": "`corrected_pass_rate`: as the judge's calibration corrects it.",
        "min_cases": "Fewer than so many are incomplete.",
        "max_error_rate": "More errors than this share are incomplete.",
        "untrusted": "Criteria whose judge is not trusted: count, drop them, or block the run.",
        "inconclusive": "What the confident rule makes of an interval that holds the threshold.",
        "verified_only": "Only cases that a person has verified.",
    },
    "Case": {
        "#": "Case",
        "id": "As the file is called.",
        "tier": "As the folder is called.",
        "input": "What is asked: a text, or messages.",
        "expected": "An acceptable answer, or several.",
        "context": "Documents that the answer may rest on.",
        "vars": "For the prompt.",
        "checks": "All must pass, beside the rubric and outside its score.",
        "counterexamples": "Answers that must not come again; `check` tries the checks on them.",
        "rubric_version": "The version it was written or verified under.",
        "tags": "For filters, `--tag` and `compare`.",
        "notes": _NOTE,
        "status": "`open`: a bug not fixed yet, does not gate. `quarantined`: sits out `until`.",
        "until": "When a quarantine ends.",
        "status_reason": "Why it is not active.",
        "verified": "Written by `verify`; an edit of input or expected voids it.",
        "source": "Where it came from.",
    },
    "Message": {
        "#": "A message",
        "role": "`system`, `user`, `assistant`, `tool`.",
        "content": "Its text.",
        "tool_calls": "As the API has them.",
    },
    "Document": {"#": "A document", "id": "To cite it by.", "text": "What it says."},
    "Verified": {
        "#": "Verified",
        "by": _BY,
        "at": _WHEN,
        "hash": "Of input and expected, as they were read.",
    },
    "Source": {
        "#": "A source of a case",
        "kind": "What brought it.",
        "ref": "Its id there.",
        "date": _WHEN,
        "link": "Where to read it.",
        "redactions": "What was taken out: kind, placeholder, times.",
        "seen": "How many records say it.",
        "also": "References of the other records.",
    },
    "Output": {
        "#": "Output",
        "case": "Of which case.",
        "system": "The snapshot: as the folder is called.",
        "of": "The live system that made it.",
        "fingerprint": "Of that system: model, prompt, parameters, code.",
        "output": "The text.",
        "context": "Documents that the system looked up.",
        "finish_reason": "As the model said.",
        "usage": "Tokens.",
        "latency_ms": "Of the live call.",
        "recorded_at": _WHEN,
        "judged": "What a judge said of it in the run it was taken from.",
    },
    "Judged": {
        "#": "What a judge said of an output",
        "judge": "As the settings call it.",
        "fingerprint": "Of judge and template.",
        "rubric": "The version it judged by.",
        "scores": "By criterion.",
    },
    "Usage": {
        "#": "Usage",
        "": "Other fields are left out, and no error.",
        "input_tokens": "Asked.",
        "output_tokens": "Answered.",
    },
    "Label": {
        "#": "Label",
        "case": "Of which case.",
        "system": "Of which snapshot.",
        "annotator": "As the folder is called.",
        "rubric": "The version it was given under.",
        "input_hash": "Of the input that was read.",
        "output_hash": "Of the output that was read.",
        "scores": "By criterion; not of those that a check settles.",
        "status": "`skipped`: answered, without scores.",
        "confidence": "How sure.",
        "flag": "Something to discuss.",
        "notes": _NOTE,
        "round": "The round it was given in.",
        "after_judge": "The judge's score was on screen before; counts in no calibration.",
        "labeled_at": _WHEN,
        "seconds": "How long the output was looked at.",
    },
    "Resolution": {
        "#": "Resolution",
        "case": "Of which case.",
        "system": "Of which snapshot.",
        "rubric": "The version it was settled under.",
        "input_hash": "Of the input.",
        "output_hash": "Of the output.",
        "scores": "What is right, by criterion.",
        "settles": "What each annotator had said.",
        "resolver": _BY,
        "because": "Why people differed.",
        "note": "What was decided, in words.",
        "resolved_at": _WHEN,
    },
    "Preference": {
        "#": "Preference",
        "case": "Of which case.",
        "a": "The first of the sorted pair.",
        "b": "The second.",
        "annotator": "As the folder is called.",
        "choice": "Which output is better.",
        "input_hash": "Of the input.",
        "output_hash_a": "Of a's output.",
        "output_hash_b": "Of b's output.",
        "status": "`skipped`: answered, without a choice.",
        "unblind": "The systems' names were shown before the choice.",
        "confidence": "How sure.",
        "notes": _NOTE,
        "labeled_at": _WHEN,
        "seconds": "How long the pair was looked at.",
    },
    "Round": {
        "#": "Round",
        "number": "As the file is called.",
        "rubric": "The version it measures.",
        "system": "The snapshot.",
        "annotators": "Who labels.",
        "outputs": "What they label, the same for all.",
        "seed": "Of the choice.",
        "opened_by": _BY,
        "opened_at": _WHEN,
        "unblinded": "Who was shown others' labels while it was open, and when.",
        "closed": "What closing froze.",
    },
    "RoundOutput": {
        "#": "An output of a round",
        "case": "Of which case.",
        "output_hash": "Of the output.",
        "fresh": "In no round before, labelled by none of these people.",
    },
    "Closed": {
        "#": "Closed",
        "at": _WHEN,
        "agreement": "By criterion, of the first blind scores.",
        "scores": "Those scores: annotator, case, criterion.",
    },
    "Calibration": {
        "#": "Calibration",
        "judge": "As the file is called.",
        "fingerprint": "Of judge and template; another one ends the trust.",
        "rubric": "The version; an amendment ends the trust in what it changed.",
        "sample": "How many outputs, of how many, by which seed.",
        "trusted": "Whether all criteria are.",
        "overall": "The figures of passed and not passed.",
        "criteria": "The figures of each criterion.",
        "probes": "What injected instructions did to its scores.",
        "pairwise": "Against people's choices between two outputs.",
        "fit": "Of the reference judge: its fitted model.",
        "calibrated_by": _BY,
        "calibrated_at": _WHEN,
    },
    "BaselineFile": {
        "#": "Baseline",
        "schema": "Of this file.",
        "run_id": "The run.",
        "created_at": _WHEN,
        "labeltool_version": "That made it.",
        "settings_hash": "Of what shaped it.",
        "git": "The commit.",
        "dataset": "Its name.",
        "rubric": "Its version.",
        "scores": "What gated: checks and judge, or people.",
        "system": "Its name and fingerprint.",
        "judge": "Its name and fingerprint.",
        "blessed_by": _BY,
        "blessed_at": _WHEN,
        "cases": "By case.",
    },
    "BlessedCase": {
        "#": "A case of a baseline",
        "tier": "Its tier.",
        "case_hash": "Of all that can change its result.",
        "passed": "Null where it had no verdict.",
        "score": "Normalised, 0 to 1.",
        "scores": "By criterion.",
        "output_hash": "Of the output.",
    },
    "BlessedJudge": {
        "#": "A judge of a baseline",
        "name": "In the settings.",
        "kind": "`reference` or `openai`.",
        "fingerprint": "Of judge and template.",
    },
    "Draft": {
        "#": "Draft",
        "id": "As the file is called.",
        "tier": "Suggested.",
        "input": "What was asked.",
        "output": "What came back and should not again.",
        "expected": "What should have come back.",
        "context": "Documents.",
        "vars": "For the prompt.",
        "checks": "Suggested.",
        "tags": "Suggested.",
        "notes": _NOTE,
        "system": "What answered.",
        "rule": "The rule that nominated it.",
        "why": "What the rule saw.",
        "priority": "The highest comes first.",
        "seen": "How many records say it.",
        "also": "References of the other records.",
        "near": "Cases and drafts that it is near to: similarity, and how that was found.",
        "origin": "The log.",
        "source": "Where it came from, and what was taken out.",
        "later": "Put off: comes after the others.",
    },
    "Triage": {
        "#": "Triage",
        "cluster": "As the file is called.",
        "scope": "Whether cases of it are wanted.",
        "reason": "Why.",
        "words": "What the cluster is about.",
        "centroid": "Its middle, packed: to know it again.",
        "embedding": "What the middle was computed with.",
        "by": _BY,
        "at": _WHEN,
    },
    "DriftPoint": {
        "#": "Drift",
        "date": "The day of the log's last record; the file is called so.",
        "state": "What was said of it.",
        "log": "What the log was called.",
        "embedding": "What the vectors were computed with.",
        "records": "Records read.",
        "cases": "Cases compared with.",
        "centroid_distance": "1 - cosine of the mean vectors.",
        "threshold": "Over which that alerts.",
        "uncovered": "The share of records that no case is near to.",
        "interval": "Of that share, 95%.",
        "expected": "The share that is to be expected.",
        "feedback_alerts": "Topics whose feedback got worse.",
        "anomaly_alerts": "Faults of outputs that came in a spike.",
        "window": "How wide the windows are.",
        "windows": "The last of them.",
        "clusters": "What was asked that no case is near to.",
        "recorded_at": _WHEN,
    },
    "PastWindow": {
        "#": "A window of drift",
        "window": "When it begins.",
        "records": "Records in it.",
        "centroid_distance": "As above, of the window.",
        "uncovered": "As above, of the window.",
        "over": "Whether a limit is passed; two in a row alert.",
    },
    "PastCluster": {
        "#": "A cluster of drift",
        "id": "Its name, which it keeps.",
        "size": "Records in it.",
        "share": "Of all records.",
        "words": "What tells it from the rest.",
        "centroid": "Its middle, packed: to know it again.",
        "scope": "What was decided of it.",
    },
    "SystemRef": {
        "#": "A system of a baseline",
        "name": "In the settings.",
        "kind": "Its kind.",
        "fingerprint": "Model, prompt, parameters, code.",
    },
    "GitState": {
        "#": "The state of git",
        "commit": "The commit, null outside a repository.",
        "dirty": "Whether files that shape the run were changed.",
        "why": "Why there is no commit.",
    },
}
