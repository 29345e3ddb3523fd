"""`check`: every file and every reference, all problems in one go, each with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labeltool.commands.check import CheckReport, check
from labeltool.errors import UsageError
from labeltool.store import baselines
from tests.rules.test_baseline import baseline
from tests.small_repo import NOW, Repo

CASES = "datasets/mails/cases/golden"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Files only: check needs no git."""
    return Repo(tmp_path / "evals")


def report(repo: Repo, *only: str) -> CheckReport:
    return check(repo.root, now=NOW, only=only)


def errors(repo: Repo, *only: str) -> list[str]:
    return [str(one) for one in report(repo, *only).problems if one.level == "error"]


def warnings(repo: Repo) -> list[str]:
    return [str(one) for one in report(repo).problems if one.level == "warning"]


def test_a_sound_workspace_has_no_error(repo: Repo) -> None:
    found = report(repo)
    assert found.errors == 0
    assert found.files == 7
    assert found.shares == {"mail@2": {"tone": 0.5, "facts": 0.25, "short": 0.25}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: a\ntier: golden\ninput: [\n", "a.yaml:"),
        (
            "id: a\nid: a\ntier: golden\ninput: x\n",
            "a.yaml:2: id: the key 'id' stands here a second",
        ),
        ("id: a\ntier: golden\ninput: x\ninptu: y\n", "a.yaml:4: inptu: unknown field 'inptu'"),
        ("id: a\ntier: golden\n", "a.yaml: input: is missing"),
        ("id: b\ntier: golden\ninput: x\n", "a.yaml:1: id: says 'b', its path says 'a'"),
        ("id: a\ntier: regression\ninput: x\n", "a.yaml:2: tier: says 'regression'"),
        ("id: ../a\ntier: golden\ninput: x\n", "a.yaml:1: id: '../a' is not a legal id"),
        ("id: a\ntier: golden\ninput: 0123\n", "a.yaml:3: input: "),
        ("id: a\ntier: golden\ninput: !!python/object/apply:os.system [x]\n", "a.yaml:3: "),
        ("id: a\n<<<<<<< HEAD\n", "a.yaml:2: "),
        ("", "a.yaml"),
    ],
)
def test_a_bad_file_is_named_with_line_and_field(repo: Repo, text: str, told: str) -> None:
    repo.write(f"{CASES}/a.yaml", text)
    (found,) = errors(repo)
    assert found.startswith(f"{CASES}/{told}")


def test_all_problems_come_in_one_go(repo: Repo) -> None:
    repo.write("labeltool.yaml", "dataset: nope\n")
    repo.write("rubrics/broken.yaml", "name: [\n")
    repo.write(f"{CASES}/a.yaml", "id: a\n")
    repo.write("datasets/mails/outputs/v1/gone.yaml", "case: gone\nsystem: v1\noutput: x\n")
    told = errors(repo)
    assert len(told) == 5
    assert "labeltool.yaml:1: dataset: there is no dataset nope" in told
    assert "datasets/mails/outputs/v1/gone.yaml:1: case: there is no case gone" in told


def test_broken_settings_do_not_hide_the_rest(repo: Repo) -> None:
    repo.write("labeltool.yaml", "datset: mails\n")
    repo.write(f"{CASES}/a.yaml", "id: a\n")
    assert [line.partition(":")[0] for line in errors(repo)] == [
        f"{CASES}/a.yaml",
        f"{CASES}/a.yaml",
        "labeltool.yaml",
    ]


