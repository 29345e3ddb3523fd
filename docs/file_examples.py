"""One example of each file, as it stands on disk; a test reads each as verbs do."""

from __future__ import annotations

EXAMPLES = {
    "Settings": """\
dataset: support-summaries
annotators: {alice: [alice@example.org], bob: [bob@example.org]}
systems:
  lead: {kind: python, call: "datasets/support-summaries/lead.py:summarise"}
  mini:
    kind: openai
    model: gpt-5-mini
    prompt: prompts/summarise.md
    params: {temperature: 0}
    price: {input: 0.25, output: 2.0}
  app: {kind: command, run: [./bin/summarise]}
  api: {kind: http, url: "http://localhost:8000/summarise"}
judges:
  default: {kind: reference}
  strict: {kind: openai, model: gpt-5, price: {input: 1.25, output: 10.0}}
compare: {golden: 0.5, adversarial: 0.3, latency_p95_ms: {weight: 0.2, target: 200, limit: 1000}}
promote:
  rules:
    - {name: thumbs-down, feedback: negative, priority: 30}
""",
    "Rubric": """\
name: support-summary
version: 2
task: Summarise a customer support ticket for the next agent.
pass_mark: 0.8
criteria:
  - id: action_items
    text: All action items are captured.
    min: 0
    max: 2
    levels: {0: One that matters is missing., 1: A minor one is missing., 2: All are there.}
  - {id: length, text: Under 80 words., max: 1, check: {kind: max_words, value: 79}}
changelog:
  - {version: 2, date: 2026-11-20, changed: [action_items], reason: Deadlines were left out.}
""",
    "Dataset": """\
description: Customer support tickets, summarised for the agent who takes over.
rubric: support-summary
system: lead
gates:
  golden: {threshold: 0.85, rule: confident}
  regression: {threshold: 0.95}
""",
    "Case": """\
id: 0007-late-refund
tier: golden
input: |
  I was charged twice for order 4411 ...
expected: Charged twice for order 4411; wants the second charge refunded by Friday. Angry.
checks:
  - {kind: not_contains, value: has been refunded}
tags: [angry, refund]
verified: {by: alice, at: "2026-11-20", hash: b49e9059afb7}
source: {kind: hand, date: "2026-11-02"}
""",
    "Output": """\
case: 0007-late-refund
system: assistant-nov
of: assistant
output: The customer asks politely about a second charge for order 4411.
finish_reason: stop
recorded_at: "2026-11-16T18:02:13Z"
""",
    "Label": """\
case: 0007-late-refund
system: assistant-nov
annotator: alice
rubric: support-summary@2
input_hash: 824732f75ee5
output_hash: a9fcf9faecf3
scores: {action_items: 2, tone: 0, no_invention: 2}
notes: The customer is angry, the summary is not.
round: 1
labeled_at: "2026-11-17T09:41:12Z"
seconds: 41
""",
    "Resolution": """\
case: 0007-late-refund
system: assistant-nov
rubric: support-summary@1
input_hash: 824732f75ee5
output_hash: a9fcf9faecf3
scores: {tone: 0}
settles:
  alice: {tone: 0}
  bob: {tone: 2}
resolver: alice
because: guideline_gap
note: Version 1 never said whether tone means the summary's manners or the customer's mood.
resolved_at: "2026-11-19T14:31:48Z"
""",
    "Preference": """\
case: 0007-late-refund
a: assistant-nov
b: lead-nov
annotator: alice
choice: b
output_hash_a: a9fcf9faecf3
output_hash_b: 51d0c9a20b7e
labeled_at: "2026-11-23T18:40:00Z"
seconds: 18
""",
    "Round": """\
number: 2
rubric: support-summary@2
system: assistant-nov
annotators: [alice, bob]
outputs:
- {case: 0010-electricity-estimate, output_hash: 480f13467a1d}
- {case: 0007-late-refund, output_hash: a9fcf9faecf3, fresh: false}
seed: 2
opened_by: alice
opened_at: "2026-11-22T09:12:30Z"
""",
    "Calibration": """\
judge: default
fingerprint: reference-1/minilm-l6-static-256@7fee34d3f019
rubric: support-summary@2
sample: {"n": 20, seed: 0, of: 20, stratified: false}
trusted: false
criteria:
  action_items:
    "n": 20
    agreement: 0.5
    interval: [0.299298, 0.700702]
    pass_at: 2
    trusted: false
    reason: 20 human scores, 30 are asked
calibrated_by: alice
calibrated_at: "2026-11-24T03:12:10Z"
""",
    "BaselineFile": """\
{"schema": "labeltool/baseline@1", "run_id": "20261124t031210-0b5aaf",
 "created_at": "2026-11-24T03:12:10Z", "labeltool_version": "0.1.0",
 "settings_hash": "9c1f0e2ab7d4",
 "git": {"commit": "a67bdd4208d40ed729061e8a34b969e8a1ae4c6e", "dirty": false},
 "dataset": "support-summaries", "rubric": "support-summary@2", "scores": "machine",
 "system": {"name": "lead", "kind": "python", "fingerprint": "51d0c9a20b7e"},
 "judge": {"name": "default", "kind": "reference", "fingerprint": "reference-1"},
 "blessed_by": "alice", "blessed_at": "2026-11-24T03:15:00Z",
 "cases": {
  "0007-late-refund": {"tier": "golden", "case_hash": "77ab01c2d3e4", "passed": true, "score": 0.86,
                       "scores": {"action_items": 2, "tone": 1}, "output_hash": "3f2c9a1be0d4"}}}
""",
    "Draft": """\
id: where-is-my-refund-3f2c9a1b
tier: regression
input: Where is my refund? Write to [EMAIL_1a2b].
output: I cannot help with that.
rule: refusal
why: "the output matches (?i)i cannot help"
priority: 20
seen: 4
near:
- {case: 0007-late-refund, similarity: 0.71, how: embedding}
origin: chat
source: {kind: production, ref: chat-20261123-0917, date: "2026-11-23"}
""",
    "DriftPoint": """\
date: "2026-11-20"
state: alert
log: production.jsonl
embedding: minilm-l6-static-256@7fee34d3f019
records: 4120
cases: 62
centroid_distance: 0.031
threshold: 0.15
uncovered: 0.14
interval: [0.13, 0.151]
expected: 0.05
window: 1d
windows:
- {window: "2026-11-19", records: 2054, centroid_distance: 0.029, uncovered: 0.13, over: true}
- {window: "2026-11-20", records: 2066, centroid_distance: 0.033, uncovered: 0.15, over: true}
clusters:
- {id: visa-travel, size: 301, share: 0.073, words: [visa, travel, embassy]}
""",
    "Triage": """\
cluster: where-is-my-refund-3f2c9a1b
scope: out
reason: Payments are answered by another assistant.
by: alice
at: "2026-11-24T03:20:00Z"
""",
}
