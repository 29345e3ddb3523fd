"""What will get in the way, found before it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.doctor import Finding, doctor
from tests.small_repo import Repo

HOSTILE = """\
dataset: mails
systems:
  m: {kind: openai, model: m, prompt: p, api_key_env: "A\\e[31mB"}
"""
FINE = {"LC_ALL": "C.UTF-8", "TERM": "xterm"}


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo(tmp_path / "repo")
    repo.write(".gitattributes", "*.yaml text eol=lf\n")
    repo.write(".gitignore", ".labeltool/\n")
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    yield repo
    repo.close()


def found(repo: Repo, **env: str) -> dict[str, Finding]:
    return {one.id: one for one in doctor(repo.context(**{**FINE, **env}))}


def test_where_all_is_well_it_says_so(repo: Repo) -> None:
    well = found(repo)
    assert {one.level for one in well.values()} == {"ok"}
    assert well["annotator"].message == "you label as ann"
    done = repo.labeltool("doctor")
    assert done.returncode == 0
    assert "nothing in the way" in done.stdout


def test_nobodys_commits_are_a_problem_and_the_commands_are_named(repo: Repo) -> None:
    repo.forget_me()
    one = found(repo)["identity"]
    assert one.level == "problem"
    assert 'git config --global user.name "Your Name"' in (one.mend or "")
    done = repo.labeltool("doctor", "--json")
    assert done.returncode == 4
    document = json.loads(done.stdout)
    assert document["schema"] == "labeltool/doctor@1"
    assert {"id", "level", "message", "mend"} == set(document["findings"][0])


def test_an_ignore_rule_that_would_swallow_labels_is_shown_with_its_line(repo: Repo) -> None:
    repo.write(".gitignore", ".labeltool/\nlabels/\n")
    one = found(repo)["ignored"]
    assert one.level == "problem"
    assert ".gitignore:2:labels/" in one.message


def test_a_cache_that_would_be_committed(repo: Repo) -> None:
    repo.write(".gitignore", "")
    assert found(repo)["scratch"].mend == "echo '.labeltool/' >> .gitignore"


def test_lfs_and_line_ends(repo: Repo) -> None:
    repo.write(".gitattributes", "*.yaml filter=lfs\n")
    both = found(repo)
    assert "filter lfs" in both["filter"].message
    assert both["line_ends"].mend == "echo '*.yaml text eol=lf' >> .gitattributes"


def test_a_merge_in_the_middle_a_lock_and_no_branch(repo: Repo) -> None:
    head = repo.git("rev-parse", "HEAD")
    (repo.root / ".git/MERGE_HEAD").write_text(head)
    (repo.root / ".git/index.lock").touch()
    both = found(repo)
    assert both["operation"].mend == "labeltool sync"
    assert "rm " in (both["lock"].mend or "")
    assert (repo.root / ".git/index.lock").exists()
    (repo.root / ".git/MERGE_HEAD").unlink()
    (repo.root / ".git/index.lock").unlink()
    repo.git("checkout", "-q", "--detach")
    assert found(repo)["detached"].level == "problem"


def test_a_sparse_checkout_and_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.git("commit", "-q", "--allow-empty", "-m", "more")
    repo.git("clone", "-q", "--depth", "1", repo.root.as_uri(), str(tmp_path / "part"))
    part = Repo(tmp_path / "part", {})
    part.git("sparse-checkout", "set", "rubrics")
    (part.root / "datasets/mails").mkdir(parents=True, exist_ok=True)
    part.write("datasets/mails/dataset.yaml", "rubric: mail\n")
    both = found(part)
    part.close()
    assert both["shallow"].mend == "git fetch --unshallow"
    assert both["sparse"].level == "warning"


def test_a_long_history_without_an_index_offers_it(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeltool.history.obstacles.MANY_COMMITS", 1)
    mend = found(repo)["commit_graph"].mend
    assert mend == "git commit-graph write --reachable --changed-paths"
    repo.git(*mend.split()[1:])
    assert "commit_graph" not in found(repo)


def test_a_key_that_a_model_needs_is_asked_for_by_name(repo: Repo) -> None:
    repo.write(
        "labeltool.yaml",
        "dataset: mails\n"
        "systems:\n"
        "  mini: {kind: openai, model: m, prompt: p.md, api_key_env: MINI_KEY}\n"
        "  own: {kind: openai, model: m, prompt: p.md, base_url: 'http://localhost:1/v1'}\n",
    )
    one = found(repo, MINI_KEY="")["key"]
    assert one.message == "systems.mini needs MINI_KEY, which is not set"
    assert "key" not in found(repo, MINI_KEY="s3cret")


def test_an_extra_that_the_settings_want(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("labeltool.yaml", "dataset: mails\nembeddings: {kind: minilm}\n")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "labeltool[embed]" in (found(repo)["extra"].mend or "")


def test_a_locale_and_a_terminal_that_cannot_show_texts(repo: Repo) -> None:
    both = found(repo, LC_ALL="C", TERM="dumb")
    assert both["encoding"].mend == "export LC_ALL=C.UTF-8"
    assert both["terminal"].level == "warning"


def test_somebody_whom_the_settings_do_not_know(repo: Repo) -> None:
    repo.write("labeltool.yaml", "dataset: mails\nannotators: {bob: [bob@example.org]}\n")
    assert found(repo)["annotator"].level == "problem"


def test_outside_git_and_outside_a_workspace(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "plain")
    done = repo.labeltool("doctor")
    assert done.returncode == 4
    assert "is not in a git repository" in done.stdout
    (tmp_path / "empty").mkdir()
    lost = repo.labeltool("doctor", cwd=tmp_path / "empty")
    assert lost.returncode == 4
    assert "labeltool init" in lost.stderr
    repo.close()


def test_hostile_names_are_shown_and_not_obeyed(repo: Repo) -> None:
    repo.write(".gitignore", "labels/ \x1b]0;owned\x07\nlabels/\n.labeltool/\n")
    repo.write("labeltool.yaml", HOSTILE)
    done = repo.labeltool("doctor")
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