def test_settings_that_point_nowhere(repo: Repo) -> None:
    repo.write("there.py", "")
    repo.write(
        "labeltool.yaml",
        """\
dataset: nope
systems:
  api: {kind: openai, model: m, prompt: p.md}
  fun: {kind: python, call: "f.py:go"}
  fine: {kind: python, call: "there.py:go"}
  module: {kind: python, call: "package.module:go"}
judges:
  j: {kind: openai, model: m, template: t.md, examples: [one, zz]}
  k: {kind: openai, model: m, template: {mail: u.md, letter: there.py}}
""",
    )
    assert errors(repo) == [
        "labeltool.yaml:1: dataset: there is no dataset nope",
        "labeltool.yaml:8: judges.j.examples.1: there is no case zz",
        "labeltool.yaml:9: judges.k.template.letter: there is no rubric letter",
    ]
    # What cannot run yet stops nothing else: a warning.
    assert [one for one in warnings(repo) if "there is no file" in one] == [
        "labeltool.yaml:3: systems.api.prompt: there is no file p.md",
        "labeltool.yaml:4: systems.fun.call: there is no file f.py",
        "labeltool.yaml:8: judges.j.template: there is no file t.md",
        "labeltool.yaml:9: judges.k.template.mail: there is no file u.md",
    ]


def test_a_score_outside_the_scale_is_named_at_its_line(repo: Repo) -> None:
    repo.write(
        "datasets/mails/labels/ann/v1/one.yaml",
        "case: one\nsystem: v1\nannotator: ann\nrubric: mail@2\nscores:\n  facts: 1\n  tone: 7\n",
    )
    (found,) = errors(repo)
    assert found == ("datasets/mails/labels/ann/v1/one.yaml:7: scores.tone: 7 is outside the scale")


def test_links_and_devices_are_refused_not_followed(repo: Repo) -> None:
    repo.write("elsewhere.yaml", "id: a\ntier: golden\ninput: x\n")
    (repo.root / CASES / "a.yaml").symlink_to(repo.root / "elsewhere.yaml")
    (repo.root / "datasets/other").symlink_to(repo.root / "datasets/mails")
    os.mkfifo(repo.root / CASES / "b.yaml")
    assert errors(repo) == [
        f"{CASES}/a.yaml: is a symbolic link, which is not followed",
        f"{CASES}/b.yaml: is a fifo, which is not followed",
        "datasets/other: is a symbolic link, which is not followed",
    ]


@pytest.mark.parametrize(
    ("path", "told", "hint"),
    [
        ("cases/goldn/a.yaml", "there is no tier 'goldn'", "did you mean golden?"),
        ("cases/a.yaml", "a case stands in the folder of its tier", "tiers: golden"),
        ("cases/golden/a.yml", "nothing reads .yml", "rename it: a.yaml"),
        ("cases/golden/A b.yaml", "'A b' is not a legal id", "ids: a-z"),
        ("labels/ann/one.yaml", "no file belongs here", "the layout"),
        ("lables/ann/v1/one.yaml", "nothing reads 'lables'", "did you mean labels?"),
        ("datset.yaml", "nothing reads 'datset.yaml'", "did you mean dataset.yaml?"),
        ("rounds/first.yaml", "no file belongs here", "the layout"),
    ],
)
def test_a_file_under_a_wrong_name_is_named(repo: Repo, path: str, told: str, hint: str) -> None:
    repo.write(f"datasets/mails/{path}", "x: 1\n")
    (problem,) = (one for one in report(repo).problems if one.level == "error")
    assert str(problem) == f"datasets/mails/{path}: {told}"
    assert (problem.hint or "").startswith(hint)


def test_code_prompts_and_notes_of_the_project_are_let_be(repo: Repo) -> None:
    before = len(report(repo).problems)
    for path in ("lead.py", "README.md", "prompts/one.yaml", "cases/README.md", ".DS_Store"):
        repo.write(f"datasets/mails/{path}", "")
    assert len(report(repo).problems) == before


def test_a_stray_file_among_ours_is_doubted(repo: Repo) -> None:
    repo.write(f"{CASES}/one.yaml~", "")
    assert f"{CASES}/one.yaml~: nothing reads this file" in warnings(repo)


