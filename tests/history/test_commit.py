from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from labeltool.errors import CommitHeld, NotARepository
from labeltool.history import History, Limits
from tests.history.support import QUICK, Repo, isolated, label, message, moment


def held(history: History, path: str = "labels/a.yaml") -> CommitHeld:
    with pytest.raises(CommitHeld) as caught:
        history.record([label(path)], message())
    assert caught.value.message.startswith("saved, not committed: ")
    return caught.value


def test_a_decision_becomes_one_readable_commit(repo: Repo) -> None:
    with repo.open() as history:
        committed = history.record([label("labels/a.yaml")], message("Label a: tone 2"))
    assert committed.commit == repo.git("rev-parse", "HEAD").strip()
    assert repo.at_head("labels/a.yaml") == "score: 1\n"
    assert repo.git("log", "-1", "--format=%B").strip().splitlines() == [
        "Label a: tone 2",
        "",
        "Labeltool-Kind: label",
        "Labeltool-Annotator: alice",
    ]
    assert repo.status() == ""
    assert repo.journals() == []


def test_a_deletion_is_committed(repo: Repo) -> None:
    repo.commit_by_hand("d/a.yaml", "score: 1\n")
    with repo.open() as history:
        history.record([label("d/a.yaml", None, old="score: 1\n")], message())
    assert repo.at_head("d/a.yaml") is None
    assert not (repo.root / "d").exists()
    assert repo.status() == ""


def test_what_the_user_has_staged_stays_staged(repo: Repo) -> None:
    repo.write("notes.txt", "mine\n")
    repo.write("README.md", "hello, staged\n")
    repo.git("add", "notes.txt", "README.md")
    repo.write("README.md", "hello, staged, and edited\n")
    before = repo.git("diff", "--cached")
    with repo.open() as history:
        history.record([label("labels/a.yaml")], message())
    assert repo.git("diff", "--cached") == before
    assert repo.read("README.md") == "hello, staged, and edited\n"
    assert repo.git("show", "--name-only", "--format=").split() == ["labels/a.yaml"]


def test_the_first_commit_of_a_fresh_repository(unborn: Repo) -> None:
    with unborn.open() as history:
        assert history.record([label("labels/a.yaml")], message()).commit is not None
    assert unborn.subjects() == ["Label a case"]
    assert unborn.status() == ""


def test_a_worktree_has_a_branch_and_locks_of_its_own(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", "-b", "labels/bob", str(tmp_path / "bob"))
    with repo.open(tmp_path / "bob") as history:
        history.record([label("labels/b.yaml")], message())
    assert repo.git("show", "labels/bob:labels/b.yaml") == "score: 1\n"
    assert repo.at_head("labels/b.yaml") is None
    assert not (repo.root / ".git" / "labeltool").exists()


def test_a_workspace_in_a_subfolder(repo: Repo) -> None:
    repo.commit_by_hand("evals/labeltool.yaml", "dataset: x\n")
    with repo.open(repo.root / "evals") as history:
        history.record([label("labels/a.yaml")], message())
    assert repo.at_head("evals/labels/a.yaml") == "score: 1\n"
    assert repo.status() == ""


def test_a_submodule_is_a_repository(repo: Repo, tmp_path: Path) -> None:
    outer = Repo(tmp_path / "outer", repo.env)
    outer.root.mkdir()
    outer.git("init", "-q", "-b", "main")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repo.root), "evals")
    inner = Repo(outer.root / "evals", repo.env)
    inner.identify()
    with inner.open() as history:
        history.record([label("labels/a.yaml")], message())
    assert inner.at_head("labels/a.yaml") == "score: 1\n"


def test_a_shallow_clone_works(repo: Repo, tmp_path: Path) -> None:
    repo.commit_by_hand("b", "b\n")
    clone = Repo(tmp_path / "clone", repo.env)
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.root}", str(clone.root))
    clone.identify()
    with clone.open() as history:
        assert history.state().shallow
        history.record([label("labels/a.yaml")], message())
    assert clone.at_head("labels/a.yaml") == "score: 1\n"


def test_a_bare_repository_and_a_plain_folder_are_said_to_be_so(tmp_path: Path) -> None:
    env = isolated(tmp_path)
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], env=env, check=True)
    (tmp_path / "plain").mkdir()
    for name, words in (("bare", "bare"), ("plain", "not in a git repository")):
        with pytest.raises(NotARepository, match=words) as caught:
            History.open(tmp_path / name, env=env, now=moment)
        assert caught.value.exit_code == 4
        assert caught.value.hint


