"""A workspace reads what it can and says what it cannot."""

from pathlib import Path

import pytest

from labeltool.errors import DataError, NoWorkspace, UnknownName
from labeltool.model.case import Case
from labeltool.store.workspace import Workspace

FILES = {
    "labeltool.yaml": "dataset: tickets\n",
    "rubrics/short.yaml": "name: short\nversion: 1\ncriteria:\n  - {id: ok, text: Good., max: 1}\n",
    "datasets/tickets/dataset.yaml": "rubric: short\n",
    "datasets/tickets/cases/golden/one.yaml": "id: one\ntier: golden\ninput: hello\n",
    "datasets/tickets/cases/regression/two.yaml": "id: two\ntier: regression\ninput: bye\n",
}


def write(root: Path, path: str, text: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        write(tmp_path, path, text)
    return tmp_path


def test_it_is_found_from_any_folder_below(root: Path) -> None:
    below = root / "datasets" / "tickets"
    assert Workspace.find(below).root == root


def test_elsewhere_the_error_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace) as caught:
        Workspace.find(tmp_path)
    assert caught.value.exit_code == 4
    assert "labeltool init" in str(caught.value.hint)


def test_empty_settings_are_all_defaults(root: Path) -> None:
    write(root, "labeltool.yaml", "\n")
    workspace = Workspace.find(root)
    assert workspace.settings.judges["default"].kind == "reference"
    assert workspace.dataset().name == "tickets"


def test_cases_come_tier_by_tier(root: Path) -> None:
    dataset = Workspace.find(root).dataset()
    assert [case.id for case in dataset.cases().require()] == ["one", "two"]
    assert dataset.case("two").tier == "regression"


def test_a_broken_case_stops_no_other(root: Path) -> None:
    write(root, "datasets/tickets/cases/golden/bad.yaml", "id: bad\ntier: golden\ninput: 3\n")
    write(root, "datasets/tickets/cases/golden/cut.yaml", "id: [\n")
    loaded = Workspace.find(root).dataset().cases()
    assert [case.id for case in loaded.values] == ["one", "two"]
    assert {problem.where.path.split("/")[-1] for problem in loaded.problems} == {
        "bad.yaml",
        "cut.yaml",
    }
    with pytest.raises(DataError):
        loaded.require()


def test_a_symlinked_case_is_not_followed(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.yaml"
    secret.write_text("id: evil\ntier: golden\ninput: secret\n")
    (root / "datasets/tickets/cases/golden/evil.yaml").symlink_to(secret)
    loaded = Workspace.find(root).dataset().cases()
    assert "evil" not in [case.id for case in loaded.values]
    assert ["evil.yaml" in problem.where.path for problem in loaded.problems] == [True]
    assert loaded.problems[0].message == "is a symbolic link, which is not followed"


def test_a_name_that_climbs_out_is_no_case(root: Path) -> None:
    with pytest.raises(UnknownName):
        Workspace.find(root).dataset().case("../golden/one")


def test_a_file_under_another_name_is_a_problem(root: Path) -> None:
    write(root, "datasets/tickets/cases/golden/three.yaml", "id: tree\ntier: golden\ninput: x\n")
    [problem] = Workspace.find(root).dataset().cases().problems
    assert "says 'tree', its path says 'three'" in problem.message
    assert problem.where.field == "id"


def test_unknown_names_suggest_the_close_ones(root: Path) -> None:
    workspace = Workspace.find(root)
    with pytest.raises(UnknownName) as caught:
        workspace.dataset("tikets")
    assert caught.value.hint == "did you mean tickets?"
    with pytest.raises(UnknownName):
        workspace.dataset().case("on")


def test_a_dataset_whose_rubric_is_missing_names_its_line(root: Path) -> None:
    write(root, "datasets/tickets/dataset.yaml", "rubric: shrt\n")
    with pytest.raises(DataError) as caught:
        _ = Workspace.find(root).dataset().rubric
    assert caught.value.where is not None
    assert caught.value.where.path == "datasets/tickets/dataset.yaml"


def test_a_change_carries_the_hash_of_what_stands_there(root: Path) -> None:
    workspace = Workspace.find(root)
    path = "datasets/tickets/cases/golden/one.yaml"
    new = Case(id="one", tier="golden", input="hello again")
    assert workspace.change(path, new).expected is not None
    assert workspace.change("datasets/tickets/cases/golden/new.yaml", new).expected is None
