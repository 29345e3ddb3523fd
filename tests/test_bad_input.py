"""Whatever is wrong, the real command says it in one line with the next step and the right exit
code, and nothing is lost or half-written.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.small_repo import Repo

CASE = "datasets/mails/cases/golden/one.yaml"
LABEL = "datasets/mails/labels/ann/v1/one.yaml"
SCORES = ("--set", "tone=2", "--set", "facts=1")
# A process that owns everything is refused nothing unless it lays this right down.
CAPABILITIES = "-dac_override,-dac_read_search"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Repo.committed(tmp_path_factory.mktemp("bad") / "repo").root


@pytest.fixture
def repo(template: Path, tmp_path: Path) -> Repo:
    shutil.copytree(template, tmp_path / "repo")
    return Repo(tmp_path / "repo", files={})


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """What stderr said: what is wrong in one line, and below it, indented, what to do."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    line, hint = done.stderr.splitlines()[:2]
    assert line.strip()
    assert hint.startswith("  ")
    return done.stderr


@contextmanager
def nothing_written(repo: Repo) -> Iterator[None]:
    """What is in git, in the files and beside the repository is the same afterwards."""

    def everything() -> tuple[str, str, list[str]]:
        beside = sorted(path.name for path in repo.root.parent.iterdir())
        return repo.git("rev-parse", "HEAD"), repo.git("status", "--porcelain", "-uall"), beside

    before = everything()
    yield
    assert everything() == before
    assert temporary(repo) == []


def temporary(repo: Repo) -> list[Path]:
    return [path for path in (repo.root / "datasets").rglob(".*") if path.is_file()]


BROKEN = {
    "an open quote": ('id: one\ntier: golden\ninput: "Where\n', ":4: input"),
    "a key twice": ("id: one\ntier: golden\ninput: a\ninput: b\n", ":4: input"),
    "an unknown field": ("id: one\ntier: golden\ninput: a\nexpectd: b\n", ":4: expectd"),
    "an id that climbs": ("id: ../one\ntier: golden\ninput: a\n", ":1: id"),
    "an anchor": ("id: one\ntier: golden\ninput: &a b\n", ":3"),
    "a conflict": ("id: one\n<<<<<<< HEAD\ntier: golden\n=======\n>>>>>>> x\ninput: a\n", ":2"),
    "another tier": ("id: one\ntier: goldn\ninput: a\n", ":2: tier"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_case_is_named_by_file_line_and_field(repo: Repo, name: str) -> None:
    text, place = BROKEN[name]
    repo.write(CASE, text)
    with nothing_written(repo):
        for args in (["check"], ["run", "--system", "v1"]):
            assert f"{CASE}{place}" in refused(repo.labeltool(*args), 3)
        assert not (repo.root / "eval_results.json").exists()


def test_a_score_off_its_scale_is_refused_in_words_and_in_files(repo: Repo) -> None:
    with nothing_written(repo):
        said = refused(repo.labeltool("label", "one", "--system", "v1", "--set", "tone=9"), 2)
        assert "0 to 2" in said
    assert repo.labeltool("label", "one", "--system", "v1", *SCORES).returncode == 0
    repo.write(LABEL, repo.read(LABEL).replace("tone: 2", "tone: 9"))
    with nothing_written(repo):
        said = "scores.tone: 9 is outside the scale"
        assert f"{LABEL}:7: {said}" in refused(repo.labeltool("check"), 3)
        human = repo.labeltool("run", "--system", "v1", "--scores", "human")
        assert f"{LABEL}: {said}" in refused(human, 3)


@pytest.mark.parametrize(
    "args",
    [
        ("label", "../golden/one", "--system", "v1", *SCORES),
        ("verify", "../golden/one"),
        ("history", "../golden/one"),
        ("run", "--system", "v1", "--case", "../../../secret"),
        ("run", "--system", "../cases"),
        ("run", "--system", "v1", "--record", "../x"),
        ("run", "--dataset", "../mails"),
        ("label", "one", "--system", "v1", "--annotator", "../bob", *SCORES),
    ],
)
def test_a_name_that_climbs_out_is_no_name(repo: Repo, args: Sequence[str]) -> None:
    with nothing_written(repo):
        refused(repo.labeltool(*args), 2)


def test_an_imported_id_that_climbs_is_made_legal_and_stays_inside(repo: Repo) -> None:
    rows = repo.root.parent / "rows.jsonl"
    rows.write_text(json.dumps({"id": "../../evil", "input": "x"}) + "\n")
    done = repo.labeltool("import", str(rows), "--as", "cases", "--tier", "golden")
    assert done.returncode == 0
    assert repo.git("show", "--name-only", "--format=").split() == [
        "datasets/mails/cases/golden/evil.yaml"
    ]


def test_one_bad_row_keeps_all_others_out(repo: Repo) -> None:
    rows = repo.root.parent / "rows.jsonl"
    rows.write_text('{"id": "a", "input": "x"}\n{"id": "b"}\n')
    with nothing_written(repo):
        said = refused(repo.labeltool("import", str(rows), "--as", "cases", "--tier", "golden"), 3)
        assert f"{rows}:2" in said


def test_a_linked_case_is_not_followed(repo: Repo) -> None:
    outside = repo.root.parent / "outside.yaml"
    (repo.root / CASE).rename(outside)
    (repo.root / CASE).symlink_to(outside)
    before = outside.read_bytes()
    for args in (["check"], ["run", "--system", "v1"], ["label", "one", "--system", "v1", *SCORES]):
        said = refused(repo.labeltool(*args), 3)
        assert f"{CASE}: " in said
        assert "is a symbolic link, which is not followed" in said
    assert outside.read_bytes() == before


def test_a_linked_folder_takes_no_label(repo: Repo) -> None:
    outside = repo.root.parent / "outside"
    outside.mkdir()
    (repo.root / "datasets/mails/labels").symlink_to(outside)
    with nothing_written(repo):
        refused(repo.labeltool("label", "one", "--system", "v1", *SCORES), 3)
        refused(repo.labeltool("check"), 3)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--tier", "adversarial"), 3, "tier adversarial has no case"),
        (("--tier", "goldn"), 2, "did you mean golden?"),
        (("--system", "v2"), 2, "no system is named 'v2'"),
        (("--case", "on"), 2, "no case is named 'on'"),
        (("--tag", "angry"), 2, "no tag is named 'angry'"),
        (("--judge", "strong"), 2, "no judge is named 'strong'"),
        (("--threshold", "2"), 2, "0<=x<=1"),
    ],
)
def test_a_run_of_nothing_or_of_the_wrong_thing_is_never_green(
    repo: Repo, args: Sequence[str], code: int, said: str
) -> None:
    with nothing_written(repo):
        assert said in refused(repo.labeltool("run", "--system", "v1", *args), code)
    assert not (repo.root / "eval_results.json").exists()