def test_names_that_collide_or_that_windows_keeps(repo: Repo) -> None:
    repo.write(f"{CASES}/ONE.yaml", "id: ONE\ntier: golden\ninput: x\n")
    repo.write(f"{CASES}/aux.yaml", "id: aux\ntier: golden\ninput: x\n")
    told = errors(repo)
    assert any("is the same name as" in line for line in told)
    assert f"{CASES}/aux.yaml: aux.yaml is a name that Windows keeps for a device" in told


def test_a_dataset_without_its_file_is_named(repo: Repo) -> None:
    repo.write("datasets/new/cases/golden/a.yaml", "id: a\ntier: golden\ninput: x\n")
    assert "datasets/new/dataset.yaml: is missing" in errors(repo)


def test_a_rubric_is_called_like_its_file(repo: Repo) -> None:
    repo.write("rubrics/letter.yaml", repo.read("rubrics/mail.yaml"))
    assert errors(repo) == [
        "rubrics/letter.yaml:1: name: the file is called letter, the rubric mail"
    ]


def test_a_check_that_cannot_decide_is_named(repo: Repo) -> None:
    repo.write(
        f"{CASES}/a.yaml",
        "id: a\ntier: golden\ninput: x\nchecks:\n"
        "  - {kind: max_words, value: few}\n  - {kind: equals}\n",
    )
    told = errors(repo)
    assert told[0].startswith(f"{CASES}/a.yaml:5: checks.0.value: max_words: the value")
    assert told[1].startswith(f"{CASES}/a.yaml:6: checks.1")


def test_a_counterexample_that_passes_every_check_proves_nothing(repo: Repo) -> None:
    repo.write(
        f"{CASES}/a.yaml",
        "id: a\ntier: golden\ninput: x\nchecks: [{kind: contains, value: sorry}]\n"
        "counterexamples:\n  - So sorry!\n  - Go away.\n",
    )
    (found,) = (line for line in warnings(repo) if "counterexamples" in line)
    assert found.startswith(f"{CASES}/a.yaml:6: counterexamples.0: passes every check")


def test_a_counterexample_without_checks_is_the_judges(repo: Repo) -> None:
    repo.write(f"{CASES}/a.yaml", "id: a\ntier: golden\ninput: x\ncounterexamples: [Go away.]\n")
    assert not any("counterexamples" in line for line in warnings(repo))


def test_a_counterexample_may_fail_the_rubrics_own_check(repo: Repo) -> None:
    repo.write(
        f"{CASES}/a.yaml",
        "id: a\ntier: golden\ninput: x\nchecks: [{kind: contains, value: sorry}]\n"
        f"counterexamples: [{'sorry ' * 12}]\n",
    )
    assert not any("counterexamples" in line for line in warnings(repo))


def test_with_paths_only_they_are_reported_but_all_is_read(repo: Repo) -> None:
    repo.write(f"{CASES}/a.yaml", "id: a\n")
    label = "datasets/mails/labels/ann/v1/nine.yaml"
    repo.write(label, "case: nine\nsystem: v1\nannotator: ann\nrubric: mail@2\nscores: {tone: 1}\n")
    assert errors(repo, label) == [f"{label}:1: case: v1 has no output for the case nine"]
    assert [line.partition(":")[0] for line in errors(repo, CASES)] == [f"{CASES}/a.yaml"] * 2
    assert errors(repo, f"{CASES}/one.yaml") == []
    assert report(repo, label).files == 1
    with pytest.raises(UsageError, match=r"there is no nowhere\.yaml"):
        report(repo, "nowhere.yaml")


def test_a_baseline_is_what_bless_wrote(repo: Repo) -> None:
    path = "datasets/mails/baselines/v1.json"
    repo.write(path, '{"a": NaN}')
    (first,) = errors(repo)
    assert first.startswith(f"{path}: run_id: is no labeltool/baseline@1 document")
    repo.write(path, baselines.encode(baseline()).decode())
    assert errors(repo) == [f"{path}: is of lead on mails, its path says v1 on mails"]
    (repo.root / path).rename(repo.root / "datasets/mails/baselines/lead.json")
    assert errors(repo) == []