def test_names_with_glob_characters_mean_themselves(repo: Repo) -> None:
    repo.write("labels/ab.yaml", "not ours\n")
    with repo.open() as history:
        history.record([label("labels/a*.yaml"), label("labels/[a]b.yaml")], message())
        history.record([label(":(top)x.yaml")], message())
    assert repo.at_head("labels/a*.yaml") == "score: 1\n"
    assert repo.at_head(":(top)x.yaml") == "score: 1\n"
    assert repo.status() == "?? labels/ab.yaml\n"


def test_a_batch_of_five_hundred_files_is_one_commit(repo: Repo) -> None:
    changes = [label(f"cases/golden/{number:03}.yaml") for number in range(500)]
    with repo.open() as history:
        history.record(changes, message("Import 500 cases"))
    assert repo.subjects()[0] == "Import 500 cases"
    assert len(repo.git("show", "--name-only", "--format=").split()) == 500
    assert repo.status() == ""
    assert not list((repo.root / ".git" / "labeltool").glob("paths-*"))


def test_a_batch_goes_into_one_pack_and_not_into_a_file_for_each(repo: Repo) -> None:
    changes = [label(f"cases/{number:03}.yaml", f"score: {number}\n") for number in range(150)]
    with repo.open() as history:
        history.record(changes, message("Import 150 cases"))
    counted = dict(line.split(": ") for line in repo.git("count-objects", "-v").splitlines())
    assert (counted["in-pack"], counted["packs"]) == ("150", "1")
    assert int(counted["count"]) < 20