VERBS = ("run", "check", "history", "undo", "verify x", "label", "label x --skip")


@pytest.mark.parametrize("verb", VERBS)
def test_a_folder_without_settings(verb: str, tmp_path: Path) -> None:
    empty = Repo(tmp_path / "empty", files={})
    assert "labeltool init" in refused(empty.labeltool(*verb.split()), 4)


def test_outside_git_decisions_are_refused_and_checks_go_on(repo: Repo, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "a", "input": "x"}\n')
    shutil.rmtree(repo.root / ".git")
    for args in (
        ["label", "one", "--system", "v1", *SCORES],
        ["verify", "one"],
        ["import", str(rows), "--as", "cases", "--tier", "golden"],
    ):
        assert "not in a git repository" in refused(repo.labeltool(*args), 4)
    assert not (repo.root / "datasets/mails/labels").exists()
    assert repo.labeltool("check").returncode == 0
    assert repo.labeltool("run", "--system", "v1").returncode in (0, 1)


def test_without_an_identity_a_label_is_kept_and_committed_later(repo: Repo) -> None:
    repo.forget_me()
    with nothing_written(repo):
        said = refused(repo.labeltool("label", "one", "--system", "v1", *SCORES), 4)
        assert "git config user.name" in said
    said = refused(
        repo.labeltool("label", "one", "--system", "v1", "--annotator", "ann", *SCORES), 4
    )
    line, *hint = said.splitlines()
    assert line == "saved, not committed: git does not know who you are"
    assert [one.split()[:3] for one in hint] == [
        ["git", "config", "user.name"],
        ["git", "config", "user.email"],
    ]
    assert all(one.startswith("  git ") for one in hint)
    assert_saved_then_committed(Repo(repo.root, files={}))


def test_a_merge_in_progress_keeps_the_label_and_is_named(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "other")
    repo.write(CASE, repo.read(CASE).replace("parcel", "letter"))
    repo.git("commit", "-qam", "other")
    repo.git("checkout", "-q", "main")
    repo.write(CASE, repo.read(CASE).replace("parcel", "box"))
    repo.git("commit", "-qam", "mine")
    subprocess.run(["git", "merge", "-q", "other"], cwd=repo.root, env=repo.env)
    assert f"{CASE}:4" in refused(repo.labeltool("check"), 3)
    said = refused(repo.labeltool("label", "two", "--system", "v1", *SCORES), 4)
    assert said.startswith("saved, not committed: a merge is in progress\n")
    repo.git("checkout", "-q", "--theirs", CASE)
    repo.git("commit", "-qam", "merged")
    assert_saved_then_committed(repo, case="two")
    assert len(repo.git("log", "--merges", "--format=%H").split()) == 1


