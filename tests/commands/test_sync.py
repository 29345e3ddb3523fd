"""`sync`: two people, two clones, one remote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from labeltool.commands.sync import abort, resume, sync
from labeltool.commands.undo import undo
from labeltool.commands.verify import verify
from labeltool.errors import CommitHeld, DataError, LabeltoolError, RepositoryError
from tests.small_repo import FILES
from tests.two_clones import FACTS, RUBRIC, TONE, Clone, Pair, hook, label_path, resolution_path


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair.make(tmp_path)
    yield pair
    pair.close()


def test_my_branch_goes_out_and_says_so(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    done = sync(pair.ann.context())
    assert (done.pushed, done.target, done.merged) == (1, "labels/ann", ())
    assert pair.heads()["labels/ann"] == pair.ann.git("rev-parse", "HEAD").strip()
    assert pair.ann.git("rev-parse", "--abbrev-ref", "@{upstream}").strip() == "origin/labels/ann"
    assert sync(pair.ann.context()).pushed == 0
    assert (pair.ann.root / ".git/objects/info/commit-graphs").is_dir()


def test_what_nobody_has_committed_is_named_since_it_stays_behind(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    pair.ann.write(RUBRIC, FILES[RUBRIC] + "# tighter\n")
    pair.ann.write("datasets/new/dataset.yaml", "rubric: mail\n")
    pair.ann.write("rubrics/staged.yaml", FILES[RUBRIC])
    pair.ann.git("add", "rubrics/staged.yaml")
    pair.ann.write("notes.txt", "mine\n")
    told = pair.ann.labeltool("sync")
    assert told.returncode == 0
    behind = f"datasets/new/dataset.yaml, {RUBRIC}, rubrics/staged.yaml"
    assert told.stderr.startswith(f"not committed, so nobody else gets it: {behind}\n")
    pair.ann.git("add", ".")
    pair.ann.git("commit", "-qm", "a rubric")
    assert sync(pair.ann.context()).uncommitted == ()


def test_nothing_of_mine_makes_no_branch_there(pair: Pair) -> None:
    assert sync(pair.ann.context()).pushed == 0
    assert list(pair.heads()) == ["main"]


def test_the_default_branch_is_merged_and_stays_unpushed_until_the_settings_say_so(
    pair: Pair,
) -> None:
    for clone in (pair.ann, pair.bob):
        clone.git("switch", "-q", "main")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    done = sync(pair.ann.context())
    assert done.pushed is None
    assert done.why == "1 commit not pushed: main is the default branch of origin"
    assert done.hint is not None
    assert "labeltool pr" in done.hint
    settings = FILES["labeltool.yaml"] + "branches: {push_default: true}\n"
    pair.ann.commit("labeltool.yaml", settings)
    assert sync(pair.ann.context()).pushed == 2
    pair.bob.said("bob", "one", 2, "2026-11-23T10:00:00Z")
    done = sync(pair.bob.context())
    assert [one.name for one in done.merged] == ["origin/main"]
    assert done.pushed == 2  # the label and the merge
    assert "push_default" in pair.at_hub("main", "labeltool.yaml")
    assert "tone: 2" in pair.at_hub("main", label_path("bob", "one"))


def test_a_branch_cut_off_the_default_one_is_never_pushed_to_it(pair: Pair) -> None:
    pair.ann.git("branch", "-q", "--set-upstream-to=origin/main")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    before = pair.heads()["main"]
    assert sync(pair.ann.context()).target == "labels/ann"
    assert pair.heads()["main"] == before


def test_what_is_saved_and_not_committed_goes_first(pair: Pair) -> None:
    context = pair.ann.context()
    pair.ann.git("config", "user.useConfigOnly", "true")
    (pair.ann.root.parent / "gitconfig").write_text("")
    with pytest.raises(CommitHeld):
        verify(context, ["one"], annotator="ann")
    with pytest.raises(CommitHeld, match="who you are"):
        sync(context)
    pair.ann.git("config", "user.name", "Ann")
    pair.ann.git("config", "user.email", "ann@example.org")
    assert sync(context).pushed == 1
    assert "verified" in pair.at_hub("labels/ann", "datasets/mails/cases/golden/one.yaml")


def test_a_squash_merged_branch_goes_on_without_a_conflict(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    pair.ann.said("ann", "two", 1, "2026-11-23T10:01:00Z")
    amended = FILES[RUBRIC].replace("The tone fits.", "The tone fits the mail.")
    amended = amended.replace("version: 2\ncriteria", "version: 3\ncriteria")
    amended += "  - {version: 3, changed: [tone], reason: Still unclear.}\n"
    pair.ann.commit(RUBRIC, amended)
    sync(pair.ann.context())
    pair.squash("labels/ann")
    # She goes on: another word in the label, the label of two taken back, the rubric amended again.
    pair.ann.said("ann", "one", 2, "2026-11-23T09:00:00Z", version=3)
    pair.ann.commit(label_path("ann", "two"), None, "take it back")
    again = amended.replace("fits the mail", "suits the mail").replace(
        "version: 3\ncriteria", "version: 4\ncriteria"
    )
    again += "  - {version: 4, changed: [tone], reason: Better words.}\n"
    pair.ann.commit(RUBRIC, again)
    done = sync(pair.ann.context())
    assert done.stopped is None
    assert {one.path: (one.took, one.why) for one in done.merged[0].settled} == {
        label_path("ann", "one"): ("ours", "overtaken"),
        label_path("ann", "two"): ("ours", "overtaken"),
        RUBRIC: ("ours", "overtaken"),
    }
    assert "tone: 2" in pair.ann.read(label_path("ann", "one"))
    assert not (pair.ann.root / label_path("ann", "two")).exists()
    assert pair.ann.read(RUBRIC) == again
    assert done.pushed is not None
    assert sync(pair.ann.context()).merged == ()


def test_a_squash_merged_branch_with_nothing_new_is_not_brought_back(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    sync(pair.ann.context())
    pair.squash("labels/ann")
    assert sync(pair.ann.context()).pushed == 0
    assert list(pair.heads()) == ["main"]


def test_what_the_default_branch_took_back_after_the_squash_stays_taken_back(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    sync(pair.ann.context())
    pair.squash("labels/ann")
    pair.bob.git("pull", "-q", "--ff-only", "origin", "main")
    pair.bob.git("revert", "--no-edit", "HEAD")
    pair.bob.git("push", "-q", "origin", "HEAD:main")
    pair.ann.said("ann", "two", 1, "2026-11-23T11:00:00Z")
    done = sync(pair.ann.context())
    assert [(one.path, one.took) for one in done.merged[0].settled] == [
        (label_path("ann", "one"), "theirs")
    ]
    assert not (pair.ann.root / label_path("ann", "one")).exists()
    assert (pair.ann.root / label_path("ann", "two")).exists()


def share(pair: Pair) -> None:
    """Both work on one branch, as one person does on two machines."""
    for clone in (pair.ann, pair.bob):
        clone.git("switch", "-qc", "labels/shared")


def test_of_one_annotators_label_the_newer_stands_on_both_machines(pair: Pair) -> None:
    share(pair)
    pair.ann.said("ann", "one", 0, "2026-11-23T12:00:00+02:00")
    pair.bob.said("ann", "one", 2, "2026-11-23T11:00:00Z")
    pair.ann.said("ann", "two", 2, "2026-11-23T10:00:00Z")
    pair.bob.said("ann", "two", 0, "2026-11-23T09:00:00Z")
    sync(pair.ann.context())
    done = sync(pair.bob.context())
    assert [(file.path, file.took) for file in done.merged[0].settled] == [
        (label_path("ann", "one"), "ours"),
        (label_path("ann", "two"), "theirs"),
    ]
    sync(pair.ann.context())
    for clone in (pair.ann, pair.bob):
        assert "tone: 2" in clone.read(label_path("ann", "one"))
        assert "tone: 2" in clone.read(label_path("ann", "two"))
    assert pair.ann.tree() == pair.bob.tree()


def test_two_resolutions_stop_the_merge_and_no_marker_is_seen(pair: Pair) -> None:
    share(pair)
    pair.ann.resolve("one", 1)
    pair.bob.resolve("one", 2)
    sync(pair.ann.context())
    done = sync(pair.bob.context())
    assert isinstance(done.stopped, RepositoryError)
    assert resolution_path("one") in done.stopped.message
    assert "labeltool resolve" in (done.stopped.hint or "")
    assert done.pushed is None
    assert "<<<<" not in pair.bob.read(resolution_path("one"))
    with pytest.raises(RepositoryError, match="waits for a decision on 1 file"):
        sync(pair.bob.context())
    with pytest.raises(RepositoryError, match="waits for a decision"):
        resume(pair.bob.context())
    before = pair.bob.git("rev-parse", "HEAD")
    abort(pair.bob.context())
    assert pair.bob.git("status", "--porcelain") == ""
    assert pair.bob.git("rev-parse", "HEAD") == before
    with pytest.raises(RepositoryError, match="no merge in progress"):
        abort(pair.bob.context())


def test_the_same_resolution_said_twice_is_no_conflict(pair: Pair) -> None:
    share(pair)
    pair.ann.resolve("one", 1)
    pair.bob.resolve("one", 1, note="As the guide says.")
    sync(pair.ann.context())
    assert sync(pair.bob.context()).stopped is None
    assert "resolver: bob" in pair.bob.read(resolution_path("one"))


def amend(text: str, old: str, new: str, changed: str, *, top: bool = False) -> str:
    entry = f"  - {{version: 3, changed: [{changed}], reason: Because.}}\n"
    text = text.replace(old, new).replace("version: 2\ncriteria", "version: 3\ncriteria")
    return text.replace("changelog:\n", f"changelog:\n{entry}") if top else text + entry


def test_two_amendments_to_one_version_are_a_conflict_even_where_git_sees_none(pair: Pair) -> None:
    share(pair)
    tone = amend(FILES[RUBRIC], TONE, TONE.replace("fits", "suits"), "tone", top=True)
    facts = amend(FILES[RUBRIC], FACTS, FACTS.replace("are there", "are right"), "facts")
    pair.ann.commit(RUBRIC, tone)
    pair.bob.commit(RUBRIC, facts)
    sync(pair.ann.context())
    done = sync(pair.bob.context())
    assert done.merged[0].left == (RUBRIC,)
    assert pair.bob.read(RUBRIC) == facts
    assert pair.bob.git("ls-files", "-u").count(RUBRIC) == 3


def test_a_case_that_ends_up_in_two_tiers_stops_the_merge_and_is_named(pair: Pair) -> None:
    moved = FILES["datasets/mails/cases/golden/two.yaml"].replace("golden", "regression")
    path = "datasets/mails/cases/regression/three.yaml"
    pair.ann.commit(path, moved.replace("two", "three"))
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    other = "datasets/mails/cases/golden/three.yaml"
    pair.bob.commit(other, FILES["datasets/mails/cases/golden/two.yaml"].replace("two", "three"))
    done = sync(pair.bob.context())
    assert done.stopped is not None
    assert done.stopped.exit_code == 3
    assert "three stands in the tier golden too" in str(done.stopped)
    assert str(done.stopped).startswith(f"{path}:1: id")
    assert done.pushed is None
    with pytest.raises(DataError, match="three stands in the tier golden too"):
        resume(pair.bob.context())
    (pair.bob.root / path).unlink()
    pair.bob.write("rubrics/draft.yaml", "half: written\n")
    done = resume(pair.bob.context())
    assert done.stopped is None
    assert done.pushed == 2
    assert pair.bob.git("status", "--porcelain") == "?? rubrics/draft.yaml\n"


def test_errors_that_one_side_had_before_are_told_and_hold_nobody_up(pair: Pair) -> None:
    pair.ann.commit("datasets/mails/cases/golden/bad.yaml", "id: bad\ntier: golden\n")
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    done = sync(pair.bob.context())
    assert done.stopped is None
    assert done.pushed == 2
    assert [problem.where.path for problem in done.problems] == [
        "datasets/mails/cases/golden/bad.yaml"
    ]


def test_files_in_the_way_are_named_and_left_alone(pair: Pair) -> None:
    pair.ann.commit("README.md", "hello\n")
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    pair.bob.write("README.md", "mine\n")
    pair.bob.write("unrelated.txt", "mine too\n")
    with pytest.raises(RepositoryError, match=r"not committed: README\.md") as caught:
        sync(pair.bob.context())
    assert "git stash -u" in (caught.value.hint or "")
    assert pair.bob.read("README.md") == "mine\n"
    (pair.bob.root / "README.md").unlink()
    assert sync(pair.bob.context()).stopped is None
    assert pair.bob.read("unrelated.txt") == "mine too\n"


def test_a_hook_of_the_remote_says_no_and_the_commits_are_kept(pair: Pair) -> None:
    hook(pair.hub, "pre-receive", "echo 'the door is \033[31mclosed'; exit 1")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    head = pair.ann.git("rev-parse", "HEAD")
    with pytest.raises(RepositoryError, match="the door is") as caught:
        sync(pair.ann.context())
    assert "kept" in (caught.value.hint or "")
    assert pair.ann.git("rev-parse", "HEAD") == head
    (pair.hub / "hooks" / "pre-receive").unlink()
    assert sync(pair.ann.context()).pushed == 1


def test_a_dead_remote_is_said_and_nothing_changes(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    pair.ann.git("remote", "set-url", "origin", "http://ann:hush@127.0.0.1:9/evals.git")
    done = pair.ann.labeltool("sync")
    assert done.returncode == 4
    assert "git cannot reach origin (http://127.0.0.1:9/evals.git)" in done.stderr
    assert "hush" not in done.stderr + done.stdout


@pytest.mark.parametrize("url", ["ext::sh -c 'touch %S/../../x'", "--upload-pack=touch x", "fd::7"])
def test_an_address_that_would_start_a_program_is_refused(pair: Pair, url: str) -> None:
    pair.ann.git("config", "remote.origin.url", url)
    with pytest.raises(RepositoryError, match="not one to connect to"):
        sync(pair.ann.context())


def test_without_a_remote_the_command_is_given(pair: Pair) -> None:
    pair.ann.git("remote", "remove", "origin")
    with pytest.raises(RepositoryError, match="no remote") as caught:
        sync(pair.ann.context())
    assert caught.value.hint == "git remote add origin URL"
    with pytest.raises(RepositoryError, match="there is no remote hub"):
        sync(pair.ann.context(), remote="hub")


def test_a_detached_head_and_an_unborn_branch_are_clear(pair: Pair) -> None:
    pair.ann.git("switch", "-q", "--detach")
    with pytest.raises(RepositoryError, match="HEAD is on no branch"):
        sync(pair.ann.context())
    pair.ann.git("switch", "-q", "--orphan", "new")
    pair.ann.write("labeltool.yaml", FILES["labeltool.yaml"])
    with pytest.raises(RepositoryError, match="new has no commit yet"):
        sync(pair.ann.context())


def test_a_rebase_in_progress_is_named(pair: Pair) -> None:
    (pair.ann.root / ".git" / "rebase-merge").mkdir()
    with pytest.raises(RepositoryError, match="a rebase is in progress") as caught:
        sync(pair.ann.context())
    assert "git rebase --continue" in (caught.value.hint or "")


def test_an_empty_remote_gets_its_first_branch_from_nobody_by_chance(pair: Pair) -> None:
    empty = pair.hub.parent / "empty.git"
    pair.ann.git("init", "-q", "--bare", str(empty))
    pair.ann.git("remote", "set-url", "origin", str(empty))
    with pytest.raises(RepositoryError, match="origin is empty") as caught:
        sync(pair.ann.context())
    assert "git push -u origin main" in (caught.value.hint or "")


def test_a_shallow_clone_is_told_to_fetch_the_rest(pair: Pair, tmp_path: Path) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    sync(pair.ann.context())
    pair.bob.git("fetch", "-q", "origin")
    pair.bob.git("clone", "-q", "--depth=1", "-b", "labels/ann", f"file://{pair.hub}", "../shallow")
    shallow = Clone(tmp_path / "bob" / "shallow", "bob")
    shallow.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    with pytest.raises(RepositoryError, match="in this shallow clone") as caught:
        sync(shallow.context())
    assert caught.value.hint is not None
    shallow.git(*caught.value.hint.split()[1:])
    done = sync(shallow.context())
    assert (done.default, done.pushed) == ("main", 1)
    shallow.close()


def test_a_dry_run_only_looks(pair: Pair) -> None:
    pair.ann.commit("README.md", "hello\n")
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    head = pair.bob.git("rev-parse", "HEAD")
    done = sync(pair.bob.context(), dry_run=True)
    assert [(one.name, one.commits) for one in done.merged] == [("origin/main", 1)]
    assert done.pushed == 1
    assert pair.bob.git("rev-parse", "HEAD") == head
    assert "labels/bob" not in pair.heads()


def test_undo_works_by_value_after_a_merge(pair: Pair) -> None:
    verify(pair.ann.context(), ["one"])
    sync(pair.ann.context())
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    pair.bob.git("push", "-q", "origin", "HEAD:main")
    assert len(sync(pair.ann.context()).merged) == 1
    done = undo(pair.ann.context())
    assert done is not None
    assert done.subject == "verify one: ann has read input and expected"
    assert (
        pair.ann.read("datasets/mails/cases/golden/one.yaml")
        == (FILES["datasets/mails/cases/golden/one.yaml"])
    )
    assert sync(pair.ann.context()).pushed == 1


def test_history_reads_well_after_merges(pair: Pair) -> None:
    pair.ann.label("one", 1)
    pair.bob.label("one", 2)
    pair.bob.git("push", "-q", "origin", "HEAD:main")
    sync(pair.ann.context())
    told = pair.ann.labeltool("history").stdout
    assert len([line for line in told.splitlines() if " label " in line]) == 2
    assert "Merge" not in told


def test_two_who_sync_one_branch_at_once_lose_nothing(pair: Pair) -> None:
    share(pair)
    for _ in range(2):
        for clone in (pair.ann, pair.bob):
            number = clone.commits()
            path = f"datasets/mails/cases/golden/{clone.who}-{number}.yaml"
            text = f"id: {clone.who}-{number}\ntier: golden\ninput: Hello?\n"
            clone.commit(path, text)
        running = [clone.sync_process() for clone in (pair.ann, pair.bob)]
        for process in running:
            _, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
    for clone in (pair.ann, pair.bob):
        sync(clone.context())
    assert pair.ann.tree() == pair.bob.tree()
    held = list((pair.ann.root / "datasets/mails/cases/golden").glob("*-*.yaml"))
    assert len(held) == 4


def test_whoever_is_always_faster_is_given_up_on_and_all_is_kept(pair: Pair) -> None:
    share(pair)
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    sync(pair.ann.context())
    # The hub moves the branch whenever somebody pushes to it.
    hook(
        pair.hub,
        "pre-receive",
        "read old new ref; unset GIT_QUARANTINE_PATH\n"
        "git update-ref $ref $(echo more | git commit-tree $old^{tree} -p $old)",
    )
    pair.ann.git("--git-dir", str(pair.hub), "config", "user.name", "Hub")
    pair.ann.git("--git-dir", str(pair.hub), "config", "user.email", "hub@example.org")
    pair.ann.said("ann", "two", 1, "2026-11-23T10:00:00Z")
    with pytest.raises(LabeltoolError, match="each of the 3 times in between"):
        sync(pair.ann.context(), tries=3)
    assert "tone: 1" in pair.ann.read(label_path("ann", "two"))


def test_a_merge_of_somebodys_own_git_is_taken_up(pair: Pair) -> None:
    """Or one that was interrupted: what needs nobody is settled then."""
    share(pair)
    pair.ann.said("ann", "one", 0, "2026-11-23T12:00:00Z")
    pair.bob.said("ann", "one", 2, "2026-11-23T11:00:00Z")
    pair.ann.resolve("one", 1)
    pair.bob.resolve("one", 2)
    sync(pair.ann.context())
    pair.bob.git("fetch", "-q")
    with pytest.raises(CalledProcessError):
        pair.bob.git("merge", "-q", "origin/labels/shared")
    with pytest.raises(RepositoryError, match="waits for a decision on 1 file"):
        resume(pair.bob.context())
    assert "tone: 0" in pair.bob.read(label_path("ann", "one"))
    assert "tone: 2" in pair.bob.read(resolution_path("one"))
    pair.bob.write(resolution_path("one"), pair.ann.read(resolution_path("one")))
    with pytest.raises(RepositoryError, match="waits for a decision on 1 file"):
        resume(pair.bob.context())
    assert "tone: 1" in pair.bob.read(resolution_path("one"))
    pair.bob.git("add", resolution_path("one"))
    assert resume(pair.bob.context()).pushed == 3
