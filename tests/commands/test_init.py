"""`init`: a repo that stands on its own at once, and never on top of somebody's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.commands.check import check
from labeltool.commands.context import utc_now
from labeltool.commands.init import Initialised, init
from labeltool.errors import CommitHeld, NotARepository, StorageError, UsageError
from labeltool.store.workspace import Workspace
from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty folder that is no repository, with git knowing who works there."""
    return Repo(tmp_path / "evals", {})


def start(repo: Repo, folder: str = ".", *, example: bool = True) -> Initialised:
    return init(repo.root / folder, example=example, env=repo.env, now=utc_now)


def test_an_empty_folder_becomes_a_repo_with_one_readable_commit(repo: Repo) -> None:
    done = start(repo)
    assert done.made_repository
    assert repo.commits() == 1
    assert repo.subject() == "start an eval repo with an example rubric and dataset"
    assert repo.git("status", "--porcelain") == ""


def test_the_example_has_no_error_and_something_to_label(repo: Repo) -> None:
    start(repo)
    report = check(repo.root, now=utc_now())
    assert report.errors == 0
    store = Workspace.open(repo.root).dataset()
    assert {case.tier for case in store.cases().require()} == {"golden", "regression"}
    assert store.systems == ("first-draft",)
    assert len(store.outputs("first-draft").require()) == len(store.case_ids())


def test_the_empty_scaffold_passes_check_too(repo: Repo) -> None:
    done = start(repo, example=False)
    assert set(done.written) == {
        ".gitattributes",
        ".gitignore",
        ".github/ISSUE_TEMPLATE/eval-failure.yml",
        ".github/workflows/drift.yml",
        ".github/workflows/evals.yml",
        ".github/workflows/labels.yml",
        ".github/workflows/promote.yml",
        "labeltool.yaml",
    }
    assert check(repo.root, now=utc_now()).problems == ()


def test_nothing_is_overwritten_and_nothing_half_done(repo: Repo) -> None:
    repo.write("labeltool.yaml", "mine: true\n")
    repo.write("rubrics", "a file where a folder shall be\n")
    with pytest.raises(UsageError, match=r"nothing was written.*\n  labeltool.yaml\n  rubrics"):
        start(repo)
    assert repo.read("labeltool.yaml") == "mine: true\n"
    assert sorted(path.name for path in repo.root.iterdir()) == ["labeltool.yaml", "rubrics"]


def test_a_dangling_link_in_the_way_is_not_written_through(repo: Repo) -> None:
    (repo.root / "labeltool.yaml").symlink_to("../elsewhere.yaml")
    with pytest.raises(UsageError, match=r"labeltool\.yaml"):
        start(repo)
    assert not (repo.root.parent / "elsewhere.yaml").exists()


def test_line_lists_that_are_there_get_the_missing_lines(repo: Repo) -> None:
    repo.write(".gitignore", "node_modules/\n__pycache__/")
    done = start(repo)
    assert done.joined == (".gitignore",)
    assert repo.read(".gitignore") == (
        "node_modules/\n__pycache__/\n.labeltool/\n/eval_results.json\n"
    )


def test_a_repo_with_code_in_it_keeps_its_history_and_its_staged_work(repo: Repo) -> None:
    repo.write("app.py", "print()\n")
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "code")
    repo.write("app.py", "print(1)\n")
    repo.git("add", ".")
    done = start(repo)
    assert not done.made_repository
    assert repo.commits() == 2
    assert repo.git("diff", "--cached", "--name-only") == "app.py\n"


def test_below_the_top_of_a_repository_no_dead_workflow_is_written(repo: Repo) -> None:
    repo.git("init", "-q")
    done = start(repo, "evals")
    assert not done.workflow
    assert not (repo.root / "evals/.github").exists()
    assert (repo.root / "evals/labeltool.yaml").exists()


def test_without_an_identity_the_files_stay_for_the_next_start(repo: Repo) -> None:
    repo.forget_me()
    with pytest.raises(CommitHeld) as caught:
        start(repo)
    assert caught.value.reason == "no_identity"
    assert "git config user.email" in (caught.value.hint or "")
    assert check(repo.root, now=utc_now()).errors == 0


def test_a_bare_repository_holds_no_files(repo: Repo) -> None:
    repo.git("init", "-q", "--bare")
    with pytest.raises(NotARepository, match="bare"):
        start(repo)


def test_a_file_is_no_folder(repo: Repo) -> None:
    repo.write("x", "")
    with pytest.raises(UsageError, match="is a file"):
        start(repo, "x")


def test_a_folder_that_cannot_be_made_is_told(repo: Repo) -> None:
    repo.write("x", "")
    with pytest.raises(StorageError, match="cannot be made"):
        start(repo, "x/evals")


def test_the_workflow_runs_the_gates_with_few_rights(repo: Repo) -> None:
    start(repo)
    workflow = repo.read(".github/workflows/evals.yml")
    assert "permissions:\n  contents: read\n" in workflow
    assert "- run: labeltool check\n" in workflow
    assert "labeltool run --summary" in workflow
    assert "pull_request:" in workflow
    assert "@VERSION@" not in workflow