def test_a_git_that_cannot_pack_gets_the_batch_one_by_one(repo: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    small = folder / "git"
    small.write_text(
        '#!/bin/sh\ncase " $* " in *" fast-import "*) exit 1;; esac\n'
        'PATH="${PATH#*:}" exec git "$@"\n'
    )
    small.chmod(0o755)
    env = {**repo.env, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    changes = [label(f"cases/{number:03}.yaml", f"score: {number}\n") for number in range(150)]
    with History.open(repo.root, env=env, now=moment, limits=QUICK) as history:
        history.record(changes, message("Import 150 cases"))
    assert "packs: 0" in repo.git("count-objects", "-v")
    assert repo.at_head("cases/149.yaml") == "score: 149\n"
    assert repo.status() == ""


def test_a_batch_is_stored_as_its_attributes_say(repo: Repo) -> None:
    repo.commit_by_hand(".gitattributes", "*.yaml ident\n")
    changes = [label(f"cases/{number:03}.yaml", "id: $Id: 1 $\n") for number in range(150)]
    with repo.open() as history:
        history.record(changes, message("Import 150 cases"))
    assert repo.at_head("cases/149.yaml") == "id: $Id$\n"
    assert repo.status() == ""


def test_a_held_batch_leaves_no_trace_in_the_index(repo: Repo) -> None:
    repo.hook("pre-commit", "exit 1")
    changes = [label(f"cases/{number:03}.yaml") for number in range(50)]
    with repo.open() as history:
        with pytest.raises(CommitHeld):
            history.record(changes, message("Import 50 cases"))
        assert repo.git("diff", "--cached", "--name-only") == ""
        (repo.root / ".git" / "hooks" / "pre-commit").unlink()
        assert history.commit_pending() == ()
    assert repo.status() == ""


def test_a_merge_in_progress_holds_the_commit_and_then_lets_it_go(repo: Repo) -> None:
    repo.git("switch", "-q", "-c", "other")
    repo.commit_by_hand("README.md", "theirs\n")
    repo.git("switch", "-q", "main")
    repo.commit_by_hand("README.md", "ours\n")
    repo.git("merge", "other", check=False)
    with repo.open() as history:
        why = held(history)
        assert why.reason == "merge_in_progress"
        assert "labeltool sync --abort" in (why.hint or "")
        assert repo.read("labels/a.yaml") == "score: 1\n"
        repo.git("merge", "--abort")
        assert history.commit_pending() == ()
        assert history.pending() == ()
    assert repo.at_head("labels/a.yaml") == "score: 1\n"


@pytest.mark.parametrize("operation", ["rebase", "cherry-pick", "revert"])
def test_other_operations_in_progress_are_named(repo: Repo, operation: str) -> None:
    repo.git("switch", "-q", "-c", "other")
    repo.commit_by_hand("README.md", "theirs\n")
    repo.git("switch", "-q", "main")
    repo.commit_by_hand("README.md", "ours\n")
    repo.commit_by_hand("README.md", "ours, later\n")
    target = {"rebase": "other", "cherry-pick": "other", "revert": "HEAD~1"}[operation]
    repo.git(operation, target, check=False)
    with repo.open() as history:
        assert held(history).reason == operation.replace("-", "_") + "_in_progress"


def test_a_bisect_holds_the_commit(repo: Repo) -> None:
    repo.git("bisect", "start")
    with repo.open() as history:
        assert held(history).reason == "bisect_in_progress"


def test_a_detached_head_asks_for_a_branch(repo: Repo) -> None:
    repo.git("switch", "-q", "--detach")
    with repo.open() as history:
        why = held(history)
        assert why.reason == "detached_head"
        assert "git switch -c" in (why.hint or "")
        repo.git("switch", "-q", "-c", "labels/alice")
        assert history.commit_pending() == ()
    assert repo.git("show", "labels/alice:labels/a.yaml") == "score: 1\n"


def test_without_an_identity_the_two_commands_are_printed_and_nobody_is_invented(
    bare_identity: Repo,
) -> None:
    with bare_identity.open() as history:
        assert history.state().identity is None
        why = held(history)
        assert why.reason == "no_identity"
        assert (why.hint or "").splitlines() == [
            'git config user.name "Your Name"',
            "git config user.email you@example.org",
        ]
        assert bare_identity.status() == "?? labels/a.yaml\n"
        bare_identity.identify()
        assert history.commit_pending() == ()
    assert bare_identity.git("log", "--format=%an <%ae>") == "Alice <alice@example.org>\n"


def test_the_author_of_the_environment_is_kept(repo: Repo) -> None:
    env = {**repo.env, "GIT_AUTHOR_NAME": "Bob", "GIT_AUTHOR_EMAIL": "bob@example.org"}
    env |= {"GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index", "GIT_GLOB_PATHSPECS": "1"}
    with Repo(repo.root, env).open() as history:
        history.record([label("labels/a.yaml")], message())
    assert repo.git("log", "-1", "--format=%an, %cn") == "Bob, Alice\n"


def test_a_hook_that_says_no_is_quoted(repo: Repo) -> None:
    repo.hook("pre-commit", "echo 'labels need a second look' >&2; exit 1")
    with repo.open() as history:
        why = held(history)
        assert why.reason == "hook_failed"
        assert "labels need a second look" in why.message
        assert repo.status() == "?? labels/a.yaml\n"
        repo.hook("pre-commit", "exit 0")
        assert history.commit_pending() == ()
    assert repo.status() == ""


def test_a_second_decision_on_a_path_that_waits_is_held_too(repo: Repo) -> None:
    """HEAD then holds neither the text before this decision nor the one after it."""
    path = "labels/a.yaml"
    repo.commit_by_hand(path, "score: 0\n")
    repo.hook("pre-commit", "exit 1")
    with repo.open() as history:
        for old, new in ((0, 1), (1, 2)):
            with pytest.raises(CommitHeld) as caught:
                history.record([label(path, f"score: {new}\n", old=f"score: {old}\n")], message())
            assert caught.value.reason == "hook_failed"
        assert repo.at_head(path) == "score: 0\n"
        repo.hook("pre-commit", "exit 0")
        assert history.commit_pending() == ()
    assert repo.at_head(path) == "score: 2\n"


def test_a_hook_that_hangs_is_ended_and_leaves_no_lock(repo: Repo) -> None:
    repo.hook("pre-commit", "echo waiting for godot >&2; sleep 600")
    with repo.open(limits=Limits(hook=0.5, index=0.2)) as history:
        why = held(history)
        assert why.reason == "hook_timeout"
        assert "waiting for godot" in why.message
    assert not (repo.root / ".git" / "index.lock").exists()
    assert repo.status() == "?? labels/a.yaml\n"


def test_a_hook_that_ignores_being_ended_is_killed_and_its_lock_removed(repo: Repo) -> None:
    repo.hook("pre-commit", "kill -9 $PPID; sleep 600")
    with repo.open(limits=Limits(hook=20, index=0.2)) as history:
        held(history)
        assert not (repo.root / ".git" / "index.lock").exists()
        (repo.root / ".git" / "hooks" / "pre-commit").unlink()
        assert history.commit_pending() == ()
    assert list((repo.root / ".git").glob("*.lock")) == []
    assert repo.status() == ""


def test_a_background_job_of_a_hook_does_not_hold_us(repo: Repo) -> None:
    repo.hook("pre-commit", "sleep 600 & echo $! > .git/job")
    with repo.open(limits=Limits(hook=20)) as history:
        history.record([label("labels/a.yaml")], message())
    subprocess.run(["kill", (repo.root / ".git" / "job").read_text().strip()], check=False)
    assert repo.at_head("labels/a.yaml") == "score: 1\n"


def test_a_hook_cannot_read_our_input(repo: Repo) -> None:
    repo.hook("pre-commit", "cat > .git/heard; (cat < /dev/tty) 2> .git/said && exit 1; exit 0")
    with repo.open() as history:
        history.record([label("labels/a.yaml")], message())
    assert (repo.root / ".git" / "heard").read_text() == ""


def test_a_hook_that_rewrites_the_file_is_reported(repo: Repo) -> None:
    repo.hook("pre-commit", "echo '# tidied' >> labels/a.yaml && git add labels/a.yaml")
    with repo.open() as history:
        committed = history.record([label("labels/a.yaml")], message())
    assert committed.rewritten == ("labels/a.yaml",)
    assert repo.at_head("labels/a.yaml") == "score: 1\n# tidied\n"
    assert repo.status() == "", "the index must not hold the text from before the hook"


def test_a_hook_that_fails_after_the_commit_does_not_undo_it(repo: Repo) -> None:
    repo.hook("post-commit", "echo late >&2; sleep 600")
    with repo.open(limits=Limits(hook=0.5)) as history:
        committed = history.record([label("labels/a.yaml")], message())
    assert committed.commit is not None
    assert "late" in (committed.note or "")


def test_signing_that_fails_is_never_skipped(repo: Repo) -> None:
    script = repo.root.parent / "gpg"
    script.write_text("#!/bin/sh\necho 'gpg: no key here' >&2\nexit 2\n")
    script.chmod(0o755)
    repo.git("config", "commit.gpgsign", "true")
    repo.git("config", "gpg.program", str(script))
    with repo.open() as history:
        why = held(history)
        assert why.reason == "signing_failed"
        assert "gpg failed to sign" in why.message
    assert repo.subjects() == ["By hand: README.md"]


def test_a_decision_that_another_process_made_anew_waits_no_more(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 0\n")
    repo.git("switch", "-q", "--detach")
    with repo.open() as history:
        saved = history.save([label("a.yaml", old="score: 0\n")], message())
        with pytest.raises(CommitHeld):
            history.commit(saved)
        repo.git("switch", "-q", "main")
        repo.commit_by_hand("a.yaml", "score: 2\n")
        assert history.commit(saved).overtaken == ("a.yaml",)
        assert history.pending() == ()
    assert repo.at_head("a.yaml") == "score: 2\n"
    assert repo.status() == ""


def test_a_decision_taken_back_while_git_waits_is_no_failure(repo: Repo) -> None:
    lock = repo.root / ".git" / "index.lock"
    lock.touch()

    def take_back(seconds: float) -> None:
        if lock.exists():
            history.undo("alice")
            lock.unlink()

    history = History.open(
        repo.root, env=repo.env, now=moment, limits=QUICK, jitter=lambda: 0.0, pause=take_back
    )
    with history:
        saved = history.save([label("a.yaml")], message())
        assert history.commit(saved).overtaken == ("a.yaml",)
        assert history.commit_pending() == ()
    assert repo.read("a.yaml") is None
    assert repo.status() == ""


def test_somebody_elses_index_lock_is_waited_for_and_never_removed(repo: Repo) -> None:
    lock = repo.root / ".git" / "index.lock"
    lock.touch()
    with repo.open() as history:
        why = held(history)
        assert why.reason == "locked"
        assert str(lock) in why.message
        assert lock.exists()
        lock.unlink()
        assert history.commit_pending() == ()


def test_a_lock_that_goes_away_in_time_is_no_trouble(repo: Repo) -> None:
    lock = repo.root / ".git" / "index.lock"
    lock.touch()
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            lock.unlink()

    history = History.open(
        repo.root, env=repo.env, now=moment, limits=Limits(index=60), jitter=lambda: 0, pause=pause
    )
    with history:
        assert history.record([label("labels/a.yaml")], message()).commit is not None
    assert len(waits) == 3


def test_a_branch_switched_between_save_and_commit_is_asked_about(repo: Repo) -> None:
    with repo.open() as history:
        saved = history.save([label("labels/a.yaml")], message())
        repo.git("switch", "-q", "-c", "other")
        with pytest.raises(CommitHeld) as caught:
            history.commit(saved)
        assert caught.value.reason == "branch_switched"
        assert history.commit(saved, here=True).commit is not None
    assert repo.git("show", "other:labels/a.yaml") == "score: 1\n"
    assert "Label a case" not in repo.git("log", "--format=%s", "main")


def test_an_ignored_path_is_held_with_gits_words(repo: Repo) -> None:
    repo.commit_by_hand(".gitignore", "labels/\n")
    with repo.open() as history:
        why = held(history)
        assert why.reason == "ignored"
        assert "labels" in why.message


@pytest.mark.parametrize("crlf", ["true", "input"])
def test_line_endings_that_git_changes_are_no_trouble(repo: Repo, crlf: str) -> None:
    repo.git("config", "core.autocrlf", crlf)
    repo.git("config", "core.safecrlf", "true")
    with repo.open() as history:
        first = history.record([label("a.yaml"), label("b.yaml", "x: 1\r\ny: 2\r\n")], message())
        assert first.commit is not None
        assert first.rewritten == ()
        history.record([label("a.yaml", "score: 2\n", old="score: 1\n")], message())
    assert repo.status() == ""


def test_a_file_that_somebody_put_back_is_held_until_let_go(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")
    with repo.open() as history:
        saved = history.save([label("a.yaml", "score: 2\n", old="score: 1\n")], message())
        repo.git("checkout", "-q", "--", "a.yaml")
        # HEAD and the disk agree on the old text: the decision is nowhere but in the journal.
        with pytest.raises(CommitHeld) as caught:
            history.commit(saved)
        assert caught.value.reason == "changed_outside"
        history.let_go(saved)
        assert history.pending() == ()


def test_a_later_decision_on_the_same_file_takes_the_earlier_ones_place(repo: Repo) -> None:
    with repo.open() as history:
        first = history.save([label("a.yaml"), label("b.yaml")], message("First"))
        second = history.save([label("a.yaml", "score: 2\n", old="score: 1\n")], message("Second"))
        assert history.commit(first).overtaken == ("a.yaml",)
        assert history.commit(second).commit is not None
    assert repo.subjects()[:2] == ["Second", "First"]
    assert repo.at_head("a.yaml") == "score: 2\n"


def test_a_path_that_the_user_took_out_of_the_index_is_committed_all_the_same(repo: Repo) -> None:
    repo.commit_by_hand("a.yaml", "score: 1\n")
    repo.commit_by_hand("b.yaml", "score: 1\n")
    repo.git("rm", "-q", "--cached", "a.yaml", "b.yaml")
    with repo.open() as history:
        history.record(
            [
                label("a.yaml", "score: 2\n", old="score: 1\n"),
                label("b.yaml", None, old="score: 1\n"),
            ],
            message(),
        )
    assert repo.at_head("a.yaml") == "score: 2\n"
    assert repo.at_head("b.yaml") is None


def test_a_hostile_configuration_starts_no_program(repo: Repo) -> None:
    trap = repo.root.parent / "trap"
    trap.write_text("#!/bin/sh\ntouch sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager", "core.editor", "diff.x.textconv"):
        repo.git("config", key, str(trap))
    repo.git("config", "log.showSignature", "true")
    repo.write(".git/info/attributes", "*.yaml diff=x\n")
    with repo.open() as history:
        history.record([label("labels/a.yaml")], message())
        history.record([label("labels/a.yaml", "score: 2\n", old="score: 1\n")], message())
        assert len(list(history.log("labels/a.yaml"))) == 2
        history.state()
        history.commit(history.undo("alice"))
    assert not list(repo.root.rglob("sprung"))


def test_a_damaged_repository_is_left_to_git(repo: Repo) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    (repo.root / ".git" / "objects" / head[:2] / head[2:]).unlink()
    with repo.open() as history:
        why = held(history)
        assert why.exit_code == 4
        assert why.hint
    assert repo.read("labels/a.yaml") == "score: 1\n"


def test_limits_have_sane_defaults() -> None:
    assert Limits().commit > Limits().hook > QUICK.index