def test_on_no_branch_a_label_waits_for_one(repo: Repo) -> None:
    repo.git("checkout", "-q", "--detach")
    said = refused(repo.labeltool("label", "one", "--system", "v1", *SCORES), 4)
    assert said.startswith("saved, not committed: HEAD is on no branch")
    assert "git switch" in said
    repo.git("switch", "-q", "main")
    assert_saved_then_committed(repo)


def assert_saved_then_committed(repo: Repo, case: str = "one") -> None:
    path = LABEL.replace("one", case)
    assert (repo.root / path).exists()
    assert repo.git("ls-tree", "-r", "--name-only", "HEAD", path) == ""
    done = repo.labeltool("verify", "two")
    assert done.returncode == 0, done.stderr
    assert repo.git("show", f"HEAD:{path}") == repo.read(path)
    assert repo.git("status", "--porcelain") == ""


def test_a_read_only_folder_takes_nothing_in_part(repo: Repo) -> None:
    rows = repo.root.parent / "rows.jsonl"
    rows.write_text('{"id": "a", "input": "x"}\n{"id": "b", "input": "y"}\n')
    folders = [path for path in (repo.root / "datasets").rglob("*") if path.is_dir()]
    with nothing_written(repo):
        for folder in [repo.root / "datasets/mails", *folders]:
            folder.chmod(0o555)
        try:
            for args in (
                ["label", "one", "--system", "v1", *SCORES],
                ["verify", "one"],
                ["import", str(rows), "--as", "cases", "--tier", "golden"],
            ):
                assert "Permission denied" in refused(unprivileged(repo, args), 4)
        finally:
            for folder in [repo.root / "datasets/mails", *folders]:
                folder.chmod(0o755)
    assert repo.labeltool("verify", "one").returncode == 0
    assert repo.git("status", "--porcelain") == ""


def test_init_in_a_read_only_folder_leaves_it_as_it_is(tmp_path: Path) -> None:
    closed = Repo(tmp_path / "closed", files={})
    closed.root.chmod(0o555)
    assert "cannot be written to" in refused(unprivileged(closed, ["init"]), 4)
    assert list(closed.root.iterdir()) == []
    closed.root.chmod(0o755)


def unprivileged(repo: Repo, args: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "labeltool", *args]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root is refused nothing, and there is no setpriv")
        drop = [setpriv, f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}"]
        command = [*drop, *command]
    return subprocess.run(command, cwd=repo.root, env=repo.env, capture_output=True, text=True)


MANY = 80


@pytest.fixture(scope="session")
def large(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repo with many outputs to label, and their labels as rows beside it."""
    base = tmp_path_factory.mktemp("large")
    shutil.copytree(template, base / "repo")
    repo = Repo(base / "repo", files={})
    rows: list[str] = []
    for number in range(MANY):
        id = f"c{number:03d}"
        repo.write(f"datasets/mails/cases/golden/{id}.yaml", f"id: {id}\ntier: golden\ninput: x\n")
        repo.write(f"datasets/mails/outputs/v1/{id}.yaml", f"case: {id}\nsystem: v1\noutput: y\n")
        for annotator in ("ann", "bob"):
            scores = {"tone": number % 3, "facts": number % 2}
            row = {"case": id, "system": "v1", "annotator": annotator, "scores": scores}
            rows.append(json.dumps(row) + "\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "many outputs")
    (base / "labels.jsonl").write_text("".join(rows))
    return base


@pytest.mark.parametrize(
    ("when", "next_verb"),
    [
        ("a first file is written", "import ROWS --as labels"),
        ("a first file is in place", "verify one"),
        ("a first file is in place", "undo"),
    ],
)
def test_an_import_killed_midway_is_whole_or_absent_after_the_next_verb(
    large: Path, tmp_path: Path, when: str, next_verb: str
) -> None:
    shutil.copytree(large, tmp_path / "base")
    repo = Repo(tmp_path / "base/repo", files={})
    rows = str(tmp_path / "base/labels.jsonl")
    pattern = ".*" if when == "a first file is written" else "[!.]*.yaml"
    labels = repo.root / "datasets/mails/labels"
    killed = subprocess.Popen(
        [sys.executable, "-m", "labeltool", "import", rows, "--as", "labels"],
        cwd=repo.root,
        env=repo.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while killed.poll() is None and not any(labels.rglob(pattern)):
        pass
    if killed.poll() is None:
        os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()

    done = repo.labeltool(*(rows if part == "ROWS" else part for part in next_verb.split()))
    assert done.returncode == 0, done.stderr
    assert temporary(repo) == []
    assert repo.git("status", "--porcelain") == ""
    found = repo.git("ls-tree", "-r", "--name-only", "HEAD", "datasets/mails/labels").split()
    assert len(found) == (0 if next_verb == "undo" else 2 * MANY)
