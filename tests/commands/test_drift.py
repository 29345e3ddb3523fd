"""Production against the eval set: what alerts, what does not, and what cannot be said."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sklearn.neighbors import NearestNeighbors

from labeltool.commands.drift_past import keep
from labeltool.embed import embedded
from labeltool.errors import DataError, UsageError
from labeltool.model.drift import Drift
from labeltool.stats.intervals import wilson
from tests.commands.shop import COVERED, Row, asks, compare, production, shop
from tests.small_repo import Repo

START = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    """Only read: those who write make their own."""
    repo = shop(tmp_path_factory.mktemp("shop") / "evals")
    yield repo
    repo.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Repo]:
    repo = shop(tmp_path / "evals")
    yield repo
    repo.close()


def timed(rows: list[Row], *, days: int = 0, hours: int = 0) -> list[Row]:
    """The rows one after another over so many days or hours."""
    whole = timedelta(days=days, hours=hours)
    return [
        {**row, "time": (START + whole * (at / len(rows))).isoformat()}
        for at, row in enumerate(rows)
    ]


def test_the_same_questions_in_other_words_are_no_drift(repo: Repo) -> None:
    found = compare(repo, production()).drift
    assert (found.state, found.reasons) == ("ok", ())
    assert (found.production.n, found.eval.n) == (240, 62)
    assert found.centroid_distance is not None
    assert found.centroid_distance < 0.05
    assert found.null.q95 is not None


def test_a_new_topic_is_found_named_and_told_by_three_examples(repo: Repo) -> None:
    found = compare(repo, production(visa=60)).drift
    assert found.state == "alert"
    assert "far from every case" in found.reasons[0]
    cluster = found.clusters[0]
    assert "visa" in cluster.words
    assert len(cluster.examples) == 3
    assert all("visa" in example for example in cluster.examples)
    topics = [member.partition(":")[0] for member in cluster.members]
    assert topics.count("visa") >= 50
    assert topics.count("visa") >= 0.95 * len(topics)
    assert cluster.share == pytest.approx(cluster.size / 300, abs=1e-6)


def test_the_uncovered_share_is_what_scikit_learn_counts(repo: Repo) -> None:
    rows = production(visa=30)
    found = compare(repo, rows).drift
    texts = [case.input_text for case in repo.context().workspace.dataset().cases().require()]
    cases, asked = embedded().embed(texts), embedded().embed([str(row["input"]) for row in rows])
    own = NearestNeighbors(n_neighbors=2, metric="cosine").fit(cases)
    reach = sorted(own.kneighbors(cases)[0][:, 1])[int(0.95 * (len(cases) - 1)) + 1]
    far = int((own.kneighbors(asked, n_neighbors=1)[0][:, 0] > reach + 1e-6).sum())
    assert found.uncovered.reach == pytest.approx(reach, abs=1e-5)
    assert found.uncovered.n == far
    assert found.uncovered.interval == pytest.approx(wilson(far, len(rows)), abs=1e-6)


def test_few_cases_or_few_records_are_a_state_of_their_own(repo: Repo, tmp_path: Path) -> None:
    few = compare(repo, production(n=40)).drift
    assert few.state == "insufficient"
    assert few.reasons == ("160 records in scope, 200 are needed",)
    small = shop(tmp_path / "small", cases=5)
    found = compare(small, production(visa=60)).drift
    assert found.state == "insufficient"
    assert found.reasons[0] == "22 cases to compare with, 30 are needed"
    small.close()


def test_probes_and_what_was_made_up_say_nothing_of_what_people_ask(own: Repo) -> None:
    for at, text in enumerate(asks("visa", 12, seed=5)):
        probe = {"id": f"p{at}", "tier": "adversarial", "input": text}
        own.write(f"datasets/mails/cases/adversarial/p{at}.yaml", json.dumps(probe))
        made = {"id": f"m{at}", "tier": "golden", "input": text, "source": {"kind": "generated"}}
        own.write(f"datasets/mails/cases/golden/m{at}.yaml", json.dumps(made))
    found = compare(own, production(visa=60)).drift
    assert (found.eval.n, found.eval.left_out) == (62, 24)
    assert found.state == "alert"


def test_in_windows_one_bad_day_is_a_word_and_two_in_a_row_are_an_alert(repo: Repo) -> None:
    usual, travel = production(), asks("visa", 120, seed=3)

    def days(*visas: int) -> Drift:
        rows: list[Row] = []
        for day, count in enumerate(visas):
            part = usual[day * 60 : day * 60 + 60]
            part += [{"id": f"v{n}", "input": text} for n, text in enumerate(travel[:count])]
            rows += [{**row, "time": (START + timedelta(days=day)).isoformat()} for row in part]
        return compare(repo, rows, window="1d").drift

    one = days(0, 40, 0, 0)
    assert one.state == "ok"
    assert [window.over for window in one.windows] == [False, True, False, False]
    assert "alone: an alert needs two windows in a row" in one.notices[0]
    two = days(0, 0, 40, 40)
    assert two.state == "alert"
    assert [window.alert for window in two.windows] == [False, False, False, True]
    growth = two.clusters[0].growth
    assert growth is not None
    assert growth.since == "2026-11-04"


def test_the_bad_day_before_may_be_of_an_earlier_run(own: Repo) -> None:
    own.write(
        "datasets/mails/drift/2026-11-01.yaml",
        'date: "2026-11-01"\nstate: ok\nembedding: other\nrecords: 300\ncases: 62\nwindow: 1d\n'
        'windows: [{window: "2026-11-01", records: 300, over: true}]\n',
    )
    rows = [{**row, "time": START.isoformat()} for row in production(visa=60)]
    assert compare(own, rows, window="1d").drift.state == "alert"
    assert compare(own, rows, window="1h").drift.state == "ok", "windows of another width"


def test_a_log_without_times_is_judged_as_a_whole(repo: Repo) -> None:
    found = compare(repo, production(visa=60), window="1d").drift
    assert found.state == "alert"
    assert "judged as a whole" in found.notices[0]


def test_out_of_scope_stops_the_alarm_and_says_so(own: Repo) -> None:
    first = compare(own, production(visa=60))
    cluster = first.drift.clusters[0].id
    own.write(
        f"datasets/mails/triage/{cluster}.yaml",
        f"cluster: {cluster}\nscope: out\nreason: We sell no journeys.\n",
    )
    again = compare(own, production(visa=60, seed=1)).drift
    assert again.state == "ok"
    assert again.clusters[0].scope == "out"
    assert again.clusters[0].reason == "We sell no journeys."
    assert again.production.out_of_scope == again.clusters[0].size
    assert "does not alarm" in again.notices[0]


def test_a_cluster_keeps_its_name_when_other_people_ask_the_same(own: Repo) -> None:
    first = compare(own, production(visa=60))
    keep(own.context(), first)
    later = compare(own, production(visa=90, seed=2)).drift.clusters[0]
    assert later.id == first.drift.clusters[0].id
    assert later.known


def test_keys_and_personal_data_leave_neither_report_nor_what_is_kept(own: Repo) -> None:
    rows = production(visa=60)
    for row in rows:
        row["input"] = f"{row['input']} write to jane.roe@example.org or call +1 212 555 0147"
        row["id"] = f"{row['id']} jane.roe@example.org"
    kept = compare(own, rows)
    text = kept.model_dump_json()
    assert kept.drift.clusters
    assert "jane.roe" not in text
    assert "555 0147" not in text
    assert "[EMAIL_" in kept.drift.clusters[0].examples[0]


def test_the_hour_in_which_outputs_were_cut_off_is_named_and_the_new_model(repo: Repo) -> None:
    rows = timed(production(n=200), hours=10)
    for at, row in enumerate(rows):
        bad = 480 <= at < 560
        row |= {"output": "It is on its way." * (1 + at % 4), "model": "m-2" if bad else "m-1"}
        row["finish_reason"] = "length" if bad and at % 2 else "stop"
    found = compare(repo, rows, window="1h").drift
    alerts = [row for row in found.anomalies.rows if row.alert]
    assert [(row.kind, row.window) for row in alerts] == [("truncated", "2026-11-02T06:00:00Z")]
    assert alerts[0].lines_up_with == "m-1 -> m-2"
    assert alerts[0].models == ("m-2",)
    assert found.state == "alert"
    assert "a silent API update?" in found.reasons[-1]
    assert found.anomalies.finish_reasons == {"stop": 760, "length": 40}


def test_topics_that_people_begin_to_dislike_are_named_and_no_others(repo: Repo) -> None:
    draws = random.Random(4)
    rows = timed(production(n=200), days=4)
    for at, row in enumerate(rows):
        bad = 0.7 if at >= 600 and str(row["id"]).startswith("refund") else 0.05
        row["feedback"] = -1 if draws.random() < bad else 1
    found = compare(repo, rows, window="1d").drift.feedback
    assert found.state == "alert"
    alerts = [row for row in found.rows if row.alert]
    assert {row.window for row in alerts} == {"2026-11-05"}
    words = {word for row in alerts for word in row.words}
    assert words & {"refund", "money", "refunded", "return", "kettle"}
    assert not words & {"parcel", "password", "visa"}
    assert all(row.covered for row in alerts)


def test_a_baseline_log_stands_in_for_earlier_windows(repo: Repo) -> None:
    before = [{**row, "output": "On its way.", "feedback": 1} for row in production(n=60)]
    now: list[Row] = [{**row, "output": "", "feedback": 1} for row in production(n=60, seed=2)]
    assert compare(repo, now).drift.anomalies.state == "insufficient"
    found = compare(repo, now, baseline=before).drift
    empty = next(row for row in found.anomalies.rows if row.kind == "empty")
    assert (empty.rate, empty.baseline_rate, empty.alert) == (1.0, 0.0, True)


def test_groups_tell_where_it_is(repo: Repo) -> None:
    rows = production(visa=60)
    for row in rows:
        row["tags"] = ["travel" if str(row["id"]).startswith("visa") else "shop"]
    groups = compare(repo, rows).drift.groups
    by_tag = {group.name: group for group in groups["tag"]}
    assert (by_tag["travel"].uncovered or 0) > 0.5 > 10 * (by_tag["shop"].uncovered or 0)
    assert groups["language"][0].name == "en"
    assert [group.name for group in groups["tier"]] == ["golden"]


def test_inputs_that_say_nothing_count_for_nothing(repo: Repo) -> None:
    rows = production()
    rows += [{"id": f"s{n}", "input": " \u200b "} for n in range(43)]
    found = compare(repo, rows).drift
    assert (found.production.n, found.production.silent) == (283, 43)
    assert "43 inputs say nothing to the embedder" in found.notices
    assert found.state == "ok"


def test_a_log_of_nothing_and_a_log_of_nonsense(repo: Repo) -> None:
    found = compare(repo, []).drift
    assert found.state == "insufficient"
    assert found.centroid_distance is None
    assert found.centroid_why == "there is no record in scope that says anything"
    with pytest.raises(DataError, match="has no input"):
        compare(repo, [{"id": "a"}, {"id": "b"}])
    with pytest.raises(UsageError, match="no stretch of time"):
        compare(repo, production(), window="often")
    with pytest.raises(UsageError, match="no field"):
        compare(repo, production(), maps=("question=text",))


def test_a_dataset_without_cases_is_said_to_be_one(tmp_path: Path) -> None:
    bare = shop(tmp_path / "bare", cases=0)
    for name in ("one", "two"):
        (bare.root / f"datasets/mails/cases/golden/{name}.yaml").unlink()
    found = compare(bare, production()).drift
    assert found.state == "insufficient"
    assert found.centroid_why == "there is no case to compare with"
    assert found.uncovered.share is None
    bare.close()


def test_the_same_log_gives_the_same_report_and_its_order_no_other_sizes(repo: Repo) -> None:
    rows = production(visa=40)
    first = compare(repo, rows)
    assert compare(repo, rows) == first
    shuffled = compare(repo, random.Random(9).sample(rows, len(rows))).drift
    assert shuffled.uncovered == first.drift.uncovered
    assert [one.size for one in shuffled.clusters] == [one.size for one in first.drift.clusters]


def test_no_alarm_where_nothing_changed(repo: Repo) -> None:
    found = [compare(repo, production(n=55, seed=seed)).drift for seed in range(2, 12)]
    assert sum(one.state == "alert" for one in found) == 0
    assert len(COVERED) * 55 == found[0].production.n
